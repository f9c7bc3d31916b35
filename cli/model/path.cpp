#include "model/path.hpp"

#include <filesystem>

namespace cctl {

bool within(const std::string& path, const std::string& directory) {
  return path == directory || path.compare(0, directory.size() + 1, directory + "/") == 0;
}

std::string normal_path(const std::string& path) {
  return std::filesystem::path(path + "/").lexically_normal().parent_path().string();
}

std::vector<std::string> above(const std::string& path) {
  std::vector<std::string> out;
  for (auto end = path.rfind('/'); end != std::string::npos && end > 0; end = path.rfind('/', end - 1))
    out.push_back(path.substr(0, end));
  return out;
}

}  // namespace cctl
