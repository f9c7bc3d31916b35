// Why a step writes files, in words. Pure.
#pragma once
#include <string>
#include <vector>

#include "model/plan.hpp"

namespace cctl {

// "zoo.cfg changed; myid is new", "zoo.cfg mode 0640 -> 0644".
std::string file_reason(const std::vector<FileChange>& files);

// Of a merged JSON file: "daemon.json: log-driver (for containers made from then on)".
std::string keys_reason(const FileChange& change);

// What its notes say of a restart, each after "; ": "* unless KEY" holds unless that key is true.
std::string restart_notes(const FileChange& change);

}  // namespace cctl
