#include "model/path.hpp"

namespace cctl {

bool within(const std::string& path, const std::string& directory) {
  return path == directory || path.compare(0, directory.size() + 1, directory + "/") == 0;
}

}  // namespace cctl
