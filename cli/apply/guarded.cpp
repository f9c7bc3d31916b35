#include "apply/guarded.hpp"

namespace cctl {
namespace {

// A script is not read here: whatever it is, it is not run. Reading what will be written over is of no use either.
class GuardedShell : public Connection {
 public:
  GuardedShell(Connection& inner, const Lease& lease) : inner_(inner), lease_(lease) {}

  Task<CommandResult> run(std::string script, std::string input) override {
    ask();
    co_return co_await inner_.run(std::move(script), std::move(input));
  }
  Task<CommandResult> work(std::string script, std::string input) override {
    ask();
    co_return co_await inner_.work(std::move(script), std::move(input));
  }
  Task<void> put(std::vector<DirectorySpec> directories, std::vector<FileSpec> files,
                 std::set<std::string> lent) override {
    ask();
    co_await inner_.put(std::move(directories), std::move(files), std::move(lent));
  }
  Task<std::string> hold(std::string script) override { return inner_.hold(std::move(script)); }
  bool holding() const override { return inner_.holding(); }

 private:
  void ask() const {
    if (!lease_.held()) throw LeaseLost();
  }
  Connection& inner_;
  const Lease& lease_;
};

class GuardedEngine : public Engine {
 public:
  GuardedEngine(Engine& inner, const Lease& lease) : inner_(inner), lease_(lease) {}

  Task<void> pull(std::string image, std::function<void(PullProgress)> progress) override {
    ask();
    co_await inner_.pull(std::move(image), std::move(progress));
  }
  Task<std::string> create(ContainerSpec spec, std::string name) override {
    ask();
    co_return co_await inner_.create(std::move(spec), std::move(name));
  }
  Task<void> start(std::string id) override {
    ask();
    co_await inner_.start(std::move(id));
  }
  Task<void> stop(std::string id, int timeout_seconds) override {
    ask();
    co_await inner_.stop(std::move(id), timeout_seconds);
  }
  Task<void> restart(std::string id, int timeout_seconds) override {
    ask();
    co_await inner_.restart(std::move(id), timeout_seconds);
  }
  Task<void> rename(std::string id, std::string name) override {
    ask();
    co_await inner_.rename(std::move(id), std::move(name));
  }
  Task<void> set_restart_policy(std::string id, std::string policy) override {
    ask();
    co_await inner_.set_restart_policy(std::move(id), std::move(policy));
  }
  Task<void> remove(std::string id) override {
    ask();
    co_await inner_.remove(std::move(id));
  }
  Task<CommandResult> exec(std::string id, std::vector<std::string> command) override {
    ask();
    co_return co_await inner_.exec(std::move(id), std::move(command));
  }

  Task<bool> find_in_registry(std::string image) override { return inner_.find_in_registry(std::move(image)); }
  Task<ContainerInfo> inspect(std::string id_or_name) override { return inner_.inspect(std::move(id_or_name)); }
  Task<std::vector<std::string>> logs(std::string id, int lines) override { return inner_.logs(std::move(id), lines); }
  Task<void> follow_logs(std::string id, int lines, std::string since, std::function<void(std::string)> line) override {
    return inner_.follow_logs(std::move(id), lines, std::move(since), std::move(line));
  }

 private:
  void ask() const {
    if (!lease_.held()) throw LeaseLost();
  }
  Engine& inner_;
  const Lease& lease_;
};

class GuardedDoor : public HostDoor {
 public:
  GuardedDoor(HostDoor& inner, const Lease& lease)
      : inner_(inner), lease_(lease), shell_(inner.shell(), lease), engine_(inner.engine(), lease) {}

  Connection& shell() override { return shell_; }
  Engine& engine() override { return engine_; }
  Task<Facts> look(LookRequest request) override { return inner_.look(std::move(request)); }
  Task<Looked> observe(LookRequest request) override { return inner_.observe(std::move(request)); }
  Task<std::vector<ProbeResult>> probe(std::vector<Probe> probes, std::string container) override {
    return inner_.probe(std::move(probes), std::move(container));
  }
  Task<Answer> http(HttpCall call) override {
    if (call.method != "GET" && !lease_.held()) throw LeaseLost();
    co_return co_await inner_.http(std::move(call));
  }

 private:
  HostDoor& inner_;
  const Lease& lease_;
  GuardedShell shell_;
  GuardedEngine engine_;
};

}  // namespace

Hosts guarded(const Hosts& hosts, const Lease& lease) {
  Hosts out;
  for (const auto& [name, door] : hosts.doors()) out.connected(name, std::make_unique<GuardedDoor>(*door, lease));
  for (const auto& [name, why] : hosts.absent()) out.failed(name, why);
  return out;
}

}  // namespace cctl
