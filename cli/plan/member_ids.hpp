// Which member has which id. Ids already on a disk win, then those that a host was given before, and new members take
// the lowest that nobody ever had, in the inventory's order. Pure. Source: a member that is dead to us may come back;
// two that serve with one id break an ensemble (domain facts 1.4).
#pragma once
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "model/desired.hpp"
#include "model/observed.hpp"

namespace cctl {

// Whom an id was given to, as manifests remember it. A machine is the one of then when its name or its address is.
struct IdHolder {
  std::string host, address;

  bool operator<(const IdHolder& o) const { return std::tie(host, address) < std::tie(o.host, o.address); }
};
using GivenIds = std::map<int, std::set<IdHolder>>;

// Ids found on disks: host -> path -> the file. Ids on a disk win over those that manifests remember, and both over the
// order of the inventory.
using DiskIds = std::map<std::string, std::map<std::string, ObservedFile>>;
struct KnownIds {
  DiskIds on_disk;
  std::map<std::string, GivenIds> given;  // by component

  bool empty() const { return on_disk.empty() && given.empty(); }
};

// What the manifests of all hosts remember of a component's ids. A holder that two manifests name stands before those
// that one alone names. What a manifest says alone counts as well, for the others may have been replaced since, unless
// it says alone of more ids than an ensemble can ever have used up (kMostAlone) while other hosts can be looked at.
constexpr std::size_t kMostAlone = 100;
GivenIds given_ids(const Observed& observed, const std::string& component);
std::map<std::string, GivenIds> given_ids(const Observed& observed);  // of every component that has any
// Manifests that are not believed in what they say alone, a line each with the component's and the host's name.
std::vector<std::string> disbelieved_ids(const Observed& observed, const Desired& desired);
// The ids of an ensemble, added to those that were given before it.
void note_ids(std::map<std::string, std::string>& given, const Members& members);

// A file that says who a member is, as it was found on its host.
struct IdFile {
  std::string path;
  ObservedFile file;
};

// Whose ids they are, and from where to where they go.
struct IdRule {
  std::string component;
  int min = 1, max = 255;
};

struct MemberIdResult {
  std::map<std::string, int> ids;     // host -> id
  std::vector<HostFault> faults;      // of files on hosts
  std::vector<std::string> problems;  // of the inventory: more members than ids
};

// `on_disk`: host -> its file, for hosts that have one. Who has one that cannot be used is given the id that the host
// would have without it: a plan with a fault is not carried out.
MemberIdResult assign_member_ids(const std::vector<IdHolder>& hosts, const std::map<std::string, IdFile>& on_disk,
                                 const GivenIds& given, const IdRule& rule);

// Why an id that is to serve is another machine's: "id 3 of m4 was given to m3 (10.0.0.3)"; empty: it is not. A machine
// of ours that still runs with it counts as one, whoever was given it first.
std::string spent_id(const Desired& desired, const Observed& observed, const Instance& instance);

}  // namespace cctl
