#include "apply/ledger.hpp"

#include <algorithm>

#include "model/base64.hpp"
#include "model/cut.hpp"
#include "model/manifest_json.hpp"
#include "model/path.hpp"
#include "plan/manifest_notes.hpp"
#include "plan/owned.hpp"
#include "plan/spec_json.hpp"

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

// A first start has nothing older to go back to, files that nobody reads break nothing, and what an engine does not
// start with is nothing to go back to.
bool has_way_back(const Step& step) {
  return about(step.action).way_back && !step.engine && !is_first(step);
}

PendingFile stood_there(const SurveyedFile& now, const FileSpec& wanted) {
  if (!now.exists) return {};
  return {to_base64(now.bytes), now.mode, now.owner, wanted.in_place};
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
    const PendingFile stood = stood_there(now.files[i], files[i]);
    // What an earlier run replaced stays the way back.
    if (has_way_back(step)) manifest_.pending[instance.component].emplace(files[i].path, stood);
    note_file(manifest_, *changes[i], stood);
  }
  Undo undo = undo_of(instance.component, before);
  for (std::size_t i = 0; i < directories.size(); ++i)
    if (!now.directories[i]) manifest_.made_dirs.insert(directories[i]);
  note_data(manifest_, instance);
  note_reading(manifest_, instance, step.action == Action::create);
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
  if (note_passed(manifest_, instance)) co_await save();
}

Task<void> Ledger::applied(const Instance& instance, const Step& step) {
  co_await read();
  if (note_applied(manifest_, instance, step)) co_await save();
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
