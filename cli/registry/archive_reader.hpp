// A tar, plain or compressed once, as it is read: entry by entry, from its beginning to its end, within limits. What
// may be opened is said in its .cpp alone.
#pragma once
#include <cstddef>
#include <memory>
#include <string>

struct archive;
struct archive_entry;

namespace cctl {

// What libarchive says is wrong, with the system's reason.
std::string archive_fault(archive* of);

// Every call throws Error, by the file's name, where the file is damaged or exceeds what is read.
class ArchiveReader {
 public:
  explicit ArchiveReader(const std::string& file);
  ~ArchiveReader();

  bool compressed() const;  // what is not wanted is unpacked all the same, and not skipped
  // To the next entry, whatever of this one was not read; false at the end.
  bool next();
  // How many entries stand before the one that it is at.
  std::size_t place() const { return entries_ == 0 ? 0 : entries_ - 1; }
  bool is_to_come(std::size_t place) const { return entries_ <= place; }

  std::string name() const;  // without "./" in front
  // A file with its bytes in the archive: no link to another, no holes that grow when they are read.
  bool plain() const;
  long long size() const;  // -1: it says none
  // Of its bytes the next ones, at most that many; 0 at their end.
  std::size_t read(char* to, std::size_t most);

 private:
  struct Bytes;
  std::string why() const;
  [[noreturn]] void damaged() const;
  void check_names() const;

  std::string file_;
  std::unique_ptr<Bytes> bytes_;
  std::unique_ptr<archive, int (*)(archive*)> in_;
  archive_entry* entry_ = nullptr;
  std::size_t entries_ = 0;
};

}  // namespace cctl
