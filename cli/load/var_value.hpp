// The value that an inventory gives to a var, held against the var's kind.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "load/reader.hpp"

namespace cctl {

struct VarKind {
  const std::map<std::string, std::string>& kinds;  // of all vars; "acl.enabled" is that of a key inside a map
  std::string owner;                                // "zookeeper 3.8.0": for the message
  bool may_be_empty = true;                         // "" means that nothing is said
};

// A map becomes JSON. Empty when there was a mistake, which has been told.
std::optional<std::string> read_var_value(const Tree& item, const VarKind& var, const Reader& r);

}  // namespace cctl
