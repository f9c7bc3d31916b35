// DNS over TCP: one question, its answer.
#pragma once
#include <string>
#include <vector>

namespace cctl {

// A query of type A with its length in front. Throws Error when the name cannot be asked for.
std::string dns_query(const std::string& name, unsigned short id);
struct DnsAnswer {
  int rcode = 0;                       // 0 NOERROR, 3 NXDOMAIN
  std::vector<std::string> addresses;  // sorted
};
// Without the length. Throws Error when it is not an answer to `id`.
DnsAnswer dns_answer(const std::string& message, unsigned short id);
std::string rcode_text(int rcode);

}  // namespace cctl
