#include "report/unanswered.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/cut.hpp"

namespace cctl {

std::string unanswered_words(const std::vector<Waited>& waited) {
  std::vector<std::string> hosts;
  std::chrono::milliseconds longest{0};
  for (const Waited& one : waited) {
    hosts.push_back(one.host);
    longest = std::max(longest, one.so_far);
  }
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(longest);
  return fmt::format("no answer yet from {} for {} s{}", first_few(hosts), whole.count(),
                     waited.size() == 1 && !waited[0].what.empty() ? ": " + waited[0].what : "");
}

std::string Unanswered::news(const std::vector<Waited>& waited) {
  std::set<std::string> now;
  for (const Waited& one : waited) now.insert(one.host);
  const bool is_new = !std::includes(told_.begin(), told_.end(), now.begin(), now.end());
  const bool far_fewer = now.size() <= told_of_ / 2;
  told_ = std::move(now);
  if (!is_new && !far_fewer) return "";
  told_of_ = told_.size();
  return told_.empty() ? "" : unanswered_words(waited);
}

}  // namespace cctl
