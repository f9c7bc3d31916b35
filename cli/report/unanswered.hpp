// Who has not answered for a while, told while a look waits for it.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "model/waited.hpp"

namespace cctl {

// "no answer yet from master2 for 5 s: engine GET /version", "no answer yet from master2, slave1 for 7 s"
std::string unanswered_words(const std::vector<Waited>& waited);

// Says so whenever somebody is new among them, and when they are half as many as were told last.
class Unanswered {
 public:
  // Empty: there is nothing new.
  std::string news(const std::vector<Waited>& waited);

 private:
  std::set<std::string> told_;
  std::size_t told_of_ = 0;  // hosts, when that was last said
};

}  // namespace cctl
