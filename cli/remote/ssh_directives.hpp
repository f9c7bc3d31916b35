// Which directives of OpenSSH's configuration are followed, which are not and change how a host is reached, and which
// make no difference here. docs/ssh.md lists the same.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "remote/ssh_words.hpp"

namespace cctl {

// Whether a directive (in lower case) can make a difference, so that ssh has to be asked. Unknown ones can.
bool matters(const std::string& directive);

// What is configured (differs from `usual`, what ssh says without any file) and is not followed, each with what that
// means: "KnownHostsCommand is not followed: ...".
std::vector<std::string> not_followed(const SshWords& words, const SshWords& usual,
                                      const std::map<std::string, std::string>& places);

// Told apart from a directive that merely has its usual value.
bool configured(const SshWords& words, const SshWords& usual, const std::string& directive);

}  // namespace cctl
