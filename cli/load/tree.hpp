// A YAML document as a plain tree with a mark on every node, so that readers never meet yaml-cpp.
#pragma once
#include <string>
#include <vector>

#include "load/mistakes.hpp"
#include "model/inventory.hpp"

namespace cctl {

struct Tree {
  enum class Kind { null, text, list, map };
  Kind kind = Kind::null;
  std::string text;         // of a scalar, as written: 9.10 stays "9.10"
  bool plain = false;       // a scalar without quotes
  bool flow = false;        // {a: 1} and [a], not lines of their own
  std::vector<Tree> items;  // of a list, or the values of a map
  Mark mark;
  std::string key;  // a map's value knows the key it stands under, a list's item that of its list
  Mark key_mark;

  const Tree* find(const std::string& name) const;
};

// What is read of a document, YAML or JSON.
constexpr std::size_t most_tree_bytes = 4u << 20;

// Reads one document. Text that is no YAML, or not UTF-8, gives one mistake and a null tree.
Tree parse_yaml(const std::string& text, const std::string& file, Mistakes& mistakes);

// The tree of a file; one that cannot be read is a mistake.
Tree parse_yaml_file(const std::string& path, Mistakes& mistakes);

}  // namespace cctl
