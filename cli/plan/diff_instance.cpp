#include "plan/diff_instance.hpp"

#include <variant>

#include "plan/file_changes.hpp"
#include "plan/kinds/kinds.hpp"

namespace cctl {

Step diff_instance(const std::string& cluster, const Instance& instance, const ObservedHost& host,
                   const std::set<std::string>& wanted) {
  const Compared both{cluster, instance, host};
  Step step;
  step.host = instance.host;
  step.component = instance.component;
  const bool has_reader = std::visit([&](const auto& kind) { return has_reader_of(both, kind); }, instance.resource);
  step.files = file_changes(instance, host, wanted, has_reader);
  const auto pending = host.manifest.pending.find(instance.component);
  step.unproven = (pending != host.manifest.pending.end() && !pending->second.empty()) ||
                  host.manifest.beginning.count(instance.component) > 0;
  return std::visit([&](const auto& kind) { return decide(both, kind, std::move(step)); }, instance.resource);
}

}  // namespace cctl
