#include "registry/source.hpp"

#include <fmt/format.h>

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

namespace {

constexpr std::size_t most_tree_bytes = 64 << 20;  // of the manifests of one image, which are kept in memory

void refuse_list(const ImageManifest& entry) {
  if (entry.is_list()) throw Error("its list of manifests holds another list, which is not understood");
}

ImageManifest entry_of(ImageSource& source, const ImageName& image, const ManifestEntry& entry) {
  ImageManifest out = source.manifest(image, entry.digest);
  if (static_cast<long long>(out.bytes.size()) != entry.size)
    throw Error(
        fmt::format("the manifest {} has {} bytes, and its list says {}", entry.digest, out.bytes.size(), entry.size));
  refuse_list(out);
  return out;
}

void read_entries(ImageSource& source, const ImageName& image, ImageTree& out) {
  std::set<std::string> seen;
  std::size_t bytes = out.top.bytes.size();
  for (const ManifestEntry& entry : out.top.entries) {
    if (!seen.insert(entry.digest).second) continue;
    out.entries.push_back(entry_of(source, image, entry));
    bytes += out.entries.back().bytes.size();
    if (bytes > most_tree_bytes) throw Error("its manifests are longer than 64 MB together");
  }
}

}  // namespace

ImageTree read_tree(ImageSource& source, const ImageName& image, bool all_platforms) {
  ImageTree out;
  out.top = source.manifest(image, image.wanted());
  if (!out.top.is_list()) return out;
  if (!all_platforms && image.digest.empty()) {
    const ManifestEntry chosen = choose_entry(out.top);
    out.top = entry_of(source, image, chosen);
  } else {
    read_entries(source, image, out);
  }
  return out;
}

}  // namespace cctl
