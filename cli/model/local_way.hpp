// The way to a file of this machine, one name after the other, by no link that somebody else can have laid.
#pragma once
#include <string>

namespace cctl {

// Closed unless it is given away.
class OpenFile {
 public:
  explicit OpenFile(int fd = -1) : fd_(fd) {}
  ~OpenFile();
  OpenFile(OpenFile&& other) noexcept : fd_(other.release()) {}
  OpenFile& operator=(OpenFile&& other) noexcept;
  int get() const { return fd_; }
  int release();

 private:
  int fd_;
};

struct LocalWay {
  OpenFile directory;   // where it lies (O_PATH), whatever becomes of the names that led there
  std::string name;     // there it is no link; it may be missing
  std::string path;     // the same as a text, links followed
  std::string foreign;  // the link that is not followed, in words
  int error = 0;        // of the system, as errno: a directory on the way that cannot be entered
};

// By links of root's and our own. Directories on the way that are missing are made (0700) where `make`.
LocalWay way_to(const std::string& path, bool make = false);
// To what is read, also by links of who called sudo.
LocalWay way_to_read(const std::string& path);

}  // namespace cctl
