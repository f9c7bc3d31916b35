#include "model/app_state.hpp"

namespace cctl {

bool AppState::settled() const {
  return deployments.empty() && running == instances && (!checked || healthy == instances);
}

std::string AppState::in_words() const {
  const std::string wanted = std::to_string(instances);
  std::string out =
      std::to_string(running) + (running > instances ? " run, " + wanted + " wanted" : " of " + wanted + " run");
  if (checked) out += ", " + std::to_string(healthy) + " of " + wanted + " healthy";
  if (!deployments.empty()) out += ", a deployment is under way";
  return out;
}

}  // namespace cctl
