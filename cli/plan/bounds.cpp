#include "plan/bounds.hpp"

#include <optional>
#include <set>

#include "model/kind_words.hpp"
#include "model/outside_json.hpp"
#include "model/var_kind.hpp"
#include "plan/where.hpp"

namespace cctl {
namespace {

// Of a var, or of "settings.limit", a key inside one. Below 0 nothing is said.
std::optional<long long> number_of(const Scope& scope, const std::string& name) {
  const auto dot = name.find('.');
  const Value* value = scope.find(name.substr(0, dot));
  const auto* text = value ? std::get_if<std::string>(value) : nullptr;
  if (!text) return {};
  const auto number = kind::whole(dot == name.npos ? *text : text_in(parse_outside(*text).value, name.substr(dot + 1)));
  return number && *number >= 0 ? number : std::nullopt;
}

struct Check {
  const Scope& scope;
  const std::string& component;

  // Empty, or what is wrong.
  std::string operator()(const std::string& name, const Bound& bound) const {
    const auto number = number_of(scope, name), said = number_of(scope, bound.other),
               unit = number_of(scope, bound.unit);
    if (!number || (!said && !unit)) return "";
    const long long limit = said ? *said : bound.times * *unit;
    if (bound.most ? *number <= limit : *number >= limit) return "";
    return name + " " + std::to_string(*number) + " of " + component + " is " + (bound.most ? "above " : "below ") +
           bound.other + ", which is " + std::to_string(limit) +
           (said ? "" : " where it is not said, " + std::to_string(bound.times) + " times " + bound.unit) +
           ": it would not start";
  }
};

}  // namespace

void check_bounds(const Sources& sources, const Placement& placement, const Scopes& scopes,
                  std::vector<Mistake>& mistakes) {
  std::set<std::pair<int, int>> told;
  for (const auto& component : placement.order) {
    const Playbook& playbook = sources.playbooks.at(component);
    for (const auto& [name, kind] : playbook.var_kinds) {
      const auto bound = bound_of_kind(kind);
      if (!bound) continue;
      for (const Host* host : placement.hosts.at(component)) {
        const std::string fault = Check{*scopes.of.at({component, host->name}), component}(name, *bound);
        if (fault.empty()) continue;
        Mark mark = narrowest(overrides_of(sources, playbook, *host), &ComponentOverrides::var_marks,
                              name.substr(0, name.find('.')));
        if (mark.line == 0) mark = where_of(sources.inventory, playbook);
        if (told.emplace(mark.line, mark.column).second) mistakes.push_back({mark, fault, false});
      }
    }
  }
}

}  // namespace cctl
