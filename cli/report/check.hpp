// What the checks found: a line for each thing to mend, and how many held.
#pragma once
#include <string>
#include <vector>

#include "model/check.hpp"
#include "report/terminal.hpp"

namespace cctl {

// `all` shows those that hold, too.
std::string check_text(const std::string& cluster, const std::vector<Finding>& findings, const Look& look, bool all);
std::string check_json_text(const std::string& cluster, const std::vector<Finding>& findings);

// Every check there is.
std::string check_list_text(const Look& look);
std::string check_list_json_text();

}  // namespace cctl
