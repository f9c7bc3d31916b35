// The lines of a log that tell why a program ended. Pure.
#pragma once
#include <string>
#include <vector>

namespace cctl {

constexpr int kLogAsked = 300;  // lines of the log to choose from

// At most `most` lines in their order: those that name a reason (glog's E and F, exceptions and what caused them,
// panics, errors) before the rest of the tail; without stack frames, advice and banners, the same line once, none
// longer than a few hundred characters.
std::vector<std::string> last_words(const std::vector<std::string>& log, std::size_t most = 12);

}  // namespace cctl
