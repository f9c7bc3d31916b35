#include "load/version_keys.hpp"

#include <algorithm>
#include <filesystem>

#include "load/playbook.hpp"

namespace cctl {

std::map<std::string, std::vector<std::string>> version_keys(const std::string& data_dir) {
  std::map<std::string, std::vector<std::string>> keys;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(data_dir + "/playbooks", failed)) {
    if (entry.path().extension() != ".yml") continue;
    Mistakes mistakes;
    const Tree tree = parse_yaml_file(entry.path().string(), mistakes);
    const Tree* component = tree.find("component");
    const Tree* owner = tree.find("part_of");
    const Tree* key = tree.find("version_key");
    if (!component || component->text.empty() || !has_image(tree)) continue;
    keys[key ? key->text : owner ? owner->text : component->text].push_back(component->text);
  }
  for (auto& [key, components] : keys) std::sort(components.begin(), components.end());
  return keys;
}

}  // namespace cctl
