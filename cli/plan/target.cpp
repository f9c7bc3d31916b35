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
  if (name.empty())
    return fault(
        "no inventory was given, CLUSTERCTL_INVENTORY is not set, there is no ./inventory.yml and no cluster is "
        "remembered; say clusterctl up INVENTORY, or clusterctl init, which writes one");
  const auto found = words.remembered.find(name);
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
  // A file on the line is held against a cluster on the line, and beats one of the environment.
  const std::string of_line = words.cluster_on_line ? cluster : "";
  const bool named = !cluster.empty();
  if (words.argument) return {From::argument, *words.argument, of_line, !of_line.empty(), ""};
  if (words.option) return {From::option, *words.option, of_line, !of_line.empty(), ""};
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

std::string aimed(const std::string& advice, const InventoryTarget& target) {
  InventoryTarget by_option = target;
  if (target.from == InventoryTarget::From::argument) by_option.from = InventoryTarget::From::option;
  const std::string words = target_words(by_option);
  static const std::string program = "clusterctl ";
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = advice.find(program); at != std::string::npos && !words.empty();
       at = advice.find(program, done)) {
    const std::size_t verb = at + program.size();
    const std::size_t end = std::min(advice.find_first_not_of("abcdefghijklmnopqrstuvwxyz", verb), advice.size());
    out += advice.substr(done, end - done) + (end > verb ? " " + words : "");
    done = end;
  }
  return out + advice.substr(done);
}

Consent consent(bool said, bool yes, bool grave) {
  if (yes) return said ? Consent::given : Consent::refused;
  return said || !grave ? Consent::yes_or_no : Consent::name;
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
