#include "load/checks.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

#include "load/text_file.hpp"
#include "model/data_path.hpp"
#include "model/error.hpp"
#include "model/image_name.hpp"
#include "model/ip_network.hpp"
#include "model/ipv4.hpp"
#include "model/jump.hpp"
#include "model/mount.hpp"
#include "model/prepare.hpp"
#include "model/sysctl.hpp"
#include "model/version.hpp"

namespace cctl {

namespace {

constexpr std::string_view lower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view digits = "0123456789";

bool all_of(std::string_view text, std::initializer_list<std::string_view> sets) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return std::any_of(sets.begin(), sets.end(), [&](std::string_view set) { return set.find(c) != set.npos; });
  });
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts{""};
  for (char c : text) {
    if (c == at)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

bool is_port(const std::string& text) {
  int port = 0;
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, port);
  return fault == std::errc() && stop == end && port >= 1 && port <= 65535;
}

std::string dash_or_empty(const std::string& text) {
  if (text.empty()) return "empty";
  return text[0] == '-' ? "a leading dash" : "";
}

}  // namespace

std::string any_text(const std::string& text) {
  return text.find('\0') == text.npos ? "" : "a NUL character";
}

std::string any_line(const std::string& text) {
  if (text.find_first_of("\n\r") != text.npos) return "a line break";
  return any_text(text);
}

std::string any_word(const std::string& text) {
  if (text.empty()) return "empty";
  std::size_t fault_at = 0;
  const auto word = decode_utf8(text, fault_at);
  return !word || std::any_of(word->begin(), word->end(), is_control) ? "a control character" : "";
}

std::string is_cluster(const std::string& text) {
  if (text.empty() || text.size() > 63 || !all_of(text.substr(0, 1), {lower, digits}) ||
      !all_of(text, {lower, digits, "_.-"}))
    return "lower-case letters, digits, \"_\", \".\" and \"-\", at most 63, the first a letter or digit";
  return "";
}

std::string is_host_name(const std::string& text) {
  const std::string fault = dash_or_empty(text);
  if (!fault.empty()) return fault;
  if (text.size() > 253 || text[0] == '.' || !all_of(text, {lower, upper, digits, ".-"}))
    return "letters, digits, \".\" and \"-\", the first a letter or digit";
  return "";
}

namespace {

// 0/8, multicast, and what was never given out.
std::string no_machine(const std::string& address) {
  const unsigned first = *ipv4(address) >> 24;
  if (first >= 224 && first < 240) return "no machine has this address: 224.0.0.0 to 239.255.255.255 are multicast";
  return first == 0 || first >= 240 ? "no machine has this address" : "";
}

}  // namespace

namespace {

// Of the labels of a name: DNS takes none that is empty or longer than 63. One dot may end it.
std::string fault_of_labels(const std::string& name) {
  const auto labels = split(name.ends_with('.') ? name.substr(0, name.size() - 1) : name, '.');
  for (const std::string& label : labels) {
    if (label.empty()) return "neither an IP address nor a name: nothing stands between two dots";
    if (label.size() > 63) return "neither an IP address nor a name: a part between dots has at most 63 characters";
  }
  // "0x0a000001" is 10.0.0.1 to who resolves names, and no address to the components.
  if (in_addr ignored{}; ::inet_aton(name.c_str(), &ignored) != 0)
    return "an IP address stands here in four decimal numbers, as 10.0.0.2";
  return "";
}

}  // namespace

bool is_ipv4(const std::string& text) {
  return text.find('/') == text.npos && ipv4(text).has_value();
}

namespace {

std::string fault_of_ipv6(const std::string& text) {
  const auto zone = text.find('%');
  const std::string plain = shortest_ip(text.substr(0, zone));
  if (is_ipv4(plain)) return no_machine(plain);
  if (plain == "::") return "no machine has this address";
  if (network_holds("ff00::/8", plain)) return "no machine has this address: ff00::/8 is multicast";
  // fe80::1, without the zone that tells whose it is.
  return network_holds("fe80::/10", plain) && zone == text.npos
             ? "an address of one link needs the interface it is reached by, as " + text + "%eth0"
             : "";
}

}  // namespace

bool is_ipv6(const std::string& text) {
  const auto zone = text.find('%');
  in6_addr ignored{};
  if (::inet_pton(AF_INET6, text.substr(0, zone).c_str(), &ignored) != 1) return false;
  return zone == text.npos ||
         (zone + 1 < text.size() && all_of(std::string_view(text).substr(zone + 1), {lower, upper, digits, "._-"}));
}

std::string is_address(const std::string& text) {
  const std::string fault = dash_or_empty(text);
  if (!fault.empty()) return fault;
  if (is_ipv6(text)) return fault_of_ipv6(text);
  if (text[0] == '[' && text.back() == ']') return "an IPv6 address stands here without brackets";
  if (std::count(text.begin(), text.end(), ':') > 1) return "not an IPv6 address";
  if (std::count(text.begin(), text.end(), ':') == 1) return "an address has no port, that is `ssh: {port: 22}`";
  if (text.find('@') != text.npos) return "an address has no user, that is `ssh: {user: root}`";
  const bool numbers = all_of(text, {digits, "."});
  if (numbers && is_ipv4(text)) return no_machine(text);
  if (numbers || text.size() > 253 || text[0] == '.' || !all_of(text, {lower, upper, digits, "._-"}))
    return "neither an IP address nor a name";
  return fault_of_labels(text);
}

std::string is_ip(const std::string& text) {
  if (!is_ipv4(text)) return "not an IPv4 address";
  return no_machine(text);
}

std::string is_user(const std::string& text) {
  const std::string fault = dash_or_empty(text);
  if (!fault.empty()) return fault;
  return text.size() <= 128 && all_of(text, {lower, upper, digits, "._@+-\\"}) ? "" : "not a user name";
}

std::string is_engine_socket(const std::string& text) {
  constexpr std::string_view scheme = "unix://";
  const bool socket = text.starts_with("unix:///") && text.size() > scheme.size() + 1;
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127 && c != '\\'; });
  if (socket && plain && text.find(':', scheme.size()) == text.npos) return "";
  return "it is unix:// and the path of a socket on the host, as unix:///run/user/1000/docker.sock";
}

std::string is_jump(const std::string& text) {
  if (text == "none") return "";
  constexpr const char* form = "it is [user@]host[:port], comma separated";
  for (const std::string& part : split(text, ',')) {
    const std::string fault = dash_or_empty(part);
    if (!fault.empty()) return fault == "empty" ? form : fault;
    const auto hops = parse_jump(part);
    if (!hops || hops->empty()) {
      const auto colon = part.rfind(':');
      const bool port =
          colon != part.npos && colon > 0 && colon > part.rfind('@') + 1 && !is_port(part.substr(colon + 1));
      return port ? "bad port" : form;
    }
    const JumpHop& hop = hops->front();
    if (part.find('[') != part.npos && !is_ipv6(hop.host)) return "not an IPv6 address";
    for (const auto& wrong : {hop.user ? is_user(*hop.user) : "", is_address(hop.host)})
      if (!wrong.empty()) return wrong;
  }
  return "";
}

std::string is_version(const std::string& text) {
  return Version::parse(text) ? "" : "a version starts with a number, as 0.28.1 or v1.1.1";
}

std::string is_range(const std::string& text) {
  return VersionRange::parse(text) ? "" : "a range is as \">=1.0 <1.8\"";
}

std::string is_env_name(const std::string& text) {
  if (text.empty() || all_of(text.substr(0, 1), {digits}) || !all_of(text, {lower, upper, digits, "_"}))
    return "letters, digits and \"_\", the first no digit";
  return "";
}

std::string is_flag_name(const std::string& text) {
  const std::string fault = dash_or_empty(text);
  if (!fault.empty()) return text == "-" || fault == "empty" ? fault : "without its dashes";
  return all_of(text, {lower, upper, digits, "_.-"}) ? "" : "letters, digits, \"_\", \".\" and \"-\"";
}

std::string is_sysctl(const std::string& text) {
  const std::string fault = dash_or_empty(text);
  if (!fault.empty()) return fault;
  return sysctl_name(text).empty() ? "a kernel setting, as net.ipv4.ip_forward or net.ipv4.conf.eth0/1.rp_filter" : "";
}

std::string is_app_id(const std::string& text) {
  const std::string form = "lower-case letters, digits and \"-\" inside, in parts as /shop/web";
  if (text.size() < 2 || text[0] != '/') return form;
  for (const auto& part : split(text.substr(1), '/'))
    for (const auto& word : split(part, '.'))
      if (word.empty() || word.front() == '-' || word.back() == '-' || !all_of(word, {lower, digits, "-"})) return form;
  return "";
}

std::string is_protocol(const std::string& text) {
  const auto opening = opening_from(text);
  return opening && opening->from == 0 ? "" : "a protocol without ports, as vrrp";
}

std::string is_opening(const std::string& text) {
  return opening_from(text) ? "" : "ports are as 4000, 53/udp, 8300-8302/tcp or vrrp";
}

std::string is_mount(const std::string& text) {
  const std::string fault = any_word(text);
  return fault.empty() ? why_no_mount(text) : fault;
}

// HEAD answers without a body, which curl has to be told; nothing else of it is asked for.
std::string is_http_method(const std::string& text) {
  return text == "GET" || text == "POST" || text == "PUT" || text == "PATCH" || text == "DELETE" || text == "OPTIONS"
             ? ""
             : "one of GET, POST, PUT, PATCH, DELETE, OPTIONS";
}

std::string is_mount_or_template(const std::string& text) {
  return text.find("<%") == text.npos ? is_mount(text) : any_word(text);
}

std::string is_host_path(const std::string& text) {
  if (text.starts_with("<%")) return any_word(text);
  const std::string fault = any_word(text);
  if (!fault.empty()) return fault;
  if (!text.starts_with('/')) return "an absolute path, as /var/lib/x";
  return text.find("<%") == text.npos ? why_no_path(text) : "";
}

namespace {

bool is_path_part(const std::string& part) {
  return !part.empty() && all_of(part, {lower, digits, "._-"}) && all_of(part.substr(0, 1), {lower, digits});
}

// Docker reads no registry whose name has an empty part, or one with a dash at either end.
bool is_host_and_port(const std::string& text) {
  const auto parts = split(text, ':'), labels = split(parts[0], '.');
  const bool name = is_host_name(parts[0]).empty() && std::none_of(labels.begin(), labels.end(), [](const auto& label) {
                      return label.empty() || label.front() == '-' || label.back() == '-';
                    });
  return parts.size() <= 2 && name && (parts.size() == 1 || is_port(parts[1]));
}

}  // namespace

std::string is_registry(const std::string& text) {
  if (text.find("://") != text.npos) return "without a scheme, as registry.local:5000";
  const auto parts = split(text, '/');
  if (std::any_of(text.begin() + static_cast<std::ptrdiff_t>(parts[0].size()), text.end(),
                  [](unsigned char c) { return std::isupper(c) != 0; }))
    return "no capitals in a registry's path";
  if (!is_host_and_port(parts[0]) || !std::all_of(parts.begin() + 1, parts.end(), is_path_part))
    return "a registry is host[:port][/path]";
  return "";
}

std::string is_image(const std::string& text) {
  if (const auto at = text.find('@'); at != text.npos && !is_digest(text.substr(at + 1)))
    return "a digest is @sha256: and 64 hex digits";
  try {
    const std::string host = ImageName::parse(text).host;
    if (host.empty() || is_host_and_port(host)) return "";
  } catch (const Error&) {  // what it says is of any reference; here the form is enough
  }
  return "an image is [host[:port]/]path[:tag]";
}

std::string is_mode(const std::string& text) {
  return text.size() == 4 && text[0] == '0' && all_of(text, {"01234567"}) ? "" : "a mode is four octal digits, as 0644";
}

std::string is_owner(const std::string& text) {
  const auto parts = split(text, ':');
  const bool numbers = parts.size() == 2 && !parts[0].empty() && !parts[1].empty() && all_of(parts[0], {digits}) &&
                       all_of(parts[1], {digits});
  return numbers && text.size() <= 20 ? "" : "an owner is uid:gid, in numbers";
}

}  // namespace cctl
