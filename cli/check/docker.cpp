// The engine: whether it runs, how it is set up, what else it holds.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "check/rules.hpp"
#include "model/error.hpp"
#include "model/outside_json.hpp"
#include "model/shell_words.hpp"
#include "model/version.hpp"
#include "plan/diff_instance.hpp"
#include "plan/guests.hpp"
#include "plan/merge.hpp"
#include "plan/our_containers.hpp"
#include "plan/pull_words.hpp"

namespace cctl {
namespace {

using nlohmann::json;

// dockerd's flags are daemon.json's keys, some of them in the singular, some with a letter for short.
struct FlagName {
  const char *key, *flag, *letter;
};
constexpr FlagName kFlagNames[] = {
    {"dns-opts", "dns-opt", ""},     {"exec-opts", "exec-opt", ""},
    {"labels", "label", ""},         {"log-opts", "log-opt", ""},
    {"hosts", "host", "H"},          {"insecure-registries", "insecure-registry", ""},
    {"debug", "debug", "D"},         {"registry-mirrors", "registry-mirror", ""},
    {"group", "group", "G"},         {"storage-opts", "storage-opt", ""},
    {"log-level", "log-level", "l"}, {"storage-driver", "storage-driver", "s"},
    {"data-root", "data-root", ""},  {"graph", "graph", "g"},
    {"pidfile", "pidfile", "p"},     {"bridge", "bridge", "b"},
};

bool has_flag(const std::vector<std::string>& flags, const std::string& key) {
  std::string name = key, letter;
  for (const auto& row : kFlagNames)
    if (key == row.key) name = row.flag, letter = row.letter;
  return std::any_of(flags.begin(), flags.end(), [&](const std::string& flag) {
    return flag == "--" + name || flag.starts_with("--" + name + "=") ||
           (!letter.empty() && flag.starts_with("-" + letter) && !flag.starts_with("--"));
  });
}

json daemon_json(const Facts& facts) {
  return parse_outside(facts.daemon_json.value_or("{}")).value;
}

// What is there, with what this cluster is about to put there.
std::vector<json> settings(const HostView& host) {
  std::vector<json> out = {daemon_json(host.facts)};
  for (const auto* i : host.instances)
    for (const auto& file : i->files)
      if (file.path == host.facts.daemon_json_path) out.push_back(parse_outside(file.content).value);
  std::erase_if(out, [](const json& one) { return !one.is_object(); });
  return out;
}

// Its file of settings is ours, and to be another.
bool may_be_kept_down(const HostView& host) {
  try {
    return std::any_of(host.instances.begin(), host.instances.end(), [&](const Instance* i) {
      return i->service() && i->service()->is_engine() &&
             diff_instance(host.all.desired.cluster, *i, host.observed, {}).engine;
    });
  } catch (const Error&) {
    return false;  // a file that does not parse has a check of its own
  }
}

void way(const HostView& host, Verdicts& out) {
  if (!host.observed.reachable) return out.skip("the host could not be looked at");
  if (host.observed.engine_error.empty()) return out.ok("the engine answers");
  for (const auto& o : host.observed.engine_way)
    out.bad(o.in_words() + ": the engine does not start with that", o.cure() + " on the host");
  if (host.observed.engine_way.empty()) out.ok("nothing is known to be in the way");
}

std::string cures(const std::vector<EngineObstacle>& way) {
  std::string text;
  for (const auto& o : way) text += (text.empty() ? "" : "; ") + o.cure();
  return text;
}

void running(const HostView& host, Verdicts& out) {
  const auto& f = host.facts;
  if (!f.docker_installed)
    return out.bad("no Docker engine is installed", "install the distribution's: docker.io, docker or docker-ce");
  const auto& seen = host.observed;
  const std::string log = seen.engine_log.empty() ? "" : "; its last words: " + seen.engine_log;
  if (!f.docker_runs && may_be_kept_down(host))
    return out.bad("dockerd does not run" + log, "clusterctl up writes " + f.daemon_json_path + " anew and starts it");
  if (!f.docker_runs)
    return out.bad("dockerd does not run" + log, seen.engine_way.empty()
                                                     ? "service docker start; its log says why it would not"
                                                     : cures(seen.engine_way) + "; then service docker start");
  if (seen.engine_version.empty())
    return out.bad("the engine could not be asked" + (seen.engine_error.empty() ? "" : ": " + seen.engine_error),
                   docker_line(seen.docker_host, {"info"}) + " on the host; its log says more");
  out.ok("Docker " + host.observed.engine_version);
}

// "20.10.24+dfsg1" without what a distribution adds.
std::optional<Version> engine_version(const HostView& host) {
  const std::string& text = host.observed.engine_version;
  return Version::parse(std::string_view(text).substr(0, text.find('+')));
}

bool older(const Version& have, const std::string& least) {
  const auto wanted = Version::parse(least);
  return wanted && have < *wanted;
}

void version(const HostView& host, Verdicts& out) {
  const auto have = engine_version(host);
  if (!have) return out.skip("the engine does not answer");
  if (older(*have, "1.10")) return out.bad("Docker " + have->text + " is older than 1.10", "upgrade the engine");
  out.ok("Docker " + have->text);
}

// least: "1.12", proven_below: "29".
void wanted(const HostView& host, Verdicts& out) {
  const auto have = engine_version(host);
  for (const auto& asked : host.asked("docker.wanted")) {
    const std::string& who = asked.instance->component;
    const auto below = asked.arguments->find("proven_below");
    if (!have)
      out.skip("the engine does not answer");
    else if (asked.arguments->count("least") && older(*have, asked.text("least")))
      out.bad(fmt::format("Docker {} is older than {}, which {} needs", have->text, asked.text("least"), who),
              "upgrade the engine");
    else if (below != asked.arguments->end() && !older(*have, below->second))
      out.warn(fmt::format("{} has not been proven with Docker {} and later", who, below->second),
               "an older engine, or an image whose docker program is new enough");
    else
      out.ok("Docker " + have->text + " for " + who);
  }
}

void daemon_json_is_good(const HostView& host, Verdicts& out) {
  const auto& f = host.facts;
  const std::string next =
      shell_line({"dockerd", "--validate", "--config-file", f.daemon_json_path}) + " says where it is wrong";
  if (const auto why = why_unreadable(f.daemon_json.value_or("{}")); !why.empty())
    return out.bad(f.daemon_json_path + " " + why + ": the engine would not start again", next);
  const json now = daemon_json(f);
  if (!now.is_object())
    return out.bad(f.daemon_json_path + " is no JSON object: the engine would not start again", next);
  std::vector<std::string> twice;
  for (const auto& one : settings(host))
    for (const auto& [key, value] : one.items())
      if (has_flag(f.docker_flags, key) && !std::count(twice.begin(), twice.end(), key)) twice.push_back(key);
  if (!twice.empty())
    return out.bad(fmt::format("{} would be said in {} and as a flag of dockerd, which then does not start",
                               listed(twice), f.daemon_json_path),
                   "take the flag out of the service's command or of its OPTIONS");
  out.ok(f.daemon_json ? fmt::format("{} keys", now.size()) : "there is none");
}

void live_restore(const HostView& host, Verdicts& out) {
  const auto& flags = host.facts.docker_flags;
  bool on = std::any_of(flags.begin(), flags.end(),
                        [](const std::string& f) { return f == "--live-restore" || f == "--live-restore=true"; });
  for (const auto& one : settings(host)) {
    const auto found = one.find("live-restore");
    on = on || (found != one.end() && found->is_boolean() && found->get<bool>());
  }
  if (on) return out.ok("on");
  const auto says = parse_outside(host.observed.engine_info).value;
  if (says.is_object() && says.value("LiveRestoreEnabled", json()) == true) return out.ok("on");
  // What its file does not say may have been told to it otherwise. One that does not run starts as its file says.
  if (!host.engine_answers() && !host.observed.engine_off)
    return out.skip("its settings do not say, and the engine could not be asked");
  out.bad("live-restore is off: a restart of the engine stops every container",
          "docker: {live-restore: true} in the inventory");
}

void storage(const HostView& host, Verdicts& out) {
  if (host.facts.loop_storage)
    return out.bad("devicemapper on a loop device, which is slow and fills up", "storage-driver: overlay2");
  out.ok("no loop device");
}

void names(const HostView& host, Verdicts& out) {
  if (!host.engine_answers()) return out.skip("the engine does not answer");
  const auto said = out.said();
  for (const auto& c : host.observed.containers) {
    const bool ours = is_ours(c, host.all.desired.cluster);
    for (const auto* i : host.instances) {
      const auto* own = i->container();
      if (ours || !own) continue;
      if (c.name == own->spec.name)
        out.bad(fmt::format("a container that is not ours is called {}", c.name),
                docker_line(host.observed.docker_host, {"rename", c.name, "OTHER"}));
      if (!own->guests.empty() && c.name.starts_with(own->guests) && !is_guest(c.name, own->guests))
        out.bad(fmt::format("{} would be taken for a task of {} and removed", c.name, i->component),
                docker_line(host.observed.docker_host, {"rename", c.name, "OTHER"}));
    }
  }
  if (out.said() == said) out.ok("no name is taken");
}

void pullable(const HostView& host, Verdicts& out) {
  const auto said = out.said();
  int there = 0, known = 0;
  std::set<std::string> told;
  for (const auto* i : host.instances) {
    const auto* own = i->container();
    const std::string image = own ? own->spec.image : "";
    if (image.empty() || !told.insert(image).second) continue;
    const auto asked = host.facts.images.find(image);
    if (host.observed.images.count(image))
      ++there;
    else if (asked == host.facts.images.end())
      out.skip("nobody could be asked for " + image);
    else if (asked->second.empty())
      ++known;
    else
      out.bad(fmt::format("{} cannot be pulled: {}", image, asked->second),
              pull_advice(pull_fault(asked->second), image, host.observed.docker_host));
  }
  if (out.said() == said && there + known > 0)
    out.ok(fmt::format("{} images are there, {} can be pulled", there, known));
}

}  // namespace

void add_docker_rules(Rules& rules) {
  rules.each.insert({{"docker.way", {way}},
                     {"docker.running", {running, {&fact::engine_installed, &fact::engine, &fact::init}}},
                     {"docker.version", {version}},
                     {"docker.wanted", {wanted}},
                     {"docker.daemon_json", {daemon_json_is_good, {&fact::engine, &fact::engine_settings}}},
                     {"docker.live_restore", {live_restore, {&fact::engine, &fact::engine_settings}}},
                     {"docker.storage", {storage, {&fact::loop_storage}}},
                     {"docker.names", {names}},
                     {"images.pullable", {pullable}}});
}

}  // namespace cctl
