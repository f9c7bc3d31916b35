#include "plan/scope_vars.hpp"

#include "model/ipv4.hpp"
#include "model/var_kind.hpp"
#include "plan/spec_json.hpp"
#include "plan/where.hpp"

namespace cctl {
namespace {

// What the inventory gives as a map is JSON as a text; its keys are the rows of NAME.each.
void add_rows(Scope& scope, const Playbook& p, const std::string& name, const std::string& value) {
  const auto kind = p.var_kinds.find(name);
  if (kind == p.var_kinds.end() || !is_map_kind(kind->second)) return;
  Rows rows;
  if (!value.empty())
    for (const auto& [key, text] : texts_of_json(value)) rows.push_back(Scope{{{"key", key}, {"value", text}}});
  scope.names[name + ".each"] = std::move(rows);
}

}  // namespace

// They may use each other: rendered again and again until no more of them can be.
void VarMaker::make(const Playbook& p, const Host& host, Scope& scope) {
  auto left = p.vars;
  for (const auto& [name, value] : left) add_rows(scope, p, name, value);
  for (const auto* o : overrides_of(sources_, p, host))
    for (const auto& [name, value] : o->vars) {
      check_virtual(p, name, value, o->var_marks.at(name));
      scope.names[name] = value;  // the person's own text is no template
      add_rows(scope, p, name, value);
      left.erase(name);
    }
  for (std::size_t before = left.size() + 1; left.size() < before;) {
    before = left.size();
    for (auto it = left.begin(); it != left.end();) {
      try {
        scope.names[it->first] = render(it->second, scope);
        it = left.erase(it);
      } catch (const BadTemplate&) {
        ++it;
      }
    }
  }
  tell_left(p, left, scope);
  for (const auto& [name, why] : p.required) demand(p, name, why, scope);
}

// Of those that cannot be made: what waits for another one that is bad is not told of, unless they all wait.
void VarMaker::tell_left(const Playbook& p, const std::map<std::string, std::string>& left, Scope& scope) {
  std::string names;
  for (const auto& [name, text] : left) {
    names += (names.empty() ? "" : ", ") + name;
    scope.names[name] = "";
  }
  bool told = false;
  for (const auto& [name, text] : left) {
    try {
      render(text, scope);
    } catch (const BadTemplate& e) {
      tell_(p, e, p.mark);
      told = true;
    }
  }
  if (!left.empty() && !told)
    tell_(p, BadTemplate("made of each other: the vars " + names, left.begin()->second, 0), p.mark);
}

// A virtual address is nobody's own; told once for each place it is given at.
void VarMaker::check_virtual(const Playbook& p, const std::string& name, const std::string& value, const Mark& mark) {
  const auto kind = p.var_kinds.find(name);
  if (kind == p.var_kinds.end() || kind->second != "virtual address" || !ipv4(value)) return;
  for (const auto& host : sources_.inventory.hosts) {
    if (ipv4(value) != ipv4(host.ip) && ipv4(value) != ipv4(host.address)) continue;
    const std::string at =
        p.component + " " + name + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column);
    if (told_.insert(at).second)
      mistakes_.push_back({mark,
                           name + " \"" + value + "\" of " + p.component + " is the own address of " + host.name +
                               ", and has to be nobody's",
                           false});
  }
}

// A var that nothing can be guessed for: told once, whatever the number of hosts.
void VarMaker::demand(const Playbook& p, const std::string& name, const std::string& why, const Scope& scope) {
  const Value* value = scope.find(name);
  const auto* text = value ? std::get_if<std::string>(value) : nullptr;
  if ((text && !text->empty()) || !told_.insert(p.component + " " + name).second) return;
  mistakes_.push_back(
      {where_of(sources_.inventory, p),
       p.component + " needs " + name + ", " + why + ": components: {" + p.component + ": {vars: {" + name + ": ...}}}",
       false});
}

}  // namespace cctl
