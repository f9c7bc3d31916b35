// What keeps a machine's clock: one list for all who ask. Pure.
#pragma once
#include <string>
#include <vector>

#include "look/facts.hpp"

namespace cctl {

struct TimeService {
  const char* program;                // as the kernel names it: at most 15 letters
  std::vector<const char*> services;  // names that distributions give it
  bool of_guest = false;              // the tools of a virtual machine, which may keep its clock
};

const std::vector<TimeService>& time_services();
// The first of them that runs; null: none does.
const TimeService* running_time_service(const Facts& facts);

}  // namespace cctl
