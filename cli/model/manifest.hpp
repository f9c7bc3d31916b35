// What a host remembers of us (/var/lib/clusterctl/CLUSTER/manifest.json). Plain values.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/members.hpp"
#include "model/spec.hpp"

namespace cctl {

struct ManifestFile {
  std::string digest;  // sha256 of what we wrote
  std::string before;  // merged: sha256 of what stood there when we last wrote; empty: nothing
  std::optional<std::string>
      replaced;  // base64 of what stands there without us; merged: what others wrote since as well
  std::string replaced_mode, replaced_owner;
  Merge merge = Merge::none;
  std::string part;       // merged: our part of it
  bool in_place = false;  // put back as it was written
};

// What stood in place of a file before a change that has not passed its gate yet.
struct PendingFile {
  std::optional<std::string> replaced;  // base64; none: there was no file
  std::string mode, owner;
  bool in_place = false;
};

struct Manifest {
  std::map<std::string, ManifestFile> files;  // path -> what we wrote
  std::map<std::string, std::map<std::string, std::string>>
      applied;                               // component -> path -> digest its container has read
  std::map<std::string, std::string> specs;  // component -> canonical spec last created
  std::map<std::string, std::map<std::string, int>>
      ports;  // component -> those of its last container whose gate has passed, or that had none before it
  std::map<std::string, std::vector<std::string>> data_dirs;          // component -> directories with data
  std::set<std::string> made_dirs;                                    // directories that were not there before us
  std::map<std::string, std::map<std::string, PendingFile>> pending;  // component -> path -> the way back
  std::map<std::string, std::string> names;  // component -> what its container goes by among its like
  std::map<std::string, Members> members;    // component -> the ensemble that its container was made for
  std::map<std::string, std::map<std::string, std::string>>
      ids;                          // component -> id -> "HOST ADDRESS" that was given it; outlives the member
  std::set<std::string> beginning;  // components made as members of a new ensemble, whose gate has not passed yet
  bool damaged = false;             // there is one, and it cannot be read: nothing of the above is known
};

}  // namespace cctl
