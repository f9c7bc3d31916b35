#include "plan/flags.hpp"

#include <algorithm>
#include <set>

#include "model/among.hpp"
#include "model/flag_variable.hpp"
#include "model/secrets.hpp"
#include "plan/closed_files.hpp"

namespace cctl {
namespace {

void add_argument(FlagOutput& out, const FlagStyle& how, const std::string& name, const std::string& value) {
  if (how.arg == "equals") {
    out.args.push_back("--" + name + "=" + value);
    return;
  }
  out.args.push_back("--" + name);
  if (!value.empty()) out.args.push_back(value);
}

bool is_path(const std::string& value) {
  return value.starts_with('/') || value.starts_with("file://");
}

std::string flag_file(const FlagStyle& how, const std::string& name) {
  const auto elsewhere = how.paths.find(name);
  return elsewhere == how.paths.end() ? how.dir + "/" + name : elsewhere->second;
}

}  // namespace

KeptFlag places_of(const FlagStyle& how, const std::string& style, const std::string& name) {
  KeptFlag out;
  out.name = name;
  if (!how.env_prefix.empty()) out.variable = flag_variable(how.env_prefix, name);
  out.argument = (how.arg == "single" ? "-" : "--") + name + (how.arg == "separate" ? "" : "=");
  if (style == "files" && !how.dir.empty() && !among(how.as_args, name)) out.file = flag_file(how, name);
  return out;
}

FlagOutput place_flags(const FlagStyle& how, const std::string& style, const std::map<std::string, std::string>& flags,
                       const std::map<std::string, std::string>& env, const std::optional<std::string>& reader) {
  FlagOutput out;
  std::set<std::string> dirs;
  auto add_file = [&](const std::string& path, const std::string& content, bool closed) {
    // No trailing newline: what reads file:// takes every byte ("2\n" is no number).
    FileSpec file;
    file.path = path;
    file.content = content;
    if (closed) file.mode = "0600", file.owner = reader.value_or("0:0");
    out.files.push_back(std::move(file));
    dirs.insert(path.substr(0, path.rfind('/')));
  };
  for (const auto& [name, given] : flags) {
    if (!how.env_prefix.empty() && env.count(flag_variable(how.env_prefix, name))) continue;
    const bool argument_only = among(how.as_args, name), names_file = among(how.as_paths, name);
    std::string value = given;
    // Secrets as a rule.
    if (names_file && !is_path(given) && !how.dir.empty()) {
      value = how.dir + ".files/" + name;
      add_file(value, given, true);
    }
    if (style == "files" && !how.dir.empty() && !argument_only) {
      const std::string path = flag_file(how, name);
      const bool reference = how.by_reference && !names_file && !among(how.direct, name);
      add_file(path, value, (reader || !reference) && !is_path(value) && (is_secret_name(name) || holds_secret(value)));
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
