#include "commands/world.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "apply/log.hpp"
#include "commands/out.hpp"
#include "commands/prompt.hpp"
#include "model/error.hpp"
#include "model/report.hpp"

namespace cctl {
namespace {

SshOptions ssh_options(const Options& options) {
  SshOptions out;
  if (may_ask(options)) out.ask = ask_secret;
  const auto limit = std::chrono::milliseconds(static_cast<long long>(options.command_timeout * 1000));
  out.begin_timeout = out.command_timeout = limit;
  out.warn = warn;
  return out;
}

}  // namespace

World::World(const Options& options) : options_(options), signals_(loop_, SIGINT, SIGTERM, SIGHUP) {
  network_ = make_ssh_network(loop_, ssh_options(options));
  clock_ = make_clock(loop_);
  await_signal();
}

void World::drive(const bool& ended) {
  loop_.restart();
  driving_ = true;
  constexpr auto second = std::chrono::seconds(1);
  for (auto next = std::chrono::steady_clock::now() + second; !ended;) {
    if (loop_.run_one_until(next) == 0 && loop_.stopped()) break;
    if (std::chrono::steady_clock::now() < next) continue;
    next = std::chrono::steady_clock::now() + second;
    if (on_tick)
      on_tick();
    else if (const auto news = unanswered(); !news.empty())
      tell("{}\n", news);
  }
  driving_ = false;
  if (!ended) throw Error("nothing is left to wait for, yet the work has not ended");
}

std::string World::unanswered(const std::set<std::string>& at_work) {
  // A beat is sent after 15 s of silence.
  constexpr Patience patience{std::chrono::seconds(5), std::chrono::seconds(20)};
  return unanswered_.news(waited_for(patience, at_work));
}

std::chrono::milliseconds World::took() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began_);
}

void World::catch_up() {
  if (!driving_) loop_.restart();
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
