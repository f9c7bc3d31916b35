#include "plan/kept_flags.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "model/outside_json.hpp"

namespace cctl {
namespace {

using nlohmann::json;

// The value as an argument or a variable; empty: it is not said there.
std::string said(const json& spec, const KeptFlag& flag) {
  const json &args = list_in(spec, "args"), &env = object_in(spec, "env");
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string word = args[i].is_string() ? args[i].get<std::string>() : "";
    if (flag.argument.ends_with('=') && word.starts_with(flag.argument)) return word.substr(flag.argument.size());
    if (word == flag.argument && i + 1 < args.size() && args[i + 1].is_string()) return args[i + 1].get<std::string>();
  }
  return flag.variable.empty() ? "" : text_in(env, flag.variable);
}

// The same value in a file, or read from one, is the same.
bool by_file(const std::string& value, const KeptFlag& flag) {
  return !flag.file.empty() && value == "file://" + flag.file;
}

bool file_changes(const Step& step, const std::string& path) {
  return std::any_of(step.files.begin(), step.files.end(),
                     [&](const FileChange& f) { return f.wanted.path == path && f.before != f.wanted.content; });
}

}  // namespace

std::string kept_flags_changed(const Instance& instance, const ObservedHost& host, const Step& step) {
  const auto known = host.manifest.specs.find(instance.component);
  const auto* container = instance.container();
  if (!container || container->kept.empty() || known == host.manifest.specs.end()) return "";
  if (!about(step.action).anew || step.action == Action::create) return "";
  const json before = parse_outside(known->second).value, now = parse_outside(instance.spec_json).value;
  if (!before.is_object() || !now.is_object()) return "";
  std::string names;
  for (const auto& flag : container->kept) {
    const std::string was = said(before, flag), is = said(now, flag);
    const bool both_by_file = by_file(was, flag) && by_file(is, flag);
    // From one style to the other the value moves, and what it was is not known here.
    if (both_by_file ? !file_changes(step, flag.file) : was == is || by_file(was, flag) || by_file(is, flag)) continue;
    names += (names.empty() ? "" : ", ") + flag.name;
  }
  if (names.empty()) return "";
  return instance.component + " on " + instance.host + " gets other " + names + ": " + container->kept_refused;
}

}  // namespace cctl
