// clusterctl: the command table, exit codes, the one catch.
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>

#include "apply/log.hpp"
#include "commands/commands.hpp"
#include "commands/logging.hpp"
#include "commands/out.hpp"
#include "commands/target.hpp"
#include "model/error.hpp"
#include "model/mistake.hpp"
#include "model/report.hpp"
#include "report/run_json.hpp"
#include "report/terminal.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

// status follows the convention of monitoring: what could not be measured, for whatever reason, is 3.
constexpr int status_unknown = 3;

void add_commands(Program& program) {
  add_init(program);
  add_validate(program);
  add_plan(program);
  add_check(program);
  add_up(program);
  add_upgrade(program);
  add_status(program);
  add_logs(program);
  add_down(program);
  add_app(program);
  add_render(program);
  add_images(program);
  add_sandbox(program);
  add_completion(program);
  add_complete(program);
  add_version(program);
}

int fail(const Program& program, const std::string& text, int given, const std::vector<Mistake>& mistakes = {}) {
  const int code = program.chosen("status") ? status_unknown : given;
  complain(text, look_of(STDERR_FILENO, program.options.color));
  log_line("", text);
  end_log(code);
  if (program.wants_json() && !json_was_printed()) print_json(error_json_text(text, code, mistakes));
  output_failure();
  return code;
}

// Passwords and keys are in our memory: no core file of it, and no other process of this user looks into it. Programs
// that we start are not meant.
void keep_memory_private() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
}

int run(int argc, char** argv) {
  keep_memory_private();
  std::signal(SIGPIPE, SIG_IGN);
  Program program(argc, argv);
  if (program.wants_events()) tell_events();
  try {
    add_commands(program);
    program.before_run = [&] { start_log(program.options, program.arguments); };
    const int code = program.run();
    end_log(code);
    // A reader that has gone away (head) has what it wanted.
    if (const int why = output_failure())
      throw Error(std::string("standard output cannot be written: ") + std::strerror(why));
    return code;
  } catch (const Mistaken& e) {
    return fail(program, e.what(), e.exit_code(), e.mistakes());
  } catch (const Error& e) {
    return fail(program, program.is_about_cluster() ? told_for(program.options, e.what()) : e.what(), e.exit_code());
  } catch (const std::bad_alloc&) {
    return fail(program, "out of memory", static_cast<int>(Exit::failed));
  } catch (const std::exception& e) {
    return fail(program, std::string("unexpected: ") + e.what(), static_cast<int>(Exit::failed));
  }
}

}  // namespace
}  // namespace cctl

int main(int argc, char** argv) {
  // What goes wrong while a failure is told: an abort would say less.
  try {
    return cctl::run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "error: unexpected: %s\n", e.what());
  } catch (...) {
    std::fputs("error: unexpected\n", stderr);
  }
  return static_cast<int>(cctl::Exit::failed);
}
