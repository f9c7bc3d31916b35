// What a registry says of an image: a manifest with its blobs, or a list of manifests by platform. Pure.
#pragma once
#include <string>
#include <vector>

namespace cctl {

constexpr std::size_t most_manifest_bytes = 4 << 20;  // what registries take

struct Blob {
  std::string digest, media_type;
  long long size = 0;
  bool elsewhere = false;  // a layer that registries do not keep: fetched from its own URLs by whoever runs the image
};

// One entry of a list.
struct ManifestEntry {
  std::string digest, media_type, os, architecture;
  long long size = 0;
};

struct ImageManifest {
  std::string media_type, digest;
  std::string bytes;                   // exactly as served: the digest is theirs
  std::vector<Blob> blobs;             // config first, then the layers; of a list none
  std::vector<ManifestEntry> entries;  // of a list only

  bool is_list() const { return !entries.empty(); }
};

// The media types that a registry is asked for.
const std::vector<std::string>& manifest_types();

// Throws Error when the bytes are no manifest that can be copied. `media_type` is what the registry said; the
// manifest's own word goes first.
ImageManifest read_manifest(std::string bytes, const std::string& media_type);

// The entry for linux/amd64, which is what hosts run; throws Error naming what there is instead.
const ManifestEntry& choose_entry(const ImageManifest& list);

}  // namespace cctl
