#include "plan/file_changes.hpp"

#include <algorithm>
#include <utility>

#include "model/base64.hpp"
#include "model/path.hpp"
#include "model/shell_words.hpp"
#include "plan/engine_words.hpp"
#include "plan/entries.hpp"
#include "plan/merge.hpp"
#include "plan/spec_json.hpp"
#include "plan/theirs.hpp"

namespace cctl {
namespace {

constexpr std::size_t kMostRead = 1 << 20;  // of a file: what is larger could not be compared again

std::string mending(const Instance& instance, const std::string& path) {
  return "on " + instance.host + ": mend it, or move it away (mv " + shell_word(path) + " " +
         shell_word(path + ".old") + ")";
}

// Made anew from what is not ours, so that what the inventory no longer says goes. What others have changed since
// stays byte for byte where our part, which is still the same, is in it.
std::string with_our_part(const FileSpec& wanted, const ObservedHost& host, const Instance& instance,
                          const std::string& now) {
  const auto ours = host.manifest.files.find(wanted.path);
  std::string base = now;
  if (ours != host.manifest.files.end() && ours->second.merge == wanted.merge &&
      (ours->second.part != wanted.content || !others_changed(ours->second, now)))
    base = theirs(ours->second, now).value_or("");
  std::string what;
  try {
    std::string out = merged(wanted.merge, base, wanted.content);
    if (out.size() <= kMostRead || out == now) return out;
    what = "would be larger than 1 MiB with ours in it";
  } catch (const Error& e) {
    what = e.what();
  }
  throw Incomparable({instance.host, instance.component, wanted.path + " " + what, mending(instance, wanted.path)});
}

// Whether what reads it has read these bytes, or nothing does.
bool is_read(const FileSpec& wanted, const ObservedHost& host, const Instance& instance, bool has_reader) {
  const auto applied = host.manifest.applied.find(instance.component);
  if (!has_reader || applied == host.manifest.applied.end()) return true;
  const auto read = applied->second.find(wanted.path);
  return read != applied->second.end() && read->second == sha256_hex(wanted.content);
}

// Whether the file differs, or is right but was written after what reads it had started.
bool changed(const FileSpec& wanted, const ObservedHost& host, const Instance& instance, bool has_reader,
             FileChange& out) {
  out.wanted = wanted;
  const auto seen = host.files.find(wanted.path);
  out.exists = seen != host.files.end() && seen->second.exists;
  if (out.exists) {
    out.before = seen->second.content;
    out.before_mode = seen->second.mode;
    out.before_owner = seen->second.owner;
    out.link = seen->second.link;
  }
  const std::string digest = sha256_hex(wanted.content);
  if (wanted.merge != Merge::none) {
    if (out.exists && seen->second.unread && !seen->second.is_directory && out.link.empty())
      throw Incomparable({instance.host, instance.component,
                          wanted.path + " cannot be read, or is larger than 1 MiB: ours cannot be merged into it",
                          mending(instance, wanted.path), false});
    out.part = wanted.content;
    out.wanted.content = with_our_part(wanted, host, instance, out.before);
    const bool closed = wanted.mode.ends_with("00");  // our part has secrets
    if (out.exists && out.link.empty() && !closed)
      out.wanted.mode = seen->second.mode, out.wanted.owner = seen->second.owner;
    if (const auto why = why_not_named(out.wanted.content, wanted.content, wanted.named_keys);
        !why.empty() && seen != host.files.end())
      throw Incomparable({instance.host, instance.component,
                          wanted.path + ": " + why + ": its program, or what that runs, would not start with it",
                          mending(instance, wanted.path)});
    if (!out.exists || out.wanted.content != out.before) return true;
  }
  if (!out.exists || !out.link.empty()) return true;
  if (wanted.once) return false;
  if (wanted.merge == Merge::none && wanted.in_place) {
    if (out.before != wanted.content) return true;
  } else if (wanted.merge == Merge::none) {
    if (seen->second.digest != digest) return true;
    if (seen->second.mode != wanted.mode || seen->second.owner != wanted.owner) {
      // The program has read these bytes, and need not be stopped for who may read them from now on.
      const bool stops = wanted.on_change == OnChange::restart || wanted.on_change == OnChange::recreate;
      if (stops && is_read(wanted, host, instance, has_reader)) out.wanted.on_change = OnChange::none;
      return true;
    }
  }
  out.write = false;
  return !is_read(wanted, host, instance, has_reader);
}

// What its container has read, and nothing of this host wants any more. Data stays what it is.
std::vector<FileChange> no_longer_wanted(const Instance& instance, const ObservedHost& host,
                                         const std::set<std::string>& wanted) {
  std::vector<FileChange> out;
  const auto applied = host.manifest.applied.find(instance.component);
  if (instance.app() || applied == host.manifest.applied.end()) return out;
  for (const auto& [path, digest] : applied->second) {
    const auto is_data = [&, &file = path](const DirectorySpec& dir) { return dir.data && within(file, dir.path); };
    if (wanted.count(path) || std::any_of(instance.directories.begin(), instance.directories.end(), is_data)) continue;
    const auto ours = host.manifest.files.find(path);
    if (ours == host.manifest.files.end() || ours->second.merge != Merge::none) continue;
    const ManifestFile& file = ours->second;
    FileChange change;
    change.gone = change.exists = true;
    change.wanted.path = path;
    const auto* container = instance.container();
    change.wanted.on_change = container && !container->reload.empty() ? OnChange::reload : OnChange::none;
    change.wanted.absent = !file.replaced;
    if (file.replaced) {
      change.wanted.content = from_base64(*file.replaced).value_or("");
      change.wanted.mode = file.replaced_mode;
      change.wanted.owner = file.replaced_owner;
      change.wanted.in_place = file.in_place;
    }
    out.push_back(std::move(change));
  }
  return out;
}

}  // namespace

std::vector<FileChange> file_changes(const Instance& instance, const ObservedHost& host,
                                     const std::set<std::string>& wanted, bool has_reader) {
  std::vector<FileChange> out;
  for (const auto& f : instance.files)
    if (FileChange change; changed(f, host, instance, has_reader, change)) out.push_back(std::move(change));
  for (auto& change : no_longer_wanted(instance, host, wanted)) out.push_back(std::move(change));
  for (const auto& path : outlived_env_files(instance, host)) {
    FileChange change;
    change.gone = change.exists = change.wanted.absent = true;
    change.wanted.path = path;
    change.wanted.on_change = OnChange::none;  // the container is made anew without the variable
    out.push_back(std::move(change));
  }
  return out;
}

Action file_action(const std::vector<FileChange>& files) {
  static constexpr std::pair<OnChange, Action> strongest_first[] = {{OnChange::recreate, Action::recreate},
                                                                    {OnChange::restart, Action::restart},
                                                                    {OnChange::reload, Action::reload},
                                                                    {OnChange::none, Action::write}};
  for (const auto& [asked, action] : strongest_first)
    if (std::any_of(files.begin(), files.end(), [&, &how = asked](const auto& f) { return f.wanted.on_change == how; }))
      return action;
  return Action::none;
}

}  // namespace cctl
