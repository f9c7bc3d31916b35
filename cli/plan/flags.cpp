#include "plan/flags.hpp"

#include <algorithm>
#include <set>

#include "model/flag_variable.hpp"

namespace cctl {
namespace {

bool among(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

void add_argument(FlagOutput& out, const FlagStyle& how, const std::string& name, const std::string& value) {
  if (how.arg == "equals") {
    out.args.push_back("--" + name + "=" + value);
    return;
  }
  out.args.push_back("--" + name);
  if (!value.empty()) out.args.push_back(value);
}

}  // namespace

FlagOutput place_flags(const FlagStyle& how, const std::string& style, const std::map<std::string, std::string>& flags,
                       const std::map<std::string, std::string>& env) {
  FlagOutput out;
  std::set<std::string> dirs;
  for (const auto& [name, value] : flags) {
    if (!how.env_prefix.empty() && env.count(flag_variable(how.env_prefix, name))) continue;
    const bool argument_only = among(how.as_args, name);
    if (style == "files" && !how.dir.empty() && !argument_only) {
      const auto elsewhere = how.paths.find(name);
      const std::string path = elsewhere == how.paths.end() ? how.dir + "/" + name : elsewhere->second;
      // No trailing newline: what reads file:// takes every byte ("2\n" is no number).
      FileSpec file;
      file.path = path;
      file.content = value;
      out.files.push_back(std::move(file));
      dirs.insert(path.substr(0, path.rfind('/')));
      const bool reference = how.by_reference && !among(how.direct, name);
      add_argument(out, how, name, reference ? "file://" + path : value);
    } else if (how.env_prefix.empty() || argument_only) {
      add_argument(out, how, name, value);
    } else {
      out.env[flag_variable(how.env_prefix, name)] = value;
    }
  }
  for (const auto& dir : dirs) out.mounts.push_back(dir + ":" + dir + ":ro");
  return out;
}

}  // namespace cctl
