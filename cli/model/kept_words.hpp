// Words of a playbook that are kept among the kinds of its vars, as the kinds of flags are (flag_variable.hpp): under
// names that no var has.
//   listens: where further ports stand that it listens on: flags.NAME, input.KEY, or a key in a var or variable
//     (config.ports.grpc), as a number or with an address before it; its value is where the address stands, or nothing
//   reached: where addresses stand at which health is asked for (config.addresses.http)
//   memory: what it needs of the memory that its container may be given: least (MB; less ends it at its start), and
//     heap, a variable that holds the size of its heap
#pragma once
#include <string>

namespace cctl {

inline const std::string listens_word = "listens ", reached_word = "reached ", memory_word = "memory ";

}  // namespace cctl
