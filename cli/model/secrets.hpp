// What must not be shown: values whose names say so. Pure.
#pragma once
#include <string>

namespace cctl {

inline constexpr const char* kRedacted = "[redacted]";

// "DB_PASSWORD", "apiKey", "credentials", "encrypt"; not "keyspace" nor "authenticate".
bool is_secret_name(const std::string& name);

// The text without secrets in it: those of an object's members, of words like password=..., of a URL's user.
std::string without_secrets(const std::string& text);

}  // namespace cctl
