#include "load/shown_lines.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <optional>

#include "load/open_brackets.hpp"
#include "load/text_file.hpp"
#include "load/yaml_words.hpp"
#include "model/secrets.hpp"

namespace cctl {
namespace {

// Of the inventory's own words: what stands there is a file's name, or the word `prompt`.
bool is_no_secret(const std::string& name, std::string_view value) {
  const bool path = !value.empty() && std::string_view("/~.").find(value.front()) != std::string_view::npos;
  constexpr std::size_t longest = 16;
  if (name == "host_key" && value.find_first_of(" \t,}") < longest) return true;  // a rule about keys, in one word
  return value == "prompt" || (path && (name == "key" || name.ends_with("_file")));
}

// Where the first value begins whose name says that it is a secret.
std::optional<std::size_t> secret_in(std::string_view line) {
  static const RE2 named(R"re((?:-D)?([\w.-]+)(?:["']?\s*[=:]\s*|["']?\s*$))re", RE2::Latin1);
  static const RE2 flag(R"re((--[\w.-]+)["']?(?:\s*,\s*|\s+)["']?\S)re", RE2::Latin1);
  const re2::StringPiece text(line.data(), line.size());
  std::optional<std::size_t> first;
  for (const RE2* said : {&named, &flag}) {
    re2::StringPiece found[2];
    for (std::size_t at = 0; said->Match(text, at, text.size(), RE2::UNANCHORED, found, 2);) {
      const std::string name(found[1].data(), found[1].size());
      at = static_cast<std::size_t>(found[1].data() - text.data()) + found[1].size();
      const std::size_t value =
          said == &flag ? at : static_cast<std::size_t>(found[0].data() - text.data()) + found[0].size();
      if (!is_secret_name(name) || is_no_secret(name, line.substr(value))) continue;
      first = std::min(first.value_or(value), value);
      break;
    }
  }
  static const RE2 user(R"re(://[^/@:\s]*:\S*@)re", RE2::Latin1);
  if (re2::StringPiece found; user.Match(text, 0, text.size(), RE2::UNANCHORED, &found, 1)) {
    const auto at = static_cast<std::size_t>(found.data() - text.data()) + 3;
    first = std::min(first.value_or(at), at);
  }
  return first;
}

bool is_key(std::string_view text) {
  return text.find(": ") != text.npos || text.ends_with(":");
}

}  // namespace

std::vector<bool> lines_of_secrets(const std::vector<std::string_view>& lines) {
  std::vector<bool> out(lines.size());
  constexpr std::size_t none = std::string_view::npos;
  std::size_t below = none;  // where the key of a secret stands, whose value may go on
  bool inside = false;       // what is open has the name of a secret in it
  OpenBrackets opened;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    const std::size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
    std::string_view text = line.substr(indent);
    if (text.empty()) continue;
    const bool tab = line.substr(0, indent).find('\t') != line.npos;
    const bool beside = indent == below && (is_item(text) || text.starts_with(':') || !is_key(text));
    const bool goes_on = below != none && (indent > below || tab || beside);
    const bool was_open = opened.any();
    const bool secret = secret_in(line).has_value();
    out[i] = goes_on || (was_open && inside);
    opened.read(line);
    inside = opened.any() && (secret || goes_on || (was_open && inside));
    if (goes_on) continue;
    below = none;
    std::size_t column = indent;
    while (is_item(text)) {
      const std::size_t inner = std::min(text.find_first_not_of(' ', 1), text.size());
      column += inner;
      text.remove_prefix(inner);
    }
    if (secret) below = column;
  }
  return out;
}

std::string with_stars(std::string_view line) {
  const auto from = secret_in(line);
  if (!from) return std::string(line);
  return std::string(line.substr(0, *from)) + std::string(characters(line.substr(*from), line.size()), '*');
}

}  // namespace cctl
