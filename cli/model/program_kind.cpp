#include "model/program_kind.hpp"

#include <sstream>

#include "model/kind_words.hpp"
#include "model/network_kind.hpp"

namespace cctl::kind {
namespace {

bool is_template(const std::string& text) {
  return text.find("{{") != std::string::npos;
}

}  // namespace

std::string why_no_timer(const std::string& text) {
  const std::string form = "as 500ms, 60s or 2m, at most 2147483647ms";
  if (!fits(text, "(0|[1-9][0-9]{0,9})(ms|s|m|h)")) return form;
  const auto digits = text.find_first_not_of("0123456789");
  const std::string unit = text.substr(digits);
  const long long each = unit == "ms" ? 1 : unit == "s" ? 1000 : unit == "m" ? 60000 : 3600000;
  return when(std::stoll(text) * each > 2147483647, form);
}

std::string why_no_go_duration(const std::string& text) {
  const bool good = fits(text, "[-+]?(0|(([0-9]+([.][0-9]*)?|[.][0-9]+)(ns|us|\xc2\xb5s|\xce\xbcs|ms|s|m|h))+)");
  return when(!good, "as 500ms, 60s, 2m or 1h30m, in which no unit is longer than an hour");
}

std::string why_no_mesos_duration(const std::string& text) {
  const bool good = fits(text, "-?([0-9]+([.][0-9]*)?|[.][0-9]+)(ns|us|ms|secs|mins|hrs|days|weeks)");
  return when(!good, "a number and one of ns, us, ms, secs, mins, hrs, days and weeks, as 5mins");
}

std::string why_no_mesos_size(const std::string& text) {
  return when(!fits(text, "[0-9]+([.][0-9]+)?(B|KB|MB|GB|TB)"), "a number and one of B, KB, MB, GB and TB, as 64MB");
}

std::string why_no_switch(const std::string& text) {
  return when(!fits(text, "true|false|1|0"), "true or false");
}

std::string why_no_uuid(const std::string& text) {
  const bool good = fits(text, "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");
  return when(!good, "a UUID, as `uuidgen` makes them");
}

std::string why_no_agent_address(const std::string& text) {
  return is_template(text) ? "" : why_no_ip(text);
}

std::string why_no_agent_addresses(const std::string& text) {
  if (is_template(text)) return "";
  std::istringstream words(text);
  for (std::string word; words >> word;)
    if (!word.starts_with("unix://") && !why_no_ip(word).empty())
      return "IP addresses without ports, or sockets as unix:///run/x.sock, with blanks between";
  return "";
}

std::string why_no_host_and_port(const std::string& text) {
  if (text.starts_with("unix://")) return "";
  const auto colon = text.rfind(':');
  const auto port = colon == std::string::npos ? std::nullopt : whole(text.substr(colon + 1));
  return when(!port || *port < 0 || *port > 65535, "a host and a port, as 10.0.0.2:8125");
}

}  // namespace cctl::kind
