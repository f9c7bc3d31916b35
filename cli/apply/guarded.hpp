// The doors of a run that holds the lease: everything that changes a host asks first whether the lease is still held,
// and throws LeaseLost when it is not. What only looks is let through. One place for all of it, so that nothing can
// forget.
#pragma once
#include "apply/hosts.hpp"
#include "apply/lease.hpp"

namespace cctl {

class LeaseLost : public Unchanged {
 public:
  LeaseLost() : Unchanged("the lease was lost, so that another run may be at work here: nothing more was done") {}
};

// The same hosts; `hosts` and `lease` must outlive it.
Hosts guarded(const Hosts& hosts, const Lease& lease);

}  // namespace cctl
