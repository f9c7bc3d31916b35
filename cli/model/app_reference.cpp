#include "model/app_reference.hpp"

#include <algorithm>

namespace cctl {

std::string app_reference(const std::string& id, const std::string& name) {
  std::string path = name, group = id.substr(0, id.rfind('/'));
  for (; path.starts_with("../"); path.erase(0, 3)) group.resize(std::min(group.rfind('/'), group.size()));
  path = path.starts_with('/') ? path : group + "/" + path;
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

bool is_in(const std::string& id, const std::string& path) {
  return id == path || path == "/" || id.starts_with(path + "/");
}

}  // namespace cctl
