#include "model/local_way.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <utility>

#include "model/local_owner.hpp"
#include "model/path.hpp"

namespace cctl {
namespace {

constexpr int most_links = 40;

// Whether nobody but those that are trusted can have laid a link: as the kernel's protected_symlinks, and more, for a
// directory of somebody else's without the sticky bit is none of ours either.
bool may_follow(int directory, const struct stat& link, Trusts trusts) {
  struct stat where {};
  if (::fstat(directory, &where) != 0 || !trusts(where.st_uid)) return false;
  return !others_write(directory, where) || ((where.st_mode & S_ISVTX) && trusts(link.st_uid));
}

std::string link_at(int directory, const std::string& name) {
  char to[PATH_MAX];
  const ssize_t size = ::readlinkat(directory, name.c_str(), to, sizeof to);
  return size > 0 ? std::string(to, static_cast<std::size_t>(size)) : "";
}

// Goes down one name after the other, and is where it is whatever becomes of the names behind it.
class Walk {
 public:
  Walk(const std::string& path, bool make, Trusts trusts) : rest_(path), make_(make), trusts_(trusts) {
    begin_at(path.starts_with('/') ? "/" : "");
  }

  LocalWay go() {
    do {
      take_name();
    } while (stands_link() ? follow() : !is_last_ && enter());
    return std::move(way_);
  }

 private:
  void begin_at(const std::string& root) {
    at_ = root;
    way_.directory = OpenFile(::open(root.empty() ? "." : "/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  }
  void take_name() {
    const auto slash = rest_.find('/');
    is_last_ = slash == rest_.npos;
    way_.name = slash == 0 || rest_.empty() ? "." : rest_.substr(0, slash);
    rest_ = is_last_ ? "" : rest_.substr(slash + 1);
    way_.path = normal_path(at_.empty() ? way_.name : at_ + "/" + way_.name);
  }
  bool stands_link() {
    return ::fstatat(way_.directory.get(), way_.name.c_str(), &found_, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISLNK(found_.st_mode);
  }
  bool follow() {
    if (++links_ > most_links) {
      way_.error = ELOOP;
      return false;
    }
    if (!may_follow(way_.directory.get(), found_, trusts_)) {
      way_.foreign =
          fmt::format("\"{}\" is a symbolic link of uid {}, in a directory where others write; it is not followed",
                      way_.name, found_.st_uid);
      return false;
    }
    const std::string to = link_at(way_.directory.get(), way_.name);
    if (to.starts_with('/')) begin_at("/");
    rest_ = is_last_ ? to : to + "/" + rest_;
    return true;
  }
  bool enter() {
    const int directory = way_.directory.get();
    const bool made = !make_ || ::mkdirat(directory, way_.name.c_str(), 0700) == 0 || errno == EEXIST;
    OpenFile next(made ? ::openat(directory, way_.name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1);
    at_ = way_.path;
    if (next.get() < 0) {
      way_.error = errno;
      way_.path = at_ + "/" + rest_;
      return false;
    }
    way_.directory = std::move(next);
    return true;
  }

  std::string at_, rest_;
  bool make_, is_last_ = false;
  Trusts trusts_;
  int links_ = 0;
  struct stat found_ {};
  LocalWay way_;
};

}  // namespace

OpenFile::~OpenFile() {
  if (fd_ >= 0) ::close(fd_);
}

OpenFile& OpenFile::operator=(OpenFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

int OpenFile::release() {
  return std::exchange(fd_, -1);
}

LocalWay way_to(const std::string& path, bool make) {
  return Walk(path, make, is_trusted).go();
}

LocalWay way_to_read(const std::string& path) {
  return Walk(path, false, is_believed).go();
}

}  // namespace cctl
