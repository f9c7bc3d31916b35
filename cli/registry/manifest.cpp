#include "registry/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "model/error.hpp"
#include "model/image_name.hpp"
#include "model/outside_json.hpp"
#include "registry/excerpt.hpp"
#include "registry/sha256.hpp"

namespace cctl {
namespace {

using nlohmann::json;

constexpr const char* docker_manifest = "application/vnd.docker.distribution.manifest.v2+json";
constexpr const char* docker_list = "application/vnd.docker.distribution.manifest.list.v2+json";
constexpr const char* oci_manifest = "application/vnd.oci.image.manifest.v1+json";
constexpr const char* oci_index = "application/vnd.oci.image.index.v1+json";
constexpr std::size_t most_layers = 1000;
constexpr long long most_blob_bytes = 1LL << 40;

std::string digest_in(const json& descriptor) {
  const std::string digest = text_in(descriptor, "digest");
  if (!is_digest(digest)) throw Error("the digest \"" + excerpt(digest, 80) + "\" is none of sha256");
  return digest;
}

long long size_in(const json& descriptor, const std::string& digest) {
  const auto size = whole_in(descriptor, "size");
  if (!size || *size < 0 || *size > most_blob_bytes)
    throw Error("the size of " + digest + " is no number of bytes from 0 to " + std::to_string(most_blob_bytes));
  return *size;
}

// It goes into a header.
std::string type_in(const json& descriptor) {
  std::string type = text_in(descriptor, "mediaType");
  const auto plain = [](unsigned char c) {
    return std::isalnum(c) || std::string_view("!#$&-^_.+/").find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (type.size() > 255 || !std::all_of(type.begin(), type.end(), plain))
    throw Error("the media type \"" + excerpt(type, 80) + "\" is none");
  return type;
}

Blob blob_in(const json& descriptor) {
  const std::string digest = digest_in(descriptor);
  Blob out{digest, type_in(descriptor), size_in(descriptor, digest), false};
  out.elsewhere = out.media_type.find("foreign") != std::string::npos ||
                  out.media_type.find("nondistributable") != std::string::npos;
  return out;
}

ManifestEntry entry_in(const json& descriptor) {
  const std::string digest = digest_in(descriptor);
  const json& platform = object_in(descriptor, "platform");
  return {digest, type_in(descriptor), text_in(platform, "os"), text_in(platform, "architecture"),
          size_in(descriptor, digest)};
}

// A manifest without a word about its type is what the registry said, or what its parts tell.
std::string type_of(const json& manifest, const std::string& said) {
  const std::string own = type_in(manifest);
  if (!own.empty()) return own;
  const auto& known = manifest_types();
  if (std::find(known.begin(), known.end(), said) != known.end()) return said;
  return manifest.contains("manifests") ? oci_index : oci_manifest;
}

const json& counted_list(const json& manifest, const char* key) {
  const json& list = value_in(manifest, key);
  if (!list.is_array()) throw Error(std::string("this is no image manifest: it has no list of ") + key);
  if (list.size() > most_layers)
    throw Error(fmt::format("it lists {} {}; more than {} are not copied", list.size(), key, most_layers));
  return list;
}

void read_into(ImageManifest& out, const std::string& said) {
  OutsideLimits limits;
  limits.bytes = most_manifest_bytes;
  limits.repeated_keys = false;  // one program would read the first, another the last
  const OutsideJson read = parse_outside(out.bytes, limits);
  if (!read.value.is_object()) {
    throw Error(
        fmt::format("this is no image manifest{}: {}", read ? "" : " (" + read.fault + ")", excerpt(out.bytes, 60)));
  }
  const json& manifest = read.value;
  if (whole_in(manifest, "schemaVersion") == 1)
    throw Error(
        "it has the old format (schema 1), which Docker engines no longer pull; fetch it with an old engine and use "
        "clusterctl images push");
  out.media_type = type_of(manifest, said);
  const bool list = manifest.contains("manifests"), image = manifest.contains("layers") || manifest.contains("config");
  const bool said_list = out.media_type == docker_list || out.media_type == oci_index;
  const bool said_image = out.media_type == docker_manifest || out.media_type == oci_manifest;
  if ((list && image) || (list && said_image) || (image && said_list))
    throw Error("it is a manifest to one reader and a list of manifests to another; nobody knows which was meant");
  if (list) {
    for (const json& one : counted_list(manifest, "manifests")) out.entries.push_back(entry_in(one));
    if (out.entries.empty()) throw Error("its list of manifests is empty");
    return;
  }
  out.blobs.push_back(blob_in(object_in(manifest, "config")));
  for (const json& one : counted_list(manifest, "layers")) out.blobs.push_back(blob_in(one));
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
  read_into(out, media_type);
  return out;
}

const ManifestEntry& choose_entry(const ImageManifest& list) {
  std::string there;
  for (const ManifestEntry& entry : list.entries) {
    if (entry.os == "linux" && entry.architecture == "amd64") return entry;
    there += (there.empty() ? "" : ", ") + entry.os + "/" + entry.architecture;
  }
  throw Error("it is not there for linux/amd64, only for " + excerpt(there));
}

}  // namespace cctl
