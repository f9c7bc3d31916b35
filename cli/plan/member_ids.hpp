// Which member has which id. Ids already on a disk win, then those that a host was given before, and new members take
// the lowest that nobody ever had, in the inventory's order. Pure. Source: a member that is dead to us may come back;
// two that serve with one id break an ensemble (domain facts 1.4).
#pragma once
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "model/plan.hpp"

namespace cctl {

// Whom an id was given to, as manifests remember it. A machine is the one of then when its name or its address is.
struct IdHolder {
  std::string host, address;

  bool operator<(const IdHolder& o) const { return std::tie(host, address) < std::tie(o.host, o.address); }
};
using GivenIds = std::map<int, std::set<IdHolder>>;

// Ids found on disks: host -> path -> content. Ids on a disk win over those that manifests remember, and both over the
// order of the inventory.
using DiskIds = std::map<std::string, std::map<std::string, std::string>>;
struct KnownIds {
  DiskIds on_disk;
  std::map<std::string, GivenIds> given;  // by component

  bool empty() const { return on_disk.empty() && given.empty(); }
};

// What the manifests of all hosts remember of a component's ids.
GivenIds given_ids(const Observed& observed, const std::string& component);
std::map<std::string, GivenIds> given_ids(const Observed& observed);  // of every component that has any
// The ids of an ensemble, added to those that were given before it.
void note_ids(std::map<std::string, std::string>& given, const Members& members);

struct MemberIdResult {
  std::map<std::string, int> ids;     // host -> id
  std::vector<std::string> problems;  // `myid 2 is on the disks of both "a" and "b"`
};

// `on_disk`: host -> id file's content, for hosts that have one.
MemberIdResult assign_member_ids(const std::vector<IdHolder>& hosts, const std::map<std::string, std::string>& on_disk,
                                 const GivenIds& given, int min, int max);

// Why an id that is to serve is another machine's: "id 3 of m4 was given to m3 (10.0.0.3)"; empty: it is not. A machine
// of ours that still runs with it counts as one, whoever was given it first.
std::string spent_id(const Desired& desired, const Observed& observed, const Instance& instance);

}  // namespace cctl
