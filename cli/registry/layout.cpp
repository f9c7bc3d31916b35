#include "registry/layout.hpp"

#include <nlohmann/json.hpp>

#include "model/error.hpp"

namespace cctl {
namespace {

using nlohmann::json;

// Docker and containerd keep an image's whole name here and its tag in the other one.
constexpr const char* name_key = "io.containerd.image.name";
constexpr const char* tag_key = "org.opencontainers.image.ref.name";

std::string whole_name(const ImageName& name) {
  if (!name.host.empty()) return name.text();
  return "docker.io/" + std::string(name.repository.find('/') == std::string::npos ? "library/" : "") + name.bare();
}

ArchivedImage image_in(const json& descriptor) {
  const json annotations = descriptor.value("annotations", json::object());
  std::string name = annotations.value(name_key, "");
  if (name.empty()) name = annotations.value(tag_key, "");
  const std::string digest = descriptor.at("digest");
  if (!is_digest(digest)) throw Error("the digest \"" + digest + "\" in index.json is none of sha256");
  if (name.find_first_of("/:") == std::string::npos)
    throw Error("the image " + digest + " has no name in index.json, so nobody knows where it is to go");
  return {ImageName::parse(name), digest};
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
  std::vector<ArchivedImage> out;
  try {
    const json index = json::parse(index_json);
    for (const json& one : index.at("manifests")) out.push_back(image_in(one));
  } catch (const json::exception& e) {
    throw Error("its index.json is none: " + std::string(e.what()));
  }
  return out;
}

}  // namespace cctl
