// Where a URL leads. Taken apart by libcurl's own parser, which is what connects: there is no second opinion. Pure.
#pragma once
#include <optional>
#include <string>

namespace cctl {

struct Origin {
  std::string scheme, host, port;
  bool operator==(const Origin&) const = default;
  bool https() const { return scheme == "https"; }
  std::string text() const { return scheme + "://" + host + ":" + port; }
  std::string authority() const { return host + ":" + port; }
};

// Empty: no URL of http or https, or one that brings a login of its own.
std::optional<Origin> origin_of(const std::string& url);

// A Location header as seen from the URL that was asked; empty: it is none.
std::string resolved(const std::string& url, const std::string& location);

// "localhost", "127.x.x.x" in four whole numbers or "[::1]", with or without a port; nothing that only looks like it.
bool is_loopback(const std::string& authority);

}  // namespace cctl
