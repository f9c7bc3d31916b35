#include "model/local_owner.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "model/shell_words.hpp"

namespace cctl {
namespace {

// Whether the group is its user's alone, as distributions give every user one (and a umask of 002): it has the user's
// name, and no other member.
bool is_own_group(gid_t group) {
  std::vector<char> of_user(16384), of_group(65536);
  struct passwd user {};
  struct group found {};
  struct passwd* is_user = nullptr;
  struct group* is_group = nullptr;
  if (group != ::getegid() || ::getpwuid_r(::geteuid(), &user, of_user.data(), of_user.size(), &is_user) != 0 ||
      ::getgrgid_r(group, &found, of_group.data(), of_group.size(), &is_group) != 0 || !is_user || !is_group)
    return false;
  const std::string name = user.pw_name;
  for (char** member = found.gr_mem; *member; ++member)
    if (name != *member) return false;
  return name == found.gr_name;
}

// Where there is one, the group's bits of the mode say what any of those that it names may. By the name of what is
// open: that may be open for its place alone (O_PATH).
bool has_list(int open) {
  const std::string name = "/proc/self/fd/" + std::to_string(open);
  const ssize_t size = ::getxattr(name.c_str(), "system.posix_acl_access", nullptr, 0);
  return size > 0 || (size < 0 && errno != ENODATA && errno != ENOTSUP);
}

bool is_callers(uid_t user) {
  const char* caller = ::geteuid() == 0 ? std::getenv("SUDO_UID") : nullptr;
  return caller && std::to_string(user) == caller;
}

std::string directory_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

std::string of_another(const char* what, const std::string& path, const struct stat& found) {
  if (is_believed(found.st_uid)) return "";
  return fmt::format("{} belongs to uid {}, whose words it may be; look at it, then chown {} {}", what, found.st_uid,
                     ::geteuid(), shell_word(path));
}

std::string open_to_others(const char* what, const std::string& path, int open, const struct stat& found) {
  if (!others_write(open, found)) return "";
  return fmt::format("{} may be changed by others (mode {:04o}); look at it, then chmod go-w {}", what,
                     found.st_mode & 07777U, shell_word(path));
}

}  // namespace

bool is_trusted(unsigned user) {
  return user == 0 || user == ::geteuid();
}

bool is_believed(unsigned user) {
  return is_trusted(user) || is_callers(user);
}

bool others_write(int open, const struct stat& what) {
  if (what.st_mode & S_IWOTH) return true;
  return (what.st_mode & S_IWGRP) && ((what.st_gid != 0 && !is_own_group(what.st_gid)) || has_list(open));
}

std::string foreign_hand(const std::string& path, int file, int directory) {
  struct stat found {};
  struct stat where {};
  if (::fstat(file, &found) != 0 || ::fstat(directory, &where) != 0) return std::strerror(errno);
  if (S_ISCHR(found.st_mode)) return "";  // root alone can have made it
  std::string why = of_another("it", path, found);
  if (why.empty()) why = open_to_others("it", path, file, found);
  const std::string above = directory_of(path);
  if (why.empty()) why = of_another("its directory", above, where);
  // A file of ours stays where it is in a directory like /tmp.
  return why.empty() && !(where.st_mode & S_ISVTX) ? open_to_others("its directory", above, directory, where) : why;
}

std::string second_name(int file, int directory, Trusts trusts) {
  struct stat found {};
  struct stat where {};
  if (::fstat(file, &found) != 0 || ::fstat(directory, &where) != 0) return std::strerror(errno);
  if (!S_ISREG(found.st_mode) || found.st_nlink < 2) return "";
  if (trusts(where.st_uid) && !others_write(directory, where)) return "";
  return fmt::format("it has {} names and is of uid {}, in a directory where others write", found.st_nlink,
                     found.st_uid);
}

}  // namespace cctl
