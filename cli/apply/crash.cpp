#include "apply/crash.hpp"

namespace cctl {
namespace {

constexpr int kCrashes = 3;  // as many as are waited for
constexpr int kAtAnyMoment = 2 * kCrashes;

std::string code_of(const ContainerInfo& now) {
  const std::string code = "exit code " + std::to_string(now.exit_code);
  switch (now.exit_code) {
    case 125:
      return code + " (the engine could not start it)";
    case 126:
      return code + " (its command cannot be run)";
    case 127:
      return code + " (its command is not in the image)";
    default:
      return code;
  }
}

}  // namespace

std::string why_hopeless(const ContainerInfo& now, CrashWatch& watch) {
  const bool over = now.state == "exited" || now.state == "dead";
  const bool seen_before = watch.ended;
  watch.ended = over;
  if (now.state == "running" || now.state == "created" || now.state == "paused" || now.state == "missing") {
    // Between two crashes its exit code is not known: one that runs for moments only is caught all the same.
    const int times = now.restarts - watch.restarts_before;
    return now.state == "running" && times >= kAtAnyMoment ? "it crashed " + std::to_string(times) + " times" : "";
  }
  if (now.oom_killed) return "it was killed because its memory did not suffice (" + code_of(now) + ")";
  if (now.exit_code >= 125 && now.exit_code <= 127) return "it ended with " + code_of(now);
  // An engine that counts a restart has yet to do it: one look may fall between.
  if (over && seen_before) return "it ended with " + code_of(now) + " and is not started again";
  const int times = now.restarts - watch.restarts_before;
  return times >= kCrashes ? "it crashed " + std::to_string(times) + " times, the last time with " + code_of(now) : "";
}

}  // namespace cctl
