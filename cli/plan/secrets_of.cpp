#include "plan/secrets_of.hpp"

#include <re2/re2.h>

#include <nlohmann/json.hpp>
#include <set>

#include "model/outside_json.hpp"
#include "model/secrets.hpp"
#include "model/var_kind.hpp"

namespace cctl {
namespace {

using nlohmann::json;

// A setting of a map that is secret as a whole may be anything, "deny" too: only what is as long as a key counts.
constexpr std::size_t as_long_as_a_key = 16;

enum class Of { nobody, secret_map, secret };

class Collecting {
 public:
  void value(const std::string& text, Of of) {
    if (const json parsed = parse_outside(text).value; parsed.is_structured())
      members(parsed, of);
    else
      leaf(text, of);
  }

  void named(const std::string& name, const std::string& text) {
    value(text, is_secret_name(name) ? Of::secret : Of::nobody);
  }

  void overrides(const ComponentOverrides& given, const Playbook* playbook) {
    for (const auto& [name, text] : given.flags)
      if (text) named(name, *text);
    for (const auto& [name, text] : given.env) named(name, text);
    for (const auto& [name, text] : given.vars) {
      const std::string kind = playbook && playbook->var_kinds.contains(name) ? playbook->var_kinds.at(name) : "";
      if (is_secret_kind(kind))
        value(text, kind == "secret" || kind.starts_with("secret of ") ? Of::secret : Of::secret_map);
      else
        named(name, text);
    }
  }

  std::vector<std::string> found;

 private:
  void members(const json& parent, Of of) {
    bool behind_flag = false;
    for (const auto& [name, item] : parent.items()) {
      const Of its = behind_flag || (parent.is_object() && is_secret_name(name)) ? Of::secret : of;
      behind_flag = parent.is_array() && item.is_string() && is_secret_flag(item.get<std::string>());
      if (item.is_structured())
        members(item, its);
      else if (item.is_string())
        leaf(item.get<std::string>(), its);
    }
  }

  void leaf(const std::string& text, Of of) {
    if (of == Of::secret || (of == Of::secret_map && text.size() >= as_long_as_a_key)) found.push_back(text);
    for (auto& secret : secrets_within(text)) found.push_back(std::move(secret));
    static const RE2 user(R"(://[^/@\s:]*:([^@\s]+)@)", RE2::Latin1);
    static const RE2 port(R"re(\d{1,5}[/,?#"'].*)re", RE2::Latin1);
    re2::StringPiece rest(text);
    for (std::string password; RE2::FindAndConsume(&rest, user, &password);)
      if (!RE2::FullMatch(password, port)) found.push_back(password);
  }
};

}  // namespace

std::vector<std::string> secrets_of(const Sources& sources) {
  const Inventory& inventory = sources.inventory;
  Collecting all;
  const auto take = [&](const std::map<std::string, ComponentOverrides>& components) {
    for (const auto& [component, overrides] : components) {
      const auto playbook = sources.playbooks.find(component);
      all.overrides(overrides, playbook == sources.playbooks.end() ? nullptr : &playbook->second);
    }
  };
  take(inventory.components);
  for (const Host& host : inventory.hosts) take(host.components);
  for (const auto& [name, text] : inventory.inputs) all.value(text, Of::nobody);
  for (const App& app : inventory.apps) all.value(app.json, Of::nobody);
  // What the program says of hosts and components is not hidden, whoever took such a name for a password.
  std::set<std::string> names = {inventory.cluster};
  for (const Host& host : inventory.hosts) names.insert({host.name, host.address});
  for (const auto& [component, playbook] : sources.playbooks) names.insert(component);
  std::erase_if(all.found, [&](const std::string& secret) { return names.count(secret) > 0; });
  return all.found;
}

}  // namespace cctl
