// Every example inventory, loaded, planned and rendered without a connection, against the texts that were accepted.
// CCTL_ACCEPT=1 writes what is seen now as the new accepted output; read the diff before committing it.
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "accepted.hpp"
#include "catch.hpp"
#include "load/load.hpp"
#include "plan/diff.hpp"
#include "plan/expand.hpp"
#include "plan/quorum.hpp"
#include "plan/rendered.hpp"
#include "plan/spec_json.hpp"
#include "report/plan_text.hpp"
#include "source_dir.hpp"

using namespace cctl;
using namespace cctl::test;
namespace fs = std::filesystem;

namespace {

const fs::path kRoot = cctl::test::source_dir;

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string plan_of(const Desired& desired) {
  DiffOptions offline;
  offline.offline = true;
  PlanTextOptions options;
  options.left = left_in_words;
  options.aim = [](const std::string& advice) { return advice; };
  options.run_words = docker_run_words;
  return plan_text(diff(desired, {}, offline), Look{}, options);
}

// The tree as one text per host, so that a golden case is a handful of files.
std::map<std::string, std::string> golden_files(const Desired& desired) {
  std::map<std::string, std::string> out{{"plan.txt", plan_of(desired)}};
  for (const auto& [path, content] : rendered_tree(desired)) {
    const auto slash = path.find('/');
    out[path.substr(0, slash) + ".txt"] +=
        "==> " + path.substr(slash) + "\n" + content +
        (content.empty() || content.back() != '\n' ? "\n(no newline at the end)\n" : "");
  }
  return out;
}

void check_case(const std::string& name, const fs::path& inventory, const std::string& extra_playbooks = "") {
  INFO(inventory.string());
  const auto loaded = load(inventory.string(), kRoot.string(), {}, extra_playbooks);
  INFO(describe(loaded.mistakes));
  REQUIRE(loaded.ok());
  std::vector<Mistake> mistakes;
  auto desired = expand(loaded.sources, {}, mistakes);
  desired.inventory_file = inventory.filename().string();  // wherever this checkout is
  for (const auto& m : mistakes) {
    INFO(m.text);
    CHECK(m.warning);
  }
  const auto seen = golden_files(desired);
  const fs::path dir = kRoot / "tests/golden/accepted" / name;
  if (accepting()) {
    fs::remove_all(dir);
    fs::create_directories(dir);
    for (const auto& [file, text] : seen) accept(dir / file, text);
    return;
  }
  std::set<std::string> accepted;
  if (fs::exists(dir))
    for (const auto& e : fs::directory_iterator(dir)) accepted.insert(e.path().filename().string());
  for (const auto& [file, text] : seen) {
    INFO(file << " of " << name << " differs; CCTL_ACCEPT=1 accepts what is seen now");
    CHECK(slurp(dir / file) == text);
    accepted.erase(file);
  }
  CHECK(accepted.empty());
}

}  // namespace

TEST_CASE("every example inventory plans and renders as accepted", "[golden]") {
  int n = 0;
  for (const auto& e : fs::directory_iterator(kRoot / "inventory"))
    if (e.path().extension() == ".yml") check_case(e.path().stem().string(), e.path()), ++n;
  CHECK(n >= 7);
}

TEST_CASE("cases of style and version plan and render as accepted", "[golden]") {
  int n = 0;
  for (const auto& e : fs::directory_iterator(kRoot / "tests/golden/cases"))
    if (e.path().extension() == ".yml") check_case("case-" + e.path().stem().string(), e.path()), ++n;
  CHECK(n >= 3);
}

TEST_CASE("components that clusterctl does not ship are playbooks, templates and rows", "[golden]") {
  int n = 0;
  for (const auto& e : fs::directory_iterator(kRoot / "tests/golden/outside"))
    check_case(e.path().filename(), e.path() / "inventory.yml", (e.path() / "playbooks").string()), ++n;
  CHECK(n >= 3);
}
