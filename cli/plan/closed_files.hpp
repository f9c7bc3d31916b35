// Files that hold a secret are their reader's alone, where it is known who reads them. Pure.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/spec.hpp"

namespace cctl {

// "1000:1000" of what a container is told to run as; none: its image alone knows the number.
std::optional<std::string> owner_for(const std::string& container_user);

// Whether a secret stands in it: a name that says so with its value, a password in an address.
bool holds_secret(const std::string& content);

// What others may do with such files goes, and they are the reader's. Files that are written in place are everybody's.
void close_secrets(std::vector<FileSpec>& files, const std::string& reader);

}  // namespace cctl
