#include "plan/instance.hpp"

#include <algorithm>
#include <set>

#include "model/error.hpp"
#include "plan/app_spec.hpp"
#include "plan/closed_files.hpp"
#include "plan/files_of.hpp"
#include "plan/final_flags.hpp"
#include "plan/flags.hpp"
#include "plan/image.hpp"
#include "plan/our_containers.hpp"
#include "plan/place.hpp"
#include "plan/spec_json.hpp"
#include "plan/sysctl_files.hpp"
#include "plan/task_ports.hpp"
#include "plan/texts.hpp"

namespace cctl {
namespace {

class Expander {
 public:
  Expander(const Sources& sources, const Playbook& playbook, const Host& host, std::shared_ptr<const Scope> scope,
           std::vector<BadTemplate>& bad)
      : bad_(bad),
        sources_(sources),
        playbook_(playbook),
        host_(host),
        scope_{{}, std::move(scope)},
        overrides_(overrides_of(sources, playbook, host)) {}

  Instance run(int member_id) {
    out_.host = host_.name;
    out_.component = playbook_.component;
    out_.version = playbook_.version;
    out_.ip = host_.ip;
    out_.member_id = member_id;
    const MemberData& data = playbook_.member_data;
    out_.member_data = {path(data.file), data.nothing, path(data.directory), data.holds, data.waits};
    const MemberList& list = playbook_.member_list;
    out_.member_list = {path(list.file), path(list.recover), text(list.each), path(list.key)};
    out_.goes_by = text(playbook_.goes_by);
    out_.flags = final_flags(playbook_, overrides_, scope_);
    for (const auto& [name, value] : out_.flags) scope_.names["flags." + name] = value;
    task_ports();
    out_.files = files_of(playbook_, scope_, bad_);
    const auto settings = sysctl_files(this->settings(), sources_.inventory.cluster, playbook_.component);
    out_.files.insert(out_.files.end(), settings.begin(), settings.end());
    if (playbook_.has_container) out_.resource = container();
    const auto* own = out_.container();
    const auto reader = playbook_.service.is_engine() ? "0:0" : owner_for(own ? own->spec.user : "");
    if (reader) close_secrets(out_.files, *reader);
    directories();
    probes();
    verdicts();
    out_.ports = ports_of(sources_, playbook_, host_);
    for (const auto& [name, arguments] : playbook_.checks)
      for (const auto& [key, value] : arguments) out_.checks[name][key] = text(value);
    if (playbook_.service.used()) out_.resource = service();
    if (playbook_.app.used()) out_.resource = app();
    openings();
    return std::move(out_);
  }

 private:
  std::string text(const std::string& t) const { return Texts(scope_, bad_).text(t); }
  std::string path(const std::string& t) const { return Texts(scope_, bad_).path(t); }
  std::vector<std::string> all(const std::vector<std::string>& list) const { return Texts(scope_, bad_).all(list); }

  std::map<std::string, std::string> settings() const {
    if (!playbook_.sysctls_from.empty()) return texts_of_json(text(playbook_.sysctls_from));
    std::map<std::string, std::string> out;
    for (const auto& [name, value] : playbook_.sysctls) out[name] = text(value);
    return out;
  }

  // What the host's firewall has to let in for it.
  void openings() {
    for (const auto& [name, port] : ports_of(sources_, playbook_, host_)) {
      out_.openings.push_back({"tcp", port, port});
      if (std::count(playbook_.udp.begin(), playbook_.udp.end(), name)) out_.openings.push_back({"udp", port, port});
    }
    for (const auto& protocol : playbook_.protocols) out_.openings.push_back(*opening_from(protocol));
    out_.openings.insert(out_.openings.end(), out_.task_ports.begin(), out_.task_ports.end());
  }

  // What its tasks may listen on: as a flag or its variable says, else as usual.
  void task_ports() {
    const auto usual = text(playbook_.task_ports);
    if (usual.empty()) return;
    const auto range = opening_from(usual);
    if (!range) throw Error("task_ports \"" + usual + "\" are no ports, as 31000-32000");
    out_.task_ports = task_ports_of(said_value(playbook_, overrides_, out_.flags, playbook_.task_ports_flag))
                          .value_or(std::vector<Opening>{*range});
    if (out_.task_ports.empty()) return;
    const auto [first, last] = std::minmax_element(out_.task_ports.begin(), out_.task_ports.end());
    scope_.names["task_ports.first"] = std::to_string(first->from);
    scope_.names["task_ports.last"] = std::to_string(last->to);
  }

  Container container() {
    Container out;
    out.spec = container_spec();
    out_.spec_json = canonical_json(out.spec);
    out_.spec_digest = sha256_hex(out_.spec_json);
    out.spec.labels[label::spec] = out_.spec_digest;
    out.reload = all(playbook_.reload);
    out.cleanup = all(playbook_.cleanup);
    for (const auto& [variable, file] : playbook_.env_files) out.env_files[variable] = path(file);
    out.guests = playbook_.tasks.prefix;
    out.guests_lost = text(playbook_.tasks.lost) == "true";
    out.guests_beside = playbook_.tasks.beside;
    for (const auto& name : playbook_.kept.flags)
      out.kept.push_back(places_of(playbook_.flag_style, sources_.inventory.style, name));
    out.kept_refused = text(playbook_.kept.refused);
    for (Transition t : playbook_.transitions) {
      for (auto& [name, value] : t.env) value = text(value);
      for (const auto* o : overrides_)
        for (const auto& [name, value] : o->env) t.env.erase(name);  // the person's own word stays
      out.transitions.push_back(std::move(t));
    }
    return out;
  }

  ContainerSpec container_spec() {
    const auto& from = playbook_.container;
    ContainerSpec c;
    c.name = container_name(sources_.inventory.cluster, playbook_.component);
    c.image = image_reference(sources_, playbook_);
    each_setting([&](auto, auto& to, const auto& of) { to = rendered(of); }, c, from);
    c.mounts = Texts(scope_, bad_).mounts(from.mounts);
    c.publish = all(from.publish);
    for (const auto& [k, v] : from.labels) c.labels[k] = text(v);
    for (const auto& [k, v] : playbook_.env)
      if (auto r = text(v); !r.empty()) c.env[k] = r;
    std::map<std::string, std::string> own;
    for (const auto* o : overrides_)
      for (const auto& [k, v] : o->env) own[k] = v;
    for (const auto* o : overrides_)
      if (o->container.user) c.user = *o->container.user;
    auto placed = place_flags(playbook_.flag_style, sources_.inventory.style, out_.flags, own,
                              c.user.empty() ? "0:0" : owner_for(c.user));
    c.args.insert(c.args.end(), placed.args.begin(), placed.args.end());
    c.mounts.insert(c.mounts.end(), placed.mounts.begin(), placed.mounts.end());
    out_.files.insert(out_.files.end(), placed.files.begin(), placed.files.end());
    for (auto& [k, v] : placed.env) c.env[k] = v;
    for (auto& [k, v] : own) c.env[k] = v;
    for (const auto* o : overrides_) apply(*o, c);
    c.labels[label::cluster] = sources_.inventory.cluster;
    c.labels[label::component] = playbook_.component;
    c.labels[label::version] = playbook_.version;
    return c;
  }

  std::string rendered(const std::string& of) { return text(of); }
  std::vector<std::string> rendered(const std::vector<std::string>& of) { return all(of); }
  template <class Plain>
  Plain rendered(const Plain& of) {
    return of;
  }

  template <class T>
  static void put(T& to, const std::optional<T>& said) {
    if (said) to = *said;
  }
  static void put(std::map<std::string, std::int64_t>& to, const std::map<std::string, std::int64_t>& said) {
    for (const auto& [name, limit] : said) to[name] = limit;
  }
  static void apply(const ComponentOverrides& o, ContainerSpec& c) {
    each_setting([](auto, auto& to, const auto& said) { put(to, said); }, c, o.container);
    c.mounts.insert(c.mounts.end(), o.mounts.begin(), o.mounts.end());
  }

  // The playbook's own, then the parents of files that nobody named.
  void directories() {
    std::set<std::string> known;
    for (const auto& d : playbook_.directories) {
      DirectorySpec dir;
      dir.path = path(d.path);
      if (dir.path.empty()) continue;
      dir.mode = d.mode;
      dir.owner = d.owner;
      dir.data = d.data;
      dir.config = !d.data && !d.written;
      known.insert(dir.path);
      out_.directories.push_back(std::move(dir));
    }
    for (const auto& f : out_.files) {
      DirectorySpec dir;
      dir.path = f.path.substr(0, f.path.rfind('/'));
      if (!dir.path.empty() && !f.in_place && known.insert(dir.path).second) out_.directories.push_back(std::move(dir));
    }
  }

  void probes() {
    for (const auto& p : playbook_.probes) {
      Probe probe = p.probe;
      probe.address = text(p.address.empty() ? "<% ip %>" : p.address);
      if (!p.port_name.empty()) probe.port = std::stoi(render("<% ports." + p.port_name + " %>", scope_));
      probe.path = text(probe.path);
      probe.body = text(probe.body);
      probe.query = text(probe.query);
      probe.command = all(probe.command);
      probe.expect.clear();
      for (const auto& [name, words] : p.expect) probe.expect[name] = all(words);
      out_.probes.push_back(std::move(probe));
    }
  }

  ServiceSpec service() const {
    const ServiceSpec& from = playbook_.service;
    return {all(from.reload), all(from.restart), all(from.accepts), all(from.alive), all(from.log), from.shown};
  }

  AppSpec app() {
    const PlaybookApp& from = playbook_.app;
    const Value* members = scope_.find(from.through + ".members");
    if (!members) throw Error("it is launched through " + from.through + ", which has no host");
    std::vector<std::string> addresses;
    for (const auto& row : *std::get<SharedRows>(*members).rows) addresses.push_back(render("<% ip %>", row));
    const int port = std::stoi(render("<% " + from.through + ".ports." + from.port + " %>", scope_));
    AppSpec out = app_spec(text(from.definition), std::move(addresses), port, playbook_.version);
    out.through = from.through;
    out_.probes.insert(out_.probes.begin(), app_probe(out));
    out_.spec_json = out.json;
    out_.spec_digest = app_digest(out.json);
    return out;
  }

  void verdicts() {
    out_.leader_is = all(playbook_.leader.is);
    for (std::size_t i = 0; i < playbook_.health.size(); ++i) {
      const auto& v = playbook_.health[i];
      if (!v.is.empty()) out_.verdict_is[std::to_string(i)] = all(v.is);
      if (!v.as.empty()) out_.listed_as[std::to_string(i)] = text(v.as);
    }
  }

  std::vector<BadTemplate>& bad_;
  const Sources& sources_;
  const Playbook& playbook_;
  const Host& host_;
  Scope scope_;
  std::vector<const ComponentOverrides*> overrides_;
  Instance out_;
};

}  // namespace

Instance expand_instance(const Sources& sources, const Playbook& playbook, const Host& host,
                         std::shared_ptr<const Scope> scope, int member_id, std::vector<BadTemplate>& bad) {
  return Expander(sources, playbook, host, std::move(scope), bad).run(member_id);
}

}  // namespace cctl
