#include "plan/company.hpp"

#include <algorithm>
#include <set>

#include "model/flag_variable.hpp"
#include "model/joined.hpp"
#include "model/lower_case.hpp"
#include "model/var_kind.hpp"
#include "plan/given.hpp"
#include "plan/scope.hpp"
#include "plan/tell_once.hpp"

namespace cctl {
namespace {

using Overrides = std::vector<const ComponentOverrides*>;

class Company {
 public:
  Company(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes)
      : sources_(sources), desired_(desired), tell_(mistakes) {}

  void run() {
    for (const auto& i : desired_.instances) {
      const auto found = sources_.playbooks.find(i.component);
      if (found == sources_.playbooks.end()) continue;
      const auto overrides = overrides_of(sources_, found->second, *sources_.inventory.find(i.host));
      for (const auto& [name, kind] : found->second.var_kinds) {
        if (const auto needed = needs_of_kind(kind); !needed.empty())
          needs(found->second, i, overrides, name, kind, needed);
        if (const auto others = unless_of_kind(kind); !others.empty())
          unless(found->second, i, overrides, name, kind, others);
      }
    }
  }

 private:
  Given value_of(const Playbook& playbook, const Instance& i, const Overrides& overrides,
                 const std::string& name) const {
    if (name.starts_with(prefix_)) return given_of(playbook, i, overrides, name.substr(prefix_.size()));
    const auto part = given_part(overrides, name);
    if (!part) return {};
    return {part->value.is_string() ? part->value.get<std::string>() : part->value.dump(), part->mark};
  }

  // As itself, or by a variable that speaks of it (a property of Java's: -Dzookeeper.ssl.quorum.keyStore.location=...).
  bool any_said(const Playbook& playbook, const Instance& i, const Overrides& overrides, const std::string& beside,
                const std::vector<std::string>& names) const {
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      if (beside.starts_with(prefix_)) return !given_of(playbook, i, overrides, name).value.empty();
      const std::string key = name.substr(name.find('.') + 1);
      if (given_part(overrides, name)) return true;
      const auto* own = i.container();
      return own && std::any_of(own->spec.env.begin(), own->spec.env.end(),
                                [&](const auto& e) { return e.second.find(key) != std::string::npos; });
    });
  }

  static bool is_off(const std::string& value, const std::string& kind) {
    const std::string low = lower_case(value);
    return !is_whole_kind(kind) && (low == "false" || low == "0" || low == "no");
  }

  void needs(const Playbook& playbook, const Instance& i, const Overrides& overrides, const std::string& name,
             const std::string& kind, const std::vector<std::string>& needed) {
    const Given given = value_of(playbook, i, overrides, name);
    if (given.mark.line == 0 || is_off(given.value, kind) || any_said(playbook, i, overrides, name, needed)) return;
    tell(given.mark, shown(name) + " of " + i.component + " needs " + joined(needed, " or ") + " beside it", kind);
  }

  // What other flags bring may have words of its own.
  void unless(const Playbook& playbook, const Instance& i, const Overrides& overrides, const std::string& name,
              const std::string& kind, const std::vector<std::string>& others) {
    const Given given = value_of(playbook, i, overrides, name);
    if (given.mark.line == 0 || any_said(playbook, i, overrides, name, others)) return;
    if (const std::string why = why_not_of_kind(kind, given.value); !why.empty() && !given.value.starts_with("file://"))
      tell(given.mark, "bad " + shown(name) + " \"" + given.value + "\" of " + i.component + ": it is " + why, kind);
  }

  std::string shown(const std::string& name) const {
    return name.starts_with(prefix_) ? name.substr(prefix_.size()) : name;
  }

  void tell(const Mark& mark, const std::string& text, const std::string& kind) { tell_(mark, text, is_advice(kind)); }

  const Sources& sources_;
  const Desired& desired_;
  TellOnce tell_;
  const std::string prefix_ = flag_kind_of("");
};

}  // namespace

void check_company(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes) {
  Company(sources, desired, mistakes).run();
}

}  // namespace cctl
