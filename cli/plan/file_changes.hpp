// The files of one instance against those of its host. Pure.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "model/error.hpp"
#include "model/observed.hpp"
#include "model/plan.hpp"

namespace cctl {

// What stands on the host cannot be compared with what is wanted: the host's fault, and no other row's.
class Incomparable : public Error {
 public:
  explicit Incomparable(HostFault what) : Error(what.in_words(), 3), fault(std::move(what)) {}
  HostFault fault;
};

// Throws Incomparable. Those that differ, those that are right and that what reads them (`has_reader`) has not read,
// and those that nothing on the host wants any more: `wanted` is every path that an instance of it has a file at.
std::vector<FileChange> file_changes(const Instance& instance, const ObservedHost& host,
                                     const std::set<std::string>& wanted, bool has_reader);

// The strongest action that the changed files ask for.
Action file_action(const std::vector<FileChange>& files);

}  // namespace cctl
