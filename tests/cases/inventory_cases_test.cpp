// Inventories with what is wanted of them in their first line, held against the playbooks that are shipped:
//   # expect: ok [render=WORD] [say=WORD]     it is taken; WORD is in a rendered file; nothing but WORD is warned of
//   # expect: at=LINE[,LINE] [say=WORD]       it is refused at these lines, and WORD is said
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "catch.hpp"
#include "plan/expand.hpp"
#include "plan/rendered.hpp"
#include "source_dir.hpp"
#include "unit/load_support.hpp"

using namespace cctl;

namespace {

const std::string folder = std::string(cctl::test::source_dir) + "/tests/cases/inventories";

struct Wanted {
  bool ok = false;
  std::vector<int> lines;
  std::string say, render;
};

Wanted wanted_of(const std::string& path) {
  std::ifstream in(path);
  std::string first;
  std::getline(in, first);
  REQUIRE(first.starts_with("# expect: "));
  Wanted out;
  std::istringstream words(first.substr(10));
  for (std::string word; words >> word;) {
    const std::string name = word.substr(0, word.find('=')),
                      value = word.substr(std::min(word.size(), name.size() + 1));
    if (name == "ok") {
      out.ok = true;
    } else if (name == "at") {
      std::istringstream numbers(value);
      for (std::string number; std::getline(numbers, number, ',');) out.lines.push_back(std::stoi(number));
    } else if (name == "say") {
      out.say = value;
    } else {
      REQUIRE(name == "render");
      out.render = value;
    }
  }
  REQUIRE(out.ok == out.lines.empty());
  return out;
}

struct Found {
  std::vector<Mistake> mistakes;
  std::string rendered;
};

Found found_in(const std::string& path) {
  LoadResult loaded = load(path, cctl::test::source_dir);
  Found out;
  out.mistakes = loaded.mistakes;
  if (!loaded.ok()) return out;
  const Desired desired = expand(loaded.sources, {}, out.mistakes);
  for (const auto& [name, content] : rendered_tree(desired)) out.rendered += content + "\n";
  return out;
}

}  // namespace

TEST_CASE("inventories are taken or refused as their first line says") {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  REQUIRE(files.size() >= 100);
  for (const std::string& path : files) {
    const Wanted wanted = wanted_of(path);
    const Found found = found_in(path);
    const std::string said = describe(found.mistakes);
    INFO(path << "\n" << said);
    CHECK(wanted.ok ==
          std::none_of(found.mistakes.begin(), found.mistakes.end(), [](const Mistake& m) { return !m.warning; }));
    for (const int line : wanted.lines)
      CHECK(std::any_of(found.mistakes.begin(), found.mistakes.end(),
                        [&](const Mistake& m) { return !m.warning && m.mark.file == path && m.mark.line == line; }));
    // The line itself is shown below what is said of it: what is said is held without it.
    std::string texts;
    for (const Mistake& m : found.mistakes) {
      texts += m.text + "\n";
      CHECK(m.mark.line > 0);
    }
    if (wanted.ok && wanted.say.empty()) CHECK(texts == "");
    if (!wanted.say.empty()) CHECK(texts.find(wanted.say) != std::string::npos);
    if (!wanted.render.empty()) CHECK(found.rendered.find(wanted.render) != std::string::npos);
  }
}

TEST_CASE("a secret is in no message, and neither is its line") {
  const test::Scratch scratch;
  const std::string head =
      "cluster: a\nmasters: [{name: m, address: 10.0.0.1}]\nversions: {consul: VERSION}\ncomponents:\n  consul: {vars: "
      "{";
  for (const auto& [version, vars] :
       std::vector<std::pair<std::string, std::string>>{{"1.8.7", "encrypt: S3CRET!"},
                                                        {"1.8.7", "acl: {tokenz: {agent: S3CRET}}"},
                                                        {"1.8.7", "acl: {enabled: S3CRET}"},
                                                        {"1.8.7", "secret_config: {encrypt: S3CRET}"},
                                                        {"0.7.0", "acl: {tokens: {agent: S3CRET}}"}}) {
    std::string text = head + vars + "}}\n";
    text.replace(text.find("VERSION"), 7, version);
    const LoadResult result = load(scratch.file("inventory.yml", text), cctl::test::source_dir);
    INFO(vars);
    CHECK_FALSE(result.ok());
    const std::string said = describe(result.mistakes);
    CHECK(said.find("inventory.yml:5:") != std::string::npos);
    CHECK(said.find("S3CRET") == std::string::npos);
    for (const Mistake& m : result.mistakes) CHECK(m.mark.column > 17);
  }
}
