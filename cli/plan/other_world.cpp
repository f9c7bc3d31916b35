#include "plan/other_world.hpp"

#include <algorithm>

#include "model/shell_words.hpp"
#include "plan/engine_words.hpp"
#include "plan/our_containers.hpp"

namespace cctl {

std::string other_world(const std::string& cluster, const Step& step, const ObservedHost& host) {
  const std::string unknown = why_unasked(host);
  if (step.empties.empty() || (host.containers.empty() && unknown.empty())) return "";
  std::string keys;
  for (const auto& key : step.empties) keys += (keys.empty() ? "" : ", ") + key;
  if (!unknown.empty())
    return keys + " of " + step.host +
           " would give its engine another, empty world, and what is in the one that it has is not known: " + unknown +
           "; start it with its old settings first";
  const auto ours = std::count_if(host.containers.begin(), host.containers.end(),
                                  [&](const ObservedContainer& c) { return is_ours(c, cluster); });
  const auto all = static_cast<long>(host.containers.size());
  std::string text = keys + " of " + step.host + " would give its engine another, empty world: without " +
                     (all == 1 ? "the container" : "any of the " + std::to_string(all) + " containers") +
                     " there, and without the images; ";
  if (ours > 0)
    text += "take the host down first (clusterctl down -l " + shell_word(step.host) +
            " keeps its data), and up makes it anew";
  if (ours < all)
    text += std::string(ours > 0 ? "; " : "") + std::to_string(all - ours) +
            " of them are not of this cluster: remove these by hand";
  return text;
}

}  // namespace cctl
