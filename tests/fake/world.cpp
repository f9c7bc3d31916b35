#include "world.hpp"

#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include "door.hpp"
#include "plan/quorum.hpp"

namespace cctl::fake {

Container* Machine::find(const std::string& id_or_name) {
  for (auto& c : containers)
    if (c.id == id_or_name || c.name == id_or_name) return &c;
  return nullptr;
}

Task<std::unique_ptr<HostDoor>> World::connect(Host host, std::chrono::milliseconds) {
  co_await begin("connect " + host.name);
  if (!machines.at(host.name).reachable) throw Unreachable("ssh: no answer in 3 s");
  end();
  co_return std::make_unique<Door>(*this, host.name);
}

Task<void> World::sleep(std::chrono::milliseconds length) {
  time += length;
  co_await asio::post(asio::use_awaitable);
}

// Other hosts' work runs in between, as it would.
Task<void> World::begin(std::string what) {
  const int sent = tide;
  co_await asio::post(asio::use_awaitable);
  const auto way = takes ? takes(what) : std::chrono::milliseconds(0);
  if (way.count() > 0) {
    // What others do at once is done long before that.
    for (int turn = 0; turn < 1000; ++turn) co_await asio::post(asio::use_awaitable);
    co_await sleep(way);
  }
  if (dead_) throw Killed();
  ++operations_;
  if (on_operation) on_operation(what);
  if (operations_ == mishap_at_ && mishap_ == Mishap::kill) dead_ = true;
  if (dead_) throw Killed();
  if (operations_ == mishap_at_ && mishap_ == Mishap::fail_before) throw Error("the connection broke before: " + what);
  log.push_back(sent == tide ? what : what + " (sent before)");
}

void World::end() {
  if (after_operation) after_operation();
  if (operations_ == mishap_at_ && mishap_ == Mishap::fail_after) {
    mishap_at_ = 0;
    throw Error("the connection broke after: " + log.back());
  }
}

std::string World::component_of(const Container& container) const {
  const auto found = container.spec.labels.find(label::component);
  return found == container.spec.labels.end() ? "" : found->second;
}

void World::fetch(const std::string& host, const std::string& image) {
  machines.at(host).images[image] = "sha256:" + image + "#" + std::to_string(pushed_again[image]);
}

void World::restart_engine(const std::string& host) {
  Machine& machine = machines.at(host);
  const auto file = machine.files.find("/etc/engine.json");
  const std::string text = file == machine.files.end() ? "" : file->second.content;
  const auto settings = nlohmann::json::parse(text, nullptr, false);
  const std::string root = settings.is_object() ? settings.value("root", "") : "";
  if (root == machine.engine_root) return;
  machine.engine_root = root;
  machine.images.clear();
  machine.containers.clear();
}

// A container reads what lies under the host side of its mounts; some images first write a variable into a file there.
void World::start(const std::string& host, Container& container) {
  container.state = "running";
  if (const auto local = container.spec.env.find("LOCAL"); local != container.spec.env.end()) {
    FileSpec file;
    file.path = "/etc/" + component_of(container) + "/conf/local.cfg";
    file.content = local->second + "\n";
    machines.at(host).files[file.path] = file;
  }
  container.started = time;
  container.read.clear();
  for (const auto& mount : container.spec.mounts) {
    const std::string source = mount.substr(0, mount.find(':')) + "/";
    for (const auto& [path, file] : machines.at(host).files)
      if (path.rfind(source, 0) == 0) container.read[path] = file.content;
  }
  const std::string data = "/var/lib/" + component_of(container);
  auto& machine = machines.at(host);
  if (machine.directories.count(data) && !machine.files.count(data + "/data"))
    machine.files[data + "/data"].content = "acknowledged";
}

bool World::up(const std::string& host, const std::string& component) {
  for (const auto& c : machines.at(host).containers) {
    if (component_of(c) != component || c.state != "running") continue;
    if (c.spec.image.find("bad") != std::string::npos) continue;
    if (time - c.started < behaviours.at(component).warm_up) continue;
    bool good = true;
    for (const auto& [path, content] : c.read) good = good && content.find("broken") == std::string::npos;
    if (good) return true;
  }
  return false;
}

bool World::has_majority(const std::string& component) {
  const auto& all = members[component];
  int n = 0;
  for (const auto& host : all) n += up(host, component);
  return n >= majority(static_cast<int>(all.size()));
}

// Whoever is up agrees on what one of them knows; if none does, what the others know is forgotten.
void World::take_part(const std::string& component) {
  const std::string mark = "/var/lib/" + component + "/version/epoch";
  int knowing = 0, known = 0;
  for (const auto& host : members[component]) {
    const bool knows = machines.at(host).files.count(mark) > 0;
    known += knows;
    knowing += knows && up(host, component);
  }
  if (known > 0 && knowing == 0) broken_rules.push_back(component + " forgot what it knew");
  for (const auto& host : members[component])
    if (up(host, component)) machines.at(host).files[mark].content = "1";
}

bool World::serves(const std::string& host, const std::string& component) {
  const auto& how = behaviours.at(component);
  if (!up(host, component)) return false;
  if (how.ensemble && !has_majority(component)) return false;
  if (how.ensemble) take_part(component);
  if (how.needs.empty()) return true;
  for (const auto& member : members[how.needs])
    if (serves(member, how.needs)) return true;
  return false;
}

// A leader leads until it is gone; then the first that serves.
std::string World::leader(const std::string& component) {
  std::string& now = leaders_[component];
  if (!now.empty() && serves(now, component)) return now;
  now.clear();
  for (const auto& host : members[component])
    if (serves(host, component)) return now = host;
  return now;
}

void World::about_to_stop(const std::string& host, const Container& container) {
  const std::string component = component_of(container);
  const auto found = behaviours.find(component);
  if (!guarded || found == behaviours.end() || !found->second.ensemble || members[component].size() <= 2) return;
  if (container.state != "running" || !serves(host, component)) return;
  int others = 0;
  for (const auto& member : members[component]) others += member != host && serves(member, component);
  if (others < majority(static_cast<int>(members[component].size())))
    broken_rules.push_back(component + " on " + host + " was stopped with " + std::to_string(others) +
                           " others serving");
}

}  // namespace cctl::fake
