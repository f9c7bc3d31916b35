// What answers at a port where sshd was expected, by the first bytes that it sent. Pure.
#pragma once
#include <string>
#include <string_view>

namespace cctl {

struct Heard {
  bool is_ssh = false;    // a line of sshd's is among them, or the next bytes may make one: nothing to say yet
  bool is_known = false;  // another protocol's for certain: it will never be ssh
  std::string words;      // `speaks HTTP, not SSH: "HTTP/1.1 400 Bad Request"`; "" while is_ssh, or nothing was heard
};

// `all`: nothing more comes, or enough has.
Heard what_was_heard(std::string_view bytes, bool all);

}  // namespace cctl
