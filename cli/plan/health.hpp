// From probe results to health: of an instance, of a component, of the cluster. Pure.
#pragma once
#include <string>
#include <vector>

#include "model/desired.hpp"
#include "model/health.hpp"
#include "model/observed.hpp"

namespace cctl {

// Another program may answer on an instance's port: without a container of its own that runs nobody is ready.
void hold_against_containers(std::vector<InstanceHealth>& instances, const Desired& desired, const Observed& observed);

// Probe results of one instance, judged by the component's rules (leader).
InstanceHealth judge_instance(const Instance& instance, const ComponentPlan& component,
                              std::vector<ProbeResult> probes);

// The component's verdicts over all instances. `all` holds every instance of every component that was probed; an
// instance that was not reached is absent, or is not known.
ComponentHealth judge_component(const Desired& desired, const ComponentPlan& component,
                                const std::vector<InstanceHealth>& all);

enum class Health { healthy, degraded, down, unknown };
const char* to_text(Health v);

// Whole cluster: down when a component other than an app has no majority (quorum) or no ready instance; degraded when
// anything else is not as wanted; unknown only when hosts are unreachable and no majority can be proven because of it.
Health judge_cluster(const Desired& desired, const std::vector<ComponentHealth>& components, const Observed& observed);

}  // namespace cctl
