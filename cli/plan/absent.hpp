// Hosts that a command needs and that cannot be used, with the way on. Pure.
#pragma once
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "model/observed.hpp"
#include "plan/diff.hpp"

namespace cctl {

struct Absent {
  std::string text;                 // a line for each, why; empty: all that are needed are there
  int exit_code = 0;                // of what keeps them away
  std::set<Absence> kinds;          // in which ways they are
  std::vector<std::string> others;  // the words for --limit that name all others that were chosen; empty: none is left
};

// A host that cannot be reached outweighs one that is reached and of no use.
Absent absent(const Desired& desired, const Observed& observed, const DiffOptions& chosen);
// The same of hosts that lack something else: `why` each does; empty: it does not.
Absent lacking(const Desired& desired, const DiffOptions& chosen,
               const std::function<std::string(const std::string& host)>& why);

// "next: bring it back, or go on without it: clusterctl up -l @slaves". `again` tells the command with another --limit;
// null: it takes none.
using Again = std::function<std::string(const std::vector<std::string>& limit)>;
std::string way_on(const Absent& away, const Again& again);

// What to do about members of an ensemble that keep a majority from standing: those whose hosts are not seen, those
// that are seen and do not run, and those that run.
std::string way_out(const std::string& component, const std::vector<std::string>& unseen,
                    const std::vector<std::string>& idle, const std::vector<std::string>& running);

}  // namespace cctl
