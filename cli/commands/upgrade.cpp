// clusterctl upgrade: the same diff with other versions, and the inventory brought in line with the cluster.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "check/checks.hpp"
#include "commands/at_terminal.hpp"
#include "commands/commands.hpp"
#include "commands/context.hpp"
#include "commands/memory.hpp"
#include "commands/out.hpp"
#include "commands/prompt.hpp"
#include "commands/target.hpp"
#include "load/checks.hpp"
#include "load/load.hpp"
#include "load/text_file.hpp"
#include "load/version_keys.hpp"
#include "model/error.hpp"
#include "model/version.hpp"
#include "plan/image.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

struct UpgradeOptions {
  std::map<std::string, std::string> versions;  // version key -> new version; "" was not given
  bool allow_downgrade = false, allow_task_loss = false, no_write = false;
  std::vector<std::string> skip_checks;
};

std::string lines_for(const std::map<std::string, std::string>& versions) {
  std::string out = "versions:\n";
  for (const auto& [key, version] : versions) out += fmt::format("  {}: \"{}\"\n", key, version);
  return out;
}

// Its own words, told again.
std::vector<std::string> words_of(const UpgradeOptions& given) {
  std::vector<std::string> out;
  for (const auto& [key, version] : given.versions)
    if (!version.empty()) out.insert(out.end(), {"--" + key, version});
  if (given.allow_downgrade) out.emplace_back("--allow-downgrade");
  if (given.allow_task_loss) out.emplace_back("--allow-task-loss");
  if (given.no_write) out.emplace_back("--no-write");
  for (const auto& check : given.skip_checks) out.insert(out.end(), {"--skip-check", check});
  return out;
}

int run_upgrade(const Options& options, const UpgradeOptions& given) {
  const auto checks = chosen_checks({}, given.skip_checks);
  std::map<std::string, std::string> versions = given.versions;
  std::erase_if(versions, [](const auto& pair) { return pair.second.empty(); });
  std::string bad;
  for (const auto& [key, text] : versions)
    if (!Version::parse(text))
      bad += fmt::format("{}--{} {}: {}", bad.empty() ? "" : "\n", key, quote(text), is_version(text));
  if (!bad.empty()) throw Error(bad, 2);
  if (versions.empty()) throw Error("nothing to upgrade to; say for example clusterctl upgrade --mesos VERSION", 2);
  if (!options.limit.empty() || !options.components.empty()) {
    throw Error("upgrade takes no --limit and no --component: a cluster of two versions is not what the inventory says",
                2);
  }
  Sources sources = load_sources(options, versions);
  const std::string again = next_command(options, "upgrade", words_of(given));
  need_said(options, again, sources);
  const std::string file = sources.inventory.file;
  const std::string text_before = read_file(file);
  const std::vector<ComponentPlan> components = expand_sources(sources, {}).components;
  refuse(kept_images(sources.inventory, components, versions), file);
  // A file that names no version runs everything; one that named only these would run nothing else any more.
  if (!sources.inventory.versions_given)
    for (const ComponentPlan& component : components) versions.emplace(component.version_key, component.version);
  const std::string text_after = with_versions(text_before, versions);
  const auto progress = progress_for(options);
  World world(options);

  bool written = false;
  const std::string cluster = sources.inventory.cluster;
  RunRequest request = request_for(options, "upgrade", std::move(sources));
  request.chosen = [](const Live&) { return DiffOptions{}; };
  request.begins = [&](const Live&) { remember_inventory(cluster, file); };
  request.next = [&] { return written ? next_command(options, "up") : again; };
  request.checks = checks;
  request.plan = [&](const Live& now) {
    DiffOptions how;
    how.allow_downgrade = given.allow_downgrade;
    how.allow_task_loss = given.allow_task_loss;
    return plan_of(now, how);
  };
  request.confirm = [&](const Live&) {
    return ask_consent(world, "Upgrade " + cluster_and_file(cluster, file) + "?", cluster, true);
  };
  request.before_change = [&] {
    if (read_file(file) != text_before)
      throw Error(file + " changed after the plan was made; nothing was changed; next: " + again, 1);
    if (!given.no_write && text_after != text_before) {
      write_file(file, text_after);
      written = true;
      progress->note(file + " has the new versions");
    }
  };
  request.after_change = [&](Report& report) {
    if (!written || report.exit == Exit::ok || !report.nothing_stands() || read_file(file) != text_after) return;
    write_file(file, text_before);
    written = false;
    tell("{} has the old versions again: nothing of the upgrade stands\n", file);
  };
  const int code = run_at_terminal(world, *progress, "upgrade", request);
  if (code == 0 && given.no_write) {
    const std::string text = fmt::format("{} was not written; it should say:\n{}", file, lines_for(versions));
    options.json() ? write_err(text) : write_out(text);
  }
  if (code != 0 && written) {
    // Where it was interrupted, the next command has been told.
    const bool interrupted = code == static_cast<int>(Exit::interrupted);
    tell("{} has the new versions{}; with the old ones put back, up --allow-downgrade goes back to them\n", file,
         interrupted ? "" : ": " + next_command(options, "up") + " tries again");
  }
  return code;
}

}  // namespace

void add_upgrade(Program& program) {
  const auto given = std::make_shared<UpgradeOptions>();
  Command command = program.add("upgrade", "change versions, one member at a time, and write them into the inventory",
                                [&program, given] { return run_upgrade(program.options, *given); });
  command.inventory(program.options)
      .json()
      .flag("--allow-downgrade", given->allow_downgrade, "lower a running version, too")
      .flag("--allow-task-loss", given->allow_task_loss, "go on although tasks would be lost")
      .flag("--no-write", given->no_write, "leave the inventory alone and print the lines that it should have")
      .list("--skip-check", given->skip_checks, "NAME,...", "go on without these checks; check --list names them");

  // An option for each version key of the playbooks: they must be read before the rest of the line can be.
  const auto& words = program.arguments;
  const auto typed = [&](const char* word) { return std::find(words.begin(), words.end(), word) != words.end(); };
  if (!typed("upgrade") && !typed("completion")) return;
  try {
    for (const auto& [key, components] : version_keys(find_data(program.data_argument()))) {
      // A version that lies about in the environment must not join those that are typed.
      command.option("--" + key, given->versions[key], "V", "new version of " + joined(components, ", "))
          .only_typed("--" + key);
    }
  } catch (const Error& why) {
    command.lacks(why);
  }
}

}  // namespace cctl
