// What the words of --limit and --component name. Pure.
// A word for hosts is, the first that fits: a host's name, an address, a group (masters, slaves, lbs, hosts; @masters
// where a host has that name), a pattern of names and addresses (slave*, master[13], 10.0.1.*). The chosen are those
// that any word names; another kind of word is another line of hosts_of().
#pragma once
#include <set>
#include <string>
#include <vector>

#include "plan/diff.hpp"

namespace cctl {

struct Selection {
  std::set<std::string> names;
  std::string fault;  // the first word that names nothing, with the nearest that would
};

Selection select_hosts(const std::vector<std::string>& words, const std::vector<Host>& hosts);

// Components by name or pattern.
Selection select_components(const std::vector<std::string>& words, const std::vector<std::string>& known);

// The hosts that a run over what `chosen` leaves needs: those with something of the chosen components on them. A
// component that the inventory does not have may run anywhere.
std::set<std::string> needed_hosts(const Desired& desired, const DiffOptions& chosen);

// Whether one of them, or all where none is named.
bool chosen(const std::set<std::string>& only, const std::string& name);

// Whether the options leave it in.
bool is_chosen(const DiffOptions& options, const std::string& host, const std::string& component);

}  // namespace cctl
