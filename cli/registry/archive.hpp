// Images in one file: a tar with an OCI image layout. What is needed first stands first, so that it can be written as a
// stream; it also holds what `docker load` looks for.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "registry/archive_reader.hpp"
#include "registry/copy.hpp"
#include "registry/layout.hpp"
#include "registry/source.hpp"

namespace cctl {

// Reads an archive: once for all its manifests, which are kept, and for where its blobs stand. Blobs that are asked for
// in that order are read as they come, without beginning anew. From any thread.
class ArchiveSource : public ImageSource {
 public:
  explicit ArchiveSource(std::string file);

  const std::vector<ArchivedImage>& images() const { return images_; }
  ImageManifest manifest(const ImageName& image, const std::string& wanted) override;
  void fetch(const ImageName& image, const Blob& blob, const ByteSink& sink) override;
  std::size_t place(const Blob& blob) const override;
  std::size_t at_once() const override { return compressed_ ? 1 : ImageSource::at_once(); }

 private:
  struct Part {
    std::size_t place = 0;  // among the entries
    bool plain = false;
    long long size = -1;
  };
  void list();
  void list_part(ArchiveReader& in, const std::string& name);
  void check_part(const std::string& path, const Part& part, long long most) const;
  // Error when it is longer than `most` bytes.
  void read(const std::string& path, const Part& part, long long most, const ByteSink& sink);
  // One that has not come to that entry yet; the nearest of those that nobody uses.
  std::unique_ptr<ArchiveReader> take_reader(std::size_t place);
  void give_back(std::unique_ptr<ArchiveReader> reader);

  std::string file_;
  bool compressed_ = false;
  std::map<std::string, Part> parts_;
  std::map<std::string, std::string> documents_;
  std::size_t document_bytes_ = 0;
  std::vector<ArchivedImage> images_;
  std::mutex mutex_;  // of idle_
  std::vector<std::unique_ptr<ArchiveReader>> idle_;
};

// Writes the images to a file under the names of their targets; `docker load` will call them by `docker_names`. All or
// nothing: the file appears when it is whole. Throws Error.
std::vector<CopyResult> save_images(ImageSource& source, const std::vector<CopyJob>& jobs,
                                    const std::vector<ImageName>& docker_names, const std::string& file,
                                    bool all_platforms, CopyListener& listener);

}  // namespace cctl
