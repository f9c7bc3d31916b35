#include "registry/origin.hpp"

#include <curl/curl.h>

#include <memory>

#include "model/ipv4.hpp"
#include "model/lower_case.hpp"

namespace cctl {
namespace {

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

Url parsed(const std::string& url) {
  Url out(curl_url(), &curl_url_cleanup);
  if (url.find_first_of(std::string(" \t\r\n\\\0", 6)) != std::string::npos ||
      curl_url_set(out.get(), CURLUPART_URL, url.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK)
    out.reset();
  return out;
}

std::string part(const Url& url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, flags) != CURLUE_OK) return "";
  std::string out = text;
  curl_free(text);
  return out;
}

}  // namespace

std::optional<Origin> origin_of(const std::string& url) {
  const Url taken = parsed(url);
  if (!taken) return std::nullopt;
  Origin out{lower_case(part(taken, CURLUPART_SCHEME)), lower_case(part(taken, CURLUPART_HOST)),
             part(taken, CURLUPART_PORT, CURLU_DEFAULT_PORT)};
  const bool known = out.scheme == "https" || out.scheme == "http";
  if (!known || out.host.empty() || out.port.empty()) return std::nullopt;
  return out;
}

std::string resolved(const std::string& url, const std::string& location) {
  if (location.empty() || location.find_first_of(std::string(" \t\r\n\\\0", 6)) != std::string::npos) return "";
  const Url from = parsed(url);
  if (!from || curl_url_set(from.get(), CURLUPART_URL, location.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK) return "";
  return part(from, CURLUPART_URL);
}

bool is_loopback(const std::string& authority) {
  if (authority.starts_with("[")) return authority == "[::1]" || authority.starts_with("[::1]:");
  const std::string name = lower_case(authority.substr(0, authority.find(':')));
  if (name == "localhost") return true;
  const auto address = ipv4(name);
  return address && is_loopback(*address);
}

}  // namespace cctl
