#include "load/overrides.hpp"

#include <algorithm>
#include <cctype>

#include "load/container.hpp"
#include "load/text_file.hpp"

namespace cctl {

namespace {

template <class Map>
std::vector<std::string> names_of(const Map& map) {
  std::vector<std::string> names;
  for (const auto& [name, value] : map) names.push_back(name);
  return names;
}

std::string upper_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
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
        {"env", [&](const Tree& t) { read_env(t); }},
        {"mounts", r_.texts(out_.mounts, is_mount)},
        {"ports", [&](const Tree& t) { read_ports(t); }},
        {"vars", [&](const Tree& t) { read_vars(t); }},
        {"container", [&](const Tree& t) { r_.map(t, container_keys(r_, out_.container)); }},
    };
    for (const auto& [name, map] : playbook_.maps) keys.push_back({name, [this](const Tree& t) { read_map(t); }});
    r_.map(tree, keys);
    return std::move(out_);
  }

 private:
  // "mesos-slave 0.28.1"
  std::string with_version() const { return playbook_.component + " " + playbook_.version; }

  // A variable that stands for a flag must name one: most programs pass over others in silence.
  void read_env(const Tree& tree) {
    r_.text_map(out_.env, is_env_name)(tree);
    const std::string& prefix = playbook_.flag_style.env_prefix;
    if (!prefix.empty() && tree.kind == Tree::Kind::map)
      for (const Tree& item : tree.items)
        for (const auto& flag : playbook_.flag_style.fixed)
          if (item.key == prefix + upper_case(flag)) refuse_fixed(item);
    if (prefix.empty() || playbook_.known_flags.empty() || tree.kind != Tree::Kind::map) return;
    std::vector<std::string> variables;
    for (const auto& [flag, range] : playbook_.known_flags) variables.push_back(prefix + upper_case(flag));
    for (const Tree& item : tree.items)
      if (item.key.starts_with(prefix) && std::find(variables.begin(), variables.end(), item.key) == variables.end())
        r_.mistakes.warning(item.key_mark,
                            fmt::format("{} is no flag of {}, which would pass over it{}", quote(item.key),
                                        with_version(), did_you_mean(item.key, variables)));
  }

  void read_flags(const Tree& tree) {
    r_.each(
        tree,
        [&](const Tree& item) {
          check_flag(item);
          out_.flag_marks[item.key] = item.key_mark;
          if (item.kind == Tree::Kind::null)
            out_.flags[item.key] = std::nullopt;
          else if (const auto value = r_.scalar(item, any_line))
            out_.flags[item.key] = *value;
        },
        is_flag_name);
  }

  void refuse_fixed(const Tree& item) {
    r_.mistakes.error(item.key_mark, fmt::format("{} of {} follows from its members and cannot be set: another value "
                                                 "breaks the ensemble",
                                                 quote(item.key), playbook_.component));
  }

  void check_flag(const Tree& item) {
    const auto& fixed = playbook_.flag_style.fixed;
    if (std::find(fixed.begin(), fixed.end(), item.key) != fixed.end()) return refuse_fixed(item);
    if (playbook_.maps.contains(item.key))
      return r_.mistakes.error(item.key_mark, fmt::format("{} is a map of its own, beside flags", quote(item.key)));
    if (playbook_.known_flags.empty() || playbook_.flags.contains(item.key)) return;
    const auto known = playbook_.known_flags.find(item.key);
    if (known == playbook_.known_flags.end())
      return r_.mistakes.error(item.key_mark, fmt::format("unknown flag {} of {}{}", quote(item.key), with_version(),
                                                          did_you_mean(item.key, names_of(playbook_.known_flags))));
    const auto range = VersionRange::parse(known->second);
    const auto wanted = Version::parse(playbook_.version);
    if (range && wanted && !range->contains(*wanted))
      r_.mistakes.error(item.key_mark, fmt::format("flag {} of {} needs {}, wanted is {}", quote(item.key),
                                                   playbook_.component, known->second, playbook_.version));
  }

  template <class Known>
  bool check_name(const std::string& what, const Tree& item, const Known& known) {
    if (known.contains(item.key)) return true;
    r_.mistakes.error(item.key_mark, fmt::format("unknown {} {} of {}{}", what, quote(item.key), playbook_.component,
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
      // One line: templates put it between others of a program's own configuration.
      const auto value = r_.scalar(item, any_line);
      if (!check_name("var", item, playbook_.vars) || !value) return;
      out_.vars[item.key] = *value;
      out_.var_marks[item.key] = item.key_mark;
    });
  }

  // Its words become one flag, so none may hold what separates them.
  void read_map(const Tree& tree) {
    const FlagMap& form = playbook_.maps.at(tree.key);
    out_.map_marks[tree.key] = tree.key_mark;
    r_.each(tree, [&](const Tree& item) {
      const auto value = r_.scalar(item, any_word);
      if (!value) return;
      if (item.key.find_first_of(form.pair + form.join) != std::string::npos ||
          value->find(form.join) != std::string::npos)
        return r_.mistakes.error(item.key_mark, fmt::format("{} separates the {}: neither name nor value may hold it",
                                                            quote(form.join), tree.key));
      out_.maps[tree.key][item.key] = *value;
    });
  }

  const Playbook& playbook_;
  Reader r_;
  ComponentOverrides out_;
};

}  // namespace

std::map<std::string, ComponentOverrides> read_overrides(const Tree& tree, bool of_host,
                                                         const std::map<std::string, Playbook>& playbooks,
                                                         Mistakes& mistakes) {
  std::map<std::string, ComponentOverrides> out;
  Reader(mistakes).each(tree, [&](const Tree& item) {
    const auto playbook = playbooks.find(item.key);
    if (playbook == playbooks.end())
      mistakes.error(item.key_mark, fmt::format("unknown component {}{}", quote(item.key),
                                                did_you_mean(item.key, names_of(playbooks))));
    else
      out[item.key] = OverridesReader(playbook->second, mistakes).read(item, of_host);
  });
  return out;
}

}  // namespace cctl
