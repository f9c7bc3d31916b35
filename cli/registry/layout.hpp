// The names and JSON files of an OCI image layout. Pure.
#pragma once
#include <string>
#include <vector>

#include "model/image_name.hpp"
#include "registry/manifest.hpp"
#include "registry/source.hpp"

namespace cctl {

struct ArchivedImage {
  ImageName name;
  std::string digest;  // of its manifest or list
};

std::string blob_path(const std::string& digest);  // blobs/sha256/...

std::string layout_json();  // oci-layout
std::string index_json(const std::vector<ImageName>& names, const std::vector<ImageTree>& trees);
// What `docker load` reads: manifest.json. Lists are left out: it knows one image per name.
std::string docker_json(const std::vector<ImageName>& names, const std::vector<ImageTree>& trees);

// The images that index.json names. Throws Error when one has no name.
std::vector<ArchivedImage> read_index(const std::string& index_json);

}  // namespace cctl
