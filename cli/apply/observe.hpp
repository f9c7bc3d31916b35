// What is there: every host asked at once, one exchange each.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "apply/hosts.hpp"
#include "model/desired.hpp"
#include "model/health.hpp"
#include "model/observed.hpp"
#include "model/prepare.hpp"
#include "plan/member_ids.hpp"

namespace cctl {

// Who wants to know more of the hosts than every plan does.
struct AlsoAsked {
  Prepare prepare;               // of this what is not off
  std::set<std::string> checks;  // by name
};

struct Looks {
  Observed observed;
  std::map<std::string, Facts> facts;  // of the hosts that were reached
};

// Asks each host of `draft` (expanded without ids: its paths are those of the final one) for everything that a plan of
// it may need: containers, images, the manifest, every file that would be written and every id file, with content; and
// for the facts that others name.
Task<Looks> observe_all(Hosts& hosts, const Desired& draft,
                        const std::map<std::string, std::vector<std::string>>& id_paths, const AlsoAsked& also);

// The ids that were seen on disks, for a second expand.
DiskIds found_ids(const Observed& observed, const std::map<std::string, std::vector<std::string>>& id_paths);

// Probes every instance on a connected host, all at once. Of an instance whose probes could not be put nothing is
// known, and the error is what was seen; instances on hosts without a door are left out.
Task<std::vector<InstanceHealth>> probe_all(Hosts& hosts, const Desired& desired);
// The same for some instances of `desired`.
Task<std::vector<InstanceHealth>> probe_some(Hosts& hosts, const Desired& desired,
                                             std::vector<const Instance*> instances);

}  // namespace cctl
