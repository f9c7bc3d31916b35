// A few threads for what blocks.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace cctl {

// Runs work(0) .. work(count - 1), at most `limit` at a time, and waits for all. `work` must not throw.
template <class Work>
void on_threads(std::size_t count, std::size_t limit, const Work& work) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < std::min(count, limit); ++i) {
    threads.emplace_back([&] {
      for (std::size_t at = next++; at < count; at = next++) work(at);
    });
  }
}

}  // namespace cctl
