// Kinds of values that one program reads in its own way: why a text is none, or "". Pure.
#pragma once
#include <string>

namespace cctl::kind {

std::string why_no_timer(const std::string& text);           // 500ms to 24d, as HAProxy counts them
std::string why_no_go_duration(const std::string& text);     // 1h30m, 1.5s, 0
std::string why_no_mesos_duration(const std::string& text);  // 5mins, 1.5hrs
std::string why_no_mesos_size(const std::string& text);      // 64MB
std::string why_no_switch(const std::string& text);          // true, false, 1, 0
std::string why_no_uuid(const std::string& text);
// As Consul's agent reads them: go-sockaddr's templates are left to it.
std::string why_no_agent_address(const std::string& text);    // one IP
std::string why_no_agent_addresses(const std::string& text);  // IPs and sockets, apart by blanks
std::string why_no_host_and_port(const std::string& text);    // host:port, or a socket

}  // namespace cctl::kind
