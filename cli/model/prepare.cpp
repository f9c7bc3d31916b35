#include "model/prepare.hpp"

#include <charconv>
#include <string_view>

namespace cctl {
namespace {

std::optional<int> port_of(std::string_view text) {
  int port = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc() || at != end || port < 1 || port > 65535) return std::nullopt;
  return port;
}

}  // namespace

std::optional<Opening> opening_from(const std::string& text) {
  if (text == "vrrp" || text == "112") return Opening{"vrrp", 0, 0};
  const auto slash = text.find('/');
  Opening out{slash == std::string::npos ? "tcp" : text.substr(slash + 1), 0, 0};
  if (out.protocol != "tcp" && out.protocol != "udp") return std::nullopt;
  const std::string ports = text.substr(0, slash);
  const auto dash = ports.find_first_of("-:");
  const auto from = port_of(ports.substr(0, dash));
  const auto to = dash == std::string::npos ? from : port_of(ports.substr(dash + 1));
  if (!from || !to || *to < *from) return std::nullopt;
  out.from = *from, out.to = *to;
  return out;
}

std::string ports_text(const Opening& opening, char dash) {
  if (opening.from == 0) return "";
  const std::string from = std::to_string(opening.from);
  return opening.to == opening.from ? from : from + dash + std::to_string(opening.to);
}

std::string to_text(const Opening& opening, char dash) {
  return opening.from == 0 ? opening.protocol : ports_text(opening, dash) + "/" + opening.protocol;
}

}  // namespace cctl
