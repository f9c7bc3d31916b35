#include "commands/target.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "commands/memory.hpp"
#include "commands/out.hpp"
#include "load/tree.hpp"
#include "model/error.hpp"

namespace cctl {
namespace {

namespace fs = std::filesystem;

constexpr const char* here = "inventory.yml";        // what init writes
constexpr const char* elsewhere = "inventory.yaml";  // what others write

bool same_file(const std::string& a, const std::string& b) {
  std::error_code failed;
  return fs::equivalent(a, b, failed) || fs::absolute(a).lexically_normal() == fs::absolute(b).lexically_normal();
}

// A link that leads nowhere is there: it is told, not passed over for another cluster.
bool is_there(const char* path) {
  std::error_code failed;
  return fs::symlink_status(path, failed).type() != fs::file_type::not_found;
}

// The cluster that a file says it is of; "" where it cannot be read.
std::string cluster_in(const std::string& path) {
  Mistakes ignored;
  const Tree tree = parse_yaml_file(path, ignored);
  const Tree* cluster = tree.find("cluster");
  return cluster && cluster->kind == Tree::Kind::text ? cluster->text : "";
}

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  return value && *value ? std::optional<std::string>(value) : std::nullopt;
}

Aim aim_of(const Options& options) {
  return {target_of(options), options.data, options.playbooks};
}

}  // namespace

InventoryTarget target_of(const Options& options) {
  TargetWords words;
  words.argument = options.argument;
  words.option = options.inventory;
  words.same_file = words.argument && words.option && same_file(*words.argument, *words.option);
  words.cluster = options.cluster;
  words.cluster_on_line = options.cluster.has_value();
  if (!words.cluster) words.cluster = variable("CLUSTERCTL_CLUSTER");
  // Reading them is only worth while where there is a name to compare.
  const auto candidate = [&](const std::string& path) {
    return Candidate{path, words.cluster ? cluster_in(path) : ""};
  };
  if (const auto path = variable("CLUSTERCTL_INVENTORY")) words.environment = candidate(*path);
  if (is_there(here)) words.here = candidate(here);
  const Memory memory = remembered();
  words.remembered = memory.clusters;
  words.last = memory.last;
  words.memory_fault = memory.fault;
  InventoryTarget target = choose_target(words);
  if (!target.fault.empty()) throw Error(target.fault, 2);
  if (target.from == InventoryTarget::From::remembered && !fs::exists(target.path))
    throw Error(fmt::format("the inventory of {} was {}, which is gone; pass its new place with -i", target.cluster,
                            target.path),
                2);
  return target;
}

std::string cluster_and_file(const std::string& cluster, const std::string& file) {
  return cluster + " (" + file + ")";
}

void tell_guess(const Options& options, const Sources& sources) {
  if (options.quiet > 0 || target_of(options).said()) return;
  const char* other = is_there(elsewhere) ? "; ./inventory.yaml is passed over: name it, or call it inventory.yml" : "";
  tell("{}, the cluster of the last up{}\n", cluster_and_file(sources.inventory.cluster, sources.inventory.file),
       other);
}

void tell_target(const Options& options, const Sources& sources) {
  if (!target_of(options).said()) return tell_guess(options, sources);
  if (options.quiet == 0) tell("{}\n", cluster_and_file(sources.inventory.cluster, sources.inventory.file));
}

void need_said(const Options& options, const std::string& again, const Sources& sources) {
  const std::string& cluster = sources.inventory.cluster;
  if (consent(target_of(options).said(), options.yes, false) != Consent::refused) return;
  throw Error(fmt::format("the cluster of the last up was {}, and -y alone does not say that it is meant; nothing was "
                          "changed; next: {} -y",
                          cluster_and_file(cluster, sources.inventory.file), again),
              10);
}

std::string next_command(const Options& options, const std::string& command, std::vector<std::string> more) {
  return retold(aim_of(options), {command, options.limit, options.components, std::move(more)});
}

Again with_limit(const Options& options, const std::string& command, std::vector<std::string> more) {
  return [options, command, words = std::move(more)](const std::vector<std::string>& limit) {
    return retold(aim_of(options), {command, limit, options.components, words});
  };
}

std::string told_for(const Options& options, const std::string& text) {
  try {
    const Aim aim = aim_of(options);
    return aim.target.path == "-" ? text : aimed(text, aim);  // standard input is nobody's to name again
  } catch (const Error&) {
    return text;
  }
}

Plan aimed_plan(Plan plan, const Options& options) {
  const Aim aim = aim_of(options);
  for (std::string& text : plan.warnings) text = aimed(text, aim);
  for (std::string& text : plan.faults) text = aimed(text, aim);
  for (Refusal& refusal : plan.refusals) refusal.text = aimed(refusal.text, aim);
  return plan;
}

void aim_status(Status& status, const Options& options) {
  const Aim aim = aim_of(options);
  for (std::string& text : status.wanting) text = aimed(text, aim);
  status.cause = aimed(status.cause, aim);
}

void aim_failures(Report& report, const Options& options, const std::string& again) {
  const Aim aim = aim_of(options);
  for (Failure& failure : report.failures) failure.next = aimed(failure.next, aim, again);
}

}  // namespace cctl
