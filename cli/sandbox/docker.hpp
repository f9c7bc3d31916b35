// The local Docker engine, through the docker command.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "model/process_group.hpp"

namespace cctl {

// docker ARGS... : its standard output without the last newline. Throws Error with docker's own words.
std::string docker(const std::vector<std::string>& args, const std::string& input = "");
// The same, but failing is an answer.
ProgramResult try_docker(const std::vector<std::string>& args);

struct LocalContainer {
  std::string name, state, image;
  std::map<std::string, std::string> labels;
};
// All containers, running or not, with this label ("key=value").
std::vector<LocalContainer> containers_with(const std::string& label);

struct LocalNetwork {
  std::string name, subnet;
  std::string bridge;  // the machine's device that it is
};
std::vector<LocalNetwork> networks();

}  // namespace cctl
