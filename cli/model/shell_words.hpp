// Commands for people to read and paste; what runs on hosts is quoted by apply/scripts.hpp.
#pragma once
#include <string>
#include <vector>

namespace cctl {

std::string shell_word(const std::string& word);  // quoted where it has to be
std::string shell_line(const std::vector<std::string>& words);
// A command of Docker's for the engine that a host has there; `docker_host`: as the inventory says it, or empty.
std::string docker_line(const std::string& docker_host, const std::vector<std::string>& words);

}  // namespace cctl
