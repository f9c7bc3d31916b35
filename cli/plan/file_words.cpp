#include "plan/file_words.hpp"

#include "model/joined.hpp"
#include "plan/merge.hpp"

namespace cctl {
namespace {

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

bool same_bytes(const FileChange& f) {
  return f.before == f.wanted.content && !f.before_mode.empty() &&
         (f.before_mode != f.wanted.mode || f.before_owner != f.wanted.owner);
}

// " mode 0640 -> 0644"
std::string mode_change(const FileChange& f) {
  std::string out;
  if (f.before_mode != f.wanted.mode) out += " mode " + f.before_mode + " -> " + f.wanted.mode;
  if (f.before_owner != f.wanted.owner)
    out += std::string(out.empty() ? "" : ",") + " owner " + f.before_owner + " -> " + f.wanted.owner;
  return out;
}

}  // namespace

std::string file_reason(const std::vector<FileChange>& files) {
  std::vector<std::string> parts;
  for (const auto& f : files) {
    const std::string name = file_name(f.wanted.path);
    parts.push_back(f.gone            ? name + " is no longer wanted"
                    : !f.link.empty() ? name + " is a symbolic link of others"
                    : !f.exists       ? name + " is new"
                    : f.write         ? name + (same_bytes(f) ? mode_change(f) : " changed")
                                      : name + " changed, not yet read");
  }
  if (parts.size() > 3) {
    const auto more = parts.size() - 2;
    parts.resize(2);
    parts.push_back(std::to_string(more) + " more files");
  }
  return joined(parts, "; ");
}

std::string keys_reason(const FileChange& change) {
  std::string keys;
  for (const auto& key : changed_keys(change.before, change.wanted.content)) {
    keys += (keys.empty() ? "" : ", ") + key;
    if (const auto note = change.wanted.key_notes.find(key); note != change.wanted.key_notes.end())
      keys += " (" + note->second + ")";
  }
  return file_name(change.wanted.path) + ": " + keys;
}

std::string restart_notes(const FileChange& change) {
  const std::string unless = "* unless ";
  std::string out;
  for (const auto& [key, note] : change.wanted.key_notes) {
    const bool spared = key.starts_with(unless) &&
                        !changed_of({{key.substr(unless.size()), "false"}}, "", change.wanted.content).empty();
    if (key[0] == '*' && !spared) out += "; " + note;
  }
  return out;
}

}  // namespace cctl
