// Parts of a playbook: its flags (which it knows, how it passes them, which come from maps), what it exports to others,
// directories and transitions.
#include "load/input.hpp"
#include "load/playbook.hpp"
#include "load/text_file.hpp"
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
               {"dir", r.text(style.dir, is_host_path)},
               {"paths", r.text_map(style.paths, is_flag_name, is_host_path)},
               {"by_reference", r.boolean(style.by_reference)},
               {"direct", r.texts(style.direct, is_flag_name)},
               {"as_paths", r.texts(style.as_paths, is_flag_name)},
               {"fixed", r.text_map(style.fixed, is_flag_name, any_word)},
               {"read_env", r.text(style.read_env, is_env_name)}});
}

void read_transitions(const Tree& tree, const Reader& r, std::vector<Transition>& out) {
  r.items(tree, [&](const Tree& item) {
    Transition t;
    r.map(item, {{"from", r.text(t.from, is_range)},
                 {"state", r.word<bool, bool>(t.first_start, {{"new", true}})},
                 {"env", r.text_map(t.env, is_env_name), true},
                 {"why", r.text(t.why), true}});
    if (item.kind == Tree::Kind::map && (item.find("from") != nullptr) == (item.find("state") != nullptr))
      r.mistakes.error(item.mark, "a transition has either from: VERSIONS or state: new");
    out.push_back(std::move(t));
  });
}

Read port_name(const Reader& r, const std::map<std::string, int>& ports, std::string& out) {
  return [&r, &ports, &out](const Tree& tree) {
    const auto port = r.scalar(tree, any_word);
    if (!port) return;
    out = *port;
    std::vector<std::string> names;
    for (const auto& [name, number] : ports) names.push_back(name);
    if (!ports.contains(*port))
      r.mistakes.error(tree.mark, fmt::format("unknown port {}{}", quote(*port), did_you_mean(*port, names)));
  };
}

void read_registers(const Tree& tree, const Reader& r, const std::map<std::string, int>& ports,
                    std::vector<Registration>& out) {
  r.items(tree, [&](const Tree& item) {
    Registration service;
    service.mark = item.mark;
    const auto of_kind = [&](const char* kind) {
      return [&r, &ports, &service, kind](const Tree& t) {
        service.check = kind;
        port_name(r, ports, service.check_port)(t);
      };
    };
    const auto span = [&r](std::string& text) {
      return [&r, &text](const Tree& t) {
        std::chrono::milliseconds parsed{0};
        duration(r, parsed)(t);
        text = t.text;
      };
    };
    const auto check = [&](const Tree& t) {
      r.map(t, {{"tcp", of_kind("tcp")},
                {"http", of_kind("http")},
                {"https", of_kind("https")},
                {"path", r.text(service.path)},
                {"interval", span(service.interval)},
                {"timeout", span(service.timeout)}});
      const auto kinds = (t.find("tcp") ? 1 : 0) + (t.find("http") ? 1 : 0) + (t.find("https") ? 1 : 0);
      if (t.kind == Tree::Kind::map && kinds != 1) r.mistakes.error(t.mark, "a check is one of tcp, http, https");
      if (const Tree* path = t.find("path"); path && t.find("tcp"))
        r.mistakes.error(path->key_mark, "a check by tcp asks for no path");
    };
    r.map(item, {{"name", r.text(service.name, is_host_name), true},
                 {"port", port_name(r, ports, service.port), true},
                 {"tags", r.text_or_texts(service.tags)},
                 {"check", check, true}});
    for (const Registration& other : out)
      if (other.name == service.name)
        r.mistakes.error(item.mark, fmt::format("a second service of the name {}", quote(service.name)));
    out.push_back(std::move(service));
  });
}

void read_directories(const Tree& tree, const Reader& r, std::vector<PlaybookDirectory>& out) {
  r.items(tree, [&](const Tree& item) {
    PlaybookDirectory d;
    r.map(item, {{"path", r.text(d.path, is_host_path), true},
                 {"mode", r.text(d.mode, is_mode)},
                 {"owner", r.text(d.owner, is_owner)},
                 {"data", r.boolean(d.data)},
                 {"written", r.boolean(d.written)}});
    out.push_back(d);
  });
}

void read_member_id(const Tree& tree, const Reader& r, MemberIds& id) {
  id.used = true;
  r.map(tree, {{"file", r.text(id.file, is_host_path), true},
               {"min", r.number(id.min, 0, 1 << 20)},
               {"max", r.number(id.max, 0, 1 << 20)}});
}

void read_member_data(const Tree& tree, const Reader& r, MemberData& data) {
  r.map(tree, {{"file", r.text(data.file, is_host_path)},
               {"nothing", r.text(data.nothing)},
               {"directory", r.text(data.directory, is_host_path)},
               {"holds", r.texts(data.holds)},
               {"waits", r.boolean(data.waits)}});
  if (tree.kind == Tree::Kind::map && (tree.find("file") != nullptr) == (tree.find("directory") && tree.find("holds")))
    r.mistakes.error(tree.mark, "member_data has either file, or directory and holds");
}

void read_member_list(const Tree& tree, const Reader& r, MemberList& list) {
  r.map(tree, {{"file", r.text(list.file, is_host_path), true},
               {"recover", r.text(list.recover, is_host_path), true},
               {"each", r.text(list.each), true},
               {"key", r.text(list.key, is_host_path)}});
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
