#include "model/forgotten.hpp"

#include "model/manifest_json.hpp"
#include "model/prepared_json.hpp"

namespace cctl {

std::vector<std::string> forgotten_on(const std::string& cluster, const ObservedHost& host) {
  std::vector<std::string> out;
  if (host.manifest.damaged)
    out.push_back(manifest_path(cluster) +
                  " cannot be read: what was written there before is not known, and down leaves it");
  if (host.prepared_damaged)
    out.push_back(prepared_path(cluster) +
                  " cannot be read: how the host was prepared is not known, and down leaves it so");
  return out;
}

}  // namespace cctl
