// From options to the model: where the data is, which inventory is meant, what it says. Opens no connection.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "apply/hosts.hpp"
#include "commands/options.hpp"
#include "model/desired.hpp"
#include "model/sources.hpp"
#include "plan/diff.hpp"
#include "plan/expand.hpp"
#include "report/plan_text.hpp"
#include "run/wanted.hpp"

namespace cctl {

// The directory with playbooks/ and images/: --data, the source tree of a build, or the install prefix.
std::string find_data(const std::string& given);

// Loads; prints every mistake to standard error and throws Error (exit 2) when one is more than a warning.
Sources load_sources(const Options& options, const std::map<std::string, std::string>& versions = {});

// Prints the mistakes; throws Mistaken when one is more than a warning.
void refuse(const std::vector<Mistake>& mistakes, const std::string& file);

// Expands, with the same treatment of mistakes. `ids` are those found on disks and in manifests.
Desired expand_sources(const Sources& sources, const KnownIds& ids);

// The same as a run asks for it.
WantedCluster wanted_of(Sources sources);

ConnectLimits connect_limits(const Options& options);

// What --limit and --component name, as the diff takes it; a word that names nothing is an Error (exit 2).
// `components`: more that may be named beside those of the inventory.
DiffOptions diff_options(const Options& options, const Desired& desired, std::vector<std::string> components = {});

PlanTextOptions plan_text_options(const Options& options);

// The whole content of a file; Error when it cannot be read. Writing goes through a temporary name.
std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& content);
// Where a file that is to be replaced as a whole lies: what a link leads to. Error (exit 2) when something other than a
// file is there, a directory or a device.
std::string file_to_replace(const std::string& path);

}  // namespace cctl
