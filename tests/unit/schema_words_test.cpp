// docs/adding-a-component.md shows every word that the reader of playbooks knows, where it stands, and no other.
#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>

#include "catch.hpp"
#include "load/playbook.hpp"
#include "model/check.hpp"
#include "source_dir.hpp"

using namespace cctl;

namespace {

using Pairs = std::set<std::pair<std::string, std::string>>;  // a key, and the key of the map that it stands in

std::string page() {
  std::ifstream in(std::string(cctl::test::source_dir) + "/docs/adding-a-component.md");
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// The indented blocks of a page, each in the place that it has there, so that a mistake shows its line.
std::vector<std::string> blocks(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream lines(text);
  std::string before;
  bool inside = false;
  for (std::string line; std::getline(lines, line); before += "\n") {
    const bool indented = line.starts_with("    ");
    if (indented && !inside) out.push_back(before);
    if (indented || (inside && line.empty())) out.back() += line.substr(indented ? 4 : 0) + "\n";
    inside = indented || (inside && line.empty());
  }
  return out;
}

void add_pairs(const Tree& tree, Pairs& out) {
  for (const Tree& item : tree.items) {
    if (tree.kind == Tree::Kind::map) out.emplace(tree.key, item.key);
    add_pairs(item, out);
  }
}

struct Shown {
  Pairs pairs;
  SchemaWords words;  // of the reader, as far as the page made it read
  Mistakes mistakes;
};

Shown shown() {
  Shown out;
  for (const std::string& block : blocks(page())) {
    PlaybookSource source;
    source.shipped = false;
    source.directories = {std::string(cctl::test::source_dir) + "/playbooks"};
    source.tree = parse_yaml(block, "docs/adding-a-component.md", out.mistakes);
    add_pairs(source.tree, out.pairs);
    // A block about one word alone is a playbook when it has the two that every one has.
    for (const auto& [key, value] : {std::pair("component", "x"), std::pair("hosts", "all")}) {
      if (source.tree.find(key)) continue;
      Tree item;
      item.kind = Tree::Kind::text;
      item.key = key;
      item.text = value;
      source.tree.items.push_back(item);
    }
    resolve_playbook(source, "3.5", out.mistakes, &out.words);
  }
  return out;
}

}  // namespace

TEST_CASE("the page is a playbook without a mistake", "[docs]") {
  std::string told;
  for (const Mistake& m : shown().mistakes.in_file_order()) told += std::to_string(m.mark.line) + ": " + m.text + "\n";
  CHECK(told == "");
}

TEST_CASE("every key of the schema is shown where it stands", "[docs]") {
  const Shown all = shown();
  std::set<std::string> keys, anywhere;
  for (const auto& [owner, names] : all.words.keys) keys.insert(names.begin(), names.end());
  for (const auto& [owner, key] : all.pairs) anywhere.insert(key);
  CHECK(keys.size() > 120);
  for (const auto& [owner, names] : all.words.keys)
    for (const std::string& name : names) {
      INFO((owner.empty() ? "a playbook" : owner) << " may have " << name << ", which the page does not show");
      // Below a name of the person's own (an export, a value) it may be shown under another one.
      CHECK((owner.empty() || keys.contains(owner) ? all.pairs.contains({owner, name}) : anywhere.contains(name)));
    }
}

TEST_CASE("every word that a key may have is told", "[docs]") {
  const Shown all = shown();
  const std::string text = page();
  CHECK(all.words.values.size() >= 6);
  for (const auto& [key, values] : all.words.values)
    for (const std::string& value : values) {
      INFO(key << ": " << value);
      CHECK(std::regex_search(text, std::regex("\\b" + value + "\\b")));
    }
}

TEST_CASE("every check that can be asked for is shown", "[docs]") {
  const Shown all = shown();
  for (const CheckKind& check : check_kinds()) {
    INFO(check.name);
    CHECK((!check.asked || all.pairs.contains({"checks", check.name})));
  }
}
