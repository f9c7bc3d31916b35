// The Docker Engine of the fake world.
#include "door.hpp"

namespace cctl::fake {

Container& Door::at(const std::string& id) {
  if (Container* c = machine().find(id)) return *c;
  throw Error("no such container: " + id);
}

std::string Door::about(const std::string& verb, const std::string& id) {
  const Container* c = machine().find(id);
  return verb + " " + host_ + " " + (c ? c->name : id);
}

Task<void> Door::pull(std::string image, std::function<void(PullProgress)> progress) {
  co_await world_.begin("pull " + host_ + " " + image);
  if (!engine_answers()) throw Error("docker: the socket is missing");
  if (world_.unpullable.count(image)) throw Error("manifest for " + image + " not found");
  progress({50, 100});
  world_.fetch(host_, image);
  world_.end();
}

Task<bool> Door::find_in_registry(std::string image) {
  co_await world_.begin(about("ask for", image));
  if (world_.unpullable.count(image)) throw Error("manifest unknown");
  world_.end();
  co_return true;
}

Task<std::string> Door::create(ContainerSpec spec, std::string name) {
  co_await world_.begin("create " + host_ + " " + name);
  if (machine().find(name)) throw Error("the name " + name + " is in use");
  if (!machine().images.count(spec.image)) throw Error("no such image: " + spec.image);
  static int last_id = 0;
  Container c;
  c.id = "id" + std::to_string(++last_id);
  c.name = name;
  c.spec = spec;
  c.image_id = machine().images.at(spec.image);
  machine().containers.push_back(c);
  world_.end();
  co_return c.id;
}

Task<void> Door::start(std::string id) {
  co_await world_.begin(about("start", id));
  Container& c = at(id);
  if (c.state != "running") world_.start(host_, c);
  world_.end();
}

// "stubborn" ones do not end when they are asked to.
Task<void> Door::stop(std::string id, int timeout_seconds) {
  co_await world_.begin(about("stop", id));
  Container& c = at(id);
  world_.about_to_stop(host_, c);
  const bool stubborn = c.state == "running" && c.spec.image.find("stubborn") != std::string::npos;
  if (stubborn) world_.time += std::chrono::seconds(timeout_seconds);
  c.exit_code = stubborn ? 137 : 143;
  c.state = "exited";
  world_.end();
}

Task<void> Door::restart(std::string id, int) {
  co_await world_.begin(about("restart", id));
  Container& c = at(id);
  world_.about_to_stop(host_, c);
  world_.start(host_, c);
  world_.end();
}

Task<void> Door::rename(std::string id, std::string name) {
  co_await world_.begin(about("rename", id));
  if (machine().find(name)) throw Error("the name " + name + " is in use");
  at(id).name = name;
  world_.end();
}

Task<void> Door::set_restart_policy(std::string id, std::string policy) {
  co_await world_.begin(about("policy", id));
  at(id).policy = policy;
  world_.end();
}

Task<void> Door::remove(std::string id) {
  co_await world_.begin(about("remove", id));
  if (const Container* c = machine().find(id)) {
    if (c->state == "running") throw Error("cannot remove a running container");
    std::erase_if(machine().containers, [&](const Container& x) { return x.id == id || x.name == id; });
  }
  world_.end();
}

namespace {

// One whose image says so ends every half second, and is started again.
void crash(const Container& c, std::chrono::milliseconds since, ContainerInfo& out) {
  const auto says = [&](const char* word) { return c.spec.image.find(word) != std::string::npos; };
  if (c.state != "running" || !says("crash")) return;
  out.restarts = static_cast<int>(since / std::chrono::milliseconds(500));
  if (out.restarts == 0) return;
  out.state = "restarting";
  out.exit_code = says("127") ? 127 : says("oom") ? 137 : 1;
  out.oom_killed = says("oom");
}

}  // namespace

Task<ContainerInfo> Door::inspect(std::string id_or_name) {
  co_await world_.begin(about("inspect", id_or_name));
  if (!engine_answers()) throw Error("docker: the socket is missing");
  ContainerInfo out;
  out.state = "missing";
  if (const Container* c = machine().find(id_or_name)) {
    out.id = c->id;
    out.name = c->name;
    out.state = c->state;
    out.restarts = c->restarts;
    out.exit_code = c->exit_code;
    crash(*c, world_.time - c->started, out);
  }
  world_.end();
  co_return out;
}

Task<std::vector<std::string>> Door::logs(std::string id, int) {
  co_await world_.begin(about("logs", id));
  std::vector<std::string> out{"last line of " + at(id).spec.image};
  world_.end();
  co_return out;
}

// The only command of this world: reload, which reads the files anew.
Task<CommandResult> Door::exec(std::string id, std::vector<std::string>) {
  co_await world_.begin(about("exec", id));
  Container& c = at(id);
  const auto started = c.started;
  world_.start(host_, c);
  c.started = started;
  world_.end();
  co_return CommandResult{};
}

Task<void> Door::follow_logs(std::string id, int, std::string, std::function<void(std::string)> line) {
  co_await world_.begin(about("follow", id));
  line("last line of " + at(id).spec.image);
  world_.end();
}

}  // namespace cctl::fake
