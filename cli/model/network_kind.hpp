// Kinds of values that tell of a network, and of what a Docker engine is told of one: each is empty, or what the text
// is instead. Pure.
#pragma once
#include <string>

namespace cctl::kind {

// An IPv4 address that a machine can have.
bool is_machine(const std::string& text);
std::string why_no_ip(const std::string& text);
std::string why_no_virtual_address(const std::string& text);
std::string why_no_domain(const std::string& text);
std::string why_no_search_domain(const std::string& text);
std::string why_no_network(const std::string& text);
std::string why_no_network_of_any_version(const std::string& text);
std::string why_no_registry(const std::string& text);
std::string why_no_mirror(const std::string& text);
std::string why_no_engine_address(const std::string& text);

}  // namespace cctl::kind
