#include "model/ipv4.hpp"

#include <arpa/inet.h>

namespace cctl {

std::optional<unsigned> ipv4(const std::string& text) {
  in_addr address{};
  if (inet_pton(AF_INET, text.substr(0, text.find('/')).c_str(), &address) != 1) return {};
  return ntohl(address.s_addr);
}

}  // namespace cctl
