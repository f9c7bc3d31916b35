// Apps of tests, and work that is run to its end.
#pragma once
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "cluster.hpp"

namespace cctl::fake {

inline const std::string kPath = "/v2/apps//web";

inline Wish with_web(const std::string& definition) {
  Wish wish;
  wish.web = definition;
  return wish;
}

template <class T>
T done(Task<T> work) {
  asio::io_context loop;
  std::optional<T> out;
  std::exception_ptr failed;
  asio::co_spawn(loop, std::move(work), [&](std::exception_ptr e, T value) {
    failed = e;
    out = std::move(value);
  });
  loop.run();
  if (failed) std::rethrow_exception(failed);
  return *out;
}

}  // namespace cctl::fake
