// What Mesos reads in its flags (var_kind.hpp): each is empty, or what a text is instead. Pure.
#pragma once
#include <string>

namespace cctl::kind {

// The name that others reach one host by: a word, since it becomes part of addresses.
std::string why_no_own_name(const std::string& text);
// An object of JSON, or the path of a file that holds one.
std::string why_no_json_object(const std::string& text);
std::string why_no_mesos_weights(const std::string& text);       // "prod=2,test=0.5"
std::string why_no_mesos_rate(const std::string& text);          // "1/10mins"
std::string why_no_percentage(const std::string& text);          // "50%", "100"
std::string why_no_mesos_alternatives(const std::string& text);  // "cpus:0.01|mem:32"

// "mesos duration from 1secs to 15mins", or without its end
bool is_mesos_duration_from(const std::string& kind);
std::string why_no_mesos_duration_from(const std::string& kind, const std::string& text);

}  // namespace cctl::kind
