#include "model/var_kind.hpp"

#include <charconv>
#include <optional>
#include <regex>

#include "model/ipv4.hpp"

namespace cctl {
namespace {

std::optional<long long> whole(const std::string& text) {
  long long value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || text.empty()) return {};
  return value;
}

struct Range {
  long long least, most;
};

std::optional<Range> range_of(const std::string& kind) {
  const auto dash = kind.find('-');
  if (dash == std::string::npos) return {};
  const auto least = whole(kind.substr(0, dash)), most = whole(kind.substr(dash + 1));
  if (!least || !most || *least > *most) return {};
  return Range{*least, *most};
}

bool fits(const std::string& text, const char* form) {
  return std::regex_match(text, std::regex(form));
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

}  // namespace

std::string is_var_kind(const std::string& kind) {
  if (kind == "boolean" || kind == "number" || kind == "duration" || kind == "virtual address" || range_of(kind))
    return "";
  return "it is one of boolean, number, duration, virtual address, or a range as 1-255";
}

std::string why_not_of_kind(const std::string& kind, const std::string& text) {
  if (kind == "boolean") return text == "true" || text == "false" ? "" : "true or false";
  if (kind == "number") return fits(text, "[0-9]{1,12}([.][0-9]{1,6})?") ? "" : "a number, as 0.5";
  if (kind == "duration") return fits(text, "[0-9]{1,9}(ms|s|m|h)") ? "" : "as 500ms, 60s or 2m";
  if (kind == "virtual address") return why_no_virtual_address(text);
  const auto range = range_of(kind);
  const auto value = whole(text);
  if (range && value && *value >= range->least && *value <= range->most) return "";
  return range ? "a whole number from " + std::to_string(range->least) + " to " + std::to_string(range->most) : "";
}

}  // namespace cctl
