#include "remote/wait.hpp"

namespace cctl {

void Threads::keep(std::shared_ptr<void> state) {
  static std::mutex lock;
  static auto* left = new std::vector<std::shared_ptr<void>>;
  const std::lock_guard held(lock);
  left->push_back(std::move(state));
}

}  // namespace cctl
