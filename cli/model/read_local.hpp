// Files of this machine as they are read: nobody is waited for, and no more is taken in than makes sense.
#pragma once
#include <cstddef>
#include <string>

namespace cctl {

struct LocalText {
  std::string text;
  std::string fault;     // why there is none: "it is a pipe", "No such file or directory"; empty: it was read
  int error = 0;         // of the system's faults, as errno
  bool foreign = false;  // of those that somebody else may have led to it, or written it
  explicit operator bool() const { return fault.empty(); }
};

// The bytes of a file, at most that many: one with more is a fault. So is a pipe, whose other end may never say
// anything, unless the path names what is open here already (/dev/stdin, or /dev/fd/63 for a shell's <(...)): then the
// caller has handed it over. Blocks no longer than a disk does, or for such a pipe until it ends.
LocalText read_local(const std::string& path, std::size_t most);
// The same of what a login goes by, which is given away or believed: a fault as well where somebody else can have led
// there, by a link (model/local_way.hpp) or by a second name of a file that not everybody may read.
LocalText read_private(const std::string& path, std::size_t most);
// And of what is believed because we have written it ourselves, or the user has: where somebody else can have
// (model/local_owner.hpp).
LocalText read_own(const std::string& path, std::size_t most);

}  // namespace cctl
