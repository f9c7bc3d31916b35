#include <fmt/format.h>

#include <algorithm>

#include "load/load.hpp"
#include "load/text_file.hpp"
#include "load/tree.hpp"
#include "model/error.hpp"
#include "model/version.hpp"

namespace cctl {

namespace {

using Versions = std::map<std::string, std::string>;

bool same(const Tree& a, const Tree& b) {
  return a.kind == b.kind && a.text == b.text && a.key == b.key &&
         std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), same);
}

Tree parsed(const std::string& text) {
  Mistakes mistakes;
  Tree tree = parse_yaml(text, "", mistakes);
  if (mistakes.any_error() || tree.kind != Tree::Kind::map)
    throw Error("the inventory has changed and cannot be read any more");
  return tree;
}

// What the file must say afterwards.
Tree wanted(Tree tree, const Versions& versions) {
  Tree* block = nullptr;
  for (Tree& item : tree.items)
    if (item.key == "versions") block = &item;
  if (!block) block = &tree.items.emplace_back();
  block->key = "versions";
  block->kind = Tree::Kind::map;
  for (const auto& [key, version] : versions) {
    Tree value;
    value.kind = Tree::Kind::text;
    value.key = key;
    value.text = version;
    std::erase_if(block->items, [&](const Tree& t) { return t.key == value.key; });
    block->items.push_back(value);
  }
  return tree;
}

// The order of keys says nothing.
Tree sorted(Tree tree) {
  const auto by_key = [](const Tree& a, const Tree& b) { return a.key < b.key; };
  std::stable_sort(tree.items.begin(), tree.items.end(), by_key);
  for (Tree& item : tree.items)
    if (item.key == "versions") std::stable_sort(item.items.begin(), item.items.end(), by_key);
  return tree;
}

class Editor {
 public:
  explicit Editor(const std::string& text) : text_(text), newline_(text.find("\r\n") == text.npos ? "\n" : "\r\n") {
    line_starts_.push_back(text.size() - without_bom(text).size());
    for (std::size_t i = 0; i < text.size(); ++i)
      if (text[i] == '\n') line_starts_.push_back(i + 1);
  }

  std::string edited(const Tree& root, const Versions& versions) {
    const Tree* block = root.find("versions");
    Versions added = versions;
    if (block && block->kind == Tree::Kind::map)
      for (const Tree& item : block->items)
        if (const auto found = added.find(item.key); found != added.end()) {
          replace_value(item, found->second);
          added.erase(found);
        }
    if (!added.empty()) add(root, block, added);
    return applied();
  }

 private:
  struct Edit {
    std::size_t at, length;
    std::string text;
  };

  std::size_t offset(const Mark& mark) const {
    const std::size_t start = line_starts_.at(static_cast<std::size_t>(mark.line) - 1);
    const std::string_view line = std::string_view(text_).substr(start);
    return start + bytes(line, static_cast<std::size_t>(mark.column) - 1);
  }

  // Behind the end of the line, or of the text when its last line is not ended.
  std::size_t next_line(std::size_t at) const {
    const auto end = text_.find('\n', at);
    return end == text_.npos ? text_.size() : end + 1;
  }

  // Length of a scalar as it is written: quoted, or plain on one line.
  std::size_t written_length(const Tree& scalar) const {
    const std::string_view rest = std::string_view(text_).substr(offset(scalar.mark));
    if (scalar.plain) return rest.starts_with(scalar.text) ? scalar.text.size() : throw cannot(scalar);
    const std::size_t closing = rest.empty() || (rest[0] != '"' && rest[0] != '\'') ? rest.npos : rest.find(rest[0], 1);
    // Escapes mean that more stands there than the value: no version is written so.
    if (closing == rest.npos || rest.substr(1, closing - 1) != scalar.text) throw cannot(scalar);
    return closing + 1;
  }

  static Error cannot(const Tree& tree) {
    return Error(
        fmt::format("cannot change {} in the inventory (line {}): write it plainly", tree.key, tree.mark.line));
  }

  void replace_value(const Tree& item, const std::string& version) {
    if (item.kind != Tree::Kind::text) throw cannot(item);
    const std::size_t quotes = item.plain ? 0 : 1;
    edits_.push_back({offset(item.mark) + quotes, written_length(item) - 2 * quotes, version});
  }

  void add(const Tree& root, const Tree* block, const Versions& versions) {
    if (!block) return add_block(root, versions);
    if (block->kind == Tree::Kind::null) {
      const std::string indent(static_cast<std::size_t>(block->key_mark.column) + 1, ' ');
      return add_lines(offset(block->key_mark), indent, versions);
    }
    if (block->kind != Tree::Kind::map) throw cannot(*block);
    if (block->items.empty()) return add_in_flow(offset(block->mark) + 1, "", versions);
    const Tree& last = block->items.back();
    if (block->flow) return add_in_flow(offset(last.mark) + written_length(last), ", ", versions);
    add_lines(offset(last.mark), std::string(static_cast<std::size_t>(last.key_mark.column) - 1, ' '), versions);
  }

  // A whole block goes below the name of the cluster, which every inventory has.
  void add_block(const Tree& root, const Versions& versions) {
    const Tree* cluster = root.find("cluster");
    if (!cluster || cluster->kind != Tree::Kind::text) throw Error("the inventory has lost its cluster");
    const std::size_t end = offset(cluster->mark) + written_length(*cluster);
    if (root.flow) {
      edits_.push_back({end, 0, ", versions: {"});
      add_in_flow(end, "", versions);
      edits_.push_back({end, 0, "}"});
      return;
    }
    const std::string indent(static_cast<std::size_t>(cluster->key_mark.column) - 1, ' ');
    insert_line(next_line(end), indent + "versions:");
    add_lines(end, indent + "  ", versions);
  }

  void add_lines(std::size_t after, const std::string& indent, const Versions& versions) {
    for (const auto& [key, version] : versions)
      insert_line(next_line(after), fmt::format("{}{}: {}", indent, key, version));
  }

  void insert_line(std::size_t at, const std::string& line) {
    const bool ended = at > 0 && text_[at - 1] == '\n';
    edits_.push_back({at, 0, ended ? line + newline_ : newline_ + line});
  }

  void add_in_flow(std::size_t at, std::string separator, const Versions& versions) {
    for (const auto& [key, version] : versions) {
      edits_.push_back({at, 0, fmt::format("{}{}: {}", separator, key, version)});
      separator = ", ";
    }
  }

  std::string applied() {
    std::stable_sort(edits_.begin(), edits_.end(), [](const Edit& a, const Edit& b) { return a.at < b.at; });
    std::string out;
    std::size_t done = 0;
    for (const Edit& edit : edits_) {
      out += text_.substr(done, edit.at - done) + edit.text;
      done = edit.at + edit.length;
    }
    return out + text_.substr(done);
  }

  const std::string& text_;
  std::string newline_;
  std::vector<std::size_t> line_starts_;
  std::vector<Edit> edits_;
};

}  // namespace

std::string with_versions(const std::string& inventory_text, const Versions& versions) {
  const Tree before = parsed(inventory_text);
  if (versions.empty()) return inventory_text;
  for (const auto& [key, version] : versions)
    if (!Version::parse(version)) throw Error(fmt::format("bad version {} of {}", quote(version), key), 2);
  const std::string text = Editor(inventory_text).edited(before, versions);
  // The text is only worth writing when it says the new versions and all else as before.
  if (!same(sorted(parsed(text)), sorted(wanted(before, versions))))
    throw Error("cannot change the versions in the inventory: write them plainly, one to a key");
  return text;
}

}  // namespace cctl
