#include "registry/layout.hpp"

#include "model/error.hpp"
#include "model/outside_json.hpp"
#include "registry/excerpt.hpp"

namespace cctl {
namespace {

using nlohmann::json;

// Docker and containerd keep an image's whole name here and its tag in the other one.
constexpr const char* name_key = "io.containerd.image.name";
constexpr const char* tag_key = "org.opencontainers.image.ref.name";

constexpr std::size_t most_images = 1000;

std::string whole_name(const ImageName& name) {
  if (!name.host.empty()) return name.text();
  return "docker.io/" + std::string(name.repository.find('/') == std::string::npos ? "library/" : "") + name.bare();
}

ArchivedImage image_in(const json& descriptor) {
  const json& annotations = object_in(descriptor, "annotations");
  const std::string name = text_in(annotations, name_key, text_in(annotations, tag_key));
  const std::string digest = text_in(descriptor, "digest");
  if (!is_digest(digest)) throw Error("the digest \"" + excerpt(digest, 80) + "\" in index.json is none of sha256");
  if (name.find_first_of("/:") == std::string::npos)
    throw Error("the image " + digest + " has no name in index.json, so nobody knows where it is to go");
  try {
    return {ImageName::parse(name), digest};
  } catch (const Error&) {
    throw Error("\"" + excerpt(name, 80) + "\" in index.json is no image's name");
  }
}

}  // namespace

std::string blob_path(const std::string& digest) {
  return "blobs/sha256/" + digest.substr(digest.find(':') + 1);
}

std::string layout_json() {
  return R"({"imageLayoutVersion":"1.0.0"})";
}

std::string index_json(const std::vector<ImageName>& names, const std::vector<ImageTree>& trees) {
  json manifests = json::array();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const ImageManifest& top = trees[i].top;
    json annotations = {{name_key, whole_name(names[i])}};
    if (!names[i].tag.empty()) annotations[tag_key] = names[i].tag;
    manifests.push_back({{"mediaType", top.media_type},
                         {"digest", top.digest},
                         {"size", top.bytes.size()},
                         {"annotations", annotations}});
  }
  return json(
             {{"schemaVersion", 2}, {"mediaType", "application/vnd.oci.image.index.v1+json"}, {"manifests", manifests}})
      .dump();
}

std::string docker_json(const std::vector<ImageName>& names, const std::vector<ImageTree>& trees) {
  json out = json::array();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const ImageManifest& top = trees[i].top;
    if (top.is_list() || names[i].tag.empty()) continue;
    json layers = json::array();
    for (std::size_t n = 1; n < top.blobs.size(); ++n) layers.push_back(blob_path(top.blobs[n].digest));
    const std::string tagged =
        (names[i].host.empty() ? "" : names[i].host + "/") + names[i].repository + ":" + names[i].tag;
    out.push_back({{"Config", blob_path(top.blobs.front().digest)}, {"RepoTags", {tagged}}, {"Layers", layers}});
  }
  return out.dump();
}

std::vector<ArchivedImage> read_index(const std::string& index_json) {
  OutsideLimits limits;
  limits.repeated_keys = false;
  const OutsideJson index = parse_outside(index_json, limits);
  if (!index) throw Error("its index.json is none: " + index.fault);
  const json& manifests = value_in(index.value, "manifests");
  if (!manifests.is_array()) throw Error("its index.json is none: it has no list of manifests");
  if (manifests.size() > most_images)
    throw Error("its index.json names " + std::to_string(manifests.size()) + " images; more than " +
                std::to_string(most_images) + " are not read");
  std::vector<ArchivedImage> out;
  for (const json& one : manifests) out.push_back(image_in(one));
  return out;
}

}  // namespace cctl
