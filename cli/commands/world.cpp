#include "commands/world.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "commands/prompt.hpp"
#include "model/error.hpp"
#include "model/report.hpp"

namespace cctl {
namespace {

// Debugging goes to a file when one is named, and with -v to standard error; otherwise nowhere.
void start_logging(const Options& options) {
  std::vector<spdlog::sink_ptr> sinks;
  try {
    if (!options.log_file.empty())
      sinks.push_back(std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.log_file));
  } catch (const spdlog::spdlog_ex& e) {
    throw Error("--log-file " + options.log_file + " cannot be written: " + e.what(), 2);
  }
  if (options.verbose > 1) sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_mt>());
  auto logger = std::make_shared<spdlog::logger>("clusterctl", sinks.begin(), sinks.end());
  logger->set_level(sinks.empty() ? spdlog::level::off : spdlog::level::debug);
  logger->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(logger);
}

SshOptions ssh_options(const Options& options) {
  SshOptions out;
  if (may_ask(options)) out.ask = ask_secret;
  return out;
}

}  // namespace

World::World(const Options& options) : options_(options), signals_(loop_, SIGINT, SIGTERM, SIGHUP) {
  start_logging(options);
  network_ = make_ssh_network(loop_, ssh_options(options));
  clock_ = make_clock(loop_);
  await_signal();
}

void World::drive(const bool& ended) {
  loop_.restart();
  constexpr auto second = std::chrono::seconds(1);
  for (auto next = std::chrono::steady_clock::now() + second; !ended;) {
    if (loop_.run_one_until(next) == 0 && loop_.stopped()) break;
    if (std::chrono::steady_clock::now() < next) continue;
    next = std::chrono::steady_clock::now() + second;
    if (on_tick) on_tick();
  }
  if (!ended) throw Error("nothing is left to wait for, yet the work has not ended");
}

void World::catch_up() {
  loop_.restart();
  loop_.poll();
}

void World::await_signal() {
  signals_.async_wait([this](const asio::error_code& failed, int) {
    if (!failed) interrupted();
  });
}

void World::interrupted() {
  ++interrupts_;
  if (interrupts_ == 1 && on_interrupt) {
    on_interrupt();
    await_signal();
    return;
  }
  if (farewell) farewell();
  show_typing();
  std::fflush(nullptr);
  std::quick_exit(static_cast<int>(Exit::interrupted));  // connections end with the process
}

}  // namespace cctl
