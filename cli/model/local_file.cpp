#include "model/local_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <random>
#include <utility>

#include "model/error.hpp"
#include "model/local_owner.hpp"
#include "model/local_way.hpp"

namespace cctl {
namespace {

Error cannot(const std::string& path, int why) {
  return Error(fmt::format("{} cannot be written: {}", path, std::strerror(why)));
}

LocalWay own_way_to(const std::string& path, bool make = false) {
  LocalWay way = way_to(path, make);
  if (!way.foreign.empty())
    throw Error(fmt::format("{} cannot be written: {}: name another place", path, way.foreign), 2);
  return way;
}

OpenFile enter(const std::string& path, bool make) {
  const LocalWay way = own_way_to(path, make);
  if (way.error != 0) throw cannot(path, way.error);
  const int above = way.directory.get();
  if (make && ::mkdirat(above, way.name.c_str(), 0700) != 0 && errno != EEXIST) throw cannot(path, errno);
  OpenFile at(::openat(above, way.name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (at.get() < 0) throw cannot(path, errno);
  return at;
}

// What is appended to is a file or a pipe of our own or root's, or a device, which root alone can have made.
void check_appended(const std::string& path, int file) {
  struct stat found {};
  if (::fstat(file, &found) != 0) throw cannot(path, errno);
  if (S_ISCHR(found.st_mode)) return;
  if (!S_ISREG(found.st_mode) && !S_ISFIFO(found.st_mode))
    throw Error(path + " is no file, pipe or terminal; name another", 2);
  if (!is_trusted(found.st_uid))
    throw Error(fmt::format("{} belongs to uid {}, who could read what is written there; name a file of your own", path,
                            found.st_uid),
                2);
  if (found.st_uid != ::geteuid() && (found.st_mode & 077 & ~static_cast<unsigned>(S_IXGRP | S_IXOTH)))
    throw Error(fmt::format("{} is root's and open to others (mode {:04o}); name a file of your own", path,
                            found.st_mode & 07777U),
                2);
}

// Only what is there already may be a device or a pipe. Opening waits for nobody: a pipe that nobody reads is refused.
// Another run, or another host's thread, may make it, or move it away, between a look and the next.
OpenFile open_to_append(int at, const std::string& name, int access) {
  const int how = access | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  for (int tries = 0;; ++tries) {
    struct stat found {};
    const bool is_there = ::fstatat(at, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0;
    const int file = ::openat(at, name.c_str(), how | (is_there ? 0 : O_CREAT | O_EXCL), 0600);
    if (file >= 0 || tries == 16 || errno != (is_there ? ENOENT : EEXIST)) return OpenFile(file);
  }
}

// The descriptor of ours that a path stands for, whatever is open there; -1: it stands for none.
int own_descriptor(const std::string& path) {
  if (path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  for (const std::string directory : {"/dev/fd/", "/proc/self/fd/"}) {
    const auto digits = path.starts_with(directory) ? path.substr(directory.size()) : "";
    int descriptor = -1;
    const char* end = digits.data() + digits.size();
    if (const auto [stop, fault] = std::from_chars(digits.data(), end, descriptor);
        fault == std::errc() && stop == end && descriptor >= 0 && ::fcntl(descriptor, F_GETFD) >= 0)
      return descriptor;
  }
  return -1;
}

struct FilePlace {
  std::string directory, name;
};
FilePlace file_place(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == path.npos) return {".", path};
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

}  // namespace

LocalFile::LocalFile(const std::string& path, bool keeps_mode) : path_(path) {
  auto [directory, name] = file_place(path);
  if (name.empty()) throw Error("\"" + path + "\" is no name of a file", 2);
  name_ = name;
  OpenFile at = enter(directory, true);
  struct stat old {};
  const bool there = keeps_mode && ::fstatat(at.get(), name.c_str(), &old, AT_SYMLINK_NOFOLLOW) == 0 &&
                     S_ISREG(old.st_mode) && is_trusted(old.st_uid);
  std::random_device random;
  for (int tries = 0; file_ < 0 && tries < 16; ++tries) {
    fresh_ = fmt::format(".{}.{:08x}", name.substr(0, 200), random());
    file_ = ::openat(at.get(), fresh_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file_ < 0 && errno != EEXIST) throw cannot(path, errno);
  }
  if (file_ < 0) throw cannot(path, EEXIST);
  there_ = true;
  directory_ = at.release();
  if (there && ::fchmod(file_, old.st_mode & 0777) != 0) throw cannot(path, errno);
}

LocalFile::~LocalFile() {
  if (file_ >= 0) ::close(file_);
  if (there_) ::unlinkat(directory_, fresh_.c_str(), 0);
  if (directory_ >= 0) ::close(directory_);
}

void LocalFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(file_, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) throw cannot(path_, errno);
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
}

void LocalFile::commit() {
  if (::renameat(directory_, fresh_.c_str(), directory_, name_.c_str()) != 0) throw cannot(path_, errno);
  there_ = false;
}

void write_local(const std::string& path, std::string_view bytes, bool keeps_mode) {
  LocalFile file(path, keeps_mode);
  file.write(bytes);
  file.commit();
}

int append_local(const std::string& path, bool reads) {
  if (const int own = own_descriptor(path); own >= 0) {
    const int fd = ::fcntl(own, F_DUPFD_CLOEXEC, 0);
    if (fd < 0) throw cannot(path, errno);
    return fd;
  }
  const LocalWay way = own_way_to(path, true);
  if (way.error != 0) throw cannot(path, way.error);
  OpenFile file = open_to_append(way.directory.get(), way.name, reads ? O_RDWR : O_WRONLY);
  if (file.get() < 0) throw cannot(path, errno);
  if (const std::string named = second_name(file.get(), way.directory.get(), is_trusted); !named.empty())
    throw Error(fmt::format("{} cannot be written: {}: name another place", path, named), 2);
  check_appended(path, file.get());
  if (const int flags = ::fcntl(file.get(), F_GETFL);
      flags < 0 || ::fcntl(file.get(), F_SETFL, flags & ~O_NONBLOCK) != 0)
    throw cannot(path, errno);
  return file.release();
}

bool keep_to_ourselves(int file) {
  struct stat found {};
  if (::fstat(file, &found) != 0) return false;
  return !S_ISREG(found.st_mode) || (found.st_mode & 077) == 0 || ::fchmod(file, found.st_mode & 0700) == 0;
}

void remove_local(const std::string& path) {
  const auto [directory, name] = file_place(path);
  const LocalWay way = way_to(directory + "/.");
  if (!way.foreign.empty() || way.error != 0) return;
  const int at = way.directory.get();
  if (::unlinkat(at, name.c_str(), 0) != 0 && errno == EISDIR) ::unlinkat(at, name.c_str(), AT_REMOVEDIR);
}

void make_local_directory(const std::string& path) {
  const OpenFile made = enter(path, true);
  struct stat found {};
  if (::fstat(made.get(), &found) != 0) throw cannot(path, errno);
  if (!is_trusted(found.st_uid))
    throw Error(fmt::format("{} belongs to uid {}: name a directory of your own", path, found.st_uid), 2);
  if (others_write(made.get(), found))
    throw Error(fmt::format("{} may be changed by others (mode {:04o}): name a directory of your own", path,
                            found.st_mode & 07777U),
                2);
}

int open_local_directory(const std::string& path) {
  return enter(path, false).release();
}

std::string behind_links(const std::string& path) {
  return own_way_to(path).path;
}

}  // namespace cctl
