#include "plan/flag_rules.hpp"

#include <algorithm>
#include <set>

#include "model/flag_variable.hpp"
#include "plan/scope.hpp"
#include "plan/tell_once.hpp"
#include "plan/where.hpp"

namespace cctl {
namespace {

using Overrides = std::vector<const ComponentOverrides*>;

bool is_of(const std::string& range, const std::string& version) {
  const auto versions = VersionRange::parse(range);
  const auto wanted = Version::parse(version);
  return !versions || !wanted || versions->contains(*wanted);
}

std::string in_quotes(const std::string& text) {
  return '"' + text + '"';
}

class FlagRules {
 public:
  FlagRules(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes)
      : sources_(sources), desired_(desired), tell_(mistakes) {}

  void run() {
    for (const auto& i : desired_.instances) {
      const auto found = sources_.playbooks.find(i.component);
      if (found == sources_.playbooks.end()) continue;
      const Playbook& playbook = found->second;
      const auto overrides = overrides_of(sources_, playbook, *sources_.inventory.find(i.host));
      covered_vars(playbook, overrides);
      if (!playbook.takes_flags) continue;
      for (const auto& [name, value] : i.flags) of_version(playbook, overrides, name);
      said_twice(playbook, overrides);
      taken_away(playbook, overrides);
    }
  }

 private:
  // One that the inventory names has been held against the version where it was read.
  void of_version(const Playbook& playbook, const Overrides& overrides, const std::string& name) {
    const auto known = playbook.known_flags.find(name);
    if (known == playbook.known_flags.end() || is_of(known->second, playbook.version)) return;
    if (narrowest(overrides, &ComponentOverrides::flag_marks, name).line > 0) return;
    const std::string needs =
        " of " + playbook.component + " needs " + known->second + ", wanted is " + playbook.version;
    if (const Mark map = narrowest(overrides, &ComponentOverrides::map_marks, name); map.line > 0)
      return tell_(map, "flag " + in_quotes(name) + needs, false);
    const auto flag = playbook.flags.find(name);
    for (const auto* o : overrides)
      for (const auto& [var, mark] : o->var_marks)
        if (flag != playbook.flags.end() && uses(flag->second, var))
          return tell_(mark, "flag " + in_quotes(name) + ", which the var " + in_quotes(var) + " sets," + needs, false);
    tell_(where_of(sources_.inventory, playbook), "flag " + in_quotes(name) + ", which its playbook sets," + needs,
          false);
  }

  // "<% runtime_dir %>", "<%#runtime_dir?%>"
  static bool uses(const std::string& text, const std::string& var) {
    for (auto from = text.find("<%"); from != text.npos; from = text.find("<%", from + 2)) {
      const auto begin = text.find_first_not_of(" #^/&", from + 2);
      if (begin == text.npos) return false;
      if (text.substr(begin, text.find_first_of(" ?%", begin) - begin) == var) return true;
    }
    return false;
  }

  // As a flag, or a map that becomes one, and as the variable that stands for it.
  void said_twice(const Playbook& playbook, const Overrides& overrides) {
    const FlagStyle& style = playbook.flag_style;
    const std::string& prefix = style.env_prefix.empty() ? style.read_env : style.env_prefix;
    if (prefix.empty()) return;
    for (const auto* o : overrides)
      for (const auto& [variable, value] : o->env) {
        if (!variable.starts_with(prefix)) continue;
        for (const auto* other : overrides) {
          for (const auto& [name, flag] : other->flags)
            if (flag && flag_variable(prefix, name) == variable)
              twice(playbook, variable, name, other->flag_marks.at(name));
          for (const auto& [name, map] : other->maps)
            if (flag_variable(prefix, name) == variable) twice(playbook, variable, name, other->map_marks.at(name));
        }
      }
  }

  // A var that the playbook writes into a variable, which the inventory sets as well.
  void covered_vars(const Playbook& playbook, const Overrides& overrides) {
    for (const auto& [variable, value] : playbook.env)
      for (const auto* o : overrides)
        for (const auto& [var, mark] : o->var_marks)
          if (uses(value, var) && narrowest(overrides, &ComponentOverrides::env_marks, variable).line > 0)
            tell_(mark,
                  in_quotes(var) + " of " + playbook.component + " has no effect: " + variable +
                      " under env says it, too, and wins",
                  true);
  }

  void twice(const Playbook& playbook, const std::string& variable, const std::string& name, const Mark& mark) {
    if (playbook.flag_style.env_prefix.empty())
      return tell_(mark,
                   in_quotes(name) + " of " + playbook.component + " is said by " + variable +
                       " once more: it ends when it is given a flag twice; take one away",
                   false);
    tell_(mark,
          in_quotes(name) + " of " + playbook.component + " has no effect: " + variable +
              " under env says it, too, and wins",
          true);
  }

  void taken_away(const Playbook& playbook, const Overrides& overrides) {
    std::set<std::string> set;
    for (const auto& [name, value] : playbook.flags) set.insert(name);
    for (const auto* o : overrides)
      for (const auto& [name, value] : o->flags) {
        if (!value && !set.contains(name))
          tell_(o->flag_marks.at(name),
                in_quotes(name) + " of " + playbook.component +
                    " has no effect: null takes a flag away, and nothing sets this one",
                true);
        if (value) set.insert(name);
      }
  }

  const Sources& sources_;
  const Desired& desired_;
  TellOnce tell_;
};

}  // namespace

namespace {

// "<% flags.NAME %>"
bool speaks_of(const std::string& text, const std::string& name) {
  return text.find("flags." + name + " ") != text.npos;
}

bool any_speaks_of(const std::vector<std::string>& texts, const std::string& name) {
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) { return speaks_of(text, name); });
}

bool speaks_of(const Playbook& playbook, const std::string& name) {
  const auto verdict = [&](const Verdict& v) { return any_speaks_of(v.is, name) || speaks_of(v.as, name); };
  const auto probe = [&](const PlaybookProbe& p) {
    return any_speaks_of({p.probe.path, p.probe.query, p.probe.send, p.address}, name) ||
           std::any_of(p.expect.begin(), p.expect.end(), [&](const auto& e) { return any_speaks_of(e.second, name); });
  };
  const auto file = [&](const PlaybookFile& f) { return any_speaks_of({f.path, f.content, f.when, f.with}, name); };
  return any_speaks_of(playbook.leader.is, name) ||
         std::any_of(playbook.health.begin(), playbook.health.end(), verdict) ||
         std::any_of(playbook.probes.begin(), playbook.probes.end(), probe) ||
         std::any_of(playbook.files.begin(), playbook.files.end(), file);
}

}  // namespace

bool takes_needed_flag(const Sources& sources, const Playbook& playbook, const Host& host,
                       std::vector<Mistake>& mistakes) {
  std::map<std::string, Mark> taken;
  for (const auto* o : overrides_of(sources, playbook, host))
    for (const auto& [name, value] : o->flags)
      if (value)
        taken.erase(name);
      else
        taken[name] = o->flag_marks.at(name);
  for (const auto& [name, mark] : taken)
    if (playbook.flags.contains(name) && speaks_of(playbook, name)) {
      mistakes.push_back(
          {mark,
           in_quotes(name) + " of " + playbook.component +
               " cannot be taken away: health is asked for with it; give it a value, or leave it as it is",
           false});
      return true;
    }
  return false;
}

void check_flags(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes) {
  FlagRules(sources, desired, mistakes).run();
}

}  // namespace cctl
