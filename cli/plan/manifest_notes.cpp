#include "plan/manifest_notes.hpp"

#include <algorithm>

#include "model/base64.hpp"
#include "plan/member_ids.hpp"
#include "plan/spec_json.hpp"
#include "plan/theirs.hpp"

namespace cctl {
namespace {

std::map<std::string, std::string> digests(const Instance& instance) {
  std::map<std::string, std::string> out;
  for (const auto& file : instance.files) out[file.path] = sha256_hex(file.content);
  return out;
}

// True when it was another. Marathon itself keeps what an app was.
bool note_spec(Manifest& manifest, const Instance& instance) {
  if (instance.app()) return false;
  std::string& known = manifest.specs[instance.component];
  if (known == instance.spec_json &&
      (instance.members.empty() || manifest.members[instance.component] == instance.members))
    return false;
  known = instance.spec_json;
  if (!instance.goes_by.empty()) manifest.names[instance.component] = instance.goes_by;
  if (instance.members.empty()) return true;
  Members& members = manifest.members[instance.component];
  auto& ids = manifest.ids[instance.component];
  note_ids(ids, members);
  members = instance.members;
  note_ids(ids, members);
  if (ids.empty()) manifest.ids.erase(instance.component);
  return true;
}

}  // namespace

void note_file(Manifest& manifest, const FileChange& change, const PendingFile& before) {
  const FileSpec& wanted = change.wanted;
  if (change.gone) return;
  const bool ours = manifest.files.count(wanted.path) > 0;
  ManifestFile& entry = manifest.files[wanted.path];
  std::optional<std::string> replaced = before.replaced;
  const std::string now = from_base64(before.replaced.value_or("")).value_or("");
  // Of a file that we share with others, what they wrote since we came is theirs.
  const bool shared = ours && entry.merge != Merge::none && entry.merge == wanted.merge;
  if (shared && replaced) {
    const auto left = theirs(entry, now);
    replaced = left ? std::optional(to_base64(*left)) : std::nullopt;
  }
  if (shared && !replaced) entry.replaced.reset();
  if (replaced && (shared || !ours)) {
    if (!entry.replaced) entry.replaced_mode = before.mode, entry.replaced_owner = before.owner;
    entry.replaced = replaced;
  }
  entry.digest = sha256_hex(wanted.content);
  if (wanted.merge != Merge::none) entry.before = before.replaced ? sha256_hex(now) : "";
  entry.merge = wanted.merge;
  entry.part = change.part;
  entry.in_place = wanted.in_place;
}

void note_data(Manifest& manifest, const Instance& instance) {
  for (const auto& dir : instance.directories) {
    if (!dir.data) continue;
    auto& data = manifest.data_dirs[instance.component];
    if (std::find(data.begin(), data.end(), dir.path) == data.end()) data.push_back(dir.path);
  }
}

void note_reading(Manifest& manifest, const Instance& instance, bool no_container) {
  note_spec(manifest, instance);
  auto& known = manifest.applied[instance.component];
  if (no_container) known = digests(instance);
}

bool note_applied(Manifest& manifest, const Instance& instance, const Step& step) {
  for (const auto& change : step.files)
    if (change.gone) manifest.files.erase(change.wanted.path);
  auto now = digests(instance);
  auto& known = manifest.applied[instance.component];
  const bool other = note_spec(manifest, instance) || known != now;
  known = std::move(now);
  return other;
}

bool note_passed(Manifest& manifest, const Instance& instance) {
  bool other = manifest.pending.erase(instance.component) + manifest.beginning.erase(instance.component) > 0;
  if (!instance.container() || instance.ports.empty()) return other;
  auto& known = manifest.ports[instance.component];
  other = other || known != instance.ports;
  known = instance.ports;
  return other;
}

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

std::optional<FileSpec> without_ours(const std::string& path, const ManifestFile& ours, const FileSpec* now) {
  if (now && others_changed(ours, now->content)) {
    const auto left = theirs(ours, now->content);
    if (!left) return std::nullopt;
    return as_it_was(path, *left, now->mode, now->owner, ours.in_place);
  }
  if (!ours.replaced) return std::nullopt;
  return as_it_was(path, from_base64(*ours.replaced).value_or(""), ours.replaced_mode, ours.replaced_owner,
                   ours.in_place);
}

}  // namespace cctl
