#include "load/tag_marks.hpp"

#include <algorithm>

#include "load/text_file.hpp"

namespace cctl {

namespace {

using Lines = std::vector<std::string_view>;

// The next `count` of them, from a place on. No way of writing text in YAML changes a "<%".
std::vector<Mark> found(const Lines& lines, const Mark& from, std::size_t count) {
  std::vector<Mark> out;
  for (auto line = static_cast<std::size_t>(from.line); line <= lines.size() && out.size() < count; ++line) {
    const std::string_view text = lines[line - 1];
    const bool first = line == static_cast<std::size_t>(from.line);
    std::size_t at = first ? bytes(text, static_cast<std::size_t>(from.column - 1)) : 0;
    for (at = text.find("<%", at); at != text.npos && out.size() < count; at = text.find("<%", at + 2))
      out.push_back({from.file, static_cast<int>(line), static_cast<int>(characters(text, at)) + 1});
  }
  return out;
}

std::size_t count_tags(const std::string& text) {
  std::size_t count = 0;
  for (auto at = text.find("<%"); at != text.npos; at = text.find("<%", at + 2)) ++count;
  return count;
}

void add(const Tree& tree, const Lines& lines, TagMarks& out) {
  for (const Tree& item : tree.items) add(item, lines, out);
  if (tree.kind != Tree::Kind::text || tree.mark.line == 0 || tree.mark.column == 0 || out.contains(tree.text)) return;
  if (const std::size_t count = count_tags(tree.text)) out[tree.text] = found(lines, tree.mark, count);
}

}  // namespace

void add_tag_marks(const Tree& tree, const std::string& whole, TagMarks& out) {
  const std::string text(without_bom(whole));
  add(tree, lines_of(text), out);
}

std::vector<Mark> tag_marks(const std::string& content, const std::string& file) {
  return found(lines_of(content), {file, 1, 1}, count_tags(content));
}

}  // namespace cctl
