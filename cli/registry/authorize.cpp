// What a registry wants to see before it answers: a password, or a token that another server gives.
#include <fmt/format.h>

#include "model/base64.hpp"
#include "model/error.hpp"
#include "registry/registry.hpp"

namespace cctl {
namespace {

std::string basic(const Login& login) {
  return "Basic " + to_base64(login.user + ":" + login.password);
}

}  // namespace

// The value of the Authorization header that answers a challenge; empty: there is none.
std::string Registry::authorize(const std::string& header, const std::string& repository, Right right) {
  for (const Challenge& challenge : parse_challenges(header)) {
    if (challenge.scheme == "basic" && login().known()) return basic(login());
    if (challenge.scheme != "bearer") continue;
    const std::string scope =
        "repository:" + repository_path(repository) + (right == Right::push ? ":pull,push" : ":pull");
    const std::string given = token(challenge, scope);
    if (!given.empty()) return "Bearer " + given;
  }
  return "";
}

std::string Registry::token(const Challenge& challenge, const std::string& scope) {
  const auto value = [&](const char* key) {
    const auto found = challenge.values.find(key);
    return found == challenge.values.end() ? std::string() : found->second;
  };
  const std::string realm = value("realm");
  // Our password goes only where a registry reached over https could have kept it from being seen.
  const bool same_or_safer =
      realm.starts_with("https://") || (base_.starts_with("http:") && realm.starts_with("http://"));
  if (!same_or_safer) throw Error(fmt::format("{} wants a token from \"{}\", which is not https", name(), realm));
  WebRequest request;
  request.url = realm + (realm.find('?') == std::string::npos ? "?" : "&") +
                "service=" + percent_encoded(value("service")) + "&scope=" + percent_encoded(scope);
  if (login().known()) request.headers.push_back("Authorization: " + basic(login()));
  const WebReply reply = web_.send(request);
  if (reply.status == 401 || reply.status == 403) return "";
  const std::string given = token_in(reply.body);
  if (reply.status != 200 || given.empty())
    throw Error(fmt::format("the token server {} of {} answers {}", realm, name(), reply.status));
  return given;
}

}  // namespace cctl
