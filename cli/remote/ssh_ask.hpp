// OpenSSH's own configuration of one host, as ssh itself tells it (`ssh -G`): Host, Match, Include and all.
#pragma once
#include <map>
#include <string>

#include "model/inventory.hpp"
#include "remote/ssh_words.hpp"

namespace cctl {

struct SshAnswer {
  SshWords words;                             // empty: nothing that could matter is configured
  SshWords usual;                             // what it says where nothing is
  std::map<std::string, std::string> places;  // keyword -> FILE:LINE, of those that stand in one place only
  std::string fault;                          // why the configuration was not read
};

// The home directory that ~ and %d mean, and the name of the user who runs this; "" when nobody knows.
std::string home_directory();
std::string local_user();

// Blocks. No configuration is asked where `program` is "", the inventory says `config: none`, or no file says anything
// that matters. Throws Error when ssh refuses its configuration, or others than root and the user may have written it:
// where it is named by -F, ssh does not ask.
SshAnswer ask_openssh(const std::string& program, const std::string& address, const SshSettings& settings);

}  // namespace cctl
