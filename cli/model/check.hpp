// The checks that may be made of hosts before anything is changed on them, by name, and what one of them found.
#pragma once
#include <string>
#include <vector>

namespace cctl {

struct CheckKind {
  std::string name;
  bool error = true;    // false: what it finds is a warning at most
  bool across = false;  // compares hosts
  bool quick = true;    // of what one look at each host tells: `up` makes it, too
  bool asked = false;   // made where a playbook asks for it, with its arguments
  std::string about;
  std::string fix;  // what --fix does; empty: nothing

  // Made by `up` as well, when what asks for it is to be created or changed.
  bool at_first() const { return asked && !quick; }
};

// In the order in which they are made and listed.
const std::vector<CheckKind>& check_kinds();
const CheckKind* find_check(const std::string& name);

enum class Verdicted { ok, warn, fail, skipped };
const char* to_text(Verdicted v);

struct Finding {
  std::string check;
  std::string host;  // empty: of all of them
  Verdicted verdict = Verdicted::ok;
  std::string text;  // the fact
  std::string next;  // what to do about it
};

}  // namespace cctl
