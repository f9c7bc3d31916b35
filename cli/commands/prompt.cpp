#include "commands/prompt.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "model/error.hpp"
#include "report/terminal.hpp"

namespace cctl {
namespace {

std::string read_line(int fd) {
  std::string line;
  char c = 0;
  while (read(fd, &c, 1) == 1 && c != '\n') line += c;
  return line;
}

std::string answer_to(const Options& options, const std::string& question, const std::string& flag) {
  if (!may_ask(options)) throw Error("\"" + question + "\" cannot be asked without a terminal; " + flag + " answers it", 10);
  std::fputs((question + " ").c_str(), stderr);
  std::fflush(stderr);
  return read_line(STDIN_FILENO);
}

}  // namespace

bool may_ask(const Options& options) {
  const char* ci = std::getenv("CI");
  return !options.no_input && !(ci && *ci) && is_terminal(STDIN_FILENO);
}

bool ask_yes(const Options& options, const std::string& question, const std::string& flag) {
  if (options.yes) return true;
  const std::string answer = answer_to(options, question, flag);
  return answer == "y" || answer == "Y" || answer == "yes";
}

bool ask_word(const Options& options, const std::string& question, const std::string& word, const std::string& flag) {
  return answer_to(options, question, flag) == word;
}

std::string ask_secret(const std::string& question) {
  const int tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
  if (tty < 0) throw Error("\"" + question + "\" cannot be asked without a terminal");
  termios shown{};
  tcgetattr(tty, &shown);
  termios hidden = shown;
  hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  tcsetattr(tty, TCSAFLUSH, &hidden);
  const bool asked = write(tty, question.data(), question.size()) > 0;
  const std::string secret = asked ? read_line(tty) : "";
  tcsetattr(tty, TCSAFLUSH, &shown);
  if (write(tty, "\n", 1) < 0) std::perror("clusterctl");
  close(tty);
  return secret;
}

}  // namespace cctl
