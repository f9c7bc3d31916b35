#include "report/words.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <array>

#include "model/visible.hpp"

namespace cctl {

std::string duration(std::chrono::milliseconds time) {
  const long long ms = time.count();
  const long long s = (ms + 500) / 1000;
  if (ms < 9950) return fmt::format("{:.1f}s", static_cast<double>(ms) / 1000);
  if (s < 60) return fmt::format("{}s", s);
  if (s < 3600) return fmt::format("{}m {:02}s", s / 60, s % 60);
  return fmt::format("{}h {:02}m", s / 3600, s % 3600 / 60);
}

std::string bytes(long long count) {
  constexpr std::array<const char*, 4> units = {"kB", "MB", "GB", "TB"};
  if (count < 1000) return fmt::format("{} B", count);
  double value = static_cast<double>(count) / 1000;
  std::size_t unit = 0;
  while (value >= 999.95 && unit + 1 < units.size()) value /= 1000, ++unit;
  return value < 100 ? fmt::format("{:.1f} {}", value, units[unit]) : fmt::format("{:.0f} {}", value, units[unit]);
}

std::string counted(long long count, const std::string& thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

std::string indented(const std::string& text, int columns) {
  std::string out;
  for (const std::string& line : lines_of(text))
    out += std::string(static_cast<std::size_t>(columns), ' ') + line + "\n";
  return out;
}

int width(std::string_view utf8) {
  if (utf8.find('\x1b') != std::string_view::npos) return width(without_own(utf8));
  int count = 0;
  for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;  // all but continuation bytes
  return count;
}

std::string padded(const std::string& text, int columns) {
  return text + std::string(static_cast<std::size_t>(std::max(0, columns - width(text))), ' ');
}

std::string shortened(const std::string& text, int columns) {
  if (width(text) <= columns) return text;
  if (columns < 4) return std::string(static_cast<std::size_t>(std::max(0, columns)), '.');
  std::size_t at = 0;
  for (int seen = 0; at < text.size(); ++at) {
    const bool starts = (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
    if (starts && seen++ == columns - 3) break;
  }
  return text.substr(0, at) + "...";
}

std::string abridged(const std::string& text, int columns) {
  if (width(text) <= columns) return text;
  if (columns < 8) return shortened(text, columns);
  const int head = (columns - 3 + 1) / 2, tail = columns - 3 - head;
  std::size_t end_of_head = 0, start_of_tail = 0;
  const int skipped = width(text) - tail;
  for (std::size_t at = 0, seen = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) continue;
    if (seen == static_cast<std::size_t>(head)) end_of_head = at;
    if (seen == static_cast<std::size_t>(skipped)) start_of_tail = at;
    ++seen;
  }
  return text.substr(0, end_of_head) + "..." + text.substr(start_of_tail);
}

std::string one_line(const std::string& text) {
  return visible(text) + "\n";
}

std::vector<std::string> wrapped(const std::string& text, int columns) {
  const std::string all = visible(text);
  if (columns <= 0 || width(all) <= columns) return {all};
  std::vector<std::string> parts;
  std::string line;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t begin = all.find_first_not_of(' ', at);
    if (begin == std::string::npos) break;
    const std::size_t end = std::min(all.find(' ', begin), all.size());
    const std::string blanks = all.substr(at, begin - at), word = all.substr(begin, end - begin);
    if (line.find_first_not_of(' ') != std::string::npos && width(line + blanks + word) > columns) {
      parts.push_back(line);
      line = word;
    } else {
      line += blanks + word;
    }
    at = end;
  }
  parts.push_back(line);
  return parts;
}

std::string folded(const std::string& text, int columns, int indent) {
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  const std::vector<std::string> first = wrapped(text, columns);
  std::string out = first.front() + "\n";
  if (first.size() == 1) return out;
  const std::string rest = visible(text).substr(first.front().size());
  for (const std::string& line :
       wrapped(rest.substr(std::min(rest.find_first_not_of(' '), rest.size())), std::max(1, columns - indent)))
    out += margin + line + "\n";
  return out;
}

std::string age(const std::string& engine_words) {
  static const RE2 shape(R"((About an?|Less than a|\d+) (second|minute|hour|day|week|month|year)s?)", RE2::Latin1);
  std::string amount, unit;
  if (!RE2::PartialMatch(engine_words, shape, &amount, &unit)) return "";
  const std::string number = amount[0] >= '0' && amount[0] <= '9' ? amount : "1";
  return number + (unit == "month" ? "mo" : unit.substr(0, 1));
}

}  // namespace cctl
