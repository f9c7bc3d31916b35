#include "commands/context.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>

#include "commands/out.hpp"
#include "commands/target.hpp"
#include "load/load.hpp"
#include "load/text_file.hpp"
#include "model/error.hpp"
#include "model/limits.hpp"
#include "model/local_file.hpp"
#include "model/read_local.hpp"
#include "model/secrets.hpp"
#include "model/shell_words.hpp"
#include "plan/quorum.hpp"
#include "plan/secrets_of.hpp"
#include "plan/select.hpp"
#include "plan/spec_json.hpp"

namespace cctl {
namespace {

namespace fs = std::filesystem;

// `variable` said it, where it is not empty.
std::set<std::string> names_of(const Selection& selection, const char* variable) {
  if (selection.fault.empty()) return selection.names;
  throw Error(selection.fault + (*variable ? std::string(", from ") + variable : ""), 2);
}

// Hosts of a sandbox are containers of this machine, which end with it.
std::string revived_by(const std::string& inventory) {
  std::error_code failed;
  const std::string dir = fs::absolute(inventory, failed).parent_path().string();
  if (failed || !fs::exists(dir + "/sandbox.json", failed)) return "";
  return "clusterctl sandbox up --dir " + shell_word(dir);
}

// Where the mistakes are: a playbook may have them, too.
std::string files_of(const std::vector<Mistake>& mistakes, const std::string& inventory) {
  std::vector<std::string> files;
  for (const Mistake& m : mistakes) {
    std::string file = m.mark.file.empty() ? inventory : m.mark.file;
    if (file == "-") file = "standard input";
    if (!m.warning && std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
  }
  return fmt::format("{}", fmt::join(files, ", "));
}

}  // namespace

std::string find_data(const std::string& given) {
  std::error_code failed;
  if (!given.empty()) {
    const fs::directory_iterator looked(fs::path(given) / "playbooks", failed);
    if (failed == std::errc::permission_denied)
      throw Error("--data " + given + ": its playbooks may not be read: permission denied", 2);
    if (failed) throw Error("--data " + given + " has no directory playbooks", 2);
    return fs::absolute(given).lexically_normal().string();
  }
  const fs::path beside = fs::read_symlink("/proc/self/exe", failed).parent_path();
  for (const fs::path& dir : {beside, beside / "..", beside / "../share/clusterctl"}) {
    if (fs::is_directory(dir / "playbooks", failed) && fs::is_directory(dir / "images", failed))
      return fs::canonical(dir).string();
  }
  throw Error("playbooks/ and images/ are not beside " + beside.string() + "; say where they are with --data DIR", 2);
}

Sources load_sources(const Options& options, const std::map<std::string, std::string>& versions) {
  const InventoryTarget target = target_of(options);
  if (target.path == "-" && !options.reads_input)
    throw Error("only clusterctl validate reads an inventory from standard input; name a file", 2);
  LoadResult loaded = load(target.path, find_data(options.data), versions, options.playbooks);
  for (const std::string& value : secrets_of(loaded.sources)) keep_secret(value);
  refuse(loaded.mistakes, target.path);
  const std::string& cluster = loaded.sources.inventory.cluster;
  if (!target.cluster.empty() && target.cluster != cluster)
    throw Error(wrong_cluster(target, cluster, !options.cluster), 2);
  return std::move(loaded.sources);
}

Desired expand_sources(const Sources& sources, const KnownIds& ids) {
  std::vector<Mistake> mistakes;
  Desired desired = expand(sources, ids, mistakes);
  // A run expands again after each look at the hosts: a warning is told once.
  static std::set<std::string> told;
  std::erase_if(mistakes, [](const Mistake& m) { return m.warning && !told.insert(describe({m})).second; });
  refuse(mistakes, sources.inventory.file);
  return desired;
}

WantedCluster wanted_of(Sources sources) {
  WantedCluster out;
  out.cluster = sources.inventory.cluster;
  out.file = sources.inventory.file;
  out.hosts = sources.inventory.hosts;
  out.prepare = sources.inventory.prepare;
  out.revived_by = revived_by(sources.inventory.file);
  out.id_paths = id_paths(sources);
  const auto kept = std::make_shared<const Sources>(std::move(sources));
  WantedState all;
  all.expand = [kept](const KnownIds& ids) { return expand_sources(*kept, ids); };
  all.with_ports = [kept](const KnownIds& ids, const PortsOf& ports) { return with_ports(*kept, ids, ports); };
  out.way.push_back(std::move(all));
  return out;
}

ConnectLimits connect_limits(const Options& options) {
  ConnectLimits out;
  out.at_once = static_cast<std::size_t>(options.concurrency);
  out.timeout = std::chrono::milliseconds(static_cast<long long>(options.ssh_timeout * 1000));
  out.only = options.limit;
  return out;
}

DiffOptions diff_options(const Options& options, const Desired& desired, std::vector<std::string> components) {
  for (const ComponentPlan& component : desired.components)
    if (std::find(components.begin(), components.end(), component.component) == components.end())
      components.push_back(component.component);
  DiffOptions out;
  out.limit = names_of(select_hosts(options.limit, desired.hosts), options.limit_of_variable ? "CLUSTERCTL_LIMIT" : "");
  out.components = names_of(select_components(options.components, components),
                            options.components_of_variable ? "CLUSTERCTL_COMPONENT" : "");
  // Of nothing everything is true: "healthy", "is down".
  const bool known = std::any_of(desired.instances.begin(), desired.instances.end(),
                                 [&](const Instance& i) { return is_chosen(out, i.host, i.component); });
  const bool wanted = std::any_of(out.components.begin(), out.components.end(),
                                  [&](const std::string& c) { return desired.component(c) != nullptr; });
  if (!out.limit.empty() && wanted && !known)
    throw Error(fmt::format("{} does not run on the hosts that --limit names", fmt::join(out.components, ", ")), 2);
  return out;
}

PlanTextOptions plan_text_options(const Options& options) {
  return {options.verbose > 0, left_in_words, docker_run_words,
          [options](const std::string& advice) { return told_for(options, advice); }};
}

void refuse(const std::vector<Mistake>& all, const std::string& file) {
  const auto errors = std::count_if(all.begin(), all.end(), [](const Mistake& m) { return !m.warning; });
  // Of too many the first, and warnings last: a file that is none of ours has a mistake in each line.
  std::vector<Mistake> mistakes = all;
  std::string others;
  if (mistakes.size() > limits::mistakes) {
    std::stable_partition(mistakes.begin(), mistakes.end(), [](const Mistake& m) { return !m.warning; });
    mistakes.resize(limits::mistakes);
    others = fmt::format("and {} more\n", all.size() - mistakes.size());
  }
  if (telling_events())
    for (const Mistake& mistake : mistakes)
      write_err(describe({mistake}), mistake.warning ? Kind::warning : Kind::error);
  else
    write_err(describe(mistakes));
  if (!others.empty()) write_err(others, errors > 0 ? Kind::error : Kind::warning);
  if (errors > 0)
    throw Mistaken(fmt::format("{} mistake{} in {}", errors, errors == 1 ? "" : "s", files_of(mistakes, file)),
                   mistakes);
}

std::string read_file(const std::string& path) {
  constexpr std::size_t longest = 16 << 20;
  LocalText read = read_local(path, longest);
  if (!read) throw Error(fmt::format("{} cannot be read: {}", path, read.fault));
  return std::move(read.text);
}

std::string file_to_replace(const std::string& path) {
  if (path.empty()) throw Error("the name of the file to write is empty", 2);
  std::error_code failed;
  const fs::path target = behind_links(path);
  const bool nowhere = fs::is_symlink(path) && !fs::exists(target, failed);
  if (nowhere) throw Error(fmt::format("{} is a link that leads nowhere: {}", quote(path), target.string()), 2);
  const auto type = fs::status(target, failed).type();
  if (type == fs::file_type::directory) throw Error(quote(path) + " is a directory; name a file in it", 2);
  if (type != fs::file_type::regular && type != fs::file_type::not_found)
    throw Error(quote(path) + " is no regular file, and would be replaced by one", 2);
  return target.string();
}

void write_file(const std::string& path, const std::string& content) {
  write_local(file_to_replace(path), content, true);
}

}  // namespace cctl
