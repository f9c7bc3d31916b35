// Where images come from: registries, or an archive.
#pragma once
#include <string>
#include <vector>

#include "model/image_name.hpp"
#include "registry/manifest.hpp"
#include "registry/registry.hpp"

namespace cctl {

// May be used by several threads at once.
class ImageSource {
 public:
  virtual ~ImageSource() = default;
  // Of an image; `wanted` is its tag, its digest, or the digest of an entry of its list.
  virtual ImageManifest manifest(const ImageName& image, const std::string& wanted) = 0;
  // Every byte once; throws when the bytes are not what the digest says.
  virtual void fetch(const ImageName& image, const Blob& blob, const ByteSink& sink) = 0;
  // Where it stands among the others: blobs that are fetched in this order are read as they come.
  virtual std::size_t place(const Blob&) const { return 0; }
  // How many blobs are worth fetching at a time.
  virtual std::size_t at_once() const { return 4; }
};

class RegistrySource : public ImageSource {
 public:
  explicit RegistrySource(Registries& registries) : registries_(registries) {}
  ImageManifest manifest(const ImageName& image, const std::string& wanted) override {
    return registries_.at(image.host).manifest(image.repository, wanted);
  }
  void fetch(const ImageName& image, const Blob& blob, const ByteSink& sink) override {
    registries_.at(image.host).fetch(image.repository, blob, sink);
  }

 private:
  Registries& registries_;
};

// An image with everything below it.
struct ImageTree {
  ImageManifest top;
  std::vector<ImageManifest> entries;  // of a list

  std::vector<Blob> blobs() const;  // each once, without those that registries do not keep
};

// Of a list only the part for linux/amd64, unless all of it is wanted or its digest is: then the digest must stay.
ImageTree read_tree(ImageSource& source, const ImageName& image, bool all_platforms);

}  // namespace cctl
