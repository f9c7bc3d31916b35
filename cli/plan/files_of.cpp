#include "plan/files_of.hpp"

#include <algorithm>

#include "plan/merge.hpp"
#include "plan/texts.hpp"

namespace cctl {
namespace {

OnChange on_change_of(const std::string& word) {
  return word == "recreate" ? OnChange::recreate
         : word == "reload" ? OnChange::reload
         : word == "none"   ? OnChange::none
                            : OnChange::restart;
}

void add(const PlaybookFile& f, const Scope& scope, std::vector<BadTemplate>& bad, std::vector<FileSpec>& out) {
  const Texts texts(scope, bad);
  if (!f.when.empty()) {
    const auto when = texts.text(f.when);
    if (when.empty() || when == "false") return;
  }
  FileSpec file;
  file.path = texts.path(f.path);
  if (std::any_of(out.begin(), out.end(), [&](const FileSpec& o) { return o.path == file.path; }))
    bad.emplace_back("a second file at " + file.path, f.path, 0);
  file.content = texts.text(f.content);
  if (const auto with = texts.text(f.with); !with.empty()) file.content = merged(Merge::json, file.content, with);
  file.mode = f.mode;
  file.owner = f.owner;
  file.once = f.once;
  file.merge = f.merge == "json" ? Merge::json : f.merge == "first-lines" ? Merge::first_lines : Merge::none;
  file.in_place = f.in_place;
  file.reload_keys = f.reload_keys;
  file.empties_keys = f.empties_keys;
  file.key_notes = f.key_notes;
  file.named_keys = f.named_keys;
  file.on_change = on_change_of(f.on_change);
  out.push_back(std::move(file));
}

}  // namespace

std::vector<FileSpec> files_of(const Playbook& playbook, const Scope& scope, std::vector<BadTemplate>& bad) {
  std::vector<FileSpec> out;
  const auto outer = std::make_shared<const Scope>(scope);
  for (const auto& f : playbook.files) {
    if (f.each.empty()) {
      add(f, scope, bad, out);
      continue;
    }
    const Value* value = scope.find(f.each);
    const auto* rows = value ? std::get_if<SharedRows>(value) : nullptr;
    if (!rows) {
      bad.emplace_back("\"" + f.each + "\" is no list of rows, as registered", rows_template(f.each), 0);
      continue;
    }
    for (const Scope& row : *rows->rows)
      if (&row != rows->without) add(f, Scope{row.names, outer}, bad, out);
  }
  return out;
}

}  // namespace cctl
