#include "registry/source.hpp"

#include <set>

#include "model/error.hpp"

namespace cctl {

std::vector<Blob> ImageTree::blobs() const {
  std::vector<Blob> out;
  std::set<std::string> seen;
  const auto add = [&](const ImageManifest& manifest) {
    for (const Blob& blob : manifest.blobs)
      if (!blob.elsewhere && seen.insert(blob.digest).second) out.push_back(blob);
  };
  add(top);
  for (const ImageManifest& entry : entries) add(entry);
  return out;
}

ImageTree read_tree(ImageSource& source, const ImageName& image, bool all_platforms) {
  ImageTree out;
  out.top = source.manifest(image, image.wanted());
  if (!out.top.is_list()) return out;
  if (!all_platforms && image.digest.empty()) {
    out.top = source.manifest(image, choose_entry(out.top).digest);
  } else {
    for (const ManifestEntry& entry : out.top.entries) out.entries.push_back(source.manifest(image, entry.digest));
  }
  bool nested = out.entries.empty() && out.top.is_list();
  for (const ImageManifest& entry : out.entries) nested = nested || entry.is_list();
  if (nested) throw Error("its list of manifests holds another list, which is not understood");
  return out;
}

}  // namespace cctl
