// What lies in directories that were looked into. Pure.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "model/desired.hpp"
#include "model/observed.hpp"

namespace cctl {

std::string parent_of(const std::string& path);

// The entry at a path; null: it is not there, or its directory was not looked into.
const ObservedEntry* entry_at(const ObservedHost& host, const std::string& path);

// What lies in the configuration directories of an instance and is neither of the inventory, nor written by us, nor
// what its image writes there: the paths.
std::vector<std::string> foreign_entries(const Desired& desired, const Instance& instance, const ObservedHost& host);

// The same in words, with what to do: it rules all the same, where a program reads every file.
std::string told_foreign(const Instance& instance, const std::vector<std::string>& paths);

// The files that the image wrote for variables of the container that was there last, and that the new one does not
// write there: proven to be those by their content. Their paths.
std::vector<std::string> outlived_env_files(const Instance& instance, const ObservedHost& host);

// The files that its image writes for variables of the container: path -> content.
std::map<std::string, std::string> env_files_of(const Container& container);

// Where a link that others laid is on the way to what the instance has on its host: one line for each such link. What
// is behind it is not known, and nothing is written there.
std::vector<std::string> barred_ways(const Instance& instance, const ObservedHost& host);

// The directories that have to be looked into for all that.
std::vector<std::string> directories_to_list(const Instance& instance);

}  // namespace cctl
