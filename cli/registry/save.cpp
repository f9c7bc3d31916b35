// Images into an archive, one after the other: a tar is a stream.
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <set>

#include "model/error.hpp"
#include "model/local_file.hpp"
#include "registry/archive.hpp"
#include "registry/threads.hpp"

namespace cctl {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t manifests_at_once = 4;

// A tar under a temporary name, which is removed unless it was finished. Its lock keeps a second run from it.
class Tar {
 public:
  explicit Tar(const std::string& file)
      : file_(file),
        part_(file + ".part"),
        directory_(
            open_local_directory(fs::path(file).has_parent_path() ? fs::path(file).parent_path().string() : ".")),
        descriptor_(::openat(directory_, name_of(part_).c_str(),
                             O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600)),
        out_(archive_write_new(), &archive_write_free) {
    if (descriptor_ < 0) {
      const int why = errno;
      ::close(directory_);
      throw Error(fmt::format("{} cannot be written: {}", part_, std::strerror(why)));
    }
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      close_all();
      throw Error(file_ + " is being written by another run", 5);
    }
    if (!is_ours()) {
      close_all();
      throw Error(part_ + " is there already and is no plain file of ours; remove it, or say another name");
    }
    archive_write_set_format_pax_restricted(out_.get());  // plain ustar but for files of 8 GB and more
    try {
      if (::ftruncate(descriptor_, 0) != 0) throw Error(fmt::format("{}: {}", part_, std::strerror(errno)));
      check(archive_write_open_fd(out_.get(), descriptor_));
    } catch (const Error&) {
      end();
      throw;
    }
  }
  ~Tar() { end(); }
  Tar(const Tar&) = delete;
  Tar& operator=(const Tar&) = delete;

  void begin(const std::string& path, long long size) {
    const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(), &archive_entry_free);
    archive_entry_set_pathname(entry.get(), path.c_str());
    archive_entry_set_size(entry.get(), size);
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_mtime(entry.get(), 0, 0);  // the same images make the same file
    check(archive_write_header(out_.get(), entry.get()));
  }
  void add(std::string_view bytes) {
    if (archive_write_data(out_.get(), bytes.data(), bytes.size()) != static_cast<la_ssize_t>(bytes.size())) check(-1);
  }
  void add(const std::string& path, const std::string& content) {
    begin(path, static_cast<long long>(content.size()));
    add(content);
  }
  void finish() {
    check(archive_write_close(out_.get()));
    if (::renameat(directory_, name_of(part_).c_str(), directory_, name_of(file_).c_str()) != 0)
      throw Error(fmt::format("{} cannot be written: {}", file_, std::strerror(errno)));
    finished_ = true;
  }

 private:
  // What an earlier run may have left is taken over; what somebody else has put there could be read or read from by
  // them.
  bool is_ours() const {
    struct stat found {};
    return ::fstat(descriptor_, &found) == 0 && S_ISREG(found.st_mode) && found.st_uid == ::geteuid() &&
           found.st_nlink == 1 && ::fchmod(descriptor_, 0600) == 0;
  }
  void check(int result) {
    if (result != ARCHIVE_OK) throw Error(fmt::format("{} cannot be written: {}", part_, archive_fault(out_.get())));
  }
  void end() {
    out_.reset();
    if (!finished_) ::unlinkat(directory_, name_of(part_).c_str(), 0);
    close_all();
  }
  void close_all() {
    ::close(descriptor_);
    ::close(directory_);
  }
  static std::string name_of(const std::string& path) { return fs::path(path).filename().string(); }

  std::string file_, part_;
  int directory_, descriptor_;
  bool finished_ = false;
  std::unique_ptr<archive, decltype(&archive_write_free)> out_;
};

std::vector<ImageTree> read_trees(ImageSource& source, const std::vector<CopyJob>& jobs, bool all_platforms) {
  std::vector<ImageTree> trees(jobs.size());
  std::vector<std::string> errors(jobs.size());
  on_threads(jobs.size(), manifests_at_once, [&](std::size_t i) {
    try {
      trees[i] = read_tree(source, jobs[i].source, all_platforms);
    } catch (const std::exception& e) {
      errors[i] = jobs[i].source.text() + ": " + e.what();
    }
  });
  std::string all;
  for (const std::string& error : errors) all += error.empty() ? "" : error + "\n";
  if (!all.empty()) throw Error(all + "no archive was written");
  return trees;
}

void write_head(Tar& tar, std::set<std::string>& written, const std::vector<CopyJob>& jobs,
                const std::vector<ImageName>& docker_names, const std::vector<ImageTree>& trees) {
  std::vector<ImageName> names;
  for (const CopyJob& job : jobs) names.push_back(job.target);
  tar.add("oci-layout", layout_json());
  tar.add("index.json", index_json(names, trees));
  tar.add("manifest.json", docker_json(docker_names, trees));
  for (const ImageTree& tree : trees) {
    std::vector<const ImageManifest*> manifests = {&tree.top};
    for (const ImageManifest& entry : tree.entries) manifests.push_back(&entry);
    for (const ImageManifest* manifest : manifests)
      if (written.insert(manifest->digest).second) tar.add(blob_path(manifest->digest), manifest->bytes);
  }
}

}  // namespace

std::vector<CopyResult> save_images(ImageSource& source, const std::vector<CopyJob>& jobs,
                                    const std::vector<ImageName>& docker_names, const std::string& file,
                                    bool all_platforms, CopyListener& listener) {
  const std::vector<ImageTree> trees = read_trees(source, jobs, all_platforms);
  std::vector<CopyResult> results(jobs.size());
  std::set<std::string> written;
  Tar tar(file);
  write_head(tar, written, jobs, docker_names, trees);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    CopyResult& result = results[i];
    result.job = jobs[i];
    result.digest = trees[i].top.digest;
    std::vector<Blob> wanted;
    long long total = 0;
    for (const Blob& blob : trees[i].blobs()) {
      result.size += blob.size;
      if (!written.insert(blob.digest).second) continue;
      total += blob.size;
      wanted.push_back(blob);
    }
    listener.started(jobs[i]);
    for (const Blob& blob : wanted) {
      tar.begin(blob_path(blob.digest), blob.size);
      const ByteSink sink = [&](std::string_view bytes) {
        tar.add(bytes);
        result.copied += static_cast<long long>(bytes.size());
        listener.moving(jobs[i], result.copied, total);
      };
      try {
        source.fetch(jobs[i].source, blob, sink);
      } catch (const Error& e) {
        throw Error(jobs[i].source.text() + ": " + e.what() + "\nno archive was written");
      }
    }
    result.state = CopyState::copied;
    listener.ended(result);
  }
  tar.finish();
  return results;
}

}  // namespace cctl
