#include "plan/after.hpp"

#include <algorithm>
#include <variant>

#include "model/base64.hpp"
#include "model/path.hpp"
#include "plan/entries.hpp"
#include "plan/guests.hpp"
#include "plan/kinds/kinds.hpp"
#include "plan/manifest_notes.hpp"
#include "plan/spec_json.hpp"

namespace cctl {
namespace {

std::string name_in_directory(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

void remove_file(const std::string& path, ObservedHost& host) {
  if (const auto file = host.files.find(path); file != host.files.end()) file->second = {};
  if (const auto listed = host.entries.find(parent_of(path)); listed != host.entries.end())
    std::erase_if(listed->second, [&](const ObservedEntry& e) { return e.name == name_in_directory(path); });
}

void put_file(const FileSpec& file, ObservedHost& host) {
  ObservedFile& there = host.files[file.path];
  there = {true, sha256_hex(file.content), file.mode, file.owner, file.content};
  const auto listed = host.entries.find(parent_of(file.path));
  if (listed == host.entries.end() || entry_at(host, file.path)) return;
  listed->second.push_back({name_in_directory(file.path), 'f', file.content.empty()});
}

PendingFile stood_there(const FileChange& change) {
  if (!change.exists) return {};
  return {to_base64(change.before), change.before_mode, change.before_owner, change.wanted.in_place};
}

bool is_there(const std::string& directory, const ObservedHost& host) {
  const auto seen = host.files.find(directory);
  return host.entries.count(directory) > 0 || (seen != host.files.end() && seen->second.exists);
}

// Directories that were not asked for count as made: that they are removed in the end is shown, and not done where
// they were there before.
void make_directories(const Instance& instance, ObservedHost& host) {
  for (const auto& dir : instance.directories) {
    if (!is_there(dir.path, host)) host.manifest.made_dirs.insert(dir.path);
    if (dir.data) host.files[dir.path].exists = true;
  }
  note_data(host.manifest, instance);
}

// As the ledger does it (apply/ledger.cpp).
void leave_files(const Step& step, const Instance& instance, ObservedHost& host) {
  Manifest& manifest = host.manifest;
  const bool writes = std::any_of(step.files.begin(), step.files.end(), [](const FileChange& f) { return f.write; }) ||
                      about(step.action).makes || step.action == Action::write;
  if (!about(step.action).keeps) {
    if (writes) make_directories(instance, host);
    for (const auto& change : step.files) {
      if (!change.write) continue;
      note_file(manifest, change, stood_there(change));
      change.wanted.absent ? remove_file(change.wanted.path, host) : put_file(change.wanted, host);
    }
    note_applied(manifest, instance, step);
  }
  if (writes || step.unproven) note_passed(manifest, instance);
}

std::set<std::string> data_of(const Leg& leg, const ObservedHost& host) {
  std::set<std::string> out;
  for (const auto& [component, directories] : host.manifest.data_dirs)
    out.insert(directories.begin(), directories.end());
  for (const auto& i : leg.desired.instances)
    for (const auto& dir : i.directories)
      if (i.host == host.name && dir.data) out.insert(dir.path);
  return out;
}

void remove_trees(const std::set<std::string>& trees, ObservedHost& host) {
  const auto gone = [&](const auto& at) {
    return std::any_of(trees.begin(), trees.end(), [&](const std::string& tree) { return within(at.first, tree); });
  };
  for (auto& file : host.files)
    if (gone(file)) file.second = {};
  std::erase_if(host.entries, gone);
}

// All that we wrote, and with it the data where that is asked for.
void leave_nothing(const Leg& leg, const Remains& remains, ObservedHost& host) {
  const std::set<std::string> data = data_of(leg, host);
  const auto in_data = [&](const std::string& path) {
    return std::any_of(data.begin(), data.end(), [&](const std::string& dir) { return within(path, dir); });
  };
  for (const auto& [path, file] : host.manifest.files) {
    if (in_data(path)) continue;
    const auto seen = host.files.find(path);
    std::optional<FileSpec> now;
    if (seen != host.files.end() && seen->second.exists && file.merge != Merge::none)
      now = as_it_was(path, seen->second.content, seen->second.mode, seen->second.owner);
    const auto theirs = without_ours(path, file, now ? &*now : nullptr);
    theirs ? put_file(*theirs, host) : remove_file(path, host);
  }
  Manifest left;
  if (!remains.data) {
    left.data_dirs = host.manifest.data_dirs, left.members = host.manifest.members, left.ids = host.manifest.ids;
    for (const auto& made : host.manifest.made_dirs)
      if (std::any_of(data.begin(), data.end(), [&](const std::string& dir) { return within(dir, made); }))
        left.made_dirs.insert(made);
  } else {
    remove_trees(data, host);
    std::set<std::string> ended;
    for (const auto* guest : ended_guests(leg.desired, host)) ended.insert(guest->id);
    std::erase_if(host.containers, [&](const ObservedContainer& c) { return ended.count(c.id) > 0; });
  }
  host.manifest = std::move(left);
  host.engine_info.clear();
}

void leave_preparation(const Step& step, const Preparation& preparation, ObservedHost& host) {
  if (step.action != Action::put_back) {
    if (!preparation.undo.empty()) host.prepared.push_back({step.component, step.reason, preparation.undo});
    return;
  }
  const auto& run = preparation.commands;
  std::erase_if(host.prepared, [&](const Prepared& done) {
    return std::all_of(done.undo.begin(), done.undo.end(),
                       [&](const auto& words) { return std::find(run.begin(), run.end(), words) != run.end(); });
  });
}

void leave_engine(ObservedHost& host) {
  host.docker_installed = true;
  host.engine_off = false;
  host.engine_error.clear();
  host.engine_log.clear();
  host.engine_way.clear();
}

void leave_step(const Leg& leg, const Step& step, ObservedHost& host) {
  if (step.engine) leave_engine(host);
  if (const auto* preparation = step.preparation()) return leave_preparation(step, *preparation, host);
  if (const auto* remains = step.remains()) return leave_nothing(leg, *remains, host);
  if (step.action == Action::pull) {
    host.images.insert(step.image());
    host.image_ids.erase(step.image());
    return;
  }
  const Instance* instance = leg.desired.find(step.host, step.component);
  if (step.action == Action::remove)
    std::erase_if(host.containers, [&](const ObservedContainer& c) { return c.name == step.previous_name; });
  else if (instance)
    leave_files(step, *instance, host);
  if (instance) std::visit([&](const auto& kind) { leave(step, *instance, kind, host); }, instance->resource);
}

}  // namespace

Observed after(const Leg& leg, const Observed& before) {
  Observed out = before;
  for (const auto& wave : leg.waves)
    for (const auto& step : wave.steps)
      if (const auto host = out.hosts.find(step.host); host != out.hosts.end() && host->second.reachable)
        leave_step(leg, step, host->second);
  return out;
}

}  // namespace cctl
