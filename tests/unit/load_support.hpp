// Inventories as text, for the tests of load/.
#pragma once
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "load/load.hpp"
#include "source_dir.hpp"

namespace cctl::test {

inline const std::string small_data = std::string(cctl::test::source_dir) + "/tests/unit/data/load";

// A directory that goes away with the test.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "cctl-load-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string file(const std::string& name, const std::string& text) const {
    const std::filesystem::path path = std::filesystem::path(path_) / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  const std::string& path() const { return path_; }

  // The scratch directory is called nothing in what is compared.
  std::string without_path(std::string text) const {
    for (auto at = text.find(path_ + "/"); at != text.npos; at = text.find(path_ + "/"))
      text.erase(at, path_.size() + 1);
    return text;
  }

 private:
  std::string path_;
};

inline LoadResult load_text(const std::string& text, const std::map<std::string, std::string>& versions = {}) {
  const Scratch scratch;
  return load(scratch.file("inventory.yml", text), small_data, versions);
}

inline std::string described(const std::string& text, const std::map<std::string, std::string>& versions = {}) {
  const Scratch scratch;
  return scratch.without_path(describe(load(scratch.file("inventory.yml", text), small_data, versions).mistakes));
}

// The first line alone, without the place: enough where a table is about texts.
inline std::string first_text(const std::string& text) {
  const LoadResult result = load_text(text);
  return result.mistakes.empty() ? "" : result.mistakes.front().text;
}

}  // namespace cctl::test
