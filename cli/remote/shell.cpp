#include "remote/shell.hpp"

#include <asio/detached.hpp>
#include <random>
#include <regex>

#include "apply/log.hpp"

namespace cctl {
namespace {

constexpr std::size_t longest_command_line = 64 * 1024;

std::string nonce() {
  static constexpr char digits[] = "0123456789abcdef";
  std::random_device random;
  std::string text;
  for (int i = 0; i < 16; ++i) text += digits[random() % 16];
  return text;
}

std::string first_lines(const std::string& text) {
  // The name and line of our own script tell nobody anything.
  static const std::regex where("(^|\n)(/bin/)?(sh|bash|dash|ash): (line )?[0-9]+: ");
  auto shown = std::regex_replace(text, where, "$1").substr(0, 400);
  while (!shown.empty() && (shown.back() == '\n' || shown.back() == ' ')) shown.pop_back();
  return shown;
}

}  // namespace

std::string command_line(const Access& access, const std::string& script) {
  if (!access.sudo) return "exec sh -c " + shell_quoted(script);
  if (!access.password) return "exec sudo -n sh -c " + shell_quoted(script);
  // Where sudo wants no password, the line with it must not become the command's input.
  const auto choose =
      "if sudo -n true 2>/dev/null; then IFS= read -r x; exec sudo -n sh -c \"$1\"; else exec sudo -S -p '' sh -c "
      "\"$1\"; fi";
  return "exec sh -c " + shell_quoted(choose) + " sh " + shell_quoted(script);
}

Task<std::unique_ptr<Channel>> start_script(std::shared_ptr<Session> session, Access access, std::string script,
                                            bool input_follows) {
  auto line = command_line(access, script);
  const bool by_input = line.size() > longest_command_line;
  if (by_input && input_follows)
    throw Error("a script of " + std::to_string(script.size()) + " bytes cannot have input, too");
  if (by_input) line = command_line(access, "exec sh -s");
  auto channel = co_await Channel::open_session(session);
  co_await channel->exec(line);
  std::string before;
  if (access.sudo && access.password) before = *access.password + "\n";
  if (by_input) before += script + "\n";
  // A command that has ended already tells its story by its exit status.
  if (!before.empty() && !channel->is_closed()) co_await channel->write(before);
  co_return channel;
}

Task<CommandResult> finish(std::unique_ptr<Channel> channel) {
  co_await channel->closed();
  if (channel->overflowed())
    throw Error("a command printed more than " + std::to_string(channel->limit >> 20) + " MiB");
  CommandResult result{channel->exit_status(), std::move(channel->out), std::move(channel->err)};
  if (!channel->has_exit_status()) {
    if (!channel->session().alive()) throw Unreachable(channel->session().why_dead());
    throw Error("a command ended without an exit status");
  }
  if (!channel->exit_signal().empty()) {
    result.exit_status = -1;
    result.err += "killed by signal " + channel->exit_signal() + "\n";
  }
  co_return result;
}

std::string why_failed(const Access& access, const CommandResult& result) {
  const auto says = [&](const char* words) { return result.err.find(words) != std::string::npos; };
  if (access.sudo && (says("a password is required") || says("a terminal is required")))
    return "sudo wants a password, and there is none: `password: prompt` or `password_file` in the inventory's ssh";
  if (access.sudo && says("incorrect password attempt")) return "sudo does not take the password";
  return "the host's shell failed with exit status " + std::to_string(result.exit_status) + ": " +
         first_lines(result.err + result.out);
}

// A command kept alive; the heartbeat coroutine shares it.
struct Shell::Hold {
  Hold(asio::io_context& loop, std::chrono::milliseconds longest_silence)
      : pause(loop), silence(longest_silence), last(now()) {}
  // Goes on while the machine sleeps, as the other end's does.
  static std::chrono::milliseconds now() {
    timespec time{};
    clock_gettime(CLOCK_BOOTTIME, &time);
    return std::chrono::seconds(time.tv_sec) +
           std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::nanoseconds(time.tv_nsec));
  }
  bool silent_for_too_long() const { return now() - last > silence; }
  std::unique_ptr<Channel> channel;
  asio::steady_timer pause;
  std::chrono::milliseconds silence, last;  // last: the beat
  bool over = false;
};

Shell::Shell(std::shared_ptr<Core> core, std::shared_ptr<Session> session, Access access)
    : core_(std::move(core)), session_(std::move(session)), access_(std::move(access)) {}

Shell::~Shell() {
  if (!hold_) return;
  hold_->over = true;
  hold_->pause.cancel();
}

Task<CommandResult> Shell::run(std::string script, std::string input) {
  const Exchange exchange(*session_);
  LoggedCall logged(session_->traffic().host, "run \"" + first_line(script) + "\" (" + std::to_string(script.size()) +
                                                  " bytes, input " + std::to_string(input.size()) + ")");
  auto channel = co_await start_script(session_, access_, std::move(script), !input.empty());
  try {
    if (!channel->is_closed()) co_await channel->write(input);
  } catch (const Error&) {
    // It ended without reading all of its input; its exit status says how.
  }
  channel->send_eof();
  CommandResult result = co_await finish(std::move(channel));
  logged.ended("exit " + std::to_string(result.exit_status) + ", " + std::to_string(result.out.size()) +
               " bytes out, " + std::to_string(result.err.size()) + " err");
  co_return result;
}

Task<void> Shell::put(std::vector<DirectorySpec> directories, std::vector<FileSpec> files) {
  if (directories.empty() && files.empty()) co_return;
  for (const auto& file : files)
    log_line(session_->traffic().host,
             "write " + file.path + " (" + std::to_string(file.content.size()) + " bytes, " + file.mode + ")");
  std::string script = "exec sh -s", input = put_script(directories, files, nonce());
  const auto result = co_await run(std::move(script), std::move(input));
  if (result.exit_status != 0) throw Unchanged("writing files failed, nothing was changed: " + first_lines(result.err));
}

Task<std::string> Shell::hold(std::string script) {
  const Exchange exchange(*session_);
  LoggedCall logged(session_->traffic().host, "hold \"" + first_line(script) + "\"");
  auto hold = std::make_shared<Hold>(core_->loop, core_->options.longest_silence);
  hold->channel = co_await start_script(session_, access_, std::move(script), true);
  std::string got;
  while (got.find('\n') == std::string::npos) {
    const auto more = co_await hold->channel->read();
    if (more.empty()) throw Error("the command ended at once: " + first_lines(hold->channel->err));
    got += more;
  }
  logged.ended("says " + got.substr(0, got.find('\n')));
  hold_ = hold;
  auto beat = [](std::shared_ptr<Hold> held, std::chrono::milliseconds every) -> Task<void> {
    asio::error_code woken;
    try {
      while (!held->over && !held->channel->at_eof() && !held->silent_for_too_long()) {
        co_await held->channel->write("\n");
        held->last = Hold::now();
        held->channel->out.clear();
        held->pause.expires_after(every);
        co_await held->pause.async_wait(asio::redirect_error(asio::use_awaitable, woken));
      }
    } catch (const std::exception&) {
      // The connection or the command is gone; holding() tells.
    }
    held->over = true;
  };
  asio::co_spawn(core_->loop, beat(hold, core_->options.heartbeat), asio::detached);
  co_return got.substr(0, got.find('\n'));
}

bool Shell::holding() const {
  return hold_ && !hold_->over && !hold_->channel->at_eof() && !hold_->silent_for_too_long();
}

}  // namespace cctl
