#include "sandbox/layout.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "model/error.hpp"
#include "model/local_file.hpp"
#include "model/path.hpp"
#include "model/read_local.hpp"
#include "model/shell_words.hpp"

namespace cctl {
namespace {

namespace fs = std::filesystem;

constexpr int most_of_a_role = 60;

// FNV-1a: short, the same on every machine, and a clash only makes two directories share a name.
std::string id_of(const std::string& dir) {
  unsigned hash = 2166136261u;
  for (const char c : dir) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return fmt::format("{:08x}", hash);
}

// A cluster name from a directory's: lower case letters, digits and dashes, not starting with a dash.
std::string cluster_of(const fs::path& dir) {
  std::string name;
  for (char c : dir.filename().string()) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain || !name.empty()) name += plain ? c : '-';
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  return name.empty() || name[0] < 'a' ? "sandbox" + name : name;
}

void add(std::vector<SandboxNode>& out, const Layout& l, const char* role, const char* word, int count, int first) {
  for (int i = 0; i < count; ++i) {
    const std::string name = fmt::format("{}{}", word, 1 + i);
    out.push_back({name, role, fmt::format("{}.{}", l.subnet, first + i), l.prefix() + "-" + name});
  }
}

bool set(int& value, const std::optional<int>& wanted, const char* role) {
  if (!wanted || *wanted == value) return false;
  if (*wanted < 0 || *wanted > most_of_a_role) {
    throw Error(fmt::format("--{} {}: a sandbox has 0 to {} of a role", role, *wanted, most_of_a_role), 2);
  }
  value = *wanted;
  return true;
}

}  // namespace

std::vector<SandboxNode> Layout::nodes() const {
  std::vector<SandboxNode> out;
  add(out, *this, "masters", "master", masters, 11);
  add(out, *this, "slaves", "slave", slaves, 81);
  add(out, *this, "lbs", "lb", lbs, 151);
  return out;
}

Layout read_layout(const std::string& dir) {
  Layout out;
  out.dir = normal_path(behind_links(fs::absolute(dir).string()));
  out.id = id_of(out.dir);
  out.cluster = cluster_of(out.dir);
  constexpr std::size_t longest = 1 << 20;
  const LocalText read = read_own(out.dir + "/sandbox.json", longest);
  if (read.error == ENOENT || read.error == ENOTDIR) return out;
  if (!read) throw Error(fmt::format("{}/sandbox.json cannot be read: {}", out.dir, read.fault));
  try {
    const nlohmann::json kept = nlohmann::json::parse(read.text);
    out.masters = kept.at("masters");
    out.slaves = kept.at("slaves");
    out.lbs = kept.at("lbs");
    out.subnet = kept.at("subnet");
    out.images = kept.at("images");
  } catch (const nlohmann::json::exception& e) {
    throw Error(fmt::format("{}/sandbox.json cannot be read ({}); delete it and run clusterctl sandbox up again",
                            out.dir, e.what()));
  }
  out.existed = true;
  return out;
}

void write_layout(const Layout& layout) {
  const nlohmann::json kept = {{"masters", layout.masters}, {"slaves", layout.slaves}, {"lbs", layout.lbs},
                               {"subnet", layout.subnet},   {"images", layout.images}, {"id", layout.id}};
  write_local(layout.dir + "/sandbox.json", kept.dump(2) + "\n");
}

bool reshape(Layout& layout, const SandboxOptions& options) {
  bool changed = set(layout.masters, options.masters, "masters");
  changed |= set(layout.slaves, options.slaves, "slaves");
  changed |= set(layout.lbs, options.lbs, "lbs");
  if (!options.images.empty() && options.images != layout.images) {
    if (layout.existed) {
      throw Error(fmt::format("the sandbox in {} takes its images from {}; clusterctl sandbox down --dir {} first",
                              layout.dir, layout.images, shell_word(layout.dir)),
                  2);
    }
    layout.images = options.images;
    changed = true;
  }
  return changed;
}

}  // namespace cctl
