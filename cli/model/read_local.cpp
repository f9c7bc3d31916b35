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

LocalText distrusted(std::string why) {
  LocalText out = failed(std::move(why));
  out.foreign = true;
  return out;
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

enum class Led { anyhow, by_us, and_written };

// Why what was opened there may be what somebody else means us to read.
std::string foreign_in(const LocalWay& way, int file, const struct stat& about, Led led) {
  const bool is_secret = (about.st_mode & S_IROTH) == 0;
  std::string why = is_secret ? second_name(file, way.directory.get(), is_believed) : "";
  if (why.empty() && led == Led::and_written) why = foreign_hand(way.path, file, way.directory.get());
  return why;
}

LocalText read(const std::string& path, std::size_t most, Led led) {
  const bool handed_over = is_open_here(path), anyhow = handed_over || led == Led::anyhow;
  const LocalWay way = anyhow ? LocalWay() : way_to_read(path);
  if (!way.foreign.empty()) return distrusted(way.foreign);
  if (way.error != 0) return failed(way.error);
  // Opened so, a pipe that nobody writes to opens at once, and a terminal that says nothing fails.
  constexpr int how = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  const OpenFile file(anyhow ? ::open(path.c_str(), how)
                             : ::openat(way.directory.get(), way.name.c_str(), how | O_NOFOLLOW));
  struct stat about {};
  if (file.get() < 0 || ::fstat(file.get(), &about) != 0) return failed(errno);
  if (const char* why = why_not(about.st_mode, handed_over)) return failed(why, S_ISDIR(about.st_mode) ? EISDIR : 0);
  if (!anyhow)
    if (std::string why = foreign_in(way, file.get(), about, led); !why.empty()) return distrusted(std::move(why));
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
  return read(path, most, Led::anyhow);
}

LocalText read_private(const std::string& path, std::size_t most) {
  return read(path, most, Led::by_us);
}

LocalText read_own(const std::string& path, std::size_t most) {
  return read(path, most, Led::and_written);
}

}  // namespace cctl
