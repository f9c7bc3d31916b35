#include "load/input.hpp"

#include <algorithm>

#include "load/text_file.hpp"
#include "load/tree_json.hpp"
#include "model/var_kind.hpp"

namespace cctl {

namespace {

const std::vector<std::string> own_kinds = {"boolean", "number", "text", "list", "maps", "texts", "map", "any"};
const std::string list_of = "list of ";

// What it has to look like: kind_of a tree.
std::string shape_of(const std::string& kind) {
  if (kind == "maps" || kind.starts_with(list_of)) return "list";
  if (kind == "texts") return "map";
  if (kind.find_first_not_of("0123456789-") == std::string::npos) return "number";
  return std::find(own_kinds.begin(), own_kinds.end(), kind) == own_kinds.end() ? "text" : kind;
}

class InputCheck {
 public:
  InputCheck(const Playbook& playbook, Mistakes& mistakes) : playbook_(playbook), r_(mistakes) {}

  void check(const Tree& tree) const {
    std::vector<std::string> known;
    for (const auto& [name, kind] : playbook_.input_kinds) known.push_back(name);
    if (known.empty()) return;
    for (const Tree& item : tree.items) {
      const auto kind = playbook_.input_kinds.find(item.key);
      if (kind == playbook_.input_kinds.end())
        r_.mistakes.error(item.key_mark, fmt::format("unknown setting {} of {}{}", quote(item.key), tree.key,
                                                     did_you_mean(item.key, known)));
      else
        value(item, kind->second, tree.key);
    }
  }

 private:
  void value(const Tree& item, const std::string& kind, const std::string& owner) const {
    if (kind == "any" || !is(item, shape_of(kind), owner)) return;
    if (kind == "texts")
      for (const Tree& part : item.items) is(part, "text", item.key);
    else if (kind == "list" || kind == "maps")
      for (const Tree& part : item.items) is(part, kind == "maps" ? "map" : "text", owner);
    else if (kind.starts_with(list_of))
      for (const Tree& part : item.items) value(part, kind.substr(list_of.size()), owner);
    else if (const std::string why = item.kind == Tree::Kind::text ? why_not_of_kind(kind, item.text) : "";
             !why.empty() && std::find(own_kinds.begin(), own_kinds.end(), kind) == own_kinds.end())
      r_.mistakes.error(item.mark, fmt::format("bad {} {} of {}: it is {}", item.key, quote(item.text), owner, why));
  }

  bool is(const Tree& item, const std::string& shape, const std::string& owner) const {
    const std::string found = kind_of(item);
    if (found == shape) return true;
    const bool quotes = shape == "text" && item.kind == Tree::Kind::text;
    const bool of_list = item.key_mark.line == 0;
    r_.mistakes.error(
        item.mark, fmt::format("{}{} of {} is a {}, not a {}{}", of_list ? "an item of " : "", quote(item.key), owner,
                               shape, found, quotes ? fmt::format(": write {}", quote(item.text)) : ""));
    return false;
  }

  const Playbook& playbook_;
  Reader r_;
};

}  // namespace

std::string is_input_kind(const std::string& kind) {
  if (std::find(own_kinds.begin(), own_kinds.end(), kind) != own_kinds.end()) return "";
  return is_var_kind(kind.starts_with(list_of) ? kind.substr(list_of.size()) : kind);
}

// A setting of the wrong kind, or one that it does not know, would keep its service from starting again.
void check_input(const Playbook& playbook, const Tree& tree, Mistakes& mistakes) {
  InputCheck(playbook, mistakes).check(tree);
}

}  // namespace cctl
