// An account of this machine for one test: its login shell, the files of its home and what sudo lets it do. Needs root.
#pragma once
#include "sshd.hpp"

namespace cctl::test {

struct Account {
  TempDir home;
  std::string name;

  // `sudoers`: rules behind the name, one a line; empty: sudo does not know it.
  Account(const std::string& shell, const std::map<std::string, std::string>& files, const std::string& sudoers = "") {
    static int count = 0;
    name = "cctl" + std::to_string(::getpid()) + "x" + std::to_string(count++);
    ran({"useradd", "-M", "-d", home.path.string(), "-s", shell, "-p", "*", name});
    for (const auto& [file, text] : files) {
      fs::create_directories((home.path / file).parent_path());
      write_file(home / file, text);
    }
    ran({"chown", "-R", name, home.path.string()});
    if (sudoers.empty()) return;
    std::istringstream lines(sudoers);
    std::string text;
    for (std::string line; std::getline(lines, line);)
      text += line.starts_with("Defaults") ? "Defaults:" + name + line.substr(8) + "\n" : name + " " + line + "\n";
    write_file(rules(), text);
    ::chmod(rules().c_str(), 0440);
  }
  ~Account() {
    std::error_code ignored;
    fs::remove(rules(), ignored);
    run_program({"userdel", "-f", name}, {.time = std::chrono::seconds(20)});
  }
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;

 private:
  std::string rules() const { return "/etc/sudoers.d/" + name; }
};

}  // namespace cctl::test
