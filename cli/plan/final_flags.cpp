#include "plan/final_flags.hpp"

#include "model/flag_variable.hpp"

namespace cctl {

std::map<std::string, std::string> final_flags(const Playbook& playbook,
                                               const std::vector<const ComponentOverrides*>& overrides,
                                               const Scope& scope) {
  std::map<std::string, std::string> out;
  for (const auto& [name, value] : playbook.flags)
    if (auto r = render(value, scope); !r.empty()) out[name] = r;
  for (const auto& [name, how] : playbook.maps) {
    std::map<std::string, std::string> merged;
    for (const auto* o : overrides)
      if (auto found = o->maps.find(name); found != o->maps.end())
        for (const auto& [k, v] : found->second) merged[k] = v;
    std::string joined;
    for (const auto& [k, v] : merged) joined += (joined.empty() ? "" : how.join) + k + how.pair + v;
    if (!joined.empty()) out[name] = joined;
  }
  for (const auto* o : overrides)
    for (const auto& [name, value] : o->flags) {
      if (value)
        out[name] = *value;
      else
        out.erase(name);
    }
  return out;
}

std::string said_value(const Playbook& playbook, const std::vector<const ComponentOverrides*>& overrides,
                       const std::map<std::string, std::string>& flags, const std::string& flag) {
  std::string out = flags.contains(flag) ? flags.at(flag) : "";
  const auto& prefix = playbook.flag_style.env_prefix;
  for (const auto* o : overrides)
    if (const auto found = o->env.find(flag_variable(prefix, flag)); !prefix.empty() && found != o->env.end())
      out = found->second;
  return out;
}

}  // namespace cctl
