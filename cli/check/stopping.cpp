#include "check/rules.hpp"

namespace cctl {

std::string stopping(const std::vector<Finding>& findings, const std::set<std::string>& hosts) {
  std::string out;
  for (const auto& f : findings) {
    if (f.verdict != Verdicted::fail || !(f.host.empty() || hosts.count(f.host))) continue;
    out += fmt::format("{}{}: {} (check {}); next: {}\n", f.host, f.host.empty() ? "the hosts" : "", f.text, f.check,
                       f.next);
  }
  return out;
}

}  // namespace cctl
