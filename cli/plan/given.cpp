#include "plan/given.hpp"

#include "model/flag_variable.hpp"
#include "model/outside_json.hpp"
#include "plan/where.hpp"

namespace cctl {

Given given_of(const Playbook& playbook, const Instance& i, const std::vector<const ComponentOverrides*>& overrides,
               const std::string& name) {
  const FlagStyle& style = playbook.flag_style;
  Given out;
  if (const auto flag = i.flags.find(name); flag != i.flags.end()) out.value = flag->second;
  out.mark = narrowest(overrides, &ComponentOverrides::flag_marks, name);
  for (const std::string& variable : {name, flag_variable(style.env_prefix, name), flag_variable(style.read_env, name)})
    for (const auto* o : overrides)
      if (const auto env = o->env.find(variable); env != o->env.end()) out = {env->second, o->env_marks.at(variable)};
  return out;
}

nlohmann::json part_of(const nlohmann::json& of, const std::string& path) {
  if (!of.is_object()) return nullptr;
  if (const auto whole = of.find(path); whole != of.end()) return *whole;
  if (path.ends_with('*'))
    for (const auto& [key, value] : of.items())
      if (key.starts_with(path.substr(0, path.size() - 1))) return value;
  const auto dot = path.find('.');
  return dot == path.npos ? nlohmann::json() : part_of(value_in(of, path.substr(0, dot)), path.substr(dot + 1));
}

std::optional<GivenPart> given_part(const std::vector<const ComponentOverrides*>& overrides, const std::string& path) {
  const auto dot = path.find('.');
  const std::string var = path.substr(0, dot);
  std::optional<GivenPart> out;
  for (const auto* o : overrides) {
    const bool is_var = o->vars.contains(var);
    if (dot == path.npos || (!is_var && !o->env.contains(var))) continue;
    // A narrower one stands for the whole of a wider one.
    out.reset();
    auto value = part_of(parse_outside(is_var ? o->vars.at(var) : o->env.at(var)).value, path.substr(dot + 1));
    if (!value.is_null()) out = GivenPart{std::move(value), is_var ? o->var_marks.at(var) : o->env_marks.at(var)};
  }
  return out;
}

}  // namespace cctl
