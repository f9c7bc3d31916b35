// Words of other tools for what clusterctl calls something else.
#pragma once
#include <string>
#include <vector>

namespace cctl {

// `, did you mean "up"?`, or "" where the word is nobody's. `verbs` are those that could stand there: "up", "app
// deploy".
std::string other_word(const std::string& word, const std::vector<std::string>& verbs);

}  // namespace cctl
