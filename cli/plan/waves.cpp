#include "plan/waves.hpp"

#include <algorithm>

#include "plan/ahead.hpp"

namespace cctl {
namespace {

// Every component that needs `name`, directly or through others.
std::set<std::string> dependents(const Desired& desired, const std::string& name) {
  std::set<std::string> out;
  for (bool grown = true; grown;) {
    grown = false;
    for (const auto& c : desired.components)
      for (const auto& need : c.needs)
        if ((need == name || out.count(need)) && out.insert(c.component).second) grown = true;
  }
  // Everything that runs on a host stands on its services.
  if (const auto* own = desired.component(name); own && own->service)
    for (const auto& c : desired.components)
      if (!c.service) out.insert(c.component);
  return out;
}

}  // namespace

// Before the images: those that are there now are not in the new world.
std::set<std::string> Waves::new_worlds(std::vector<Step>& steps) {
  std::set<std::string> emptied;
  for (const auto& c : leg_.desired.components) {
    Wave wave;
    for (auto& s : steps)
      if (s.component == c.component && !s.empties.empty()) wave.steps.push_back(s);
    if (wave.steps.empty()) continue;
    for (const auto& s : wave.steps) emptied.insert(s.host);
    std::erase_if(steps, [&](const Step& s) { return s.component == c.component && !s.empties.empty(); });
    wave.order = c.rollout.order;
    wave.title = c.component + "  " + to_text(c.rollout.order);
    add(c, std::move(wave));
    // Those that run nothing yet wait for this one, and have gates of their own.
    leg_.waves.back().gate = {c.component};
  }
  return emptied;
}

// What interrupts nobody goes first, all at once: a half-started ensemble is repaired before a member stops.
void Waves::change(const ComponentPlan& c, std::vector<Step>& steps) {
  Wave calm, rolling;
  for (auto& s : steps)
    if (s.component == c.component) (s.interrupts || s.starts_empty ? rolling : calm).steps.push_back(std::move(s));
  if (!rolling.steps.empty() && !options_.offline) foresee_turns(plan_, observed_, c, calm, rolling);
  if (!calm.steps.empty()) {
    calm.title = c.component;
    add(c, std::move(calm));
    // The whole is complete only with those that start empty after these.
    if (std::any_of(rolling.steps.begin(), rolling.steps.end(), [](const Step& s) { return s.starts_empty; }))
      leg_.waves.back().gate.clear();
  }
  if (rolling.steps.empty()) return;
  rolling.order = c.rollout.order;
  rolling.quorum = c.rollout.quorum;
  rolling.title = c.component + "  " + to_text(c.rollout.order);
  const auto members = leg_.desired.of(c.component).size();
  if (c.rollout.quorum && members <= 2)
    plan_.warnings.push_back(c.component + " has " + std::to_string(members) + (members == 1 ? " member" : " members") +
                             ": it is down while it restarts");
  add(c, std::move(rolling));
}

void Waves::add(const ComponentPlan& c, Wave wave) {
  wave.component = c.component;
  wave.number = static_cast<int>(leg_.waves.size());
  wave.timeout = c.gate_timeout;
  wave.gate.push_back(c.component);
  const bool interrupts = std::any_of(wave.steps.begin(), wave.steps.end(), [](const Step& s) { return s.interrupts; });
  if (interrupts) {
    // Dependents that run and that this plan leaves alone must stand it; the others have gates of their own. Those that
    // nobody asked for stop, too, where a service of the host restarts.
    for (const auto& d : dependents(leg_.desired, c.component))
      if (runs_untouched(d) && (c.service || is_asked_for(d))) wave.gate.push_back(d);
  }
  leg_.waves.push_back(std::move(wave));
}

bool Waves::runs_untouched(const std::string& component) const {
  const auto running = running_.find(component);
  return running != running_.end() && running->second > 0 &&
         running->second == static_cast<int>(leg_.desired.of(component).size()) && !touched(component);
}

bool Waves::is_asked_for(const std::string& component) const {
  return options_.components.empty() || options_.components.count(component) > 0;
}

bool Waves::touched(const std::string& component) const {
  if (!is_asked_for(component)) return false;
  return std::none_of(leg_.unchanged.begin(), leg_.unchanged.end(),
                      [&](const Step& s) { return s.component == component; }) ||
         static_cast<std::size_t>(std::count_if(leg_.unchanged.begin(), leg_.unchanged.end(), [&](const Step& s) {
           return s.component == component;
         })) != leg_.desired.of(component).size();
}

}  // namespace cctl
