// Who we are to a registry: what it asks for, and what `docker login` has left. Pure.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/percent.hpp"

namespace cctl {

// One challenge of a WWW-Authenticate header.
struct Challenge {
  std::string scheme;                         // in lower case: "basic", "bearer"
  std::map<std::string, std::string> values;  // realm, service, scope; names in lower case
};
std::vector<Challenge> parse_challenges(const std::string& header);

struct Login {
  std::string user, password;
  bool known() const { return !user.empty(); }
};

// Where a registry's login stands in Docker's config.json: in the file itself, or with a helper program.
struct LoginEntry {
  Login login;
  std::string helper;  // "pass": ask docker-credential-pass
};
// `host` empty means Docker Hub. Throws Error when the text is not Docker's.
LoginEntry login_in(const std::string& docker_config, const std::string& host);

// The name under which `docker login` keeps a registry.
std::string login_name(const std::string& host);

// The token in a token server's answer, or "" where there is none that could stand in a header.
std::string token_in(const std::string& answer);

}  // namespace cctl
