#include "model/named_kinds.hpp"

#include <regex>

#include "model/error.hpp"
#include "model/image_name.hpp"
#include "model/ipv4.hpp"
#include "model/var_kind.hpp"

namespace cctl {

std::string why_no_port_ranges(const std::string& text) {
  if (const std::string why = why_not_of_kind("ranges", text); !why.empty()) return why;
  static const std::regex number("[0-9]+");
  for (auto at = std::sregex_iterator(text.begin(), text.end(), number); at != std::sregex_iterator(); ++at) {
    const std::string port = at->str();
    if (port.size() > 5 || std::stoi(port) < 1 || std::stoi(port) > 65535) return "ranges of ports, from 1 to 65535";
  }
  return "";
}

std::string why_no_image(const std::string& text) {
  try {
    ImageName::parse(text);
    return "";
  } catch (const Error&) {
    return "an image, as [host[:port]/]path[:tag], in lower case and without blanks";
  }
}

std::string why_no_registry(const std::string& text) {
  if (text.find("://") != text.npos) return "without a scheme, as registry.local:5000";
  const bool network = text.find('/') != text.npos;
  const bool host = std::regex_match(text, std::regex("([A-Za-z0-9_.-]+|\\[[0-9a-fA-F:]+\\])(:[0-9]{1,5})?"));
  const bool good = network ? text.find(':') != text.npos || why_not_of_kind("network", text).empty() : host;
  return good ? "" : "a registry, as registry.local:5000, or a network, as 10.0.0.0/8";
}

std::string why_no_label(const std::string& text) {
  return std::regex_match(text, std::regex("[^=\\s]+=.*")) ? "" : "a label, as rack=r1";
}

}  // namespace cctl
