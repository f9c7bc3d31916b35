// Files that this program writes on the machine it runs on: seen by their owner alone from their first moment, and
// never through a symbolic link that somebody else can have laid.
#pragma once
#include <string>
#include <string_view>

namespace cctl {

// A new file under a name of its own beside `path`, renamed over it by commit(); gone without that. One that is there
// keeps its mode where `keeps_mode`, otherwise it is 0600. Its directory is made (0700) where it is missing. Throws
// Error.
class LocalFile {
 public:
  explicit LocalFile(const std::string& path, bool keeps_mode = false);
  ~LocalFile();
  LocalFile(const LocalFile&) = delete;
  LocalFile& operator=(const LocalFile&) = delete;

  int descriptor() const { return file_; }
  void write(std::string_view bytes);
  void commit();

 private:
  std::string path_, name_, fresh_;
  int directory_ = -1, file_ = -1;
  bool there_ = false;
};

void write_local(const std::string& path, std::string_view bytes, bool keeps_mode = false);
// Opens for appending, and to read as well where `reads`; made with 0600, its directory with 0700, where missing. What
// it leads to by links of our own is meant: a file or a pipe of our own or root's that is not open to others, or a
// device; nobody is waited for. /dev/stderr and its like are what is open there. Throws Error.
int append_local(const std::string& path, bool reads = false);
// An open file of our own that others may read or write becomes ours alone. False: that failed.
bool keep_to_ourselves(int file);
// Removes a file, or a directory with nothing in it; a link, and not what it leads to. What is not there, or behind a
// link of somebody else's, is left.
void remove_local(const std::string& path);
// Makes a directory and those above it, 0700; one that is there has to be ours or root's, and closed to others'
// writing. Throws Error.
void make_local_directory(const std::string& path);
// A directory, entered and open (O_PATH), to be closed. Throws Error.
int open_local_directory(const std::string& path);
// What a name leads to by links of our own. Throws Error (exit 2) where somebody else can have laid one.
std::string behind_links(const std::string& path);

}  // namespace cctl
