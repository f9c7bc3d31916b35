// The ssh: block of the inventory, a group or a host.
#pragma once
#include <string>

#include "load/reader.hpp"

namespace cctl {

// Relative paths are relative to `directory`, that of the inventory.
SshSettings read_ssh(const Tree& tree, const Reader& r, const std::string& directory);

// Whether it is a key of such a block.
bool is_ssh_word(const std::string& word);

}  // namespace cctl
