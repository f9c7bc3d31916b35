#include <fmt/format.h>

#include <map>

#include "load/load.hpp"
#include "load/shown_lines.hpp"
#include "load/text_file.hpp"
#include "model/visible.hpp"

namespace cctl {

namespace {

// Characters that take two columns of a terminal: East Asian scripts and pictures.
bool is_wide(char32_t c) {
  constexpr std::pair<char32_t, char32_t> ranges[] = {{0x1100, 0x115F},   {0x2E80, 0xA4CF},  {0xAC00, 0xD7A3},
                                                      {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},  {0xFF00, 0xFF60},
                                                      {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};
  for (const auto& [first, last] : ranges)
    if (c >= first && c <= last) return true;
  return false;
}

// As wide as it stands in the file, so that the caret fits: what a terminal would obey is "?".
std::string shown(std::string_view line) {
  std::size_t ignored = 0, at = 0;
  std::string out;
  for (const char32_t c : decode_utf8(line, ignored).value_or(U"")) {
    const std::size_t size = bytes(line.substr(at), 1);
    out += c != '\t' && is_unseen(c) ? "?" : std::string(line.substr(at, size));
    at += size;
  }
  return with_stars(out);
}

std::string caret_under(std::string_view line, std::size_t column) {
  std::string out;
  std::size_t ignored = 0;
  if (const auto before = decode_utf8(line.substr(0, bytes(line, column - 1)), ignored))
    for (char32_t c : *before) out += c == '\t' ? "\t" : is_wide(c) ? "  " : " ";
  return out + "^";
}

constexpr std::size_t longest_shown = 2000;  // bytes; nobody finds a caret below more

struct SourceFile {
  std::string text;
  std::vector<std::string_view> lines;
  std::vector<bool> hidden;

  void read(const std::string& path) {
    std::string fault;
    text = read_text_file(path, fault).value_or("");
    lines = lines_of(without_bom(text));
    hidden = lines_of_secrets(lines);
  }
};

}  // namespace

std::string describe(const std::vector<Mistake>& mistakes) {
  std::map<std::string, SourceFile> files;
  std::string out;
  for (const Mistake& mistake : mistakes) {
    const Mark& mark = mistake.mark;
    if (!mark.file.empty()) out += visible(mark.file) + ":";
    if (mark.line > 0) out += fmt::format("{}:", mark.line);
    if (mark.column > 0) out += fmt::format("{}:", mark.column);
    out += fmt::format("{}{}{}\n", mark.file.empty() ? "" : " ", mistake.warning ? "warning: " : "",
                       visible(mistake.text));
    if (mark.line == 0 || mark.column == 0 || mistake.hidden) continue;  // of a whole file, or its line is not shown
    const auto [file, is_new] = files.try_emplace(mark.file);
    if (is_new) file->second.read(mark.file);
    const auto& lines = file->second.lines;
    if (static_cast<std::size_t>(mark.line) > lines.size()) continue;
    const std::string_view line = lines[static_cast<std::size_t>(mark.line) - 1];
    if (file->second.hidden[static_cast<std::size_t>(mark.line) - 1] || line.size() > longest_shown) continue;
    std::size_t ignored = 0;
    if (!decode_utf8(line, ignored)) continue;
    out += shown(line) + "\n" + caret_under(line, static_cast<std::size_t>(mark.column)) + "\n";
  }
  return out;
}

}  // namespace cctl
