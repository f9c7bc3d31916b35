// What a registry wants to see before it answers, and whom we show it to: our login and the tokens for it go to the
// registry's own scheme, host and port. A redirection is followed without them, and never from https down to http.
#include <fmt/format.h>

#include "model/base64.hpp"
#include "model/error.hpp"
#include "model/limits.hpp"
#include "model/secrets.hpp"
#include "registry/excerpt.hpp"
#include "registry/registry.hpp"

namespace cctl {
namespace {

constexpr int most_redirects = 5;
constexpr long token_deadline = 60;  // seconds
constexpr std::size_t most_token_bytes = 1 << 20;

std::string basic(const Login& login) {
  return "Basic " + to_base64(login.user + ":" + login.password);
}

bool is_redirect(long status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::string value_of(const Challenge& challenge, const char* key) {
  const auto found = challenge.values.find(key);
  return found == challenge.values.end() ? "" : found->second;
}

}  // namespace

std::string Registry::location_in(const WebReply& reply, const std::string& asked) const {
  const std::string location = reply.header("location"), to = resolved(asked, location);
  const auto origin = origin_of(to);
  if (!origin) {
    if (location.empty())
      throw Error(fmt::format("{} does not say where to go: {} without Location", name(), reply.status));
    throw Error(
        fmt::format("{} sends us to \"{}\", which is no address of http or https", name(), excerpt(location, 80)));
  }
  if (origin_.https() && !origin->https()) {
    throw Error(
        fmt::format("{} sends us from https down to {}, where anybody on the way could listen; if a proxy stands "
                    "before it, let it pass X-Forwarded-Proto on",
                    name(), origin->text()));
  }
  return to;
}

WebReply Registry::send(const std::string& repository, Right right, WebRequest request) {
  if (!request.sink) {
    request.idle_timeout = settings_.idle_timeout;
    request.deadline = settings_.deadline;
  }
  const bool follows = request.method == "GET" || request.method == "HEAD";
  for (int hops = 0;; ++hops) {
    WebReply reply = send_once(repository, right, request);
    if (!follows || !is_redirect(reply.status)) return reply;
    if (hops == most_redirects)
      throw Error(fmt::format("{} sends us around: {} redirections and no end", name(), most_redirects));
    request.url = location_in(reply, request.url);
  }
}

WebReply Registry::send_once(const std::string& repository, Right right, const WebRequest& wanted) {
  const bool ours = origin_of(wanted.url) == origin_;
  const std::string key = (right == Right::push ? "push " : "pull ") + repository;
  std::string value = ours ? authorization(key) : "";
  for (bool again = false;; again = true) {
    WebRequest request = wanted;
    if (!value.empty()) request.headers.push_back("Authorization: " + value);
    WebReply reply = web_.send(request);
    if (reply.status != 401 || again || !ours) return reply;
    value = authorize(reply.header("www-authenticate"), repository, right);
    if (value.empty()) return reply;
    const std::lock_guard lock(mutex_);
    authorizations_[key] = value;
  }
}

std::string Registry::authorization(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = authorizations_.find(key);
  return found == authorizations_.end() ? "" : found->second;
}

const Login& Registry::login() {
  const std::lock_guard lock(mutex_);
  if (!login_) login_ = settings_.login ? settings_.login(host_) : Login{};
  return *login_;
}

// The value of the Authorization header that answers a challenge; empty: there is none.
std::string Registry::authorize(const std::string& header, const std::string& repository, Right right) {
  int bearers = 0;
  for (const Challenge& challenge : parse_challenges(header)) {
    if (challenge.scheme == "basic" && login().known()) return basic(login());
    if (challenge.scheme != "bearer" || ++bearers > limits::bearers) continue;
    const std::string scope =
        "repository:" + repository_path(repository) + (right == Right::push ? ":pull,push" : ":pull");
    const std::string given = token(challenge, scope);
    if (!given.empty()) return "Bearer " + given;
  }
  return "";
}

// As Docker does it, our login goes to the token server that the registry names, which may be another host (Docker
// Hub's is); unlike Docker, only by https, by the registry's own address, or by plain http that --insecure names. It is
// said.
void Registry::check_realm(const std::string& realm) {
  const auto origin = origin_of(realm);
  if (!origin)
    throw Error(fmt::format("{} wants a token from \"{}\", which is no address", name(), excerpt(realm, 80)));
  if (*origin == origin_) return;
  const bool plain_as_said = !origin_.https() && settings_.insecure.count(origin->authority());
  if (!origin->https() && !plain_as_said) {
    throw Error(fmt::format("{} wants a token from {}, which is not https{}", name(), origin->text(),
                            origin_.https() ? "" : "; if that is your own, say --insecure " + origin->authority()));
  }
  if (!login().known() || !settings_.say) return;
  const std::lock_guard lock(mutex_);
  if (told_.insert(origin->text()).second)
    settings_.say(fmt::format("the login of {} goes to its token server, {}", name(), origin->text()));
}

std::string Registry::token(const Challenge& challenge, const std::string& scope) {
  const std::string realm = value_of(challenge, "realm");
  check_realm(realm);
  WebRequest request;
  request.url = realm + (realm.find('?') == std::string::npos ? "?" : "&") +
                "service=" + percent_encoded(value_of(challenge, "service")) + "&scope=" + percent_encoded(scope);
  request.idle_timeout = settings_.idle_timeout;
  request.deadline = std::min(token_deadline, settings_.deadline);
  request.limit = most_token_bytes;
  if (login().known()) request.headers.push_back("Authorization: " + basic(login()));
  const WebReply reply = web_.send(request);
  if (reply.status == 401 || reply.status == 403) return "";
  const std::string given = token_in(reply.body);
  keep_token(given);
  if (reply.status != 200 || given.empty())
    throw Error(fmt::format("the token server {} of {} answers {}{}", origin_of(realm)->text(), name(), reply.status,
                            reply.status == 200 ? " without a token" : ""));
  return given;
}

}  // namespace cctl
