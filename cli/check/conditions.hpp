// Conditions on kernel settings as playbooks write them: "1", ">=65530", "<=1".
#pragma once
#include <string>
#include <vector>

namespace cctl {

bool holds(const std::string& value, const std::string& condition);
std::string value_of(const std::string& condition);  // one that fulfils it
std::vector<std::string> words_of(const std::string& line);

}  // namespace cctl
