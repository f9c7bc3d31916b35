// The names that templates of an instance may use. Pure.
//   input (the inventory's settings for this component, as JSON), cluster, style, component, version, name, address,
//   ip, group, docker_socket (the path at which the host's engine listens), image, count, quorum, member_id, ports.P,
//   each var (one of a map kind is JSON, and VAR.each has rows of key and value), flags.F (final value of a flag; in
//   files, probes, checks and verdicts), task_ports.first and task_ports.last (there, too), members / others (rows of
//   name, ip, id, first, ports.P), registered (rows of the services of what runs on this host: name, component, port,
//   tags as JSON, check.kind, check.at, check.unverified, check.interval, check.timeout; not in vars and exports), C.on
//   (component C runs somewhere), C.here (on this host); where it runs: C.count, C.version, C.ports.P (on this host,
//   where C or a part of it is; else as the inventory gives it to all), C.EXPORT, C.members. R.on, R.here and the
//   others for a role R, of the component R.component that plays it
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/mistake.hpp"
#include "model/sources.hpp"
#include "plan/member_ids.hpp"
#include "plan/place.hpp"
#include "plan/render.hpp"

namespace cctl {

using InstanceKey = std::pair<std::string, std::string>;  // component, host

struct Scopes {
  std::map<InstanceKey, std::shared_ptr<const Scope>> of;
  std::map<std::string, std::map<std::string, int>> ids;  // component -> host -> member id
  std::vector<HostFault> faults;                          // of the files that say who a member is
};

Scopes make_scopes(const Sources& sources, const Placement& placement, const KnownIds& ids,
                   std::vector<Mistake>& mistakes);

// The overrides that apply to an instance, the narrowest last: of the component it is part of, of itself, of the host.
std::vector<const ComponentOverrides*> overrides_of(const Sources& sources, const Playbook& playbook, const Host& host);

// The ports of an instance, as the inventory changed them.
std::map<std::string, int> ports_of(const Sources& sources, const Playbook& playbook, const Host& host);

}  // namespace cctl
