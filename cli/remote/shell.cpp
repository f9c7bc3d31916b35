#include "remote/shell.hpp"

#include <asio/detached.hpp>
#include <deque>
#include <random>

#include "apply/hosts.hpp"
#include "apply/log.hpp"
#include "model/cut.hpp"

namespace cctl {
namespace {

std::string nonce() {
  static constexpr char digits[] = "0123456789abcdef";
  std::random_device random;
  std::string text;
  for (int i = 0; i < 16; ++i) text += digits[random() % 16];
  return text;
}

CommandResult taken_from(Channel& channel) {
  CommandResult result{channel.exit_status(), std::move(channel.out), std::move(channel.err)};
  if (channel.exit_signal().empty()) return result;
  result.exit_status = -1;
  result.err += "killed by signal " + channel.exit_signal() + "\n";
  return result;
}

// What sudo lets this user do, in its own words.
Task<void> ask_sudo(std::shared_ptr<Session> session, std::string& listed) {
  auto channel = co_await Channel::open_session(session);
  co_await channel->exec("sudo -n -l");
  channel->send_eof();
  co_await channel->closed();
  listed = channel->out;
}

Task<void> tell_not_begun(Channel& channel, Access access) {
  if (channel.never_begins())
    throw Error("the login shell of " + access.user + " on " + access.host + " printed more than " +
                    std::to_string(limits::before_mark >> 10) + " KiB before our command began: " +
                    first_lines((channel.out.empty() ? channel.err : channel.out).substr(0, 400)),
                3);
  const auto result = taken_from(channel);
  std::string listed;
  constexpr std::chrono::seconds patience{10};  // without its answer the message says less
  if (sudo_may_tell(access, result))
    co_await within(channel.session().loop(), patience, ask_sudo(channel.session().shared_from_this(), listed));
  if (const auto why = why_not_root(access, result, listed); !why.empty()) throw NoAccess(why, 3);
  throw Error(why_not_begun(access, result, listed), 3);
}

std::string whole_seconds(std::chrono::milliseconds time) {
  return std::to_string(time.count() / 1000) + " s";
}

}  // namespace

// That sshd opens a session is waited for as long as others of ours hold it up.
Task<std::unique_ptr<Channel>> start_script(std::shared_ptr<Session> session, Access access, std::string script,
                                            std::chrono::milliseconds begin, std::chrono::seconds limit) {
  const auto mark = new_mark();
  const auto how = invocation(access, script, mark, limit.count());
  auto channel = co_await Channel::open_session(session);
  channel->expect(mark.line());
  auto line = how.line;
  if (!co_await within(session->loop(), begin, channel->exec(std::move(line))))
    throw GivenUp("sshd of " + access.host + " has not started a command of ours in " + whole_seconds(begin));
  // A command that has ended already tells its story by its exit status.
  if (!how.input.empty() && !channel->is_closed()) co_await channel->write(how.input);
  co_return channel;
}

Task<CommandResult> finish(std::unique_ptr<Channel> channel, Access access) {
  co_await channel->closed();
  if (channel->never_begins()) co_await tell_not_begun(*channel, access);
  if (channel->overflowed())
    throw Error("a command printed more than " + std::to_string(channel->limit >> 20) + " MiB");
  if (!channel->has_exit_status() && !channel->session().alive()) throw Unreachable(channel->session().why_dead());
  if (!channel->begun()) co_await tell_not_begun(*channel, std::move(access));
  if (!channel->has_exit_status()) throw Error("a command ended without an exit status");
  co_return taken_from(*channel);
}

Task<void> await_begin(Channel& channel, Access access, std::chrono::milliseconds limit) {
  if (channel.begun()) co_return;
  const bool in_time = co_await within(channel.session().loop(), limit, channel.begun_or_ended());
  if (channel.begun()) co_return;
  if (!channel.session().alive()) throw Unreachable(channel.session().why_dead());
  if (in_time) {
    co_await channel.closed();
    co_await tell_not_begun(channel, access);
  }
  const auto printed = first_lines(channel.out + channel.err);
  throw GivenUp("the login shell of " + access.user + " on " + access.host + (access.sudo ? ", or sudo in it," : "") +
                " has not begun our command in " + whole_seconds(limit) + "; it printed " +
                (printed.empty() ? "nothing" : printed));
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
  // A beat that was sent says nothing: the far end may have been gone by then. One that it echoes does, and holds from
  // when it was sent.
  void hear() {
    for (const char c : channel->out)
      if (c == '\n' && !sent.empty()) {
        last = sent.front();
        sent.pop_front();
      }
    channel->out.clear();
  }
  bool silent_for_too_long() {
    hear();
    return now() - last > silence;
  }
  std::unique_ptr<Channel> channel;
  asio::steady_timer pause;
  std::chrono::milliseconds silence, last;     // last: the beat that was echoed
  std::deque<std::chrono::milliseconds> sent;  // beats whose echo has not come
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
  return exchange(core_->options.command_timeout, std::move(script), std::move(input));
}

Task<CommandResult> Shell::work(std::string script, std::string input) {
  return exchange(core_->options.work_timeout, std::move(script), std::move(input));
}

namespace {

GivenUp given_up(const std::string& host, std::chrono::milliseconds limit) {
  return GivenUp("a command of ours has not ended in " + whole_seconds(limit) + ", and was given up: " + host +
                 " is overloaded, a disk or mount of it hangs, or its connection does");
}

Task<void> feed(Channel& channel, std::string_view input) {
  try {
    if (!channel.is_closed()) co_await channel.write(input);
  } catch (const Error&) {
    // It ended without reading all of its input; its exit status says how.
  }
  channel.send_eof();
}

Task<void> finish_into(std::unique_ptr<Channel> channel, Access access, std::string_view unfed, CommandResult& result) {
  if (!unfed.empty()) co_await feed(*channel, unfed);
  result = co_await finish(std::move(channel), std::move(access));
}

}  // namespace

// The way to the command and the command itself have a limit each.
Task<CommandResult> Shell::exchange(std::chrono::milliseconds limit, std::string script, std::string input) {
  constexpr std::chrono::seconds later_there{2};    // so that it is we who tell
  constexpr std::size_t taken_unseen = 256 * 1024;  // a program that is not ours may never read its input
  const auto begin = core_->options.begin_timeout;
  const Exchange exchange(*session_);
  LoggedCall logged(session_->traffic().host, name_of_script(script) + " (" + std::to_string(script.size()) +
                                                  " bytes, input " + std::to_string(input.size()) + ")");
  auto channel = co_await start_script(session_, access_, std::move(script), begin,
                                       std::chrono::ceil<std::chrono::seconds>(limit) + later_there);
  std::string_view unfed = input;
  if (unfed.size() <= taken_unseen) co_await within(core_->loop, begin, feed(*channel, std::exchange(unfed, {})));
  co_await await_begin(*channel, access_, begin);
  CommandResult result;
  if (!co_await within(core_->loop, limit, finish_into(std::move(channel), access_, unfed, result)))
    throw given_up(access_.host, limit);
  logged.ended("exit " + std::to_string(result.exit_status) + ", " + std::to_string(result.out.size()) +
               " bytes out, " + std::to_string(result.err.size()) + " err");
  co_return result;
}

Task<void> Shell::put(std::vector<DirectorySpec> directories, std::vector<FileSpec> files, std::set<std::string> lent) {
  if (directories.empty() && files.empty()) co_return;
  for (const auto& file : files)
    log_line(session_->traffic().host,
             "write " + file.path + " (" + std::to_string(file.content.size()) + " bytes, " + file.mode + ")");
  std::string script = "exec sh -s", input = put_script(directories, files, lent, nonce());
  const auto result = co_await work(std::move(script), std::move(input));
  if (result.exit_status != 0) throw Unchanged("writing files failed, nothing was changed: " + first_lines(result.err));
}

Task<std::string> Shell::hold(std::string script) {
  const Exchange exchange(*session_);
  LoggedCall logged(session_->traffic().host, "hold: " + name_of_script(script), LoggedCall::Kind::lasts);
  auto hold = std::make_shared<Hold>(core_->loop, core_->options.longest_silence);
  hold->channel = co_await start_script(session_, access_, std::move(script), core_->options.begin_timeout);
  hold->channel->lasts();
  hold->channel->limit = limits::lease;
  co_await await_begin(*hold->channel, access_, core_->options.begin_timeout);
  std::string got;
  const auto first = [](Channel& channel, std::string& line) -> Task<void> {
    for (bool ended = false; !ended;) {
      const auto more = co_await channel.read();
      if (channel.overflowed()) throw Error("the lock answered with more than a line", 3);
      if (!channel.session().alive()) throw Unreachable(channel.session().why_dead());
      if (more.empty()) throw Error("the command ended at once: " + first_lines(channel.err));
      ended = more.find('\n') != std::string::npos;
      line += more;
    }
  };
  if (!co_await within(core_->loop, core_->options.command_timeout, first(*hold->channel, got)))
    throw GivenUp("the lock has not answered in " + whole_seconds(core_->options.command_timeout));
  hold->last = Hold::now();
  got = cut_text(got.substr(0, got.find('\n')));
  logged.ended("says " + got);
  hold_ = hold;
  auto beat = [](std::shared_ptr<Hold> held, std::chrono::milliseconds every) -> Task<void> {
    asio::error_code woken;
    try {
      while (!held->over && !held->channel->at_eof() && !held->silent_for_too_long()) {
        held->sent.push_back(Hold::now());
        co_await held->channel->write("\n");
        held->pause.expires_after(every);
        co_await held->pause.async_wait(asio::redirect_error(asio::use_awaitable, woken));
      }
    } catch (const std::exception&) {
      // The connection or the command is gone; holding() tells.
    }
    held->over = true;
  };
  asio::co_spawn(core_->loop, beat(hold, core_->options.heartbeat), asio::detached);
  co_return got;
}

bool Shell::holding() const {
  return hold_ && !hold_->over && !hold_->channel->at_eof() && !hold_->silent_for_too_long();
}

}  // namespace cctl
