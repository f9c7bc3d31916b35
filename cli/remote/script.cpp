#include "remote/script.hpp"

#include <re2/re2.h>

#include <random>
#include <sstream>
#include <vector>

#include "apply/scripts.hpp"
#include "model/cut.hpp"
#include "model/plain_echo.hpp"

namespace cctl {
namespace {

constexpr std::size_t longest_command_line = 64 * 1024;

// Arguments: the halves of the mark, the script (an empty one comes as the first line of the input), and the seconds it
// has. All of this stands between single quotes in whatever the login shell is: on one line, without quotes of that
// kind, backslashes and exclamation marks. A script that is too long for one argument runs without a limit.
constexpr const char* kBegin =
    "echo $1$2; echo $1$2 >&2; s=$3; [ -n \"$s\" ] || IFS= read -r s; s=$(printf %b \"$s\"); "
    "if [ $4 -gt 0 ] && [ ${#s} -lt 99999 ] && timeout -k 5 9 true 2>/dev/null; "
    "then exec timeout -k 5 $4 sh -c \"$s\" sh; fi; shift 4; eval \"$s\"";
// Where sudo wants no password, the line with it must not become the command's input: it is asked for the very
// command, since rules may let that one alone run without.
constexpr const char* kChoose =
    "if sudo -n sh -c : 2>/dev/null; then IFS= read -r x; exec sudo -n sh -c \"$5\" sh \"$1\" \"$2\" \"$3\" $4; "
    "else exec sudo -S -p \"\" sh -c \"$5\" sh \"$1\" \"$2\" \"$3\" $4; fi";

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ' || text.back() == '\r')) text.pop_back();
  return text;
}

// "(root) NOPASSWD: /usr/bin/docker, /bin/ls" of a listing that does not end in ALL.
std::string only_allowed(const std::string& listed) {
  std::vector<std::string> commands;
  std::istringstream lines(listed);
  for (std::string line; std::getline(lines, line);) {
    const auto begin = line.find_first_not_of(' ');
    if (begin == std::string::npos || begin == 0 || line[begin] != '(') continue;
    auto what = line.substr(line.find(')') + 1);
    static const RE2 tags("[A-Z_]+: *", RE2::Latin1);
    RE2::GlobalReplace(&what, tags, "");
    what = trimmed(what.substr(std::min(what.find_first_not_of(' '), what.size())));
    if (what == "ALL") return "";
    if (!what.empty()) commands.push_back(what);
  }
  return first_few(commands);
}

std::string why_sudo(const Access& access, const std::string& said, const std::string& listed) {
  const auto says = [&](const char* words) { return said.find(words) != std::string::npos; };
  const std::string who = access.user + " on " + access.host;
  if (says("you must have a tty"))
    return "sudo wants a terminal for " + who + " (requiretty): say Defaults:" + access.user +
           " !requiretty in its sudoers";
  const std::string few = only_allowed(listed);
  if (!few.empty() || says("is not allowed to execute") || says("may not run sudo") || says("is not in the sudoers"))
    return "sudo does not let " + who + " run every command" + (few.empty() ? "" : ", only " + few) +
           ": it has to allow sh (" + access.user + " ALL=(ALL) NOPASSWD: ALL), or log in as root";
  // One that it does not take is followed by the want of another.
  if (says("incorrect password attempt") || says("try again")) return "sudo does not take the password";
  if (says("a password is required") || says("a terminal is required") || says("no password was provided"))
    return "sudo wants a password, and there is none: `password: prompt` or `password_file` in the inventory's ssh";
  if (says("password has expired") || says("account validation failure"))
    return "sudo refuses the account of " + who + ": " + first_lines(said);
  const bool no_sudo = says("sudo: not found") || says("sudo: command not found") || says("sudo: Command not found") ||
                       says("Unknown command: sudo") || says("command not found: sudo") || says("find command 'sudo'");
  if (no_sudo || (says("sudo") && says("not found")))
    return "there is no sudo on " + access.host +
           ", which `become: sudo` wants: install it, or log in as root; doas and su are not used";
  return "";
}

}  // namespace

StartMark new_mark() {
  static std::mt19937_64 random{std::random_device{}()};
  return {"cctl", std::to_string(random())};
}

std::string for_printf(const std::string& text) {
  std::string out;
  out.reserve(text.size() + text.size() / 4);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 32 && byte < 127 && c != '\\' && c != '\'' && c != '!') {
      out += c;
    } else {
      out += "\\0";
      for (const int shift : {6, 3, 0}) out += static_cast<char>('0' + (byte >> shift & 7));
    }
  }
  return out;
}

Invocation invocation(const Access& access, const std::string& script, const StartMark& mark, long seconds) {
  const std::string begin = "'" + std::string(kBegin) + "'";
  const auto line = [&](const std::string& text) {
    const std::string arguments =
        " sh " + mark.first + " " + mark.second + " '" + text + "' " + std::to_string(seconds);
    if (!access.sudo) return "exec sh -c " + begin + arguments;
    if (!access.password) return "exec sudo -n sh -c " + begin + arguments;
    return "exec sh -c '" + std::string(kChoose) + "'" + arguments + " " + begin;
  };
  const std::string text = for_printf(plain_echo + script);
  const bool by_input = text.size() > longest_command_line;
  Invocation out;
  out.line = line(by_input ? "" : text);
  if (access.sudo && access.password) out.input = *access.password + "\n";
  if (by_input) out.input += text + "\n";
  return out;
}

std::string first_lines(const std::string& text) {
  static const RE2 where("(^|\n)(/bin/)?(sh|bash|dash|ash): ((line )?[0-9]+: )?(eval: )?((line )?[0-9]+: )?",
                         RE2::Latin1);
  std::string out = text.substr(0, 4096);
  RE2::GlobalReplace(&out, where, R"(\1)");
  return trimmed(out.substr(0, 400));
}

bool sudo_may_tell(const Access& access, const CommandResult& result) {
  return access.sudo && result.err.find("a password is required") != std::string::npos;
}

std::string why_not_root(const Access& access, const CommandResult& result, const std::string& listed) {
  return access.sudo ? why_sudo(access, result.err + result.out, listed) : "";
}

std::string why_not_begun(const Access& access, const CommandResult& result, const std::string& listed) {
  if (auto why = why_not_root(access, result, listed); !why.empty()) return why;
  const std::string printed = first_lines(result.out + result.err);
  const std::string status = result.exit_status < 0 ? "killed" : "exit status " + std::to_string(result.exit_status);
  return "the login shell of " + access.user + " on " + access.host + " ended before our command (" + status + "); " +
         (printed.empty() ? "it printed nothing" : "it printed: " + printed);
}

}  // namespace cctl
