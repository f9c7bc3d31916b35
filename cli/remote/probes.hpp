// Probes of one host, asked through its connection.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "remote/engine.hpp"
#include "remote/stream.hpp"

namespace cctl {

class Prober {
 public:
  Prober(std::shared_ptr<Core> core, std::shared_ptr<Session> session, Engine& engine);
  ~Prober();
  // Throws Error when there is no answer.
  Task<Answer> call(HttpCall call);
  Task<std::vector<ProbeResult>> ask(std::vector<Probe> probes, std::string container);

 private:
  Task<void> ask_one(const Probe& probe, const std::string& container, ProbeResult& result);
  Task<void> answer_of(const Probe& probe, const std::string& container, ProbeResult& result);
  Task<ProbeResult> http(const Probe& probe);
  Task<ProbeResult> zk(const Probe& probe);
  Task<ProbeResult> dns(const Probe& probe);
  Tunnel& tunnel_to(const std::string& address, int port);

  std::shared_ptr<Core> core_;
  std::shared_ptr<Session> session_;
  Engine& engine_;
  std::map<std::string, std::shared_ptr<Tunnel>> tunnels_;  // by address:port, for HTTP
};

}  // namespace cctl
