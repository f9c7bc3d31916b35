#include "registry/manifest.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "model/error.hpp"
#include "model/image_name.hpp"
#include "registry/sha256.hpp"

namespace cctl {
namespace {

using nlohmann::json;

constexpr const char* docker_manifest = "application/vnd.docker.distribution.manifest.v2+json";
constexpr const char* docker_list = "application/vnd.docker.distribution.manifest.list.v2+json";
constexpr const char* oci_manifest = "application/vnd.oci.image.manifest.v1+json";
constexpr const char* oci_index = "application/vnd.oci.image.index.v1+json";

std::string digest_in(const json& descriptor) {
  const std::string digest = descriptor.at("digest");
  if (!is_digest(digest)) throw Error("the digest \"" + digest + "\" is none of sha256");
  return digest;
}

Blob blob_in(const json& descriptor) {
  Blob out{digest_in(descriptor), descriptor.value("mediaType", ""), descriptor.at("size"), false};
  if (out.size < 0) throw Error("the size of " + out.digest + " is negative");
  out.elsewhere = out.media_type.find("foreign") != std::string::npos ||
                  out.media_type.find("nondistributable") != std::string::npos;
  return out;
}

ManifestEntry entry_in(const json& descriptor) {
  const json platform = descriptor.value("platform", json::object());
  return {digest_in(descriptor), descriptor.value("mediaType", ""), platform.value("os", ""),
          platform.value("architecture", ""), descriptor.at("size")};
}

// A manifest without a word about its type is what the registry said, or what its parts tell.
std::string type_of(const json& manifest, const std::string& said) {
  const std::string own = manifest.value("mediaType", "");
  if (!own.empty()) return own;
  const auto& known = manifest_types();
  if (std::find(known.begin(), known.end(), said) != known.end()) return said;
  return manifest.contains("manifests") ? oci_index : oci_manifest;
}

void read_into(ImageManifest& out, const std::string& said) {
  const json manifest = json::parse(out.bytes);
  if (manifest.value("schemaVersion", 0) == 1)
    throw Error(
        "it has the old format (schema 1), which Docker engines no longer pull; fetch it with an old engine and use "
        "clusterctl images push");
  out.media_type = type_of(manifest, said);
  if (manifest.contains("manifests")) {
    for (const json& one : manifest["manifests"]) out.entries.push_back(entry_in(one));
    if (out.entries.empty()) throw Error("its list of manifests is empty");
    return;
  }
  out.blobs.push_back(blob_in(manifest.at("config")));
  for (const json& one : manifest.at("layers")) out.blobs.push_back(blob_in(one));
}

}  // namespace

const std::vector<std::string>& manifest_types() {
  static const std::vector<std::string> types = {docker_manifest, docker_list, oci_manifest, oci_index};
  return types;
}

ImageManifest read_manifest(std::string bytes, const std::string& media_type) {
  ImageManifest out;
  out.bytes = std::move(bytes);
  out.digest = digest_of(out.bytes);
  try {
    read_into(out, media_type);
  } catch (const json::exception& e) {
    throw Error("this is no image manifest: " + out.bytes.substr(0, 60));
  }
  return out;
}

const ManifestEntry& choose_entry(const ImageManifest& list) {
  std::string there;
  for (const ManifestEntry& entry : list.entries) {
    if (entry.os == "linux" && entry.architecture == "amd64") return entry;
    there += (there.empty() ? "" : ", ") + entry.os + "/" + entry.architecture;
  }
  throw Error("it is not there for linux/amd64, only for " + there);
}

}  // namespace cctl
