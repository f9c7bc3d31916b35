// What a var of a playbook may be: "boolean", "number", "1-255" (a whole number within), "duration" or "virtual
// address". Pure.
#pragma once
#include <string>

namespace cctl {

// Empty, or what a kind is instead.
std::string is_var_kind(const std::string& kind);
// Empty, or what a text of this kind is: "a whole number from 1 to 255".
std::string why_not_of_kind(const std::string& kind, const std::string& text);

}  // namespace cctl
