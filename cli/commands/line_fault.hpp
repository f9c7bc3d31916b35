// What is wrong with a line that CLI11 would not take, in our words. The only place that knows CLI11's.
#pragma once
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cctl {

// `words` as typed, `what` as CLI11 says it. With the offending word, the nearest right one, and where it was said.
std::string line_fault(const CLI::App& app, const std::vector<std::string>& words, const std::string& what);

// Of an option's name: "ssh-timeout" is CLUSTERCTL_SSH_TIMEOUT.
std::string variable_of(const std::string& option);

// Verbs below a command: "up", "app", "app deploy", ...
std::vector<std::string> verbs_of(const CLI::App& command);

}  // namespace cctl
