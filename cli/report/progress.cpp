#include "report/progress.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>

#include "report/words.hpp"

namespace cctl {
namespace {

class Silent : public Progress {
 public:
  void note(const std::string&) override {}
  void leg_started(const Plan&, std::size_t) override {}
  void wave_started(const Wave&) override {}
  void step_started(const Step&) override {}
  void pulling(const Step&, long long, long long) override {}
  void waiting(const Awaited&) override {}
  void step_ended(const Step&, const StepReport&) override {}
  void wave_ended(const Wave&) override {}
  void clear() override {}
};

std::string local_time() {
  return fmt::format("{:%H:%M:%S}", fmt::localtime(std::time(nullptr)));
}

}  // namespace

std::string pull_words(long long done, long long total) {
  if (total <= 0) return bytes(done);
  return fmt::format("{} of {} ({}%)", bytes(done), bytes(total), std::min(100LL, done * 100 / total));
}

std::string progress_mode(const std::string& asked, int fd) {
  if (asked != "auto") return asked;
  const char* ci = std::getenv("CI");
  const char* term = std::getenv("TERM");
  const bool moves = is_terminal(fd) && term && *term && std::string(term) != "dumb";
  return moves && !(ci && *ci) ? "tty" : "plain";
}

std::unique_ptr<Progress> make_progress(const std::string& mode, const Look& look, Sink sink, Times times) {
  if (!times.stamp) times.stamp = local_time;
  if (mode == "tty") return make_tty_progress(look, std::move(sink), std::move(times));
  if (mode == "plain") return make_plain_progress(look, std::move(sink), std::move(times));
  if (mode == "json") return make_json_progress(std::move(sink));
  return std::make_unique<Silent>();
}

}  // namespace cctl
