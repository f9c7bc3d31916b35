#include "load/overrides.hpp"

#include <algorithm>

#include "load/container.hpp"
#include "load/setting_kinds.hpp"
#include "load/text_file.hpp"
#include "load/var_value.hpp"
#include "model/flag_variable.hpp"
#include "model/joined.hpp"
#include "model/secrets.hpp"
#include "model/var_kind.hpp"

namespace cctl {

namespace {

template <class Map>
std::vector<std::string> names_of(const Map& map) {
  std::vector<std::string> names;
  for (const auto& [name, value] : map) names.push_back(name);
  return names;
}

std::string trimmed(const std::string& text) {
  const auto from = text.find_first_not_of(' ');
  return from == text.npos ? "" : text.substr(from, text.find_last_not_of(' ') - from + 1);
}

class OverridesReader {
 public:
  OverridesReader(const Playbook& playbook, Mistakes& mistakes) : playbook_(playbook), r_(mistakes) {}

  ComponentOverrides read(const Tree& tree, bool of_host) {
    out_.mark = tree.key_mark;
    const auto enabled = [&](const Tree& t) {
      if (of_host)
        return r_.mistakes.error(t.key_mark, "enabled is said for all hosts at once; which hosts, says `place`");
      r_.boolean(out_.enabled)(t);
    };
    std::vector<Key> keys = {
        {"enabled", enabled},
        {"flags", [&](const Tree& t) { read_flags(t); }},
        {"env", of_container([&](const Tree& t) { read_env(t); })},
        {"mounts", of_container([&](const Tree& t) { read_mounts(t); })},
        {"ports", [&](const Tree& t) { read_ports(t); }},
        {"vars", [&](const Tree& t) { read_vars(t); }},
        {"container", of_container([&](const Tree& t) { r_.map(t, container_keys(r_, out_.container)); })},
    };
    for (const auto& [name, map] : playbook_.maps) keys.push_back({name, [this](const Tree& t) { read_map(t); }});
    misplaced(keys);
    r_.map(tree, keys);
    return std::move(out_);
  }

 private:
  // Its vars, ports and flags, written a level too high: told where they stand.
  void misplaced(std::vector<Key>& keys) {
    std::set<std::string> known;
    for (const Key& key : keys) known.insert(key.name);
    const auto add = [&](const std::string& name, const char* below) {
      if (!known.insert(name).second) return;
      keys.push_back({name, [this, below](const Tree& t) {
                        const bool plain = t.kind == Tree::Kind::text && !t.text.empty() && !is_secret_name(t.key);
                        r_.mistakes.error(t.key_mark,
                                          fmt::format("{} of {} stands below {}: {{{}: {}}}", quote(t.key),
                                                      playbook_.component, below, t.key, plain ? t.text : "..."));
                      }});
    };
    for (const auto& [name, value] : playbook_.vars) add(name, "vars");
    for (const auto& [name, port] : playbook_.ports) add(name, "ports");
    if (!playbook_.takes_flags) return;
    for (const auto& [name, range] : playbook_.known_flags)
      if (!playbook_.flag_style.fixed.contains(name)) add(name, "flags");
  }

  // "mesos-slave 0.28.1"
  std::string with_version() const {
    return playbook_.version.empty() ? playbook_.component : playbook_.component + " " + playbook_.version;
  }

  // An app of Marathon's, or settings of a host, would pass over what only a container can have.
  Read of_container(const Read& read) {
    return [this, read](const Tree& tree) {
      if (playbook_.has_container || tree.items.empty()) return read(tree);
      r_.mistakes.error(tree.key_mark, fmt::format("{} has no effect: {} has no container of its own{}",
                                                   quote(tree.key), playbook_.component, settings()));
    };
  }

  // "; its settings are vars: a, b"
  std::string settings() const {
    std::string names;
    for (const auto& [name, value] : playbook_.vars) names += (names.empty() ? "" : ", ") + name;
    return names.empty() ? "" : "; its settings are vars: " + names;
  }

  void read_mounts(const Tree& tree) {
    r_.items(tree, [&](const Tree& item) {
      const auto mount = r_.scalar(item, is_mount);
      if (!mount) return;
      out_.mounts.push_back(*mount);
      out_.mount_marks.push_back(item.mark);
    });
  }

  void read_env(const Tree& tree) {
    r_.text_map(out_.env, is_env_name)(tree);
    if (tree.kind != Tree::Kind::map) return;
    for (const Tree& item : tree.items) {
      out_.env_marks[item.key] = item.key_mark;
      check_settings_text(item, playbook_.settings, with_version(), r_.mistakes);
      check_flag_value(item.key, item);
      if (!refuse_env(item) && !read_flag_variable(item, playbook_.flag_style.env_prefix, false))
        read_flag_variable(item, playbook_.flag_style.read_env, true);
    }
  }

  // What the image would read, and our own files or arguments do not let it.
  bool refuse_env(const Tree& item) {
    for (const auto& [name, why] : playbook_.refused_env) {
      if (!fits_any(item.key, {name})) continue;
      r_.mistakes.error(item.key_mark,
                        fmt::format("{} has no effect on {}: {}", quote(item.key), playbook_.component, why));
      return true;
    }
    return false;
  }

  // A variable that stands for a flag must name one: most programs pass over others in silence. `twice`: the program is
  // given its flags as arguments, too, and ends when one is in both.
  bool read_flag_variable(const Tree& item, const std::string& prefix, bool twice) {
    if (prefix.empty() || !item.key.starts_with(prefix)) return false;
    for (const auto& [flag, why] : playbook_.flag_style.fixed)
      if (item.key == flag_variable(prefix, flag)) {
        refuse_fixed(item, why);
        return true;
      }
    for (const auto& [map, form] : playbook_.maps)
      if (item.key == flag_variable(prefix, map)) check_map_variable(item, form);
    if (playbook_.known_flags.empty()) return true;
    std::vector<std::string> variables;
    for (const auto& [flag, range] : playbook_.known_flags) {
      variables.push_back(flag_variable(prefix, flag));
      if (item.key != variables.back()) continue;
      if (!is_of_wanted(range))
        r_.mistakes.warning(item.key_mark, fmt::format("{} needs {} {}, and {} would pass over it", quote(item.key),
                                                       playbook_.component, range, playbook_.version));
      if (is_of_wanted(range)) check_flag_value(flag, item);
      if (twice && playbook_.flags.contains(flag) && is_of_wanted(range))
        r_.mistakes.error(item.key_mark, fmt::format("{} is {} of {} once more, which is passed as an argument: set it "
                                                     "under flags",
                                                     quote(item.key), quote(flag), with_version()));
      return true;
    }
    r_.mistakes.warning(item.key_mark, fmt::format("{} is no flag of {}, which would pass over it{}", quote(item.key),
                                                   with_version(), did_you_mean(item.key, variables)));
    return true;
  }

  void read_flags(const Tree& tree) {
    r_.each(
        tree,
        [&](const Tree& item) {
          check_flag(item);
          out_.flag_marks[item.key] = item.key_mark;
          if (item.kind == Tree::Kind::null)
            out_.flags[item.key] = std::nullopt;
          else if (const auto value = r_.scalar(item, any_line)) {
            check_flag_value(item.key, item);
            out_.flags[item.key] = *value;
          }
        },
        is_flag_name);
  }

  // What it reads from a file is its own.
  bool is_elsewhere(const Tree& item) const {
    return playbook_.flag_style.by_reference && item.text.starts_with("file://");
  }

  // An empty value is a bare flag.
  void check_flag_value(const std::string& flag, const Tree& item) {
    const auto kind = playbook_.var_kinds.find(flag_kind_of(flag));
    if (kind == playbook_.var_kinds.end() || item.kind != Tree::Kind::text || item.text.empty() || is_elsewhere(item))
      return;
    // What else is said decides (plan/company.hpp).
    if (!unless_of_kind(kind->second).empty()) return;
    const std::string why = why_not_of_kind(kind->second, item.text);
    if (why.empty()) return;
    const bool secret = is_secret_name(flag);
    const std::string text =
        fmt::format("bad {}{} of {}: it is {}", item.key, secret ? "" : " " + quote(item.text), with_version(), why);
    is_advice(kind->second) ? r_.mistakes.warning(item.mark, text, secret) : r_.mistakes.error(item.mark, text, secret);
  }

  void refuse_fixed(const Tree& item, const std::string& why) {
    r_.mistakes.error(item.key_mark,
                      fmt::format("{} of {} cannot be set: {}", quote(item.key), playbook_.component, why));
  }

  void refuse_any_flag(const Tree& item) {
    const std::string near = nearest(item.key, names_of(playbook_.vars));
    r_.mistakes.error(item.key_mark,
                      fmt::format("{}: {} takes no flags{}", quote(item.key), playbook_.component,
                                  near.empty() ? settings() : fmt::format(", did you mean vars: {{{}: ...}}?", near)));
  }

  bool is_of_wanted(const std::string& range) const {
    const auto versions = VersionRange::parse(range);
    const auto wanted = Version::parse(playbook_.version);
    return !versions || !wanted || versions->contains(*wanted);
  }

  void check_flag(const Tree& item) {
    const auto& fixed = playbook_.flag_style.fixed;
    if (const auto found = fixed.find(item.key); found != fixed.end()) return refuse_fixed(item, found->second);
    if (playbook_.maps.contains(item.key))
      return r_.mistakes.error(item.key_mark, fmt::format("{} is a map of its own, beside flags", quote(item.key)));
    if (!playbook_.takes_flags || (!playbook_.has_container && !playbook_.app.used())) return refuse_any_flag(item);
    const auto known = playbook_.known_flags.find(item.key);
    const bool of_playbook = playbook_.flags.contains(item.key);
    if (playbook_.known_flags.empty() || (of_playbook && known == playbook_.known_flags.end())) return;
    // To take one away that the playbook sets is no use of it.
    if (of_playbook && item.kind == Tree::Kind::null) return;
    if (known == playbook_.known_flags.end())
      return r_.mistakes.error(item.key_mark, fmt::format("unknown flag {} of {}{}", quote(item.key), with_version(),
                                                          did_you_mean(item.key, names_of(playbook_.known_flags))));
    if (!is_of_wanted(known->second))
      r_.mistakes.error(item.key_mark, fmt::format("flag {} of {} needs {}, wanted is {}", quote(item.key),
                                                   playbook_.component, known->second, playbook_.version));
  }

  template <class Known>
  bool check_name(const std::string& what, const Tree& item, const Known& known) {
    if (known.contains(item.key)) return true;
    r_.mistakes.error(item.key_mark, fmt::format("unknown {} {} of {}{}", what, quote(item.key), with_version(),
                                                 did_you_mean(item.key, names_of(known))));
    return false;
  }

  void read_ports(const Tree& tree) {
    r_.each(tree, [&](const Tree& item) {
      const auto port = r_.integer(item, 1, 65535);
      if (!check_name("port", item, playbook_.ports) || !port) return;
      out_.ports[item.key] = static_cast<int>(*port);
      out_.port_marks[item.key] = item.key_mark;
    });
  }

  void read_vars(const Tree& tree) {
    r_.each(tree, [&](const Tree& item) {
      if (!check_name("var", item, playbook_.vars)) return;
      const bool may_be_empty = playbook_.vars.at(item.key).empty() || playbook_.required.contains(item.key);
      const VarKind var{playbook_.var_kinds, with_version(), may_be_empty};
      const auto value = read_var_value(item, var, r_);
      if (!value || !check_settings(item, playbook_.settings, playbook_.var_kinds, with_version(), r_.mistakes)) return;
      out_.vars[item.key] = *value;
      out_.var_marks[item.key] = item.key_mark;
      const auto range = playbook_.read_by.find(item.key);
      if (range != playbook_.read_by.end() && !is_of_wanted(range->second))
        r_.mistakes.warning(item.key_mark,
                            fmt::format("{} of {} has no effect: {} reads it, and wanted is {}", quote(item.key),
                                        playbook_.component, range->second, playbook_.version));
    });
  }

  // A name ends at what stands between it and its value; either ends at what stands between pairs.
  static std::string fault_of_pair(const FlagMap& form, const std::string& map, const std::string& name,
                                   const std::string& value) {
    if (name.find(form.pair) != name.npos)
      return fmt::format("bad name {} among the {}: {} ends a name, and its value begins there", quote(name), map,
                         quote(form.pair));
    for (const auto& [what, part] : {std::pair("name", name), std::pair("value", value)})
      if (part.find(form.join) != part.npos)
        return fmt::format("bad {} {} among the {}: {} stands between two of them", what, quote(part), map,
                           quote(form.join));
    return "";
  }

  // A name of its own, as any may be: "cpu" for cpus, "memory" for mem.
  void perhaps_meant(const Tree& item, const std::string& map, const FlagMap& form) {
    std::vector<std::string> known = names_of(form.kinds);
    std::erase(known, "*");
    std::string meant = nearest(item.key, known);
    for (const auto& name : known)
      if (item.key.starts_with(name)) meant = name;
    if (!meant.empty())
      r_.mistakes.warning(item.key_mark, fmt::format("{} among the {} of {} is a name of its own, did you mean {}?",
                                                     quote(item.key), map, playbook_.component, quote(meant)));
  }

  // False after a mistake. `map`: how it is called where it is written.
  bool check_pair(const Tree& item, const std::string& map, const FlagMap& form) {
    // "mem(role)" is a mem.
    auto kind = form.kinds.find(trimmed(item.key.substr(0, item.key.find('('))));
    if (kind == form.kinds.end()) kind = form.kinds.find("*");
    const std::string why = kind == form.kinds.end() ? "" : why_not_of_kind(kind->second, item.text);
    if (!why.empty()) {
      r_.mistakes.error(item.mark, fmt::format("bad {} {} among the {} of {}: it is {}", item.key, quote(item.text),
                                               map, playbook_.component, why));
      return false;
    }
    if (kind != form.kinds.end() && kind->first == "*") perhaps_meant(item, map, form);
    return true;
  }

  // Its words become one flag, so none may hold what separates them.
  void read_map(const Tree& tree) {
    const FlagMap& form = playbook_.maps.at(tree.key);
    out_.map_marks[tree.key] = tree.key_mark;
    r_.each(tree, [&](const Tree& item) {
      const auto value = r_.scalar(item, any_word);
      if (!value) return;
      if (const std::string fault = fault_of_pair(form, tree.key, item.key, *value); !fault.empty())
        return r_.mistakes.error(item.key_mark, fault);
      if (!check_pair(item, tree.key, form)) return;
      out_.maps[tree.key][item.key] = *value;
      out_.map_marks[tree.key + "." + item.key] = item.key_mark;
    });
  }

  // The same map as the program reads it in a variable; what begins a list of JSON is another form of it.
  void check_map_variable(const Tree& item, const FlagMap& form) {
    if (item.kind != Tree::Kind::text || is_elsewhere(item) || item.text.starts_with('[')) return;
    for (std::size_t from = 0; from < item.text.size();) {
      const auto to = std::min(item.text.find(form.join, from), item.text.size());
      const std::string part = item.text.substr(from, to - from);
      from = to + form.join.size();
      if (part.empty()) continue;
      const auto cut = std::min(part.find(form.pair), part.size());
      Tree pair = item;
      pair.key = trimmed(part.substr(0, cut)), pair.key_mark = item.mark;
      pair.text = trimmed(part.substr(std::min(part.size(), cut + form.pair.size())));
      if (!pair.key.empty() && !pair.text.empty())
        check_pair(pair, item.key, form);
      else
        r_.mistakes.error(item.mark, fmt::format("bad {} among the {} of {}: it is a name, {} and a value", quote(part),
                                                 item.key, playbook_.component, quote(form.pair)));
    }
  }

  const Playbook& playbook_;
  Reader r_;
  ComponentOverrides out_;
};

// Those that a version's name stands for, where that is what was written: mesos.
std::string perhaps_one_of(const std::string& name, const std::map<std::string, Playbook>& playbooks) {
  std::vector<std::string> of_version;
  for (const auto& [component, playbook] : playbooks)
    if (playbook.version_key == name) of_version.push_back(component);
  return of_version.empty() ? did_you_mean(name, names_of(playbooks))
                            : "; it is the version of " + joined(of_version, " and ") + ": name the one that is meant";
}

}  // namespace

std::map<std::string, ComponentOverrides> read_overrides(const Tree& tree, bool of_host,
                                                         const std::map<std::string, Playbook>& playbooks,
                                                         Mistakes& mistakes) {
  std::map<std::string, ComponentOverrides> out;
  Reader(mistakes).each(tree, [&](const Tree& item) {
    const auto playbook = playbooks.find(item.key);
    if (playbook == playbooks.end())
      mistakes.error(item.key_mark,
                     fmt::format("unknown component {}{}", quote(item.key), perhaps_one_of(item.key, playbooks)));
    else
      out[item.key] = OverridesReader(playbook->second, mistakes).read(item, of_host);
  });
  return out;
}

}  // namespace cctl
