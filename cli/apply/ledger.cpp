#include "apply/ledger.hpp"

#include <algorithm>

#include "model/base64.hpp"
#include "model/cut.hpp"
#include "model/manifest_json.hpp"
#include "model/path.hpp"
#include "plan/member_ids.hpp"
#include "plan/owned.hpp"
#include "plan/spec_json.hpp"
#include "plan/theirs.hpp"

namespace cctl {
namespace {

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

std::map<std::string, std::string> digests(const Instance& instance) {
  std::map<std::string, std::string> out;
  for (const auto& file : instance.files) out[file.path] = sha256_hex(file.content);
  return out;
}

// A first start has nothing older to go back to, files that nobody reads break nothing, and what an engine does not
// start with is nothing to go back to.
bool has_way_back(const Step& step) {
  return about(step.action).way_back && !step.engine && !is_first(step);
}

}  // namespace

FileSpec as_it_was(const std::string& path, const std::string& bytes, const std::string& mode, const std::string& owner,
                   bool in_place) {
  FileSpec file;
  file.in_place = in_place;
  file.path = path;
  file.content = bytes;
  file.mode = mode;
  file.owner = owner;
  return file;
}

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
  CommandResult result;
  try {
    result = co_await shell_.run(std::move(script), std::move(input));
  } catch (const Error& e) {
    throw Unchanged(e.what());  // it only looks
  }
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
  std::optional<std::string> replaced;
  if (now.exists) replaced = now.bytes;
  // Of a file that we share with others, what they wrote since we came is theirs.
  const bool shared = ours && entry.merge != Merge::none && entry.merge == wanted.merge;
  if (shared && now.exists) replaced = theirs(entry, now.bytes);
  if (shared && !replaced) entry.replaced.reset();
  if (replaced && (shared || !ours)) {
    if (!entry.replaced) entry.replaced_mode = now.mode, entry.replaced_owner = now.owner;
    entry.replaced = to_base64(*replaced);
  }
  entry.digest = sha256_hex(wanted.content);
  if (wanted.merge != Merge::none) entry.before = now.exists ? sha256_hex(now.bytes) : "";
  entry.merge = wanted.merge;
  entry.part = change.part;
  entry.in_place = wanted.in_place;
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
  if (!step.unproven || !instance.container()) manifest_.pending.erase(instance.component);
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
  if (is_first(step) && !instance.ports.empty()) manifest_.ports[instance.component] = instance.ports;
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
  bool other = manifest_.pending.erase(instance.component) + manifest_.beginning.erase(instance.component) > 0;
  if (instance.container() && !instance.ports.empty()) {
    auto& known = manifest_.ports[instance.component];
    other = other || known != instance.ports;
    known = instance.ports;
  }
  if (other) co_await save();
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
  if (instance.app()) return false;
  std::string& known = manifest_.specs[instance.component];
  if (known == instance.spec_json &&
      (instance.members.empty() || manifest_.members[instance.component] == instance.members))
    return false;
  known = instance.spec_json;
  if (!instance.goes_by.empty()) manifest_.names[instance.component] = instance.goes_by;
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

Task<std::vector<std::string>> Ledger::remove(std::vector<std::string> files, std::vector<std::string> trees,
                                              std::vector<std::string> directories) {
  std::string script = clear_script(), input = clear_input(files, trees, directories, lent());
  if (input.empty()) co_return std::vector<std::string>{};
  const CommandResult result = co_await shell_.work(std::move(script), std::move(input));
  if (result.exit_status != 0) throw Error("cannot remove what was written: " + cut_text(result.err));
  co_return kept_from(result.out);
}

}  // namespace cctl
