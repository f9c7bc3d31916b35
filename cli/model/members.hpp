// Who is of an ensemble.
#pragma once
#include <map>
#include <string>

namespace cctl {

// The members of an ensemble: host -> "ID@ADDRESS PORT:NUMBER ...", id 0 where there are none.
using Members = std::map<std::string, std::string>;

}  // namespace cctl
