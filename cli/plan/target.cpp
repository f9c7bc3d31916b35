#include "plan/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "model/mistake.hpp"
#include "model/shell_words.hpp"

namespace cctl {
namespace {

InventoryTarget fault(std::string text) {
  InventoryTarget out;
  out.fault = std::move(text);
  return out;
}

// What cannot be read is not another cluster's: it is taken, and its mistakes are told.
bool is_of_another(const Candidate& file, const std::string& cluster) {
  return !cluster.empty() && !file.cluster.empty() && file.cluster != cluster;
}

InventoryTarget from_memory(const TargetWords& words, const std::string& cluster) {
  const std::string& name = cluster.empty() ? words.last : cluster;
  const auto found = words.remembered.find(name);
  if (found == words.remembered.end() && !words.memory_fault.empty())
    return fault(words.memory_fault + "; or pass the inventory with -i");
  if (name.empty())
    return fault(
        "no inventory was given, CLUSTERCTL_INVENTORY is not set, there is no ./inventory.yml and no cluster is "
        "remembered; name one behind the command, or with -i FILE; clusterctl init writes one");
  if (found != words.remembered.end())
    return {InventoryTarget::From::remembered, found->second, name, !cluster.empty(), ""};
  std::vector<std::string> known;
  for (const auto& [one, path] : words.remembered) known.push_back(one);
  std::string others;
  for (const auto& file : {words.environment, words.here})
    if (file) others += fmt::format("; {} is the inventory of \"{}\"", file->path, file->cluster);
  return fault("no cluster \"" + name + "\" is remembered" + did_you_mean(name, known) + others +
               "; pass its inventory with -i");
}

}  // namespace

InventoryTarget choose_target(const TargetWords& words) {
  using From = InventoryTarget::From;
  if (words.argument && words.argument->empty()) return fault("the name of the inventory is empty");
  if (words.option && words.option->empty()) return fault("--inventory is empty");
  if (words.cluster && words.cluster->empty()) return fault("--cluster is empty");
  if (words.argument && words.option && !words.same_file)
    return fault(
        fmt::format("{} and -i {} are two inventories; say the one that is meant", *words.argument, *words.option));
  const std::string cluster = words.cluster.value_or("");
  const bool named = !cluster.empty();
  // A file on the line is held against a cluster that somebody named, wherever that was.
  if (words.argument) return {From::argument, *words.argument, cluster, named, ""};
  if (words.option) return {From::option, *words.option, cluster, named, ""};
  if (words.environment) {
    if (!is_of_another(*words.environment, cluster))
      return {From::environment, words.environment->path, cluster, named, ""};
    if (!words.cluster_on_line)
      return fault(
          fmt::format("CLUSTERCTL_INVENTORY is {}, the inventory of \"{}\", and CLUSTERCTL_CLUSTER is \"{}\"; "
                      "unset one of them",
                      words.environment->path, words.environment->cluster, cluster));
  }
  if (words.here && !is_of_another(*words.here, cluster)) return {From::here, words.here->path, cluster, named, ""};
  return from_memory(words, cluster);
}

Consent consent(bool said, bool yes, bool grave) {
  if (yes) return said ? Consent::given : Consent::refused;
  return said || !grave ? Consent::yes_or_no : Consent::name;
}

std::string wrong_cluster(const InventoryTarget& target, const std::string& found, bool by_variable) {
  std::string out = fmt::format("{} is the inventory of \"{}\", not of \"{}\"", target.path, found, target.cluster);
  if (!target.said()) return out + ", the cluster of the last up; say which is meant with -i";
  if (target.from == InventoryTarget::From::remembered)
    return out + ", which had it at its last up; pass its new place with -i";
  if (by_variable) return out + ", which CLUSTERCTL_CLUSTER names; unset it, or name that cluster's file";
  return out + ", which --cluster names; leave one of them out";
}

std::string target_words(const InventoryTarget& target) {
  switch (target.from) {
    case InventoryTarget::From::argument:
      return shell_word(target.path);
    case InventoryTarget::From::option:
      return "-i " + shell_word(target.path);
    default:
      return target.cluster.empty() ? "" : "--cluster " + shell_word(target.cluster);
  }
}

}  // namespace cctl
