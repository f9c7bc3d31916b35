// What was done to prepare a host, as JSON; read tolerantly, since another version of clusterctl may have written it.
#pragma once
#include <string>
#include <vector>

#include "model/prepare.hpp"

namespace cctl {

std::string prepared_path(const std::string& cluster);
std::string to_json(const std::vector<Prepared>& done);
struct PreparedList {
  std::vector<Prepared> done;
  bool damaged = false;  // there is one, and it cannot be read
};
// Empty, and damaged unless the text is empty, for a text that is no such JSON: losing it costs only the way back.
PreparedList prepared_from_json(const std::string& text);

}  // namespace cctl
