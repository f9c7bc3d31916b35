// From YAML to the model: the only room that knows yaml-cpp. Reads files, opens no connection.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "model/inventory.hpp"
#include "model/mistake.hpp"
#include "model/playbook.hpp"
#include "model/sources.hpp"

namespace cctl {

struct LoadResult {
  Sources sources;
  std::vector<Mistake> mistakes;  // errors and warnings, in file order; with an error `sources` must not be used
  bool ok() const;
};

// `versions` replaces versions of the inventory (upgrade). `data_dir` holds playbooks/ and images/.
// An `extra_playbooks` directory is read after the data directory's own.
LoadResult load(const std::string& inventory_path, const std::string& data_dir,
                const std::map<std::string, std::string>& versions = {}, const std::string& extra_playbooks = "");

// "inventory.yml:14:7: unknown key ..." then the line and a caret under the column, for each mistake.
std::string describe(const std::vector<Mistake>& mistakes);

// The text of `inventory_path` with new versions in place, comments and layout kept; keys that are not there are added
// under `versions:`. Throws Error when the file has changed in a way that makes it impossible.
std::string with_versions(const std::string& inventory_text, const std::map<std::string, std::string>& versions);

}  // namespace cctl
