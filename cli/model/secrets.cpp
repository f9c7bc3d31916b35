#include "model/secrets.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>
#include <string_view>

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

bool redact(json& value) {
  bool any = false;
  if (value.is_array())
    for (auto& item : value) any = redact(item) || any;
  if (!value.is_object()) return any;
  for (auto& [name, item] : value.items()) {
    if (item.is_structured()) {
      any = redact(item) || any;
    } else if (is_secret_name(name)) {
      item = kRedacted;
      any = true;
    }
  }
  return any;
}

}  // namespace

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
  static const RE2 user(R"(://[^/@\s]*:[^/@\s]*@)", RE2::Latin1),
      said(R"(([\w.-]+)("?\s*[=:]\s*)("[^"]*"|[^\s,"']+))", RE2::Latin1);
  std::string hidden = text, out, name;
  RE2::GlobalReplace(&hidden, user, std::string("://") + kRedacted + "@");
  re2::StringPiece left(hidden), value;
  const char* from = hidden.data();
  while (RE2::FindAndConsume(&left, said, &name, nullptr, &value)) {
    if (name.starts_with("-D")) name.erase(0, 2);  // a property of a JVM
    if (!is_secret_name(name)) continue;
    out.append(from, value.data());
    out += kRedacted;
    from = value.data() + value.size();
  }
  return out.append(from, static_cast<const char*>(hidden.data() + hidden.size()));
}

}  // namespace cctl
