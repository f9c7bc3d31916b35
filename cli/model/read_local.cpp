#include "model/read_local.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "model/local_owner.hpp"
#include "model/local_way.hpp"

namespace cctl {
namespace {

LocalText failed(std::string fault, int error = 0) {
  LocalText out;
  out.fault = std::move(fault);
  out.error = error;
  return out;
}

LocalText failed(int error) {
  return failed(std::strerror(error), error);
}

bool is_open_here(std::string_view path) {
  if (path == "/dev/stdin") return true;
  for (const std::string_view directory : {"/dev/fd/", "/proc/self/fd/"})
    if (path.starts_with(directory) && path.size() > directory.size())
      return path.substr(directory.size()).find_first_not_of("0123456789") == path.npos;
  return false;
}

LocalText too_large(std::size_t most) {
  constexpr std::size_t mib = 1 << 20, kib = 1 << 10;
  return failed(most >= mib ? fmt::format("it is larger than {} MiB", most / mib)
                            : fmt::format("it is larger than {} KiB", most / kib));
}

// A device gives bytes or an end at once (/dev/null), or says that it has none.
const char* why_not(mode_t kind, bool handed_over) {
  if (S_ISDIR(kind)) return "it is a directory";
  if (S_ISREG(kind) || S_ISCHR(kind) || handed_over) return nullptr;
  return S_ISFIFO(kind) ? "it is a pipe" : "it is no file";
}

std::string hand_in(const std::string& path, int file) {
  const auto slash = path.rfind('/');
  const std::string above = slash == path.npos ? "." : path.substr(0, slash + 1);
  const OpenFile directory(::open(above.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  return foreign_hand(path, file, directory.get());
}

LocalText read(const std::string& path, std::size_t most, bool own) {
  const bool handed_over = is_open_here(path);
  // Opened so, a pipe that nobody writes to opens at once, and a terminal that says nothing fails.
  const OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  struct stat about {};
  if (file.get() < 0 || ::fstat(file.get(), &about) != 0) return failed(errno);
  if (const char* why = why_not(about.st_mode, handed_over)) return failed(why, S_ISDIR(about.st_mode) ? EISDIR : 0);
  if (own && !handed_over)
    if (std::string hand = hand_in(path, file.get()); !hand.empty()) return failed(std::move(hand));
  if (handed_over && ::fcntl(file.get(), F_SETFL, 0) != 0) return failed(errno);
  if (S_ISREG(about.st_mode) && static_cast<std::size_t>(about.st_size) > most) return too_large(most);
  LocalText out;
  for (char block[65536];;) {
    const ssize_t got = ::read(file.get(), block, sizeof block);
    if (got == 0) return out;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno == EAGAIN ? failed("it says nothing", EAGAIN) : failed(errno);
    out.text.append(block, static_cast<std::size_t>(got));
    if (out.text.size() > most) return too_large(most);
  }
}

}  // namespace

LocalText read_local(const std::string& path, std::size_t most) {
  return read(path, most, false);
}

LocalText read_own(const std::string& path, std::size_t most) {
  return read(path, most, true);
}

}  // namespace cctl
