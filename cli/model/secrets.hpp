// What must not be shown: values whose names say so (pure), and those that are known to be secrets.
#pragma once
#include <string>

namespace cctl {

inline constexpr const char* kRedacted = "[redacted]";

// "DB_PASSWORD", "apiKey", "credentials", "encrypt"; not "keyspace" nor "authenticate".
bool is_secret_name(const std::string& name);

// The text without secrets in it: those of an object's members, of words like password=..., of a URL's user.
std::string without_secrets(const std::string& text);
// Of a line of a configuration, which may begin with the name: "auth_pass abc".
std::string file_line_without_secrets(const std::string& line);
// Of a line of an inventory, whose width stays: each character of a secret is a star.
std::string with_stars(const std::string& line);
// Whether all that a file holds is a secret, as its name says: "secrets.json", "http_credentials".
bool is_secret_file(const std::string& path);

// From now on no door shows this value, wherever it comes from. Paths, numbers, texts of less than four characters and
// plain words (letters, less than twelve) might be anything: they are hidden by name alone.
void keep_secret(const std::string& value);
std::string without_known_secrets(const std::string& text);

}  // namespace cctl
