#include "apply/ledger.hpp"

#include <algorithm>

#include "model/base64.hpp"
#include "model/cut.hpp"
#include "model/manifest_json.hpp"
#include "model/path.hpp"
#include "plan/member_ids.hpp"
#include "plan/merge.hpp"
#include "plan/owned.hpp"
#include "plan/spec_json.hpp"

namespace cctl {
namespace {

constexpr const char* kHome = "/var/lib/clusterctl";

// Every directory that writing these may make.
std::vector<std::string> directories_needed(const std::vector<DirectorySpec>& directories,
                                            const std::vector<FileSpec>& files) {
  std::set<std::string> out;
  auto add_above = [&](const std::string& path) {
    for (auto& parent : above(path)) out.insert(parent);
  };
  for (const auto& dir : directories) out.insert(dir.path), add_above(dir.path);
  for (const auto& file : files) add_above(file.path);
  return {out.begin(), out.end()};
}

FileSpec as_it_was(const std::string& path, const std::string& bytes, const std::string& mode, const std::string& owner,
                   bool in_place = false) {
  FileSpec file;
  file.in_place = in_place;
  file.path = path;
  file.content = bytes;
  file.mode = mode;
  file.owner = owner;
  return file;
}

std::map<std::string, std::string> digests(const Instance& instance) {
  std::map<std::string, std::string> out;
  for (const auto& file : instance.files) out[file.path] = sha256_hex(file.content);
  return out;
}

bool others_changed(const ManifestFile& ours, const SurveyedFile& now) {
  return now.exists && sha256_hex(now.bytes) != ours.digest;
}

// What can no longer be read as what it was is left as others wrote it.
std::string without_our_part(const ManifestFile& ours, const std::string& now) {
  try {
    return unmerged(ours.merge, now, ours.part, from_base64(ours.replaced.value_or("")).value_or(""));
  } catch (const Error&) {
    return now;
  }
}

// What stands there when our part of a merged file goes; none: nothing.
std::optional<FileSpec> without_us(const std::string& path, const ManifestFile& ours, const SurveyedFile& now) {
  if (others_changed(ours, now))
    return as_it_was(path, without_our_part(ours, now.bytes), now.mode, now.owner, ours.in_place);
  if (!ours.replaced) return std::nullopt;
  return as_it_was(path, from_base64(*ours.replaced).value_or(""), ours.replaced_mode, ours.replaced_owner,
                   ours.in_place);
}

// A first start has nothing older to go back to, files that nobody reads break nothing, and what an engine does not
// start with is nothing to go back to.
bool has_way_back(const Step& step) {
  return step.action != Action::write && !step.engine && (step.action != Action::create || !step.previous_name.empty());
}

bool within_any(const std::string& path, const std::set<std::string>& directories) {
  return std::any_of(directories.begin(), directories.end(), [&](const std::string& d) { return within(path, d); });
}

}  // namespace

// Those of containers that the inventory no longer has, too.
std::set<std::string> Ledger::lent() const {
  std::set<std::string> out = lent_directories(desired_, host_);
  out.merge(lent_directories(manifest_));
  return out;
}

// The manifest comes with the first answer.
Task<Survey> Ledger::survey(std::vector<std::string> files, std::vector<std::string> directories) {
  if (!read_) files.push_back(manifest_path(cluster_));
  std::string script = survey_script(), input = survey_input(files, directories, lent());
  const CommandResult result = co_await shell_.run(std::move(script), std::move(input));
  if (result.exit_status != 0) throw Unchanged("cannot read the files that would be replaced: " + cut_text(result.err));
  Survey out = survey_from(result.out, files.size(), directories.size());
  if (!read_) {
    HeldManifest known = held(manifest_from_json(out.files.back().bytes), desired_, host_);
    manifest_ = std::move(known.ours);
    others_ = std::move(known.others);
    out.files.pop_back();
    read_ = true;
  }
  co_return out;
}

// The manifest is renamed into place before the files that it tells of.
Task<void> Ledger::put(std::vector<DirectorySpec> directories, std::vector<FileSpec> files) {
  DirectorySpec home;
  home.path = manifest_directory(cluster_);
  home.mode = "0700";
  directories.insert(directories.begin(), std::move(home));
  files.insert(files.begin(), as_it_was(manifest_path(cluster_), to_json(whole_of(manifest_, others_)), "0600", "0:0"));
  co_await shell_.put(std::move(directories), std::move(files), lent());
}

Task<void> Ledger::read() {
  if (read_) co_return;
  std::vector<std::string> files, directories;
  co_await survey(std::move(files), std::move(directories));
}

Task<void> Ledger::save() {
  std::vector<DirectorySpec> directories;
  std::vector<FileSpec> files;
  co_await put(std::move(directories), std::move(files));
}

// What an earlier run replaced stays the way back.
void Ledger::note_way_back(const std::string& component, const FileSpec& wanted, const SurveyedFile& now) {
  PendingFile before;
  if (now.exists) before = {to_base64(now.bytes), now.mode, now.owner, wanted.in_place};
  manifest_.pending[component].emplace(wanted.path, std::move(before));
}

void Ledger::note_file(const FileChange& change, const SurveyedFile& now) {
  const FileSpec& wanted = change.wanted;
  if (change.gone) return;  // forgotten once it is done: applied()
  const bool ours = manifest_.files.count(wanted.path) > 0;
  ManifestFile& entry = manifest_.files[wanted.path];
  entry.digest = sha256_hex(wanted.content);
  entry.merge = wanted.merge;
  entry.part = change.part;
  entry.in_place = wanted.in_place;
  if (!now.exists || ours) return;
  entry.replaced = to_base64(now.bytes);
  entry.replaced_mode = now.mode;
  entry.replaced_owner = now.owner;
}

Task<Undo> Ledger::write(const Instance& instance, const Step& step) {
  std::vector<FileSpec> files;
  std::vector<const FileChange*> changes;
  std::vector<std::string> paths;
  for (const auto& change : step.files) {
    if (!change.write) continue;
    changes.push_back(&change);
    files.push_back(change.wanted);
    paths.push_back(change.wanted.path);
  }
  std::vector<std::string> directories = directories_needed(instance.directories, files);
  std::vector<std::string> asked = directories;
  const Survey now = co_await survey(std::move(paths), std::move(asked));
  // Files that others write, too, are never taken further back than this run.
  if (!step.unproven || !instance.has_container()) manifest_.pending.erase(instance.component);
  // Only its gate ends that: what it leaves behind, should it fail, is no data of an ensemble.
  if (step.begins) manifest_.beginning.insert(instance.component);
  const Manifest before = manifest_;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (has_way_back(step)) note_way_back(instance.component, files[i], now.files[i]);
    note_file(*changes[i], now.files[i]);
  }
  Undo undo = undo_of(instance.component, before);
  for (std::size_t i = 0; i < directories.size(); ++i)
    if (!now.directories[i]) manifest_.made_dirs.insert(directories[i]);
  for (const auto& dir : instance.directories) {
    if (!dir.data) continue;
    auto& data = manifest_.data_dirs[instance.component];
    if (std::find(data.begin(), data.end(), dir.path) == data.end()) data.push_back(dir.path);
  }
  note_reading(instance, step.action == Action::create);
  std::vector<DirectorySpec> wanted_directories = instance.directories;
  for (auto& dir : wanted_directories) dir.ours = manifest_.made_dirs.count(dir.path) > 0;
  try {
    co_await put(std::move(wanted_directories), std::move(files));
  } catch (const Unchanged&) {
    manifest_ = before;
    throw;
  }
  co_return undo;
}

// Files that an earlier run replaced have the digests of then again, too: that is what the old container has read.
Undo Ledger::undo_of(const std::string& component, Manifest before) const {
  Undo out;
  const auto earlier = before.pending.find(component);
  if (const auto pending = manifest_.pending.find(component); pending != manifest_.pending.end())
    for (const auto& [path, file] : pending->second) {
      const std::string bytes = from_base64(file.replaced.value_or("")).value_or("");
      if (file.replaced)
        out.replaced.push_back(as_it_was(path, bytes, file.mode, file.owner, file.in_place));
      else
        out.created.push_back(path);
      if (earlier == before.pending.end() || !earlier->second.count(path)) continue;
      auto& read = before.applied[component];
      if (file.replaced) {
        before.files[path].digest = read[path] = sha256_hex(bytes);
      } else {
        before.files.erase(path);
        read.erase(path);
      }
    }
  before.pending.erase(component);
  out.before = std::move(before);
  return out;
}

Task<std::optional<Undo>> Ledger::way_back(const Instance& instance, const Step& step) {
  if (!step.unproven) co_return std::nullopt;
  co_await read();
  co_return undo_of(instance.component, manifest_);
}

Task<void> Ledger::passed(const Instance& instance) {
  co_await read();
  const auto forgotten = manifest_.pending.erase(instance.component) + manifest_.beginning.erase(instance.component);
  if (forgotten > 0) co_await save();
}

// A container that is yet to be made reads what is there by then. One that exists has its entry from now on, so that
// the next run knows what it has not read, should this one end early.
void Ledger::note_reading(const Instance& instance, bool no_container) {
  note_spec(instance);
  auto& known = manifest_.applied[instance.component];
  if (no_container) known = digests(instance);
}

// True when it was another. Marathon itself keeps what an app was.
bool Ledger::note_spec(const Instance& instance) {
  if (instance.app.used()) return false;
  std::string& known = manifest_.specs[instance.component];
  if (known == instance.spec_json &&
      (instance.members.empty() || manifest_.members[instance.component] == instance.members))
    return false;
  known = instance.spec_json;
  if (instance.members.empty()) return true;
  Members& members = manifest_.members[instance.component];
  auto& ids = manifest_.ids[instance.component];
  note_ids(ids, members);
  members = instance.members;
  note_ids(ids, members);
  if (ids.empty()) manifest_.ids.erase(instance.component);
  return true;
}

Task<void> Ledger::applied(const Instance& instance, const Step& step) {
  co_await read();
  for (const auto& change : step.files)
    if (change.gone) manifest_.files.erase(change.wanted.path);
  auto now = digests(instance);
  auto& known = manifest_.applied[instance.component];
  const bool new_spec = note_spec(instance);
  if (known == now && !new_spec) co_return;
  known = std::move(now);
  co_await save();
}

Task<void> Ledger::undo(Undo undo) {
  undo.before.made_dirs.insert(manifest_.made_dirs.begin(), manifest_.made_dirs.end());
  undo.before.data_dirs.insert(manifest_.data_dirs.begin(), manifest_.data_dirs.end());
  std::vector<std::string> no_trees, no_directories;
  co_await remove(std::move(undo.created), std::move(no_trees), std::move(no_directories));
  manifest_ = std::move(undo.before);
  std::vector<DirectorySpec> directories;
  co_await put(std::move(directories), std::move(undo.replaced));
}

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

Task<std::vector<std::string>> Ledger::remove(std::vector<std::string> files, std::vector<std::string> trees,
                                              std::vector<std::string> directories) {
  std::string script = clear_script(), input = clear_input(files, trees, directories, lent());
  if (input.empty()) co_return std::vector<std::string>{};
  const CommandResult result = co_await shell_.work(std::move(script), std::move(input));
  if (result.exit_status != 0) throw Error("cannot remove what was written: " + cut_text(result.err));
  co_return kept_from(result.out);
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
