#include "model/visible.hpp"

#include <fmt/format.h>

#include <array>
#include <random>
#include <utility>

namespace cctl {
namespace {

// Made anew for each run: nobody else can know it.
const std::string& key() {
  static const std::string made = [] {
    std::random_device source;
    return fmt::format("{:08x}{:08x}", source(), source());
  }();
  return made;
}

// The length of the command of ours that begins with this ESC, without its key; 0: it is none.
std::size_t own_length(std::string_view text) {
  if (!text.substr(1).starts_with(key())) return 0;
  const std::string_view command = text.substr(1 + key().size());
  const std::size_t end = command.find_first_not_of("[0123456789;");
  return end == std::string_view::npos ? 0 : end + 1;
}

// One character of UTF-8 and its bytes; 0 bytes: it is none.
std::pair<char32_t, std::size_t> character_of(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = (lead >> 5) == 6 ? 2 : (lead >> 4) == 14 ? 3 : (lead >> 3) == 30 ? 4 : 0;
  if (size == 0 || size > text.size()) return {0, 0};
  char32_t c = lead & (0x7Fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {0, 0};
    c = c << 6 | (byte(i) & 0x3Fu);
  }
  constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  const bool good = c >= smallest[size] && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
  return good ? std::pair{c, size} : std::pair{char32_t{0}, std::size_t{0}};
}

std::string written_out(char32_t c) {
  const auto number = static_cast<unsigned>(c);
  if (number < 0x80) return fmt::format("\\x{:02x}", number);
  return number > 0xFFFF ? fmt::format("\\U{:08x}", number) : fmt::format("\\u{:04x}", number);
}

enum class As { line, terminal, plain };

std::string shown(std::string_view text, As as) {
  std::string out;
  out.reserve(text.size());
  const auto keeps_line = [&](std::size_t at) { return at < text.size() && text[at] == '\n'; };
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  const auto is_last = [&](std::size_t at) { return last == text.npos || at > last; };
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    const auto [c, size] = character_of(rest);
    const std::size_t own = c == 0x1b ? own_length(rest) : 0;
    if (own > 0) {
      const std::size_t whole = 1 + key().size() + own;
      if (as == As::line) out += rest.substr(0, whole);
      if (as == As::terminal) out += "\x1b" + std::string(rest.substr(1 + key().size(), own));
      at += whole;
      continue;
    }
    at += size == 0 ? 1 : size;
    if (size == 0)
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(rest[0]));
    else if (c == '\r' && (at == text.size() || keeps_line(at)))
      continue;
    else if (c == '\n')
      out += as != As::line ? "\n" : is_last(at) ? "" : "; ";
    else if (c == '\t')
      out += as != As::line ? '\t' : ' ';
    else if (is_unseen(c))
      out += written_out(c);
    else
      out += rest.substr(0, size);
  }
  return out;
}

}  // namespace

bool is_unseen(char32_t c) {
  // Unicode's Cc, Cf, Zl, Zp and Default_Ignorable_Code_Point (DerivedCoreProperties): controls, what has no width,
  // turns the direction of writing, parts lines or picks another shape; unassigned ones of these blocks, too.
  constexpr std::pair<char32_t, char32_t> ranges[] = {
      {0x00, 0x1F},       {0x7F, 0x9F},       {0xAD, 0xAD},       {0x34F, 0x34F},     {0x600, 0x605},
      {0x61C, 0x61C},     {0x6DD, 0x6DD},     {0x70F, 0x70F},     {0x890, 0x891},     {0x8E2, 0x8E2},
      {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x200B, 0x200F},   {0x2028, 0x202E},
      {0x2060, 0x206F},   {0x3164, 0x3164},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},
      {0xFFF0, 0xFFFB},   {0x110BD, 0x110BD}, {0x110CD, 0x110CD}, {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3},
      {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}};
  for (const auto& [first, last] : ranges)
    if (c >= first && c <= last) return true;
  return false;
}

std::string visible(std::string_view text) {
  return shown(text, As::line);
}

std::string own_sequence(std::string_view command) {
  return "\x1b" + key() + std::string(command);
}

std::string for_terminal(std::string_view text) {
  return shown(text, As::terminal);
}

std::string without_own(std::string_view text) {
  return shown(text, As::plain);
}

}  // namespace cctl
