// What must not be shown: values whose names say so (pure), and those that are known to be secrets.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace cctl {

inline constexpr const char* kRedacted = "[redacted]";

// "DB_PASSWORD", "apiKey", "credentials", "encrypt"; not "keyspace" nor "authenticate".
bool is_secret_name(const std::string& name);

// A word of a list behind which its value stands: "--password".
bool is_secret_flag(const std::string& word);

// The text without secrets in it: those that are known, those of an object's members, of words like password=..., of
// a URL's user. For what has no structure: a command has words, an object members.
std::string without_secrets(const std::string& text);
// The values that it hides by their names, as they stand there.
std::vector<std::string> secrets_within(const std::string& text);
// Of a line of a configuration, which may begin with the name: "auth_pass abc".
std::string file_line_without_secrets(const std::string& line);
// Of a command's words: "NAME=value", "--name=value" and what stands behind "--name" as a whole, whatever is in it.
std::vector<std::string> words_without_secrets(const std::vector<std::string>& words);
// The same as one line for people to read.
std::string line_without_secrets(const std::vector<std::string>& words);
// Whether all that a file holds is a secret, as its name says: "secrets.json", "http_credentials".
bool is_secret_file(const std::string& path);

// From now on no door shows this value, wherever it comes from. Paths, bare addresses, numbers, texts of less than four
// characters, plain words (letters, less than twelve) and names of digests might be anything, with marks of JSON around
// them too: they are hidden by name alone. In base64 each is hidden that has four characters or more, also where a
// user's name stands before it.
void keep_secret(const std::string& value);
// The same of what a stranger says is his token: where it does not look like one (20 characters of base64's alphabet or
// a JWT's, with capitals, small letters and digits among them), it is hidden behind "Bearer " alone. Else he could hide
// a name, a digest, or where a login goes.
void keep_token(const std::string& value);
std::string without_known_secrets(const std::string& text);
// How much of a text that goes on may be shown by itself: up to where one that is known may have begun.
std::size_t before_begun_secret(std::string_view text);

}  // namespace cctl
