#include "model/named_kinds.hpp"

#include <re2/re2.h>

#include "model/error.hpp"
#include "model/image_name.hpp"
#include "model/var_kind.hpp"

namespace cctl {

std::string why_no_port_ranges(const std::string& text) {
  if (const std::string why = why_not_of_kind("ranges", text); !why.empty()) return why;
  static const RE2 number("([0-9]+)", RE2::Latin1);
  re2::StringPiece rest(text);
  for (std::string port; RE2::FindAndConsume(&rest, number, &port);)
    if (port.size() > 5 || std::stoi(port) < 1 || std::stoi(port) > 65535) return "ranges of ports, from 1 to 65535";
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

}  // namespace cctl
