#include "cluster.hpp"

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <optional>
#include <utility>

#include "apply/lease.hpp"
#include "model/manifest_json.hpp"
#include "plan/app_spec.hpp"
#include "plan/members.hpp"
#include "plan/retold.hpp"
#include "plan/spec_json.hpp"
#include "prepare/preparation.hpp"

namespace cctl::fake {
namespace {

FileSpec file(const std::string& path, const std::string& content, OnChange on_change) {
  FileSpec out;
  out.path = path;
  out.content = content;
  out.on_change = on_change;
  return out;
}

ComponentPlan component(const std::string& name, const std::string& version) {
  ComponentPlan out;
  out.component = name;
  out.version = version;
  out.gate_timeout = std::chrono::seconds(60);
  return out;
}

Instance instance(const std::string& component, const std::string& host, const std::string& version,
                  const std::string& config, OnChange on_change) {
  Instance i;
  i.component = component;
  i.host = host;
  i.version = version;
  const std::string etc = "/etc/" + component + "/conf", data = "/var/lib/" + component;
  i.directories = {{etc, "0755", "0:0", false, true}, {data, "0755", "0:0", true}};
  i.files = {file(etc + "/main.cfg", config, on_change), file(data + "/myid", host, OnChange::restart)};
  i.files.back().once = true;
  auto& container = i.resource.emplace<cctl::Container>();
  container.spec.name = "cctl-c-" + component;
  container.spec.image = component + ":" + version;
  container.spec.mounts = {etc + ":/conf", data + ":/data"};
  i.spec_json = canonical_json(container.spec);
  i.spec_digest = sha256_hex(i.spec_json);
  container.spec.labels = {
      {label::cluster, "c"}, {label::component, component}, {label::version, version}, {label::spec, i.spec_digest}};
  container.reload = {"reload"};
  container.cleanup = {"tidy", component};
  return i;
}

void listen_at(Instance& i, int port) {
  auto& container = std::get<cctl::Container>(i.resource);
  container.spec.env["PORT"] = std::to_string(port);
  i.spec_json = canonical_json(container.spec);
  i.spec_digest = sha256_hex(i.spec_json);
  container.spec.labels.insert_or_assign(label::spec, i.spec_digest);
}

void ask_at(Instance& i, int port) {
  i.ports = {{"http", port}};
  for (auto& probe : i.probes) probe.port = port;
}

// As their probes are rendered with other ports.
std::vector<Instance> asked_at(const Desired& desired, const PortsOf& ports) {
  std::vector<Instance> out;
  for (const auto& [which, numbers] : ports) {
    out.push_back(*desired.find(which.first, which.second));
    ask_at(out.back(), numbers.at("http"));
  }
  return out;
}

void add_host(Desired& out, const std::string& name, const std::string& group) {
  Host host;
  host.name = host.address = host.ip = name;
  host.group = group;
  out.hosts.push_back(host);
}

void add_zk(Desired& out, const Wish& wish) {
  ComponentPlan zk = component("zk", wish.zk_version);
  zk.rollout = {RollOrder::leader_last, true};
  Verdict one_leader, followers;
  one_leader.kind = Verdict::Kind::exactly_one;
  followers.kind = Verdict::Kind::count;
  followers.equals = "others";
  one_leader.value = followers.value = zk.leader.value = "mode";
  one_leader.is = {"leader", "standalone"};
  followers.is = {"follower"};
  zk.health = {one_leader, followers};
  out.components.push_back(zk);
  Probe srvr;
  srvr.name = "srvr";
  srvr.kind = ProbeKind::zk;
  srvr.extract["mode"].field = "Mode";
  srvr.expect["mode"] = {"leader", "follower", "standalone"};
  for (const auto& host : wish.masters) {
    Instance i = instance("zk", host, wish.zk_version, wish.zk_config, OnChange::restart);
    i.probes = {srvr};
    i.member_data = {"/var/lib/zk/version/epoch", "0"};
    if (wish.zk_begins)
      std::get<cctl::Container>(i.resource).transitions = {{"", {{"STATE", "new"}}, "the first start of all", true}};
    i.leader_is = one_leader.is;
    i.verdict_is = {{"0", one_leader.is}, {"1", followers.is}};
    out.instances.push_back(i);
  }
}

void add_app(Desired& out, const Wish& wish) {
  ComponentPlan app = component("app", wish.app_version);
  app.needs = {"zk"};
  app.rollout = {wish.app_order, false};
  out.components.push_back(app);
  Probe health;
  health.name = "health";
  health.kind = ProbeKind::http;
  for (const auto& host : wish.slaves) {
    Instance i = instance("app", host, wish.app_version, wish.app_config, wish.app_on_change);
    listen_at(i, wish.app_port);
    i.probes = {health};
    ask_at(i, wish.app_port);
    if (!wish.app_extra.empty()) i.files.push_back(file("/etc/app/conf/extra.cfg", wish.app_extra, OnChange::reload));
    out.instances.push_back(i);
  }
}

// A service of every host: nothing runs of ours, a file is shared with others.
void add_engine(Desired& out, const Wish& wish) {
  ComponentPlan engine = component("engine", "");
  engine.rollout = {RollOrder::one_at_a_time, false};
  engine.service = true;
  out.components.push_back(engine);
  for (const auto& host : out.hosts) {
    Instance i;
    i.component = "engine";
    i.host = host.name;
    i.files = {file("/etc/engine.json", wish.settings, OnChange::restart)};
    i.files[0].merge = Merge::json;
    i.files[0].reload_keys = {"live"};
    i.files[0].empties_keys = {{"root", ""}};
    i.resource = ServiceSpec{{"engine", "reload"}, {"engine", "restart"}, {"engine", "accepts"},
                             {"engine", "alive"},  {"engine", "log"},     {{"live", "/live"}}};
    out.instances.push_back(i);
  }
}

Instance app_instance(const std::string& definition) {
  Instance i;
  AppSpec app = app_spec(definition, {"a", "b"}, 8080);
  app.through = "app";
  i.component = app.id;
  i.host = "a";
  i.spec_json = app.json;
  i.spec_digest = app_digest(app.json);
  i.probes = {app_probe(app)};
  i.resource = std::move(app);
  return i;
}

void add_one_app(Desired& out, const std::string& definition) {
  Instance i = app_instance(definition);
  ComponentPlan plan = component(i.component, "");
  plan.rollout.order = RollOrder::parallel;
  out.components.push_back(std::move(plan));
  out.instances.push_back(std::move(i));
}

void add_web(Desired& out, const Wish& wish) {
  if (wish.web.empty()) return;
  ComponentPlan web = component("/web", "");
  web.rollout.order = RollOrder::parallel;
  out.components.push_back(web);
  Instance i = app_instance(wish.web);
  i.component = "/web";
  if (!wish.web_config.empty()) {
    i.directories = {{"/etc/web", "0755", "0:0", false}};
    i.files = {file("/etc/web/web.cfg", wish.web_config, OnChange::restart)};
  }
  out.instances.push_back(std::move(i));
}

// Without the steps that were carried out: what they undo is kept on their hosts, or an engine is there since.
std::vector<Wave> left_of(std::vector<Wave> waves, const Observed& observed) {
  for (Wave& wave : waves)
    std::erase_if(wave.steps, [&](const Step& step) {
      const ObservedHost& host = observed.hosts.at(step.host);
      const auto is_it = [&](const Prepared& p) { return p.item == step.component; };
      return std::any_of(host.prepared.begin(), host.prepared.end(), is_it) ||
             (step.engine && host.engine_error.empty());
    });
  std::erase_if(waves, [](const Wave& wave) { return wave.steps.empty(); });
  return waves;
}

Plan plan_of_fake(const Live& live, const RunOptions& options) {
  Plan plan =
      options.down ? diff_down(live.desired, live.observed, options.diff, options.purge) : plan_of(live, options.diff);
  if (options.down) add_undoing(plan, live.observed, {});
  const std::vector<Wave> first = left_of(options.first, live.observed);
  plan.first().waves.insert(plan.first().waves.begin(), first.begin(), first.end());
  return plan;
}

WantedState state_of(const std::string& title, const std::string& reason, const Desired& desired) {
  WantedState out;
  out.title = title, out.reason = reason;
  out.expand = [&](const KnownIds&) { return desired; };
  out.with_ports = [&](const KnownIds&, const PortsOf& ports) { return asked_at(desired, ports); };
  return out;
}

// What a command would ask for, of a person who says yes.
RunRequest request_for(const Desired& desired, const RunOptions& options, Plan& shown) {
  RunRequest out;
  out.holder = Lease::holder_line("me", "here", 1, "up", "now");
  out.wanted.cluster = desired.cluster;
  out.wanted.hosts = desired.hosts;
  out.wanted.way.push_back(state_of(options.title, "", desired));
  for (const LaterLeg& leg : options.later) out.wanted.way.push_back(state_of(leg.title, leg.reason, leg.desired));
  out.chosen = [&](const Live&) { return options.diff; };
  out.again = [&](const std::vector<std::string>& limit) {
    const auto& components = options.diff.components;
    return retold({}, {options.down ? "down" : "up", limit, {components.begin(), components.end()}, {}});
  };
  out.plan = [&, first = true](const Live& live) mutable {
    Plan plan = plan_of_fake(live, options);
    if (std::exchange(first, false)) shown = plan;
    if (options.heedless) plan.refusals.clear();
    return plan;
  };
  out.confirm = [](const Live&) { return true; };
  out.next = [] { return "clusterctl up"; };
  out.ends_healthy = !options.down;
  out.stop = options.stop;
  return out;
}

Task<void> whole_run(World& world, const Desired& desired, const RunOptions& options, Ended& out) {
  const RunRequest request = request_for(desired, options, out.plan);
  RunListener quiet;
  RunEnd end = co_await carry_out(world, world, options.listener ? *options.listener : quiet, request);
  out.report = std::move(end.report);
  out.proof = std::move(end.proof);
  out.exit = static_cast<int>(end.exit());
}

Task<void> whole_status(World& world, const Desired& desired, Status& out) {
  const RunOptions plain;
  Plan shown;
  const RunRequest request = request_for(desired, plain, shown);
  Live live = co_await connect(world, request.wanted, request.limits, false);
  const Plan plan = diff(live.desired, live.observed, {});
  const Judged judged = co_await judge_now(live);
  out = status_of(live, plan, judged);
}

}  // namespace

Desired desired(const Wish& wish) {
  Desired out;
  out.cluster = "c";
  for (const auto& name : wish.masters) add_host(out, name, "masters");
  for (const auto& name : wish.slaves) add_host(out, name, "slaves");
  if (!wish.settings.empty()) add_engine(out, wish);
  add_zk(out, wish);
  add_app(out, wish);
  add_web(out, wish);
  for (const auto& definition : wish.others) add_one_app(out, definition);
  tell_members(out);
  return out;
}

World world(const Wish& wish) {
  World out;
  for (const auto& name : wish.masters) out.machines[name], out.members["zk"].insert(name);
  for (const auto& name : wish.slaves) out.machines[name], out.members["app"].insert(name);
  out.behaviours["zk"].ensemble = true;
  out.behaviours["app"].needs = "zk";
  return out;
}

Ended run(World& world, const Desired& desired, RunOptions options) {
  Ended out;
  asio::io_context loop;
  bool done = false;
  auto ended = [&](std::exception_ptr e) {
    done = true;
    try {
      if (e) std::rethrow_exception(e);
    } catch (const Killed&) {
      out.killed = true;
    } catch (const Error& error) {
      out.error = error.what();
      out.exit = error.exit_code();
    }
  };
  world.guarded = !options.down;
  asio::co_spawn(loop, whole_run(world, desired, options, out), ended);
  loop.run();
  if (!done) throw std::logic_error("the run came to a halt");
  return out;
}

Ended up(World& world, const Wish& wish) {
  return run(world, desired(wish));
}

Status status_now(World& world, const Desired& desired) {
  Status out;
  asio::io_context loop;
  asio::co_spawn(loop, whole_status(world, desired, out), [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  });
  loop.run();
  return out;
}

Running::Running() : w(world(wish)) {
  if (up(w, wish).exit != 0) throw Error("the cluster did not come up");
}

namespace {

// A way back that is left from a change that has passed leads nowhere: the next change drops it.
std::string without_way_back(const std::string& content) {
  Manifest m = manifest_from_json(content);
  m.pending.clear();
  return to_json(m);
}

}  // namespace

std::string snapshot(const World& world) {
  std::string out;
  for (const auto& [name, machine] : world.machines) {
    out += "host " + name + "\n";
    std::set<std::string> lines;
    for (const auto& c : machine.containers) {
      std::string line = "  container " + c.name + " " + c.spec.image + " " + c.state + " " + c.policy;
      for (const auto& [path, content] : c.read)
        if (path.find("/data") == std::string::npos && path.find("/epoch") == std::string::npos)
          line += " " + path + "=" + content;
      lines.insert(line);
    }
    for (const auto& line : lines) out += line + "\n";
    for (const auto& dir : machine.directories) out += "  directory " + dir + "\n";
    for (const auto& [path, f] : machine.files) {
      const std::string content = path == manifest_path("c") ? without_way_back(f.content) : f.content;
      out += "  file " + path + " " + f.mode + " " + f.owner + " " + content + "\n";
    }
  }
  for (const auto& [path, app] : world.marathon.apps)
    out += "app " + path + " " + app.definition + " " + app.read + "\n";
  return out;
}

bool all_serve(World& world, const Desired& desired) {
  for (const auto& i : desired.instances)
    if (i.container() && !world.serves(i.host, i.component)) return false;
  return true;
}

bool data_kept(const World& world, const Wish& wish) {
  auto kept = [&](const std::string& host, const std::string& component) {
    const auto& files = world.machines.at(host).files;
    const auto data = files.find("/var/lib/" + component + "/data");
    const auto id = files.find("/var/lib/" + component + "/myid");
    return data != files.end() && data->second.content == "acknowledged" && id != files.end() &&
           id->second.content == host;
  };
  for (const auto& host : wish.masters)
    if (!kept(host, "zk")) return false;
  for (const auto& host : wish.slaves)
    if (!kept(host, "app")) return false;
  return true;
}

}  // namespace cctl::fake
