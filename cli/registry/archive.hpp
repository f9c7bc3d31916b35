// Images in one file: a tar with an OCI image layout. What is needed first stands first, so that it can be written as a
// stream; it also holds what `docker load` looks for.
#pragma once
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "registry/copy.hpp"
#include "registry/layout.hpp"
#include "registry/source.hpp"

struct archive;
struct archive_entry;

namespace cctl {

// What libarchive says is wrong, with the system's reason.
std::string archive_fault(archive* of);

// Reads an archive: once for all its manifests, which are kept, and again from its beginning for every blob that is
// asked for; what is not wanted is skipped, not read. From any thread.
class ArchiveSource : public ImageSource {
 public:
  explicit ArchiveSource(std::string file);

  const std::vector<ArchivedImage>& images() const { return images_; }
  ImageManifest manifest(const ImageName& image, const std::string& wanted) override;
  void fetch(const ImageName& image, const Blob& blob, const ByteSink& sink) override;

 private:
  // False when there is no such part; Error when it is longer than `most` bytes.
  bool read(const std::string& path, long long most, const ByteSink& sink) const;
  void check_part(archive_entry* entry, const std::string& path, long long most) const;
  std::string small(const std::string& path) const;
  // Once: looks at every part, and keeps what can be a manifest.
  void list();
  void list_parts();

  std::string file_;
  std::mutex listing_;
  bool listed_ = false;
  std::string list_fault_;
  std::set<std::string> parts_;
  std::map<std::string, std::string> documents_;
  std::vector<ArchivedImage> images_;
};

// Writes the images to a file under the names of their targets; `docker load` will call them by `docker_names`. All or
// nothing: the file appears when it is whole. Throws Error.
std::vector<CopyResult> save_images(ImageSource& source, const std::vector<CopyJob>& jobs,
                                    const std::vector<ImageName>& docker_names, const std::string& file,
                                    bool all_platforms, CopyListener& listener);

}  // namespace cctl
