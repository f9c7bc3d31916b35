#include "apply/observe.hpp"

#include <algorithm>

#include "apply/parallel.hpp"
#include "apply/wait.hpp"
#include "check/checks.hpp"
#include "model/cut.hpp"
#include "plan/empty_members.hpp"
#include "plan/entries.hpp"
#include "plan/health.hpp"
#include "plan/owned.hpp"
#include "prepare/preparation.hpp"

namespace cctl {
namespace {

LookRequest request_for(const std::string& host, const Desired& draft,
                        const std::map<std::string, std::vector<std::string>>& id_paths) {
  LookRequest out;
  out.cluster = draft.cluster;
  out.lent = lent_directories(draft, host);
  for (const auto& instance : draft.instances) {
    if (instance.host != host) continue;
    if (const auto* app = instance.app()) out.apps.push_back(*app);
    if (const auto* service = instance.service(); service && service->is_engine()) out.engine_info = true;
    for (const auto& file : instance.files) out.content_paths.insert(file.path);
    if (const auto* container = instance.container())
      for (const auto& [variable, file] : container->env_files) out.content_paths.insert(file);
    if (!instance.member_list.key.empty()) out.content_paths.insert(instance.member_list.key);
    for (const auto& directory : directories_to_list(instance)) out.listed.insert(directory);
    for (const auto& dir : instance.directories)
      if (dir.data) out.paths.insert(dir.path);
    if (const auto same = instance.checks.find("data.unique"); same != instance.checks.end())
      for (const auto& [what, file] : same->second) out.content_paths.insert(file);
    if (instance.member_data.file.empty()) continue;
    out.content_paths.insert(instance.member_data.file);
    out.paths.insert(directory_of(instance.member_data));
  }
  if (auto found = id_paths.find(host); found != id_paths.end())
    out.content_paths.insert(found->second.begin(), found->second.end());
  out.paths.insert(out.content_paths.begin(), out.content_paths.end());
  return out;
}

Task<void> observe_into(HostDoor& door, LookRequest request, Looked& seen) {
  seen = co_await door.observe(std::move(request));
}

// The probes of an instance that could not be asked: neither yes nor no.
std::vector<ProbeResult> unasked(const Instance& instance, const std::string& why) {
  std::vector<ProbeResult> out;
  for (const auto& probe : instance.probes) {
    ProbeResult result;
    result.name = probe.name;
    result.asked = false;
    result.seen = why;
    out.push_back(std::move(result));
  }
  return out;
}

Task<void> probe_into(HostDoor& door, const Instance& instance, std::vector<ProbeResult>& results) {
  std::vector<Probe> probes = instance.probes;
  std::string container = instance.container() ? instance.container()->spec.name : "";
  results = co_await door.probe(std::move(probes), std::move(container));
}

// Probes have limits of their own, and still may need a command on a host that is silent. That they take long says
// nothing of the host itself.
Task<std::vector<ProbeResult>> probed(Hosts& hosts, const Instance& instance) {
  std::vector<ProbeResult> results;
  Task<void> asked = probe_into(hosts.at(instance.host), instance, results);
  const auto patience = hosts.patience(instance.host);
  if (!patience) {
    co_await std::move(asked);
    co_return results;
  }
  if (patience->count() == 0) co_return unasked(instance, hosts.why_given_up(instance.host));
  const auto executor = co_await asio::this_coro::executor;
  auto& loop = static_cast<asio::io_context&>(asio::query(executor, asio::execution::context));
  if (co_await within(loop, *patience, std::move(asked))) co_return results;
  co_return unasked(instance, "no answer in " + std::to_string(patience->count() / 1000) + " s");
}

}  // namespace

Task<Looks> observe_all(Hosts& hosts, const Desired& draft,
                        const std::map<std::string, std::vector<std::string>>& id_paths, const AlsoAsked& also) {
  Looks out;
  const std::function<Task<void>(std::size_t)> look = [&](std::size_t i) -> Task<void> {
    const std::string name = draft.hosts[i].name;
    Looked looked;
    ObservedHost& seen = looked.host;
    try {
      LookRequest request = request_for(name, draft, id_paths);
      ask_preparation(also.prepare, draft.hosts[i].ip, request);
      ask_checks(also.checks, draft, name, request);
      Task<void> asked = observe_into(hosts.at(name), std::move(request), looked);
      co_await ask_patiently(hosts, name, std::move(asked));
      seen.reachable = true;
      looked.facts.engine_answers = seen.engine_error.empty();
      if (seen.docker_installed && !seen.engine_off) looked.facts.engine_unknown = cut_text(seen.engine_error);
      out.facts[name] = std::move(looked.facts);
    } catch (const Error& e) {
      seen = {};
      seen.error = e.what();
      seen.absence = absence_by(e);
      seen.exit_code = e.exit_code();
    } catch (const std::system_error&) {
      throw;  // cancelled
    } catch (const std::exception& e) {
      const Error told = unreadable(e);
      seen = {};
      seen.error = told.what();
      seen.absence = absence_by(told);
      seen.exit_code = told.exit_code();
    }
    seen.name = name, seen.docker_host = draft.hosts[i].ssh.docker_host.value_or("");
    seen.error = cut_text(std::move(seen.error)), seen.engine_error = cut_text(std::move(seen.engine_error));
    for (auto& [id, app] : seen.apps)
      app.version = cut_text(std::move(app.version)), app.image = cut_text(std::move(app.image));
    HeldManifest known = held(seen.manifest, draft, name);
    seen.manifest = std::move(known.ours);
    seen.claims = std::move(known.claims);
    out.observed.hosts[name] = std::move(seen);
  };
  co_await for_all(draft.hosts.size(), kHostsAtOnce, look);
  for (const auto& [name, why] : hosts.absent()) {
    const auto found = out.observed.hosts.find(name);
    if (found == out.observed.hosts.end()) continue;
    found->second.error = cut_text(why.error.what());
    found->second.absence = why.absence;
    found->second.exit_code = why.error.exit_code();
  }
  co_return out;
}

DiskIds found_ids(const Observed& observed, const std::map<std::string, std::vector<std::string>>& id_paths) {
  DiskIds out;
  for (const auto& [host, paths] : id_paths) {
    const auto seen = observed.hosts.find(host);
    if (seen == observed.hosts.end()) continue;
    for (const auto& path : paths)
      if (auto file = seen->second.files.find(path);
          file != seen->second.files.end() && file->second.exists && file->second.link.empty())
        out[host][path] = file->second;
  }
  return out;
}

Task<std::vector<InstanceHealth>> probe_some(Hosts& hosts, const Desired& desired,
                                             std::vector<const Instance*> instances) {
  std::erase_if(instances, [&](const Instance* i) { return !hosts.door(i->host); });
  std::vector<InstanceHealth> out(instances.size());
  const std::function<Task<void>(std::size_t)> ask = [&](std::size_t n) -> Task<void> {
    const Instance& instance = *instances[n];
    std::vector<ProbeResult> results;
    try {
      results = co_await probed(hosts, instance);
    } catch (const Error& e) {
      results = unasked(instance, e.what());
    } catch (const std::system_error&) {
      throw;  // cancelled
    } catch (const std::exception& e) {
      results = unasked(instance, unreadable(e).what());
    }
    out[n] = judge_instance(instance, *desired.component(instance.component), std::move(results));
  };
  co_await for_all(instances.size(), kHostsAtOnce, ask);
  co_return out;
}

Task<std::vector<InstanceHealth>> probe_all(Hosts& hosts, const Desired& desired) {
  std::vector<const Instance*> all;
  for (const auto& instance : desired.instances) all.push_back(&instance);
  co_return co_await probe_some(hosts, desired, std::move(all));
}

}  // namespace cctl
