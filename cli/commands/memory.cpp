#include "commands/memory.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "commands/out.hpp"
#include "model/error.hpp"
#include "model/local_file.hpp"
#include "model/outside_json.hpp"

namespace cctl {
namespace {

namespace fs = std::filesystem;

fs::path memory_file() {
  for (const auto& [variable, below] :
       {std::pair{"CLUSTERCTL_STATE_DIR", ""}, std::pair{"XDG_STATE_HOME", "clusterctl"},
        std::pair{"HOME", ".local/state/clusterctl"}}) {
    if (const char* dir = std::getenv(variable); dir && *dir) return fs::path(dir) / below / "clusters.json";
  }
  return {};
}

// What is remembered; a file that is missing or spoilt remembers nothing, which costs only the convenience.
nlohmann::json memory() {
  std::ifstream file(memory_file());
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const nlohmann::json kept = parse_outside(text).value;
  const bool sound = value_in(kept, "clusters").is_object() && value_in(kept, "last").is_string();
  return sound ? kept : nlohmann::json{{"last", ""}, {"clusters", nlohmann::json::object()}};
}

}  // namespace

void remember_inventory(const std::string& cluster, const std::string& path) {
  const fs::path file = memory_file();
  if (file.empty()) return;
  nlohmann::json kept = memory();
  kept["last"] = cluster;
  kept["clusters"][cluster] = fs::absolute(path).lexically_normal().string();
  try {
    write_local(file.string(), kept.dump(2) + "\n");
  } catch (const Error& e) {
    warn(fmt::format("{}: the next command will not know of {} without -i", e.what(), cluster));
  }
}

Memory remembered() {
  const nlohmann::json kept = memory();
  Memory out;
  out.last = kept["last"];
  for (const auto& [cluster, path] : kept["clusters"].items())
    if (path.is_string()) out.clusters[cluster] = path;
  return out;
}

}  // namespace cctl
