// The files of a playbook, and the templates that they are made from.
#include "load/playbook.hpp"
#include "load/tag_marks.hpp"
#include "load/text_file.hpp"

namespace cctl {

namespace {

// A text of which more is known only once it is rendered: its place is kept, template or not.
Read placed(const Reader& r, std::string& out, Check check, TagMarks& places) {
  return [&r, &out, check, &places](const Tree& tree) {
    r.text(out, check)(tree);
    places.emplace(out, std::vector<Mark>{tree.mark});
  };
}

// Rows that are none are told there, since only the instance has them.
Read rows(const Reader& r, std::string& out, TagMarks& places) {
  return [&r, &out, &places](const Tree& tree) {
    r.text(out)(tree);
    places.emplace(rows_template(out), std::vector<Mark>{tree.mark});
  };
}

}  // namespace

void read_template(const Tree& tree, const Reader& r, const PlaybookSource& source, PlaybookFile& file,
                   TagMarks& places) {
  const auto name = r.scalar(tree, any_word);
  if (!name) return;
  file.template_name = *name;
  if (name->starts_with('/') || name->find("..") != name->npos)
    return r.mistakes.error(tree.mark, fmt::format("bad template {}: a path below playbooks/", quote(*name)));
  std::string fault;
  for (const std::string& directory : source.directories)
    if (const auto text = read_text_file(directory + "/" + *name, fault)) {
      file.content = *text;
      if (auto marks = tag_marks(*text, directory + "/" + *name); !marks.empty())
        places.emplace(*text, std::move(marks));
      return;
    }
  r.mistakes.error(tree.mark, fmt::format("template {} cannot be read: {}", quote(*name), fault));
}

void read_files(const Tree& tree, const Reader& r, const PlaybookSource& source, Playbook& out) {
  r.items(tree, [&](const Tree& item) {
    PlaybookFile f;
    f.mark = item.mark;
    r.map(item, {{"each", rows(r, f.each, out.places)},
                 {"path", placed(r, f.path, is_host_path, out.places), true},
                 {"template", [&](const Tree& t) { read_template(t, r, source, f, out.places); }},
                 {"content", r.text(f.content, any_text)},
                 {"mode", r.text(f.mode, is_mode)},
                 {"owner", r.text(f.owner, is_owner)},
                 {"on_change", r.word(f.on_change, {"recreate", "restart", "reload", "none"})},
                 {"once", r.boolean(f.once)},
                 {"merge", r.word(f.merge, {"none", "json", "first-lines"})},
                 {"in_place", r.boolean(f.in_place)},
                 {"reload_keys", r.texts(f.reload_keys)},
                 {"empties_keys", r.text_map(f.empties_keys)},
                 {"key_notes", r.text_map(f.key_notes)},
                 {"named_keys", r.text_map(f.named_keys)},
                 {"when", r.text(f.when)},
                 {"with", r.text(f.with)}});
    if (item.kind == Tree::Kind::map && (item.find("template") != nullptr) == (item.find("content") != nullptr))
      r.mistakes.error(item.mark, "a file has either template or content");
    out.files.push_back(f);
  });
}

}  // namespace cctl
