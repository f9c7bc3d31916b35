// Whether any slave could ever offer what an app asks for: known before Marathon is told of it. Pure.
// Source: a master's /slaves as recorded, and domain facts 2.6.
#pragma once
#include <optional>
#include <string>

namespace cctl {

// Whether an answer is a master's list of slaves.
bool lists_slaves(const std::string& answer);
// Why the slaves of a master's /slaves can never run all instances of the definition: one is too large for each of
// them, none offers its ports, or each wants a slave of its own; empty when they can, or when no slave is known.
std::string app_too_large(const std::string& definition, const std::string& slaves);
// Why no slave has room for one more instance beside what runs there now; "" when one has, or nothing is known.
std::string app_without_room(const std::string& definition, const std::string& slaves);

// What the way out of too few resources of a kind (cpus, mem, disk) is.
std::string more_of(const std::string& resource);
// "4096 MB of memory"
std::string amount(const std::string& resource, double of);

struct HttpAddress {
  std::string address;
  int port = 80;
};
// Of "http://198.18.1.11:5050/"; empty when it is no such address.
std::optional<HttpAddress> http_address(const std::string& url);

}  // namespace cctl
