// A host whose answer is waited for.
#pragma once
#include <chrono>
#include <string>

namespace cctl {

struct Waited {
  std::string host, what;  // the exchange that has been under way for longest
  std::chrono::milliseconds so_far{0};
};

}  // namespace cctl
