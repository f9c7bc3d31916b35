#include "remote/dns.hpp"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <resolv.h>

#include <algorithm>

#include "model/error.hpp"

namespace cctl {

std::string dns_query(const std::string& name, unsigned short id) {
  unsigned char buffer[512] = {};
  unsigned char* at = buffer;
  NS_PUT16(id, at);
  NS_PUT16(0x0100, at);  // a query, recursion desired
  NS_PUT16(1, at);       // one question
  at = buffer + NS_HFIXEDSZ;
  const int size = ns_name_compress(name.c_str(), at, sizeof buffer - NS_HFIXEDSZ - 4, nullptr, nullptr);
  if (size < 0) throw Error("\"" + name + "\" is no name for DNS");
  at += size;
  NS_PUT16(ns_t_a, at);
  NS_PUT16(ns_c_in, at);
  const auto length = static_cast<std::size_t>(at - buffer);
  return std::string{static_cast<char>(length >> 8), static_cast<char>(length & 255)} +
         std::string(reinterpret_cast<char*>(buffer), length);
}

DnsAnswer dns_answer(const std::string& message, unsigned short id) {
  ns_msg parsed;
  if (ns_initparse(reinterpret_cast<const unsigned char*>(message.data()), static_cast<int>(message.size()), &parsed) !=
          0 ||
      ns_msg_id(parsed) != id || !ns_msg_getflag(parsed, ns_f_qr))
    throw Error("not a DNS answer");
  DnsAnswer answer;
  answer.rcode = ns_msg_getflag(parsed, ns_f_rcode);
  for (int i = 0; i < ns_msg_count(parsed, ns_s_an); ++i) {
    ns_rr record;
    if (ns_parserr(&parsed, ns_s_an, i, &record) != 0) throw Error("not a DNS answer");
    if (ns_rr_type(record) != ns_t_a || ns_rr_rdlen(record) != 4) continue;
    char text[INET_ADDRSTRLEN];
    if (::inet_ntop(AF_INET, ns_rr_rdata(record), text, sizeof text)) answer.addresses.emplace_back(text);
  }
  std::sort(answer.addresses.begin(), answer.addresses.end());
  return answer;
}

std::string rcode_text(int rcode) {
  static constexpr const char* names[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"};
  return rcode >= 0 && rcode < 6 ? names[rcode] : "rcode " + std::to_string(rcode);
}

}  // namespace cctl
