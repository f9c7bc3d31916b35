// What of ours goes from a host, and what comes back in its place.
#include <algorithm>

#include "apply/ledger.hpp"
#include "model/manifest_json.hpp"
#include "model/path.hpp"
#include "plan/manifest_notes.hpp"

namespace cctl {
namespace {

constexpr const char* kHome = "/var/lib/clusterctl";

// What stands there when our part of the file goes; none: nothing.
std::optional<FileSpec> without_us(const std::string& path, const ManifestFile& ours, const SurveyedFile& now) {
  const FileSpec there = as_it_was(path, now.bytes, now.mode, now.owner);
  return without_ours(path, ours, now.exists ? &there : nullptr);
}

bool within_any(const std::string& path, const std::set<std::string>& directories) {
  return std::any_of(directories.begin(), directories.end(), [&](const std::string& d) { return within(path, d); });
}

}  // namespace

Task<bool> Ledger::withdraw(const Instance& instance) {
  co_await read();
  std::vector<std::string> paths, none;
  for (const auto& file : instance.files)
    if (const auto ours = manifest_.files.find(file.path);
        ours != manifest_.files.end() && ours->second.merge != Merge::none)
      paths.push_back(file.path);
  if (paths.empty()) co_return false;
  std::vector<std::string> asked = paths, gone, no_trees, no_directories;
  const Survey now = co_await survey(std::move(asked), std::move(none));
  std::vector<FileSpec> back;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (auto theirs = without_us(paths[i], manifest_.files.at(paths[i]), now.files[i]))
      back.push_back(std::move(*theirs));
    else
      gone.push_back(paths[i]);
    manifest_.files.erase(paths[i]);
  }
  manifest_.applied.erase(instance.component);
  manifest_.pending.erase(instance.component);
  co_await remove(std::move(gone), std::move(no_trees), std::move(no_directories));
  std::vector<DirectorySpec> directories;
  co_await put(std::move(directories), std::move(back));
  co_return true;
}

// What lies in a data directory stays with the data: an id file there decides who the member is.
Task<void> Ledger::clear(std::vector<std::string> data_directories, bool data) {
  co_await read();
  std::set<std::string> kept_data(data_directories.begin(), data_directories.end());
  for (const auto& [component, dirs] : manifest_.data_dirs) kept_data.insert(dirs.begin(), dirs.end());
  std::vector<FileSpec> back;
  std::vector<std::string> files, shared;
  for (const auto& [path, file] : manifest_.files)
    if (file.merge != Merge::none) shared.push_back(path);
  std::vector<std::string> asked = shared, none;
  const Survey now = co_await survey(std::move(asked), std::move(none));
  for (const auto& [path, file] : manifest_.files) {
    if (within_any(path, kept_data)) continue;
    const auto at = std::find(shared.begin(), shared.end(), path);
    const SurveyedFile unseen;
    const auto& seen = at == shared.end() ? unseen : now.files[static_cast<std::size_t>(at - shared.begin())];
    if (auto theirs = without_us(path, file, seen))
      back.push_back(std::move(*theirs));
    else
      files.push_back(path);
  }
  std::vector<DirectorySpec> no_directories;
  if (!back.empty()) co_await shell_.put(std::move(no_directories), std::move(back), lent());
  std::vector<std::string> trees, directories(manifest_.made_dirs.rbegin(), manifest_.made_dirs.rend());
  if (data) trees.assign(kept_data.begin(), kept_data.end());
  const std::vector<std::string> kept = co_await remove(std::move(files), std::move(trees), std::move(directories));
  Manifest left;
  // Data says which members its ensemble has, and an id of then is nobody else's.
  if (!data) left.data_dirs = manifest_.data_dirs, left.members = manifest_.members, left.ids = manifest_.ids;
  left.made_dirs = {kept.begin(), kept.end()};
  manifest_ = std::move(left);
  if (!manifest_.data_dirs.empty() || !others_.files.empty() || !others_.data_dirs.empty()) {
    co_await save();
    co_return;
  }
  // What holds the lock of this run stays until it ends: lease_script().
  std::vector<std::string> manifest{manifest_path(cluster_)}, no_trees, home{manifest_directory(cluster_), kHome};
  co_await remove(std::move(manifest), std::move(no_trees), std::move(home));
}

}  // namespace cctl
