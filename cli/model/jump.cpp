#include "model/jump.hpp"

#include <charconv>
#include <sstream>

namespace cctl {
namespace {

bool read_port(const std::string& text, std::optional<int>& port) {
  int value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, value);
  if (fault != std::errc() || stop != end || value < 1 || value > 65535) return false;
  port = value;
  return true;
}

std::optional<JumpHop> parse_hop(std::string text) {
  JumpHop hop;
  if (text.starts_with("ssh://")) {
    text.erase(0, 6);
    if (text.ends_with('/')) text.pop_back();
  }
  if (const auto at = text.rfind('@'); at != std::string::npos) {
    if (at == 0) return {};
    hop.user = text.substr(0, at);
    text.erase(0, at + 1);
  }
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string::npos) return {};
    const auto rest = text.substr(close + 1);
    if (!rest.empty() && (rest[0] != ':' || !read_port(rest.substr(1), hop.port))) return {};
    hop.host = text.substr(1, close - 1);
  } else if (const auto colon = text.find(':'); colon != std::string::npos && text.rfind(':') == colon) {
    if (!read_port(text.substr(colon + 1), hop.port)) return {};
    hop.host = text.substr(0, colon);
  } else {
    hop.host = text;  // a name, or an IPv6 address, which has several colons
  }
  if (hop.host.empty()) return {};
  return hop;
}

}  // namespace

std::optional<std::vector<JumpHop>> parse_jump(const std::string& text) {
  std::vector<JumpHop> hops;
  if (text == "none") return hops;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    auto hop = parse_hop(part);
    if (!hop) return {};
    hops.push_back(std::move(*hop));
  }
  if (hops.empty() || text.ends_with(',')) return {};
  return hops;
}

std::string to_text(const JumpHop& hop) {
  const bool brackets = hop.port && hop.host.find(':') != std::string::npos;
  return (hop.user ? *hop.user + "@" : "") + (brackets ? "[" + hop.host + "]" : hop.host) +
         (hop.port ? ":" + std::to_string(*hop.port) : "");
}

}  // namespace cctl
