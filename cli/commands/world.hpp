// One run against hosts: the loop, the network, Ctrl-C. Commands read from top to bottom: run() drives the loop until a
// piece of work ends; between two of them, and while a piece waits at a prompt, nothing happens.
#pragma once
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <type_traits>

#include "apply/doors.hpp"
#include "commands/options.hpp"
#include "remote/network.hpp"
#include "report/unanswered.hpp"

namespace cctl {

class World {
 public:
  explicit World(const Options& options);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  template <class T>
  T run(Task<T> work) {
    bool ended = false;
    std::exception_ptr error;
    if constexpr (std::is_void_v<T>) {
      auto done = [&](std::exception_ptr e) { ended = true, error = e; };
      asio::co_spawn(loop_, std::move(work), done);
      drive(ended);
      if (error) std::rethrow_exception(error);
    } else {
      std::optional<T> result;
      auto done = [&](std::exception_ptr e, T value) {
        ended = true;
        error = e;
        result.emplace(std::move(value));
      };
      asio::co_spawn(loop_, std::move(work), done);
      drive(ended);
      if (error) std::rethrow_exception(error);
      return std::move(*result);
    }
  }

  // Deals with a signal that came while the loop stood still, also from within a piece of work.
  void catch_up();

  SshNetwork& network() { return *network_; }
  Clock& clock() { return *clock_; }
  const Options& options() const { return options_; }
  std::chrono::milliseconds took() const;  // since it was made
  // Who has not answered for some seconds, told when somebody is new among them; empty: nothing is to be told. Hosts
  // `at_work`, which are shown anyway, are named once they do not even answer a beat.
  std::string unanswered(const std::set<std::string>& at_work = {});

  // What a first Ctrl-C asks for while something must not be cut short; empty: it ends the program at once. A second
  // one always does, after `farewell` has told what is left.
  std::function<void()> on_interrupt;
  std::function<void()> farewell;
  std::function<void()> on_tick;  // about every second while work is under way

 private:
  void drive(const bool& ended);
  void await_signal();
  void interrupted();

  const Options& options_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  asio::io_context loop_;
  asio::signal_set signals_;
  std::unique_ptr<SshNetwork> network_;
  std::unique_ptr<Clock> clock_;
  Unanswered unanswered_;
  int interrupts_ = 0;
  bool driving_ = false;
};

}  // namespace cctl
