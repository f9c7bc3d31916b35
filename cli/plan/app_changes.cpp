#include "plan/app_changes.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "model/outside_json.hpp"
#include "model/secrets.hpp"
#include "model/spec.hpp"

namespace cctl {
namespace {

using nlohmann::json;

// What a definition says holds for what runs, whatever Marathon adds to it.
bool says_the_same(const json& wanted, const json& running) {
  if (wanted.is_number() && running.is_number()) return wanted.get<double>() == running.get<double>();
  if (wanted.is_array())
    return running.is_array() &&
           std::equal(wanted.begin(), wanted.end(), running.begin(), running.end(), says_the_same);
  if (!wanted.is_object()) return wanted == running;
  if (!running.is_object()) return false;
  return std::all_of(wanted.items().begin(), wanted.items().end(), [&](const auto& item) {
    const auto now = running.find(item.key());
    return item.value().is_null() || (now != running.end() && says_the_same(item.value(), *now));
  });
}

class AppComparing {
 public:
  explicit AppComparing(std::vector<SpecChange>& out) : out_(out) {}

  // Maps whose names are the person's own: Marathon adds none.
  void names(const std::string& field, const json& wanted, const json& running) {
    static const std::set<std::string> own = {label::spec, label::version};
    std::set<std::string> all;
    for (const json* map : {&wanted, &running})
      if (map->is_object())
        for (const auto& item : map->items()) all.insert(item.key());
    for (const std::string& name : all) {
      if (field == "labels" && own.count(name)) continue;
      const json *before = at(running, name), *after = at(wanted, name);
      if (before && after && says_the_same(*after, *before)) continue;
      if (before || after) tell(field == "labels" ? "label" : field, name, before, after);
    }
  }

  void members(const std::string& path, const json& wanted, const json& running) {
    for (const auto& [key, value] : wanted.items()) {
      if (path.empty() && (key == "id" || key == "instances" || key == "env" || key == "labels")) continue;
      const json* before = at(running, key);
      const std::string field = path + key;
      if (value.is_null() || (before && says_the_same(value, *before))) continue;
      if (value.is_object() && before && before->is_object())
        members(field + ".", value, *before);
      else if (before || (path.empty() && !value.is_structured()))
        tell(field, "", before, &value);
    }
  }

 private:
  static const json* at(const json& map, const std::string& name) {
    if (!map.is_object()) return nullptr;
    const auto found = map.find(name);
    return found == map.end() || found->is_null() ? nullptr : &*found;
  }

  static std::string shown(const std::string& name, const json& value) {
    if (is_secret_name(name)) return kRedacted;
    return without_secrets(value.is_string() ? value.get<std::string>() : value.dump());
  }

  void tell(const std::string& field, const std::string& name, const json* before, const json* after) {
    SpecChange change{field, name, {}, {}};
    const std::string& by = name.empty() ? field : name;
    if (before) change.before = shown(by, *before);
    if (after) change.after = shown(by, *after);
    out_.push_back(std::move(change));
  }

  std::vector<SpecChange>& out_;
};

}  // namespace

std::vector<SpecChange> app_changes(const std::string& running_text, const std::string& wanted_text) {
  const json answer = parse_outside(running_text).value, wanted = parse_outside(wanted_text).value;
  const json& running = answer.is_object() && answer.contains("app") ? answer["app"] : answer;
  std::vector<SpecChange> out;
  if (!running.is_object() || !wanted.is_object()) return out;
  AppComparing comparing(out);
  comparing.members("", wanted, running);
  for (const char* field : {"env", "labels"})
    comparing.names(field, wanted.value(field, json()), running.value(field, json()));
  return out;
}

}  // namespace cctl
