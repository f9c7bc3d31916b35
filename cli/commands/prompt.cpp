#include "commands/prompt.hpp"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <optional>

#include "commands/out.hpp"
#include "commands/target.hpp"
#include "commands/world.hpp"
#include "model/error.hpp"
#include "model/secrets.hpp"
#include "report/terminal.hpp"

namespace cctl {
namespace {

// How long a signal may wait while a question stands.
constexpr int look_up_every = 100;  // ms

// The terminal as it was before a secret was asked for.
std::mutex hidden_lock;
std::optional<termios> before_hiding;

std::string read_line(int fd) {
  std::string line;
  char c = 0;
  while (read(fd, &c, 1) == 1 && c != '\n') line += c;
  return line;
}

std::string answer_to(World& world, const std::string& question, const std::string& flag) {
  if (!may_ask(world.options()))
    throw Error("\"" + question + "\" cannot be asked without a terminal; " + flag + " answers it", 10);
  write_err(visible(question) + " ", Kind::question);
  std::fflush(stderr);
  pollfd wait{STDIN_FILENO, POLLIN, 0};
  while (poll(&wait, 1, look_up_every) <= 0) world.catch_up();
  return read_line(STDIN_FILENO);
}

}  // namespace

bool may_ask(const Options& options) {
  const char* ci = std::getenv("CI");
  return !options.no_input && !(ci && *ci) && is_terminal(STDIN_FILENO);
}

bool ask_yes(World& world, const std::string& question, const std::string& flag) {
  if (world.options().yes) return true;
  const std::string answer = answer_to(world, question, flag);
  return answer == "y" || answer == "Y" || answer == "yes";
}

bool ask_consent(World& world, const std::string& question, const std::string& cluster, bool grave) {
  const bool said = target_of(world.options()).said();
  const std::string flag = said ? "-y (--yes)" : "--cluster " + cluster + " -y";
  switch (consent(said, world.options().yes, grave)) {
    case Consent::given:
      return true;
    case Consent::refused:
      throw Error("-y alone does not say that " + cluster + " is meant; " + flag + " does", 10);
    case Consent::name:
      return ask_word(world, question + " It is the cluster of the last up; type its name:", cluster, flag);
    case Consent::yes_or_no:
      break;
  }
  return ask_yes(world, question + " [y/N]", flag);
}

void ask_guess(World& world, const std::string& question, const std::string& cluster) {
  if (target_of(world.options()).said()) return;
  if (!ask_consent(world, question, cluster, true)) throw Error("cancelled; nothing was changed", 10);
}

bool ask_word(World& world, const std::string& question, const std::string& word, const std::string& flag) {
  return answer_to(world, question, flag) == word;
}

std::string ask_secret(const std::string& question) {
  const int tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
  if (tty < 0) throw Error("\"" + question + "\" cannot be asked without a terminal");
  termios shown{};
  tcgetattr(tty, &shown);
  {
    const std::lock_guard lock(hidden_lock);
    before_hiding = shown;
  }
  termios hidden = shown;
  hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  tcsetattr(tty, TCSAFLUSH, &hidden);
  const std::string prompt = for_terminal(visible(question)) + ": ";
  const bool asked = write(tty, prompt.data(), prompt.size()) > 0;
  const std::string secret = asked ? read_line(tty) : "";
  show_typing();
  keep_secret(secret);
  if (write(tty, "\n", 1) < 0) std::perror("clusterctl");
  close(tty);
  return secret;
}

void show_typing() {
  const std::lock_guard lock(hidden_lock);
  if (!before_hiding) return;
  const int tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
  if (tty >= 0) {
    tcsetattr(tty, TCSAFLUSH, &*before_hiding);
    close(tty);
  }
  before_hiding.reset();
}

}  // namespace cctl
