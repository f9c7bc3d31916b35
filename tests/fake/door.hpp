// The doors into the fake world.
#pragma once
#include "world.hpp"

namespace cctl::fake {

class Door : public HostDoor, public Connection, public Engine {
 public:
  Door(World& world, std::string host) : world_(world), host_(std::move(host)) {}
  ~Door() override;

  Connection& shell() override { return *this; }
  Engine& engine() override { return *this; }
  Task<Facts> look(LookRequest request) override;
  Task<Looked> observe(LookRequest request) override;
  Task<std::vector<ProbeResult>> probe(std::vector<Probe> probes, std::string container) override;
  Task<Answer> http(HttpCall call) override;

  Task<CommandResult> run(std::string script, std::string input) override;
  Task<CommandResult> work(std::string script, std::string input) override {
    return run(std::move(script), std::move(input));
  }
  Task<void> put(std::vector<DirectorySpec> directories, std::vector<FileSpec> files,
                 std::set<std::string> lent) override;
  Task<std::string> hold(std::string script) override;
  bool holding() const override;

  Task<void> pull(std::string image, std::function<void(PullProgress)> progress) override;
  Task<bool> find_in_registry(std::string image) override;
  Task<std::string> create(ContainerSpec spec, std::string name) override;
  Task<void> start(std::string id) override;
  Task<void> stop(std::string id, int timeout_seconds) override;
  Task<void> restart(std::string id, int timeout_seconds) override;
  Task<void> rename(std::string id, std::string name) override;
  Task<void> set_restart_policy(std::string id, std::string policy) override;
  Task<void> remove(std::string id) override;
  Task<ContainerInfo> inspect(std::string id_or_name) override;
  Task<std::vector<std::string>> logs(std::string id, int lines) override;
  Task<CommandResult> exec(std::string id, std::vector<std::string> command) override;
  Task<void> follow_logs(std::string id, int lines, std::string since, std::function<void(std::string)> line) override;

 private:
  Machine& machine() { return world_.machines.at(host_); }
  Container& at(const std::string& id);
  std::string about(const std::string& verb, const std::string& id);
  CommandResult command(const std::string& script);
  bool engine_answers();
  CommandResult engine_command(const std::string& word, const std::string& input);
  void make_directory(const std::string& path);
  CommandResult survey(const std::string& input);
  CommandResult clear(const std::string& input);

  World& world_;
  std::string host_;
};

}  // namespace cctl::fake
