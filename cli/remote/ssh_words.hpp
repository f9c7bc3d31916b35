// The words of OpenSSH's configuration: what `ssh -G` prints, and how its values are read. Pure, but for the
// environment.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace cctl {

// Keyword in lower case -> values in order.
using SshWords = std::map<std::string, std::vector<std::string>>;
SshWords parse_words(const std::string& text);
std::string first(const SshWords& words, const std::string& name);

// A list of files as `ssh -G` prints it: without the quotes, so that spaces inside of a name look like those between
// two. A name that `exists` is preferred; else a new one begins where a word looks like the start of a path.
std::vector<std::string> split_files(const std::string& text, const std::function<bool(const std::string&)>& exists);

// What the tokens of a value stand for.
struct Tokens {
  std::string home;        // %d
  std::string host;        // %h, after HostName
  std::string given;       // %n, as it was asked for
  std::string user;        // %r
  std::string local_user;  // %u
  std::string local_host;  // %l; up to its first dot %L
  std::string key_name;    // %k
  std::string jump;        // %j
  int port = 22;           // %p
  unsigned uid = 0;        // %i
};

// %-tokens; `known` says which may stand there. Throws Error naming the directive for one that may not.
std::string expand_tokens(const std::string& directive, const std::string& text, const Tokens& tokens,
                          const std::string& known = "CLdhijklnpru");
// ~, ~user and ${VAR} too. Throws Error for a variable that is not set, as ssh does.
std::string expand_file(const std::string& directive, const std::string& text, const Tokens& tokens);

}  // namespace cctl
