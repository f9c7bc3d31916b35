// How a component's flags reach its program: environment, arguments or one file per flag. Pure.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/desired.hpp"
#include "model/playbook.hpp"
#include "model/spec.hpp"

namespace cctl {

struct FlagOutput {
  std::map<std::string, std::string> env;
  std::vector<std::string> args;
  std::vector<FileSpec> files;
  std::vector<std::string> mounts;  // directories of the files, read-only at the same path
};

// `style`: "env" or "files". `flags`: final values. A flag whose variable is already in `env` (the person's own) is
// left to it. A flag that names a file (as_paths) is given a path in either style: its value, or where that is none the
// path of a file that holds it. Files with secrets are their reader's alone: `reader` is its "uid:gid", none where its
// name alone is known.
FlagOutput place_flags(const FlagStyle& how, const std::string& style, const std::map<std::string, std::string>& flags,
                       const std::map<std::string, std::string>& env, const std::optional<std::string>& reader = "0:0");

// Where place_flags() puts the value of one flag: what is not there is empty.
KeptFlag places_of(const FlagStyle& how, const std::string& style, const std::string& name);

}  // namespace cctl
