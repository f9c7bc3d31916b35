#include "registry/auth.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "model/base64.hpp"
#include "model/error.hpp"
#include "model/lower_case.hpp"
#include "model/outside_json.hpp"
#include "model/secrets.hpp"

namespace cctl {
namespace {

using nlohmann::json;

bool is_token(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

// Reads a header from left to right.
class Reader {
 public:
  explicit Reader(const std::string& text) : text_(text) {}

  bool at_end() {
    skip(" \t,");
    return at_ >= text_.size();
  }
  void skip(const char* what) { at_ = std::min(text_.find_first_not_of(what, at_), text_.size()); }
  std::string token() {
    const std::size_t from = at_;
    while (at_ < text_.size() && is_token(text_[at_])) ++at_;
    if (at_ == from) ++at_;  // nothing that belongs here: go past it
    return text_.substr(from, at_ - from);
  }
  bool take(char c) {
    skip(" \t");
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    skip(" \t");
    return true;
  }
  std::string value() {
    if (at_ >= text_.size() || text_[at_] != '"') return token();
    std::string out;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      out += text_[at_];
    }
    ++at_;
    return out;
  }

 private:
  const std::string& text_;
  std::size_t at_ = 0;
};

// "registry.local:5000" of "https://registry.local:5000/v1/"
std::string host_of(std::string name) {
  if (const auto scheme = name.find("://"); scheme != std::string::npos) name.erase(0, scheme + 3);
  return name.substr(0, name.find('/'));
}

Login login_of(const json& entry) {
  for (const char* name : {"auth", "password", "identitytoken", "registrytoken"}) keep_secret(text_in(entry, name));
  const auto text = from_base64(text_in(entry, "auth"));
  const auto colon = text ? text->find(':') : std::string::npos;
  if (colon == std::string::npos) return {text_in(entry, "username"), text_in(entry, "password")};
  keep_secret(text->substr(colon + 1));
  return {text->substr(0, colon), text->substr(colon + 1)};
}

}  // namespace

std::vector<Challenge> parse_challenges(const std::string& header) {
  std::vector<Challenge> out;
  Reader reader(header);
  while (!reader.at_end()) {
    const std::string word = lower_case(reader.token());
    if (!reader.take('=')) {
      out.push_back({word, {}});
    } else if (std::string value = reader.value(); !out.empty()) {
      out.back().values[word] = std::move(value);
    }
  }
  return out;
}

std::string login_name(const std::string& host) {
  return host.empty() ? "https://index.docker.io/v1/" : host;
}

LoginEntry login_in(const std::string& docker_config, const std::string& host) {
  LoginEntry out;
  const OutsideJson config = parse_outside(docker_config);
  if (!config.value.is_object())
    throw Error("Docker's config.json cannot be read: " + (config ? "it is no JSON object" : config.fault));
  for (const auto& [name, entry] : object_in(config.value, "auths").items())
    if (host_of(name) == host_of(login_name(host))) out.login = login_of(entry);
  if (!out.login.known()) {
    out.helper = text_in(object_in(config.value, "credHelpers"), login_name(host), text_in(config.value, "credsStore"));
    const auto plain = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_' || c == '.'; };
    if (!std::all_of(out.helper.begin(), out.helper.end(), plain))
      throw Error("Docker's config.json names a credential helper that is no program's name");
  }
  return out;
}

std::string token_in(const std::string& answer) {
  const OutsideJson parsed = parse_outside(answer);
  std::string token = text_in(parsed.value, "token");
  if (token.empty()) token = text_in(parsed.value, "access_token");
  // It goes into a header.
  const auto plain = [](unsigned char c) { return c > ' ' && c < 127; };
  return std::all_of(token.begin(), token.end(), plain) ? token : "";
}

}  // namespace cctl
