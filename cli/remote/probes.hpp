// Probes of one host, asked through its connection.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "remote/engine.hpp"
#include "remote/from_host.hpp"
#include "remote/stream.hpp"

namespace cctl {

// Dials through the connection. Where sshd forbids that, a program on the host dials for all probes at once.
class Prober {
 public:
  Prober(std::shared_ptr<Core> core, std::shared_ptr<Session> session, Shell& shell, Engine& engine);
  ~Prober();
  // Throws Error when there is no answer.
  Task<Answer> call(HttpCall call);
  Task<std::vector<ProbeResult>> ask(std::vector<Probe> probes, std::string container);

 private:
  Task<Answer> call_straight(HttpCall call);
  Task<Answer> call_from_host(HttpCall call);
  Task<void> ask_one(const Probe& probe, const std::string& container, ProbeResult& result, bool& prohibited);
  Task<void> ask_rest(const std::vector<Probe>& probes, const std::vector<std::size_t>& which,
                      std::vector<ProbeResult>& results);
  Task<void> talk(std::vector<Question> questions, std::vector<Told>& told);

  // Questions that are wanted in one turn of the loop, by whomever: one command puts them all.
  struct Batch {
    explicit Batch(asio::io_context& loop) : ended(loop) {}
    std::vector<Question> questions;
    std::vector<Told> told;
    std::exception_ptr error;
    bool over = false;
    Signal ended;
  };
  Task<void> put(std::shared_ptr<Batch> batch);
  Task<void> answer_of(const Probe& probe, const std::string& container, ProbeResult& result);
  Task<ProbeResult> http(const Probe& probe);
  Task<ProbeResult> zk(const Probe& probe);
  Task<ProbeResult> dns(const Probe& probe);
  Tunnel& tunnel_to(const std::string& address, int port);

  std::shared_ptr<Core> core_;
  std::shared_ptr<Session> session_;
  Shell& shell_;
  Engine& engine_;
  bool forbidden_ = false;                                  // sshd lets nobody dial from here
  std::shared_ptr<Batch> next_;                             // not yet put
  std::map<std::string, std::shared_ptr<Tunnel>> tunnels_;  // by address:port, for HTTP
};

}  // namespace cctl
