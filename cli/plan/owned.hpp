// Which paths of a host can be ours: what its manifest says is held against that, and nothing is done elsewhere. Pure.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "model/desired.hpp"
#include "model/observed.hpp"
#include "model/sources.hpp"

namespace cctl {

// What the playbooks may have on a host, whether they are part of this cluster or not.
std::vector<OwnedPath> owned_paths(const Sources& sources);

// A manifest is written by root alone, but whoever edits it names paths that others then write to, or remove.
struct HeldManifest {
  Manifest ours;                    // what may be acted upon; modes without setuid, setgid and sticky bits
  Manifest others;                  // what is kept as it is, and left alone
  std::vector<std::string> claims;  // the same, told
};
HeldManifest held(const Manifest& manifest, const Desired& desired, const std::string& host);
// Both in one again, to be written.
Manifest whole_of(const Manifest& ours, const Manifest& others);

// Directories of a host that containers may write to: what is mounted for it, and all data. Root of a container is
// root's number there: nothing in them is trusted for its owner.
std::set<std::string> lent_directories(const Desired& desired, const std::string& host);
// The same, as the manifest remembers it of all containers that were made.
std::set<std::string> lent_directories(const Manifest& manifest);

// The directories with data that `down --purge-data` removes from a host, in the order of their names.
std::vector<std::string> data_to_purge(const Desired& desired, const ObservedHost& host);

}  // namespace cctl
