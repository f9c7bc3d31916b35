#include "remote/ssh_ask.hpp"

#include <glob.h>
#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <iomanip>
#include <mutex>
#include <sstream>

#include "model/absence.hpp"
#include "model/lower_case.hpp"
#include "model/process_group.hpp"
#include "model/read_local.hpp"
#include "remote/ssh_directives.hpp"

namespace cctl {
namespace {

// Of ssh, and of what a `Match exec` runs; the connection's own limit is shorter.
ProgramResult ask(const std::vector<std::string>& command) {
  return run_program(command, {.time = std::chrono::seconds(20), .bytes = std::size_t{1} << 20});
}

struct Scan {
  bool of_system = false;  // root's, who writes it as any of /etc
  bool matters = false;
  std::string fault;     // of a file that ssh would wait for, or read for ever, or that others may have written
  bool foreign = false;  // the last
  std::map<std::string, std::string> places;
  std::map<std::string, int> times;
};

constexpr int deepest = 16;  // OpenSSH's own limit of files that include files

void scan(const std::string& pattern, Scan& result, int depth = 0);

// Files that a line of `file` includes: ssh reads them wherever the line stands, and would wait for a pipe.
void scan_included(const std::string& line, const std::string& file, Scan& result, int depth) {
  std::istringstream words(line.substr(line.find_first_of(" \t=")));
  words >> std::ws;
  if (words.peek() == '=') words.get();
  for (std::string path; words >> std::quoted(path);) {
    if (path.starts_with("~/"))
      path.replace(0, 1, home_directory());
    else if (!path.starts_with('/'))
      path = (file.starts_with("/etc/") ? "/etc/ssh/" : home_directory() + "/.ssh/") + path;
    scan(path, result, depth + 1);
  }
}

// Whether configuration files say anything that matters; starting ssh costs more than the whole login.
void scan(const std::string& pattern, Scan& result, int depth) {
  if (depth > deepest) return;
  glob_t found{};
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    for (std::size_t i = 0; i < found.gl_pathc; ++i) {
      constexpr std::size_t longest = 16 << 20;
      const LocalText read = (result.of_system ? read_local : read_own)(found.gl_pathv[i], longest);
      if (!read && read.error == 0 && !result.foreign) {
        result.fault = std::string(found.gl_pathv[i]) + ": " + read.fault;
        result.foreign = read.foreign;
      }
      std::istringstream in(read.text);
      int number = 0;
      for (std::string line; std::getline(in, line);) {
        ++number;
        const auto begin = line.find_first_not_of(" \t");
        if (begin == std::string::npos || line[begin] == '#' || line[begin] == '\r') continue;
        const auto word = lower_case(line.substr(begin, line.find_first_of(" \t=\r", begin) - begin));
        const bool own_include = word == "include" && line.find("/etc/ssh/ssh_config.d/") != std::string::npos;
        if (!own_include && matters(word)) result.matters = true;
        if (word == "include" && !own_include) scan_included(line.substr(begin), found.gl_pathv[i], result, depth);
        result.places[word] = std::string(found.gl_pathv[i]) + ":" + std::to_string(number);
        ++result.times[word];
      }
    }
  }
  ::globfree(&found);
}

std::string passwd_home() {
  const auto* entry = ::getpwuid(::getuid());
  return entry ? entry->pw_dir : "";
}

std::string readable_home_config() {
  const auto file = home_directory() + "/.ssh/config";
  return ::access(file.c_str(), R_OK) == 0 ? file : "";
}

// What ssh says where nothing is configured; the same for every host of a run.
SshWords usual_words(const std::string& program) {
  static std::mutex lock;
  static std::map<std::string, SshWords> known;
  const std::lock_guard held(lock);
  auto& words = known[program];
  if (words.empty()) {
    const auto answer = ask({program, "-G", "-F", "/dev/null", "--", "localhost"});
    if (answer.status == 0) words = parse_words(answer.out);
  }
  return words;
}

}  // namespace

std::string home_directory() {
  if (const char* dir = std::getenv("HOME"); dir && *dir) return dir;
  const auto home = passwd_home();
  return home.empty() ? "/" : home;
}

std::string local_user() {
  const auto* entry = ::getpwuid(::getuid());
  return entry ? entry->pw_name : "";
}

SshAnswer ask_openssh(const std::string& program, const std::string& address, const SshSettings& settings) {
  SshAnswer result;
  if (program.empty() || settings.config == "none") return result;
  Scan said;
  if (settings.config) {
    scan(*settings.config, said);
  } else {
    scan(home_directory() + "/.ssh/config", said);
    said.of_system = true;
    for (const char* pattern : {"/etc/ssh/ssh_config", "/etc/ssh/ssh_config.d/*.conf"}) scan(pattern, said);
  }
  if (!said.fault.empty()) {
    result.fault = "OpenSSH's configuration is not read: " + said.fault + "; `ssh: {config: none}` does without it";
    // Who names one means it. What others may have written runs commands: ssh does not pass over that either.
    if (settings.config || said.foreign) throw NoAccess(result.fault);
    return result;
  }
  if (!settings.config && !said.matters) return result;
  if (local_user().empty()) {
    // ssh does not even start then.
    result.fault = "OpenSSH's configuration is not read: the user id " + std::to_string(::getuid()) +
                   " has no entry in /etc/passwd; `ssh: {config: none}` does without it";
    return result;
  }
  std::vector<std::string> command{program, "-G"};
  if (settings.config)
    command.insert(command.end(), {"-F", *settings.config});
  else if (home_directory() != passwd_home())  // ssh asks /etc/passwd where home is, everything else asks HOME
    command.insert(command.end(),
                   {"-F", readable_home_config().empty() ? "/etc/ssh/ssh_config" : readable_home_config()});
  if (settings.user) command.insert(command.end(), {"-l", *settings.user});
  if (settings.port) command.insert(command.end(), {"-p", std::to_string(*settings.port)});
  command.insert(command.end(), {"--", address});
  const auto answer = ask(command);
  if (answer.status == 127) {
    result.fault = "OpenSSH's configuration is not read: there is no program " + program;
    return result;
  }
  if (answer.status != 0)
    throw NoAccess("ssh -G refuses its configuration: " + answer.err.substr(0, answer.err.find_last_not_of('\n') + 1));
  result.words = parse_words(answer.out);
  result.usual = usual_words(program);
  for (const auto& [word, place] : said.places)
    if (said.times[word] == 1) result.places[word] = place;
  return result;
}

}  // namespace cctl
