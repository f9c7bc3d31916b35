#include "plan/diff_instance.hpp"
#include "plan/our_containers.hpp"

namespace cctl {

void take_new_image(const std::string& cluster, const Instance& instance, const ObservedHost& host, Step& step) {
  if (!instance.has_container() || about(step.action).makes) return;
  const auto* container = find_container(host, cluster, instance.component, false);
  const auto there = host.image_ids.find(instance.container.image);
  if (!container || container->image_id.empty() || there == host.image_ids.end() ||
      there->second == container->image_id)
    return;
  const std::string reason = instance.container.image + " is another image now than the one it runs";
  step.reason = reason + (step.action == Action::none ? "" : "; " + step.reason);
  step.action = Action::recreate;
  step.previous_id = container->id;
  step.previous_name = container->name;
  step.interrupts = about(step.action).interrupts && container->state == "running";
}

}  // namespace cctl
