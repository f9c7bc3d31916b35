#include "model/secrets.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>

#include "model/outside_json.hpp"

namespace cctl {
namespace {

using nlohmann::json;

constexpr std::array<const char*, 14> kSecretWords = {"password", "passwd",      "passphrase", "pass",    "pwd",
                                                      "token",    "tokens",      "secret",     "secrets", "key",
                                                      "keys",     "credentials", "encrypt",    "auth"};

bool is_secret_word(const std::string& word) {
  return word == "credential" ||
         std::any_of(kSecretWords.begin(), kSecretWords.end(), [&](const char* secret) { return word == secret; });
}

// `secret`: it is below a name that says so.
bool redact(json& value, bool secret = false) {
  bool any = false;
  for (auto& [name, item] : value.items()) {
    const bool its = secret || (value.is_object() && is_secret_name(name));
    if (item.is_structured()) {
      any = redact(item, its) || any;
    } else if (its && !item.is_boolean() && !item.is_null()) {
      item = kRedacted;
      any = true;
    }
  }
  return any;
}

using Instead = std::string (*)(const std::string& value);

std::string redacted(const std::string&) {
  return kRedacted;
}

// What stands beside a name in an inventory and is the name of something, or the beginning of more.
std::string stars(const std::string& value) {
  if (value.find_first_of("/~.{[|>&*!") == 0 || value == "prompt") return value;
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
  return std::string(value.size() - static_cast<std::size_t>(std::count_if(value.begin(), value.end(), continues)),
                     '*');
}

// Of the inventory's own words: what stands there is a file's name.
bool names_file(const std::string& name) {
  return name == "key" || name.ends_with("_file");
}

// How a name is found, up to its value, and what the value is. In two: a value is only looked for, and may only be
// long, where the name is a secret's.
struct Said {
  Said(const char* upto_value, const char* is) : name(upto_value, RE2::Latin1), value(is, RE2::Latin1) {}
  RE2 name, value;
};

// Where the name is no secret's, the next may begin with what stands for its value.
std::string without_named(const std::string& text, const Said& said, Instead instead, bool once = false) {
  std::string out;
  re2::StringPiece found[2], value;
  std::size_t from = 0;
  const auto end_of = [&](const re2::StringPiece& piece) {
    return static_cast<std::size_t>(piece.data() - text.data()) + piece.size();
  };
  for (std::size_t at = 0; said.name.Match(text, at, text.size(), RE2::UNANCHORED, found, 2);) {
    const std::size_t begins = end_of(found[0]);
    std::string name(found[1].data(), found[1].size());
    at = end_of(found[1]);
    if (name.starts_with("-D")) name.erase(0, 2);  // a property of a JVM
    if (is_secret_name(name) && (instead != stars || !names_file(name)) &&
        said.value.Match(text, begins, text.size(), RE2::ANCHOR_START, &value, 1)) {
      out += text.substr(from, begins - from) + instead(std::string(value.data(), value.size()));
      from = at = end_of(value);
    }
    if (once) break;
  }
  return out + text.substr(from);
}

const Said& named_value() {
  static const Said said(R"re(([\w.-]+)"?\s*[=:]\s*)re", R"re("[^"]*"|'[^']*'|[^\s,"']+)re");
  return said;
}

constexpr std::size_t kShortest = 4;

// Passwords are asked for, and registries talked to, on threads of their own.
std::mutex known_lock;
// The longest first: one may be a part of another.
std::set<std::string, decltype([](const std::string& a, const std::string& b) {
           return a.size() != b.size() ? a.size() > b.size() : a < b;
         })>
    known;

bool may_be_known(const std::string& value) {
  static const RE2 plain(R"((?s)/.*|file:.*|[-+.\d]+|[a-z]{1,11}|[A-Z][a-z]{0,10})", RE2::Latin1);
  return value.size() >= kShortest && !RE2::FullMatch(value, plain);
}

}  // namespace

void keep_secret(const std::string& value) {
  if (!may_be_known(value)) return;
  const std::string in_json = json(value).dump(-1, ' ', false, json::error_handler_t::replace);
  const std::lock_guard lock(known_lock);
  known.insert(value);
  known.insert(in_json.substr(1, in_json.size() - 2));
}

std::string without_known_secrets(const std::string& text) {
  const std::lock_guard lock(known_lock);
  std::string out = text;
  for (const std::string& value : known)
    for (std::size_t at = out.find(value); at != std::string::npos; at = out.find(value, at + 1)) {
      out.replace(at, value.size(), kRedacted);
      at += std::char_traits<char>::length(kRedacted) - 1;
    }
  return out;
}

bool is_secret_name(const std::string& name) {
  std::string word;
  char before = 0;
  for (const char c : name + "_") {
    const auto byte = static_cast<unsigned char>(c);
    const bool hump = std::isupper(byte) && std::islower(static_cast<unsigned char>(before));
    if ((!std::isalnum(byte) || hump) && is_secret_word(word)) return true;
    if (!std::isalnum(byte) || hump) word.clear();
    if (std::isalnum(byte)) word += static_cast<char>(std::tolower(byte));
    before = c;
  }
  return false;
}

std::string without_secrets(const std::string& text) {
  if (auto value = parse_outside(text).value; value.is_structured()) return redact(value) ? value.dump() : text;
  static const RE2 user(R"(://[^/@\s]*:[^/@\s]*@)", RE2::Latin1);
  static const Said flag(R"re((--[\w.-]+)\s+)re", R"re("[^"]*"|'[^']*'|[^\s-]\S*)re");
  std::string hidden = text;
  RE2::GlobalReplace(&hidden, user, std::string("://") + kRedacted + "@");
  return without_named(without_named(hidden, named_value(), redacted), flag, redacted);
}

std::string file_line_without_secrets(const std::string& line) {
  static const Said begins(R"re(^\s*([\w.-]+)\s+)re", R"re("[^"]*"|'[^']*'|[^\s=:]\S*)re");
  return without_named(without_secrets(line), begins, redacted, true);
}

std::string with_stars(const std::string& line) {
  return without_named(line, named_value(), stars);
}

bool is_secret_file(const std::string& path) {
  return is_secret_name(path.substr(path.rfind('/') + 1));
}

}  // namespace cctl
