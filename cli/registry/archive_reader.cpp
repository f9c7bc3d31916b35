#include "registry/archive_reader.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "model/error.hpp"
#include "model/local_way.hpp"

namespace cctl {
namespace {

constexpr std::size_t block = 256 << 10;
constexpr std::size_t most_entries = 200'000;
constexpr std::size_t most_name_bytes = 4096;
// What stands in front of an entry's bytes: its header, longer names, attributes, the list of its holes.
constexpr std::size_t most_header_bytes = 4 << 20;
// Images are unpacked to some ten times their size; a file of zeros to thousands.
constexpr long long most_growth = 100, always_unpacked = 256 << 20;

using Reading = std::unique_ptr<archive, int (*)(archive*)>;

// Undoes one compression of a file. Only those that libarchive reads without help: what it was not built with, it would
// start a program for.
Reading open_unpacker(const std::string& file, int descriptor) {
  Reading out(archive_read_new(), &archive_read_free);
  archive_read_support_format_raw(out.get());
  if (archive_zlib_version()) archive_read_support_filter_gzip(out.get());
  if (archive_liblzma_version()) archive_read_support_filter_xz(out.get());
  if (archive_libzstd_version()) archive_read_support_filter_zstd(out.get());
  const bool opened = archive_read_open_fd(out.get(), descriptor, block) == ARCHIVE_OK;
  const int filters = opened ? archive_filter_count(out.get()) - 1 : 0;  // the last is the file itself
  if (filters > 1) throw Error(fmt::format("{} is compressed {} times over; only one is undone", file, filters));
  if (opened && filters == 0) return {nullptr, &archive_read_free};
  archive_entry* whole = nullptr;
  if (!opened || archive_read_next_header(out.get(), &whole) != ARCHIVE_OK)
    throw Error(file + " cannot be read: " + archive_fault(out.get()));
  return out;
}

std::size_t length(const char* text) {
  return text ? std::strlen(text) : 0;
}

}  // namespace

std::string archive_fault(archive* of) {
  const char* words = archive_error_string(of);
  const int number = archive_errno(of);
  const std::string text = words ? words : "", reason = number > 0 ? std::strerror(number) : "";
  if (text.empty() || reason.empty() || text.find(reason) != std::string::npos) return text.empty() ? reason : text;
  return text + ": " + reason;
}

// The tar's bytes as libarchive asks for them: they are counted here, for it takes as many as a header tells it to.
struct ArchiveReader::Bytes {
  explicit Bytes(const std::string& path) : file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    struct stat about {};
    if (file.get() < 0 || ::fstat(file.get(), &about) != 0)
      throw Error(path + " cannot be read: " + std::strerror(errno));
    if (!S_ISREG(about.st_mode))
      throw Error(path + " cannot be read: it is no file, and an archive is read more than once: copy it to one");
    size = about.st_size;
    unpacker = open_unpacker(path, file.get());
    if (!unpacker) ::lseek(file.get(), 0, SEEK_SET);
  }

  // What libarchive says after that is a consequence.
  la_ssize_t fails(std::string words) {
    if (fault.empty()) fault = std::move(words);
    return ARCHIVE_FATAL;
  }

  la_ssize_t unpack(const void** out) {
    std::size_t count = 0;
    la_int64_t at = 0;
    const int got = archive_read_data_block(unpacker.get(), out, &count, &at);
    if (got == ARCHIVE_EOF) return 0;
    if (got != ARCHIVE_OK) return fails(archive_fault(unpacker.get()));
    given += static_cast<long long>(count);
    if (given > always_unpacked && given / most_growth > archive_filter_bytes(unpacker.get(), -1))
      return fails(
          fmt::format("it grows to more than {} times its size; unpack it first, if that is meant to be", most_growth));
    return static_cast<la_ssize_t>(count);
  }

  la_ssize_t take(const void** out) {
    la_ssize_t count = 0;
    if (unpacker) {
      count = unpack(out);
    } else {
      *out = buffer.data();
      count = ::read(file.get(), buffer.data(), buffer.size());
      if (count < 0) return fails(std::strerror(errno));
    }
    if (count > 0 && in_header && (header += static_cast<std::size_t>(count)) > most_header_bytes)
      return fails(fmt::format("what stands before an entry is longer than {} MiB", most_header_bytes >> 20));
    return count;
  }

  // Never behind its end: what is missing there is to be missed.
  la_int64_t skip(la_int64_t wanted) const {
    const off_t at = ::lseek(file.get(), 0, SEEK_CUR);
    if (unpacker || at < 0) return 0;
    const la_int64_t there = std::clamp<la_int64_t>(size - at, 0, wanted);
    return ::lseek(file.get(), there, SEEK_CUR) < 0 ? 0 : there;
  }

  OpenFile file;
  off_t size = 0;
  Reading unpacker{nullptr, &archive_read_free};  // none: the file is the tar
  std::vector<char> buffer = std::vector<char>(block);
  long long given = 0;
  std::string fault;
  bool in_header = false;
  std::size_t header = 0;
};

ArchiveReader::ArchiveReader(const std::string& file)
    : file_(file), bytes_(std::make_unique<Bytes>(file)), in_(archive_read_new(), &archive_read_free) {
  archive_read_support_format_tar(in_.get());
  const auto take = [](archive*, void* bytes, const void** out) { return static_cast<Bytes*>(bytes)->take(out); };
  const auto skip = [](archive*, void* bytes, la_int64_t wanted) { return static_cast<Bytes*>(bytes)->skip(wanted); };
  if (archive_read_open2(in_.get(), bytes_.get(), nullptr, take, skip, nullptr) != ARCHIVE_OK)
    throw Error(file + " cannot be read: " + why());
}

ArchiveReader::~ArchiveReader() = default;

bool ArchiveReader::compressed() const {
  return bytes_->unpacker != nullptr;
}

std::string ArchiveReader::why() const {
  return bytes_->fault.empty() ? archive_fault(in_.get()) : bytes_->fault;
}

void ArchiveReader::damaged() const {
  throw Error(fmt::format("{} is damaged: {}", file_, why()));
}

bool ArchiveReader::next() {
  if (entries_ > 0 && archive_read_data_skip(in_.get()) < ARCHIVE_OK) damaged();
  bytes_->in_header = true;
  bytes_->header = 0;
  const int got = archive_read_next_header(in_.get(), &entry_);
  bytes_->in_header = false;
  if (got == ARCHIVE_EOF) return false;
  if (got != ARCHIVE_OK) damaged();
  if (++entries_ > most_entries) throw Error(fmt::format("{} holds more than {} entries", file_, most_entries));
  check_names();
  return true;
}

void ArchiveReader::check_names() const {
  for (const std::size_t bytes : {length(archive_entry_pathname(entry_)), length(archive_entry_hardlink(entry_)),
                                  length(archive_entry_symlink(entry_))})
    if (bytes > most_name_bytes)
      throw Error(fmt::format("{} holds a name of {} bytes, in its entry {}; more than {} are not read", file_, bytes,
                              entries_, most_name_bytes));
}

std::string ArchiveReader::name() const {
  const char* text = archive_entry_pathname(entry_);
  const std::string_view name = text ? text : "";
  return std::string(name.starts_with("./") ? name.substr(2) : name);
}

bool ArchiveReader::plain() const {
  return archive_entry_filetype(entry_) == AE_IFREG && !archive_entry_hardlink(entry_) &&
         archive_entry_sparse_count(entry_) == 0;
}

long long ArchiveReader::size() const {
  return archive_entry_size_is_set(entry_) ? archive_entry_size(entry_) : -1;
}

std::size_t ArchiveReader::read(char* to, std::size_t most) {
  const la_ssize_t count = archive_read_data(in_.get(), to, most);
  if (count < 0) throw Error(fmt::format("{} breaks off in {}: {}", file_, name(), why()));
  return static_cast<std::size_t>(count);
}

}  // namespace cctl
