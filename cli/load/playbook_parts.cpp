// Parts of a playbook: its flags (which it knows, how it passes them, which come from maps), what it exports to others,
// directories and transitions.
#include "load/input.hpp"
#include "load/playbook.hpp"
#include "model/check.hpp"
#include "model/flag_variable.hpp"
#include "model/var_kind.hpp"

namespace cctl {

void read_exports(const Tree& tree, const Reader& r, std::map<std::string, Export>& out) {
  r.each(tree, [&](const Tree& item) {
    Export& e = out[item.key];
    r.map(item, {{"each", r.text(e.each, any_text), true},
                 {"join", r.text(e.join, any_text)},
                 {"prefix", r.text(e.prefix, any_text)},
                 {"suffix", r.text(e.suffix, any_text)}});
  });
}

void read_flag_maps(const Tree& tree, const Reader& r, std::map<std::string, FlagMap>& out) {
  r.each(tree, [&](const Tree& item) {
    FlagMap& map = out[item.key];
    r.map(item, {{"pair", r.text(map.pair), true},
                 {"join", r.text(map.join), true},
                 {"kinds", r.text_map(map.kinds, any_word, is_var_kind)}});
  });
}

void read_known_flags(const Tree& tree, const Reader& r, std::map<std::string, std::string>& out) {
  if (tree.kind == Tree::Kind::list)
    return r.items(tree, [&](const Tree& item) {
      if (const auto name = r.scalar(item, is_flag_name)) out[*name] = "";
    });
  r.each(
      tree,
      [&](const Tree& item) {
        std::string& range = out[item.key];
        if (item.kind != Tree::Kind::null && !(item.kind == Tree::Kind::text && item.text.empty()))
          r.text(range, is_range)(item);
      },
      is_flag_name);
}

void read_kept_flags(const Tree& tree, const Reader& r, KeptFlags& kept) {
  r.map(tree, {{"names", r.texts(kept.flags, is_flag_name), true}, {"refused", r.text(kept.refused), true}});
}

void read_flag_style(const Tree& tree, const Reader& r, FlagStyle& style) {
  r.map(tree, {{"env_prefix", r.text(style.env_prefix, is_env_name)},
               {"arg", r.word(style.arg, {"equals", "separate"})},
               {"as_args", r.texts(style.as_args, is_flag_name)},
               {"dir", r.text(style.dir)},
               {"paths", r.text_map(style.paths, is_flag_name)},
               {"by_reference", r.boolean(style.by_reference)},
               {"direct", r.texts(style.direct, is_flag_name)},
               {"as_paths", r.texts(style.as_paths, is_flag_name)},
               {"fixed", r.text_map(style.fixed, is_flag_name, any_word)},
               {"read_env", r.text(style.read_env, is_env_name)}});
}

void read_transitions(const Tree& tree, const Reader& r, std::vector<Transition>& out) {
  r.items(tree, [&](const Tree& item) {
    Transition t;
    r.map(item, {{"from", r.text(t.from, is_range), true},
                 {"env", r.text_map(t.env, is_env_name), true},
                 {"why", r.text(t.why), true}});
    out.push_back(std::move(t));
  });
}

void read_directories(const Tree& tree, const Reader& r, std::vector<PlaybookDirectory>& out) {
  r.items(tree, [&](const Tree& item) {
    PlaybookDirectory d;
    r.map(item, {{"path", r.text(d.path), true},
                 {"mode", r.text(d.mode, is_mode)},
                 {"owner", r.text(d.owner, is_owner)},
                 {"data", r.boolean(d.data)},
                 {"written", r.boolean(d.written)}});
    out.push_back(d);
  });
}

void read_member_id(const Tree& tree, const Reader& r, MemberIds& id) {
  id.used = true;
  r.map(
      tree,
      {{"file", r.text(id.file), true}, {"min", r.number(id.min, 0, 1 << 20)}, {"max", r.number(id.max, 0, 1 << 20)}});
}

void read_member_data(const Tree& tree, const Reader& r, MemberData& data) {
  r.map(tree, {{"file", r.text(data.file)},
               {"nothing", r.text(data.nothing)},
               {"directory", r.text(data.directory)},
               {"holds", r.texts(data.holds)},
               {"waits", r.boolean(data.waits)}});
  if (tree.kind == Tree::Kind::map && data.file.empty() == (data.directory.empty() || data.holds.empty()))
    r.mistakes.error(tree.mark, "member_data has either file, or directory and holds");
}

void read_member_list(const Tree& tree, const Reader& r, MemberList& list) {
  r.map(tree, {{"file", r.text(list.file), true},
               {"recover", r.text(list.recover), true},
               {"each", r.text(list.each), true},
               {"key", r.text(list.key)}});
}

void read_tasks(const Tree& tree, const Reader& r, GuestTasks& tasks) {
  r.map(tree, {{"named", r.text(tasks.prefix), true},
               {"lost", r.text(tasks.lost, any_text), true},
               {"beside", r.text(tasks.beside)}});
}

void read_task_ports(const Tree& tree, const Reader& r, Playbook& out) {
  if (tree.kind == Tree::Kind::text) return r.text(out.task_ports)(tree);
  r.map(tree, {{"usual", r.text(out.task_ports), true}, {"flag", r.text(out.task_ports_flag, is_flag_name), true}});
}

// {boolean: [ui, ...]}: by kind, since many are of few. What versions refuse, an overlay says of names that have a
// kind.
static void read_kinds(const Tree& tree, const Reader& r, Check check, const std::string& above,
                       std::map<std::string, std::string>& out) {
  r.each(
      tree,
      [&](const Tree& kind) {
        std::vector<std::string> names;
        r.texts(names)(kind);
        const bool refused = !why_refused(kind.key).empty();
        for (const auto& name : names) {
          const auto [it, fresh] = out.emplace(above + name, kind.key);
          if (refused)
            it->second = kind.key;
          else if (!fresh && why_refused(it->second).empty())
            r.mistakes.error(kind.key_mark, fmt::format("{} has a kind already", name));
        }
      },
      check);
}

void read_flag_kinds(const Tree& tree, const Reader& r, std::map<std::string, std::string>& out) {
  read_kinds(tree, r, is_var_kind, flag_kind_of(""), out);
}

void read_kept(const Tree& tree, const Reader& r, const std::string& word, std::map<std::string, std::string>& out) {
  std::map<std::string, std::string> said;
  if (tree.kind == Tree::Kind::list)
    r.items(tree, [&](const Tree& item) {
      if (const auto name = r.scalar(item, any_word)) said[*name] = "";
    });
  else
    r.text_map(said, any_word)(tree);
  for (const auto& [name, value] : said) out[word + name] = value;
}

void read_setting_kinds(const Tree& tree, const Reader& r, SettingKinds& out) {
  r.map(tree, {{"vars", r.texts(out.vars)},
               {"env", r.texts(out.env, is_env_name)},
               {"refused", r.texts(out.refused)},
               {"kinds", [&](const Tree& t) { read_kinds(t, r, is_input_kind, "", out.kinds); }, true}});
}

}  // namespace cctl
