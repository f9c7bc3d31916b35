#include "model/network_kind.hpp"

#include <arpa/inet.h>

#include "model/ipv4.hpp"
#include "model/kind_words.hpp"

namespace cctl::kind {
namespace {

bool is_ipv6(const std::string& text) {
  in6_addr address{};
  return inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

bool is_port(const std::string& text) {
  const auto port = whole(text);
  return port && *port >= 0 && *port <= 65535;
}

// "host", "host:port", "[fd00::1]:5000", "fd00::1"
bool is_host_and_port(const std::string& text) {
  if (is_ipv6(text)) return true;
  const auto colon = text.rfind(':');
  const bool bracket = text.starts_with('[');
  if (bracket && (text.find(']') == std::string::npos || !is_ipv6(text.substr(1, text.find(']') - 1)))) return false;
  if (colon == std::string::npos || text.ends_with(']'))
    return bracket || fits(text, "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?([.][A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*");
  if (!is_port(text.substr(colon + 1))) return false;
  return bracket ? text[colon - 1] == ']' : text.find(':') == colon && is_host_and_port(text.substr(0, colon));
}

}  // namespace

bool is_machine(const std::string& text) {
  const auto address = text.find('/') == std::string::npos ? ipv4(text) : std::nullopt;
  return address && *address >> 24 != 0 && *address >> 24 < 224;
}

std::string why_no_virtual_address(const std::string& text) {
  const std::string form = "an IPv4 address with its prefix, as 192.168.2.90/24";
  const auto slash = text.find('/');
  const auto address = ipv4(text);
  if (!address || slash == std::string::npos) return form;
  const unsigned first = *address >> 24;
  if (first == 0 || first == 127 || first >= 224) return form + ", which a machine of the network can have";
  const auto prefix = whole(text.substr(slash + 1));
  if (!prefix || *prefix < 8 || *prefix > 32) return form + "; a prefix is from 8 to 32";
  const unsigned hosts = *prefix == 32 ? 0 : 0xffffffffU >> *prefix;
  const bool whole_network = *prefix < 31 && ((*address & hosts) == 0 || (*address & hosts) == hosts);
  return whole_network ? "an address of one machine, and this is one of the whole network" : "";
}

std::string why_no_domain(const std::string& text) {
  const bool good =
      fits(text, "[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?([.][A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?)*");
  return when(!good || text.size() > 253, "a name of DNS, as mesos or mesos.example");
}

std::string why_no_network(const std::string& text) {
  const auto slash = text.find('/');
  const long long prefix = slash == std::string::npos ? -1 : whole(text.substr(slash + 1)).value_or(-1);
  return when(!ipv4(text) || prefix < 0 || prefix > 32, "an IPv4 address with its prefix, as 172.26.0.1/16");
}

std::string why_no_ip(const std::string& text) {
  const bool good = (ipv4(text) && text.find('/') == std::string::npos) || is_ipv6(text);
  return when(!good, "an IP address, as 10.0.0.2");
}

// As the engine reads it: it wants a letter, and "." says that there is none.
std::string why_no_search_domain(const std::string& text) {
  const std::string label = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?", name = label + "([.]" + label + ")*[.]?";
  const bool letter = text.find_first_not_of("0123456789.-") != std::string::npos;
  const bool good = text == "." || (fits(text, name.c_str()) && letter && text.size() < 255);
  return when(!good, "one domain, as service.consul: each of them is an item of its own");
}

std::string why_no_network_of_any_version(const std::string& text) {
  const auto slash = text.find('/');
  if (slash == std::string::npos || !is_ipv6(text.substr(0, slash))) return why_no_network(text);
  const auto prefix = whole(text.substr(slash + 1));
  return when(!prefix || *prefix < 0 || *prefix > 128, "an IPv6 address with its prefix, as fd00::/64");
}

// The engine takes http:// off and warns.
std::string why_no_registry(const std::string& text) {
  std::string bare = text;
  for (const std::string scheme : {"http://", "https://"})
    if (bare.starts_with(scheme)) bare = bare.substr(scheme.size());
  const bool good =
      bare.find('/') == std::string::npos ? is_host_and_port(bare) : why_no_network_of_any_version(bare).empty();
  return when(!good, "a registry as host:port, or a network as 10.0.0.0/8");
}

std::string why_no_mirror(const std::string& text) {
  const std::string form = "an address as https://host:port";
  const auto scheme = text.find("://");
  if (!text.starts_with("http://") && !text.starts_with("https://")) return form;
  if (has_control(text) || text.find_first_of(" \"'\\") != std::string::npos) return form;
  if (text.find_first_of("?#") != std::string::npos) return form + ", without a query or fragment";
  const std::string rest = text.substr(scheme + 3), host = rest.substr(0, rest.find('/'));
  if (host.find('@') != std::string::npos) return form + ", without a user or password";
  return when(!is_host_and_port(host), form);
}

std::string why_no_engine_address(const std::string& text) {
  const bool good = fits(text, "(unix|fd|npipe)://[^ ]*|tcp://[^ /]+|[^ /]*:[0-9]{1,5}");
  return when(!good, "what an engine listens at, as unix:///var/run/docker.sock or tcp://127.0.0.1:2376");
}

}  // namespace cctl::kind
