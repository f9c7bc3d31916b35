#include "load/yaml_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "load/open_brackets.hpp"
#include "load/shown_lines.hpp"
#include "load/text_file.hpp"

namespace cctl {

bool is_item(std::string_view text) {
  return text == "-" || text.starts_with("- ");
}
namespace {

using Lines = std::vector<std::string_view>;

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(" \t"), line.size());
}

// What stands on the line, without its indent; "" for comments, too.
std::string_view text_of(std::string_view line) {
  line.remove_prefix(indent_of(line));
  return line.starts_with('#') ? std::string_view() : line;
}

// Where "key: value" has its colon.
std::size_t colon_of(std::string_view text) {
  for (std::size_t at = text.find(':'); at != std::string_view::npos; at = text.find(':', at + 1))
    if (at + 1 == text.size() || text[at + 1] == ' ') return at;
  return std::string_view::npos;
}

// The last line above that says something.
std::optional<std::size_t> above(const Lines& lines, std::size_t line) {
  while (line-- > 0)
    if (!text_of(lines[line]).empty()) return line;
  return {};
}

// The columns at which something may stand in this line: where the blocks around it begin, the innermost first.
std::vector<std::size_t> levels_above(const Lines& lines, std::size_t line) {
  std::vector<std::size_t> out;
  std::size_t outer = std::string_view::npos;
  for (auto up = above(lines, line); up; up = above(lines, *up)) {
    const std::size_t indent = indent_of(lines[*up]);
    if (indent >= outer) continue;
    outer = indent;
    const std::string_view item = text_of(lines[*up]);
    const std::size_t inside = item.find_first_not_of(' ', 1);
    const bool keys = is_item(item) && inside != std::string_view::npos && item[inside] != '{' && item[inside] != '[' &&
                      colon_of(item) != std::string_view::npos;
    if (keys) out.push_back(indent + inside);
    out.push_back(indent);
    if (indent == 0) break;
  }
  return out;
}

std::string spaces(std::size_t n) {
  return n == 0 ? "not indented" : fmt::format("indented by {} space{}", n, n == 1 ? "" : "s");
}

std::string wrong_indent(const Lines& lines, std::size_t line) {
  auto levels = levels_above(lines, line);
  std::sort(levels.begin(), levels.end());
  levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
  std::string where;
  for (std::size_t i = 0; i < levels.size(); ++i)
    where += (i == 0 ? "" : i + 1 == levels.size() ? " or " : ", ") + std::to_string(levels[i]);
  return fmt::format("wrong indent: this line is {}, and what is above it begins at {}", spaces(indent_of(lines[line])),
                     where.empty() ? "0" : where);
}

// A line that belongs to no block above it.
YamlFault stray_line(const Lines& lines, YamlFault at) {
  const std::size_t indent = indent_of(lines[at.line]);
  if (at.column != indent) {
    at.text = "nothing may follow the end of the value here; is a quote or a comma missing?";
    return at;
  }
  const auto levels = levels_above(lines, at.line);
  const auto up = above(lines, at.line);
  const bool fits = std::find(levels.begin(), levels.end(), indent) != levels.end();
  const bool item = is_item(text_of(lines[at.line]));
  if (!fits || !up)
    at.text = wrong_indent(lines, at.line);
  else if (item)
    at.text = fmt::format("a list item (-) among keys; the items of a list stand below a key that has no value");
  else
    at.text = "a key among the items of a list; is its - missing, or is it indented too little?";
  return at;
}

// Whether the words of a line may be said again.
bool may_be_told(const Lines& lines, std::size_t line) {
  return !lines_of_secrets(lines)[line] && with_stars(lines[line]) == lines[line];
}

// "a: b" where the parser was in the middle of a word.
YamlFault stray_colon(const Lines& lines, YamlFault at) {
  const std::string_view line = lines[at.line];
  const std::string_view text = text_of(line);
  const std::size_t indent = indent_of(line), first = colon_of(text);
  if (first != std::string_view::npos && indent + first < at.column) {
    at.text = "a second \": \" on this line; a value that has one is put in quotes";
    if (may_be_told(lines, at.line))
      at.text += fmt::format(": {}: \"{}\"", text.substr(0, first), text.substr(std::min(first + 2, text.size())));
    return at;
  }
  const auto up = above(lines, at.line);
  if (!up) {
    at.text = "a colon where no key can stand";
    return at;
  }
  const std::string_view before = text_of(lines[*up]);
  if (colon_of(before) == std::string_view::npos) {
    const std::size_t tight = before.find(':');
    at.line = *up;
    at.column = indent_of(lines[*up]) + (tight == std::string_view::npos ? 0 : tight);
    at.text = tight != std::string_view::npos ? "a space is missing after the colon"
              : may_be_told(lines, at.line)
                  ? fmt::format("{} has no value: is a colon missing behind it?", quote(before))
                  : "there is no value here: is a colon missing?";
    return at;
  }
  at.column = indent;
  at.text = wrong_indent(lines, at.line) + "; the line above has its value already";
  return at;
}

std::vector<Bracket> open_brackets(const Lines& lines, const YamlFault& end) {
  OpenBrackets open;
  for (std::size_t l = 0; l <= end.line && l < lines.size(); ++l)
    open.read(lines[l], l < end.line ? std::string_view::npos : end.column);
  return open.brackets();
}

YamlFault flow_fault(const Lines& lines, YamlFault at) {
  const std::vector<Bracket> open = open_brackets(lines, at);
  const std::string_view line = at.line < lines.size() ? lines[at.line] : std::string_view();
  const char here = at.column < line.size() ? line[at.column] : ' ';
  if (open.empty()) {
    at.text = fmt::format("{} closes nothing: no bracket is open here", here);
    return at;
  }
  const Bracket& last = open.back();
  const char closes = last.opens == '[' ? ']' : '}';
  if (here == ']' || here == '}') {
    at.text = fmt::format("{} stands where the {} of line {} wants {}", here, last.opens, last.line + 1, closes);
    return at;
  }
  if (last.line == at.line) {
    at.text = fmt::format("a comma or a {} is missing before this", closes);
    return at;
  }
  return {last.line, last.column, fmt::format("this {} is not closed: {} is missing", last.opens, closes)};
}

std::optional<YamlFault> tab(const Lines& lines, const YamlFault& at) {
  for (std::size_t l = at.line > 0 ? at.line - 1 : 0; l <= at.line && l < lines.size(); ++l)
    if (const std::size_t found = lines[l].substr(0, indent_of(lines[l])).find('\t'); found != std::string_view::npos)
      return YamlFault{l, found, "a tab in the indent; indent with spaces"};
  return {};
}

std::optional<YamlFault> conflict(const Lines& lines) {
  for (std::size_t l = 0; l < lines.size(); ++l)
    for (const char* mark : {"<<<<<<< ", ">>>>>>> "})
      if (lines[l].starts_with(mark)) return YamlFault{l, 0, "a conflict of a merge is left here"};
  return {};
}

}  // namespace

YamlFault yaml_fault(const Lines& lines, YamlFault at) {
  const std::string said = at.text;
  const auto says = [&](const char* words) { return said.find(words) != std::string::npos; };
  const std::string_view line = at.line < lines.size() ? lines[at.line] : std::string_view();
  const std::string here = at.column < line.size() ? std::string(1, line[at.column]) : "";
  if (const auto found = conflict(lines)) return *found;
  if (const auto found = tab(lines, at)) return *found;
  if (says("flow not found") || says("illegal flow end")) return flow_fault(lines, at);
  if (says("end of sequence not found") || says("end of map not found")) return stray_line(lines, at);
  if (says("illegal map value")) return stray_colon(lines, at);
  if (says("unknown token") || says("after &") || says("after *") || says("scanning a"))
    at.text = fmt::format("a value cannot begin with {}; put it in quotes", here.empty() ? "this" : here);
  else if (says("anchor is not defined"))
    at.text = "* stands for a value named with & above, and there is none; if it is text, put it in quotes";
  else if (says("escape") || says("hex character") || says("unicode"))
    at.text = "a backslash in double quotes begins an escape, and this is none; use single quotes";
  else if (says("illegal block entry"))
    at.text = "a list cannot begin here; its items (-) stand on lines of their own";
  else if (says("in block scalar") || says("for a block scalar"))
    at.text = "the text of | or > begins on the next line";
  else if (says("in scalar"))
    at.text = "a quote that was opened before is not closed";
  else
    at.text = "not YAML: " + said;
  return at;
}

bool is_unclosed(const Lines& lines, std::size_t line, std::size_t column) {
  if (line >= lines.size() || column >= lines[line].size()) return false;
  const char quoted = lines[line][column];
  if (quoted != '"' && quoted != '\'') return false;
  for (std::size_t l = line; l < lines.size(); ++l)
    for (std::size_t c = l == line ? column + 1 : 0; c < lines[l].size(); ++c) {
      const bool escape = quoted == '"' ? lines[l][c] == '\\' : lines[l].compare(c, 2, "''") == 0;
      if (escape)
        ++c;
      else if (lines[l][c] == quoted)
        return false;
    }
  return true;
}

bool is_said_null(const std::vector<std::string_view>& lines, std::size_t line, std::size_t column) {
  if (line >= lines.size() || column >= lines[line].size()) return false;
  const std::string_view text = lines[line].substr(column);
  const std::string_view word = text.substr(0, text.find_first_of(" ,]}#\t\r:"));
  return word == "~" || word == "null" || word == "Null" || word == "NULL";
}

std::optional<YamlFault> empty_item(const std::vector<std::string_view>& lines, std::size_t before) {
  for (std::size_t i = std::min(before, lines.size()); i-- > 0;) {
    const auto at = lines[i].find_first_not_of(" \t\r");
    if (at == std::string_view::npos || lines[i][at] == '#') continue;
    const auto behind = lines[i].find_first_not_of(" \t\r", at + 1);
    const bool nothing = behind == std::string_view::npos || lines[i][behind] == '#';
    if (lines[i][at] != '-' || !nothing) return std::nullopt;
    return YamlFault{i, at, ""};
  }
  return std::nullopt;
}

}  // namespace cctl
