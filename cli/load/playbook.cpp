#include "load/playbook.hpp"

#include <algorithm>
#include <filesystem>

#include "load/container.hpp"
#include "load/input.hpp"
#include "load/overlay.hpp"
#include "load/text_file.hpp"
#include "model/check.hpp"
#include "model/kept_words.hpp"
#include "model/sysctl.hpp"
#include "model/var_kind.hpp"

namespace cctl {

namespace {

const std::vector<std::string> selectable = {"masters", "slaves", "lbs", "hosts", "all"};

// A name, or the start of names: ZOO_*.
std::string is_refused_env(const std::string& text) {
  return is_env_name(text.ends_with('*') ? text.substr(0, text.size() - 1) : text);
}

class PlaybookReader {
 public:
  PlaybookReader(const PlaybookSource& source, Mistakes& mistakes, SchemaWords* words)
      : source_(source), r_(mistakes, words) {}

  // Probes before what speaks of their values, ports before probes, vars before their kinds.
  Playbook read(const Tree& tree) {
    out_.part_of = source_.part_of;
    out_.version_key = source_.version_key;
    out_.image = source_.image;
    out_.mark = source_.tree.mark;
    out_.places = source_.tag_marks;
    out_.takes_flags = tree.find("flags") || tree.find("known_flags") || tree.find("flags_as");
    if (const Tree* ports = tree.find("ports")) r_.number_map(out_.ports, 1, 65535)(*ports);
    if (const Tree* vars = tree.find("vars")) r_.text_map(out_.vars)(*vars);
    if (const Tree* probes = tree.find("probes")) read_probes(*probes, r_, out_.ports, out_.probes);
    std::vector<std::string> values;
    for (const PlaybookProbe& probe : out_.probes)
      for (const auto& [name, extract] : probe.probe.extract) values.push_back(name);
    const auto done = [](const Tree&) {};
    std::vector<Key> container = container_keys(r_, out_.container);
    container.push_back({"mounts", r_.texts(out_.container.mounts, is_mount_or_template)});
    container.push_back({"publish", r_.texts(out_.container.publish)});
    container.push_back({"labels", r_.text_map(out_.container.labels)});
    const auto read_container = [&](const Tree& t) {
      if (t.kind == Tree::Kind::text && t.text == "none")
        out_.has_container = false;
      else
        r_.map(t, container);
    };
    r_.map(tree, {
                     {"component", r_.text(out_.component, is_host_name), true},
                     {"part_of", done},
                     {"version_key", r_.text(out_.version_key, is_host_name)},
                     {"description", r_.text(out_.description)},
                     {"default_on", r_.boolean(out_.default_on)},
                     {"hosts", [&](const Tree& t) { read_selector(t); }, true},
                     {"needs", r_.texts(out_.needs)},
                     {"after", r_.texts(out_.after)},
                     {"provides", r_.text_or_texts(out_.provides, is_host_name)},
                     {"registers", [&](const Tree& t) { read_registers(t, r_, out_.ports, out_.registers); }},
                     {"only_with", r_.text_map(out_.only_with, is_host_name, is_range)},
                     {"image", r_.text(out_.image)},
                     {"ports", done},
                     {"udp", [&](const Tree& t) { read_port_names(t, out_.udp); }},
                     {"protocols", r_.text_or_texts(out_.protocols, is_protocol)},
                     {"task_ports", [&](const Tree& t) { read_task_ports(t, r_, out_); }},
                     {"listens", [&](const Tree& t) { read_kept(t, r_, listens_word, out_.var_kinds); }},
                     {"reached", [&](const Tree& t) { read_kept(t, r_, reached_word, out_.var_kinds); }},
                     {"memory", [&](const Tree& t) { read_kept(t, r_, memory_word, out_.var_kinds); }},
                     {"asked_ports", [&](const Tree& t) { read_port_names(t, out_.asked_ports); }},
                     {"vars", done},
                     {"read_by", r_.text_map(out_.read_by, any_word, is_range)},
                     {"alike", r_.texts(out_.alike)},
                     {"settings", [&](const Tree& t) { read_setting_kinds(t, r_, out_.settings); }},
                     {"var_kinds", [&](const Tree& t) { read_var_kinds(t); }},
                     {"exports", [&](const Tree& t) { read_exports(t, r_, out_.exports); }},
                     {"flags", r_.text_map(out_.flags, is_flag_name, any_line)},
                     {"maps", [&](const Tree& t) { read_flag_maps(t, r_, out_.maps); }},
                     {"known_flags", [&](const Tree& t) { read_known_flags(t, r_, out_.known_flags); }},
                     {"flag_kinds", [&](const Tree& t) { read_flag_kinds(t, r_, out_.var_kinds); }},
                     {"flags_as", [&](const Tree& t) { read_flag_style(t, r_, out_.flag_style); }},
                     {"env", r_.text_map(out_.env, is_env_name)},
                     {"refused_env", r_.text_map(out_.refused_env, is_refused_env, any_word)},
                     {"env_files", r_.text_map(out_.env_files, is_env_name, is_host_path)},
                     {"directories", [&](const Tree& t) { read_directories(t, r_, out_.directories); }},
                     {"files", [&](const Tree& t) { read_files(t, r_, source_, out_); }},
                     {"input_kinds", r_.text_map(out_.input_kinds, any_word, is_input_kind)},
                     {"input", r_.word(out_.input, {"docker", "sysctls", "hosts_file"})},
                     {"required", r_.text_map(out_.required)},
                     {"sysctls", [&](const Tree& t) { read_sysctls(t); }},
                     {"container", read_container},
                     {"service", [&](const Tree& t) { read_service(t); }},
                     {"app", [&](const Tree& t) { read_app(t); }},
                     {"apps_port", port_name(r_, out_.ports, out_.apps_port)},
                     {"tasks", [&](const Tree& t) { read_tasks(t, r_, out_.tasks); }},
                     {"kept_flags", [&](const Tree& t) { read_kept_flags(t, r_, out_.kept); }},
                     {"member_id", [&](const Tree& t) { read_member_id(t, r_, out_.member_id); }},
                     {"member_data", [&](const Tree& t) { read_member_data(t, r_, out_.member_data); }},
                     {"member_list", [&](const Tree& t) { read_member_list(t, r_, out_.member_list); }},
                     {"goes_by", r_.text(out_.goes_by)},
                     {"transitions", [&](const Tree& t) { read_transitions(t, r_, out_.transitions); }},
                     {"probes", done},
                     {"health", [&](const Tree& t) { read_health(t, r_, values, out_.health); }},
                     {"leader", [&](const Tree& t) { read_leader(t, r_, values, out_.leader); }},
                     {"rollout", [&](const Tree& t) { read_rollout(t); }},
                     {"reload", r_.texts(out_.reload, any_text)},
                     {"cleanup", r_.texts(out_.cleanup, any_text)},
                     {"gate", [&](const Tree& t) { read_gate(t); }},
                     {"checks", [&](const Tree& t) { read_checks(t); }},
                 });
    demand_kinds(tree);
    demand_names(tree);
    return std::move(out_);
  }

 private:
  Read group(std::vector<std::string>& out) {
    return [this, &out](const Tree& tree) {
      const auto name = r_.scalar(tree, any_word);
      if (!name) return;
      out.push_back(*name);
      if (std::find(selectable.begin(), selectable.end(), *name) == selectable.end()) r_.not_one_of(tree, selectable);
    };
  }

  void read_selector(const Tree& tree) {
    std::vector<std::string>& groups = out_.hosts.groups;
    const auto read_groups = [&](const Tree& t) {
      if (t.kind == Tree::Kind::list)
        r_.items(t, group(groups));
      else
        group(groups)(t);
    };
    if (tree.kind == Tree::Kind::map)
      r_.map(tree, {{"groups", read_groups, true},
                    {"except", r_.text(out_.hosts.except)},
                    {"first", r_.number(out_.hosts.first, 1, 1000)}});
    else
      read_groups(tree);
  }

  // A map, or a template of one (an input).
  void read_sysctls(const Tree& tree) {
    if (tree.kind == Tree::Kind::text)
      r_.text(out_.sysctls_from)(tree);
    else
      r_.each(
          tree,
          [&](const Tree& item) {
            if (const auto value = r_.scalar(item, any_text)) out_.sysctls[sysctl_name(item.key)] = *value;
          },
          is_sysctl);
  }

  void read_port_names(const Tree& tree, std::vector<std::string>& out) {
    r_.items(tree, [&](const Tree& item) {
      const auto name = r_.scalar(item, any_word);
      if (!name) return;
      out.push_back(*name);
      std::vector<std::string> ports;
      for (const auto& [port, number] : out_.ports) ports.push_back(port);
      if (!out_.ports.contains(*name)) r_.not_one_of(item, ports);
    });
  }

  void read_var_kinds(const Tree& tree) {
    std::map<std::string, std::string> kinds;
    r_.text_map(kinds, any_word, is_var_kind)(tree);
    out_.var_kinds.insert(kinds.begin(), kinds.end());
    for (const auto& [name, kind] : kinds)
      if (!out_.vars.contains(name.substr(0, name.find('.'))))
        r_.mistakes.error(tree.mark, fmt::format("{} is no var", quote(name)));
  }

  // What is shipped says of every var what it may be.
  void demand_kinds(const Tree& tree) {
    const Tree* vars = tree.find("vars");
    if (!source_.shipped || !vars) return;
    for (const Tree& var : vars->items)
      if (!out_.var_kinds.contains(var.key))
        r_.mistakes.error(var.key_mark, fmt::format("var {} has no kind: say it under var_kinds", quote(var.key)));
  }

  // Vars of which something is said, and what goes together.
  void demand_names(const Tree& tree) {
    std::vector<std::string> vars, ports;
    for (const auto& [name, value] : out_.vars) vars.push_back(name);
    for (const auto& [name, number] : out_.ports) ports.push_back(name);
    const auto is_var = [&](const std::string& name, const Mark& mark) {
      if (!out_.vars.contains(name))
        r_.mistakes.error(mark, fmt::format("{} is no var{}", quote(name), did_you_mean(name, vars)));
    };
    for (const char* key : {"required", "read_by"})
      if (const Tree* map = tree.find(key))
        for (const Tree& item : map->items) is_var(item.key, item.key_mark);
    if (const Tree* alike = tree.find("alike"))
      for (const Tree& item : alike->items) {
        const bool is_port = item.text.starts_with("ports.");
        if (!is_port) is_var(item.text, item.mark);
        if (is_port && !out_.ports.contains(item.text.substr(6)))
          r_.mistakes.error(item.mark, fmt::format("unknown port {}{}", quote(item.text.substr(6)),
                                                   did_you_mean(item.text.substr(6), ports)));
      }
    const bool begins = std::any_of(out_.transitions.begin(), out_.transitions.end(),
                                    [](const Transition& t) { return t.first_start; });
    if (begins && !out_.member_data.used())
      r_.mistakes.error(tree.find("transitions")->mark, "state: new needs member_data, which tells who has begun");
    if (out_.app.used() && !out_.registers.empty())
      r_.mistakes.error(tree.find("registers")->key_mark,
                        "an app runs where it is put: only what runs on the host it is placed on registers there");
  }

  // A service of the host, set up without a container.
  void read_service(const Tree& tree) {
    out_.has_container = false;
    r_.map(tree, {{"reload", r_.texts(out_.service.reload, any_text)},
                  {"restart", r_.texts(out_.service.restart, any_text), true},
                  {"accepts", r_.texts(out_.service.accepts, any_text)},
                  {"alive", r_.texts(out_.service.alive, any_text)},
                  {"log", r_.texts(out_.service.log, any_text)},
                  {"shown", r_.text_map(out_.service.shown)}});
  }

  void read_app(const Tree& tree) {
    out_.has_container = false;
    PlaybookFile file;
    r_.map(tree, {{"template", [&](const Tree& t) { read_template(t, r_, source_, file, out_.places); }, true},
                  {"through", r_.text(out_.app.through, is_host_name), true},
                  {"port", r_.text(out_.app.port), true}});
    out_.app.definition = file.content;
    out_.app.template_name = file.template_name;
    out_.app.mark = tree.mark;
  }

  // Only checks that take arguments are asked for; the others hold for every host.
  void read_checks(const Tree& tree) {
    std::vector<std::string> known;
    for (const CheckKind& kind : check_kinds())
      if (kind.asked) known.push_back(kind.name);
    r_.each(tree, [&](const Tree& item) {
      if (std::find(known.begin(), known.end(), item.key) == known.end()) return r_.unknown_key(item, known);
      r_.text_map(out_.checks[item.key])(item);
    });
  }

  void read_rollout(const Tree& tree) {
    const std::vector<std::pair<std::string, RollOrder>> orders = {{"parallel", RollOrder::parallel},
                                                                   {"one_at_a_time", RollOrder::one_at_a_time},
                                                                   {"leader_last", RollOrder::leader_last}};
    r_.map(tree, {{"order", r_.word(out_.rollout.order, orders)}, {"quorum", r_.boolean(out_.rollout.quorum)}});
  }

  void read_gate(const Tree& tree) {
    std::chrono::milliseconds timeout = out_.gate_timeout;
    r_.map(tree, {{"timeout", duration(r_, timeout)}});
    out_.gate_timeout = std::chrono::ceil<std::chrono::seconds>(timeout);
  }

  const PlaybookSource& source_;
  Reader r_;
  Playbook out_;
};

// Overlays cannot change what a playbook is.
void check_overlay(const Tree& overlay, Mistakes& mistakes) {
  if (overlay.kind != Tree::Kind::map) return mistakes.error(overlay.mark, "an overlay must be a map");
  for (const char* fixed : {"component", "part_of", "version_key", "provides", "versions"})
    if (const Tree* item = overlay.find(fixed))
      mistakes.error(item->key_mark, fmt::format("{} cannot vary by version", fixed));
}

}  // namespace

Playbook resolve_playbook(const PlaybookSource& source, const std::string& version, Mistakes& mistakes,
                          SchemaWords* words) {
  const Reader r(mistakes);
  if (words) words->keys[""].insert("versions");
  const auto wanted = Version::parse(version);
  const Tree base = without(source.tree, "versions");
  Tree resolved = base;
  PlaybookReader(source, mistakes, words).read(base);
  if (const Tree* overlays = source.tree.find("versions"))
    r.each(
        *overlays,
        [&](const Tree& overlay) {
          check_overlay(overlay, mistakes);
          if (overlay.kind != Tree::Kind::map) return;
          PlaybookReader(source, mistakes, words).read(merged(base, overlay));
          if (wanted && VersionRange::parse(overlay.key)->contains(*wanted)) resolved = merged(resolved, overlay);
        },
        is_range);
  Playbook playbook = PlaybookReader(source, mistakes, words).read(resolved);
  playbook.version = version;
  for (auto& [name, kind] : playbook.var_kinds) kind = kind_in(kind, wanted);
  return playbook;
}

}  // namespace cctl
