#include "model/path.hpp"

#include <filesystem>

namespace cctl {

bool within(const std::string& path, const std::string& directory) {
  return path == directory || path.compare(0, directory.size() + 1, directory + "/") == 0;
}

std::string normal_path(const std::string& path) {
  return std::filesystem::path(path + "/").lexically_normal().parent_path().string();
}

}  // namespace cctl
