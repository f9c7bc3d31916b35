#include "load/text_file.hpp"

#include <cerrno>
#include <cstring>
#include <iostream>

#include "model/read_local.hpp"
#include "model/visible.hpp"

namespace cctl {

namespace {
constexpr std::size_t kLargestFile = 16 << 20;  // a thousand hosts need less than one
}

namespace {

// Why it fails is in errno, which was 0 before.
std::optional<std::string> read_all(std::istream& in, std::string& fault) {
  std::string text;
  for (char block[65536]; in && text.size() <= kLargestFile;) {
    in.read(block, sizeof block);
    text.append(block, static_cast<std::size_t>(in.gcount()));
  }
  if (text.size() > kLargestFile) {
    fault = "it is larger than 16 MiB";
    return {};
  }
  if (!in.eof()) {
    fault = errno ? std::strerror(errno) : "reading failed";
    return {};
  }
  return text;
}

// It can be read once, and who shows a line of it asks again.
const std::optional<std::string>& standard_input(std::string& fault) {
  static std::string why;
  errno = 0;
  static const std::optional<std::string> text = read_all(std::cin, why);
  fault = why;
  return text;
}

}  // namespace

std::optional<std::string> read_text_file(const std::string& path, std::string& fault) {
  if (path == "-") return standard_input(fault);
  LocalText read = read_local(path, kLargestFile);
  fault = read.fault;
  return read ? std::optional(std::move(read.text)) : std::nullopt;
}

std::string_view without_bom(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

namespace {
bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}
}  // namespace

std::size_t characters(std::string_view line, std::size_t count) {
  std::size_t found = 0;
  for (char c : line.substr(0, count)) found += continues(c) ? 0 : 1;
  return found;
}

std::size_t bytes(std::string_view line, std::size_t count) {
  std::size_t at = 0;
  for (; at < line.size(); ++at)
    if (!continues(line[at]) && count-- == 0) break;
  return at;
}

std::optional<std::u32string> decode_utf8(std::string_view text, std::size_t& fault_at) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    fault_at = i;
    const unsigned char lead = static_cast<unsigned char>(text[i]);
    const int more = lead < 0x80 ? 0 : (lead >> 5) == 6 ? 1 : (lead >> 4) == 14 ? 2 : (lead >> 3) == 30 ? 3 : -1;
    if (more < 0 || i + static_cast<std::size_t>(more) >= text.size()) return {};
    char32_t c = more == 0 ? lead : lead & (0x3F >> more);
    for (int k = 1; k <= more; ++k) {
      const char next = text[i + static_cast<std::size_t>(k)];
      if (!continues(next)) return {};
      c = c << 6 | (static_cast<unsigned char>(next) & 0x3F);
    }
    constexpr char32_t smallest[] = {0, 0x80, 0x800, 0x10000};
    if (c < smallest[more] || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) return {};
    out.push_back(c);
    i += static_cast<std::size_t>(more) + 1;
  }
  return out;
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

std::string quote(std::string_view text) {
  constexpr std::size_t longest = 80;
  std::string out = "\"";
  for (const char c : text.substr(0, bytes(text, longest))) {
    const char* word = c == '\n' ? "\\n" : c == '\r' ? "\\r" : c == '\t' ? "\\t" : nullptr;
    word ? out += word : out += c;
  }
  return visible(out) + (characters(text, text.size()) > longest ? "...\"" : "\"");
}

}  // namespace cctl
