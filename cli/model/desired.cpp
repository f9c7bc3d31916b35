#include "model/desired.hpp"

namespace cctl {

const Instance* Desired::find(const std::string& host, const std::string& component) const {
  for (const auto& i : instances)
    if (i.host == host && i.component == component) return &i;
  return nullptr;
}

const ComponentPlan* Desired::component(const std::string& name) const {
  for (const auto& c : components)
    if (c.component == name) return &c;
  return nullptr;
}

std::vector<const Instance*> Desired::of(const std::string& component) const {
  std::vector<const Instance*> out;
  for (const auto& i : instances)
    if (i.component == component) out.push_back(&i);
  return out;
}

}  // namespace cctl
