// Work for many hosts at once on the one loop.
#pragma once
#include <cstddef>
#include <functional>

#include "apply/doors.hpp"

namespace cctl {

// Of what costs a host one request over a session that is there.
constexpr std::size_t kHostsAtOnce = 256;

// Runs work(0) .. work(count - 1), at most `limit` at a time, and waits for all of them even when some throw; then
// rethrows the first exception. `work` is a named local of the caller (gcc 12), so it lives as long as its coroutines.
Task<void> for_all(std::size_t count, std::size_t limit, const std::function<Task<void>(std::size_t)>& work);

}  // namespace cctl
