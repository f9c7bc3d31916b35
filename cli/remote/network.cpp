#include "remote/network.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>
#include <random>

#include "apply/log.hpp"
#include "look/look.hpp"
#include "model/engine_way.hpp"
#include "plan/app_spec.hpp"
#include "remote/core.hpp"
#include "remote/engine.hpp"
#include "remote/engine_lists.hpp"
#include "remote/probe_talk.hpp"
#include "remote/probes.hpp"
#include "remote/proxy_command.hpp"
#include "remote/shell.hpp"
#include "remote/stream.hpp"
#include "remote/way.hpp"

namespace cctl {
namespace {

class SshDoor : public HostDoor {
 public:
  SshDoor(std::shared_ptr<Core> core, std::shared_ptr<Session> session, Access access, std::string name,
          std::string engine_socket)
      : core_(std::move(core)),
        session_(std::move(session)),
        access_(std::move(access)),
        name_(std::move(name)),
        socket_(std::move(engine_socket)),
        shell_(core_, session_, access_),
        engine_(core_, session_, access_, socket_),
        prober_(core_, session_, shell_, engine_) {}
  ~SshDoor() override { session_->end(); }

  Connection& shell() override { return shell_; }
  Engine& engine() override { return engine_; }

  Task<Facts> look(LookRequest request) override {
    const Exchange exchange(*session_);
    Looked out;
    co_await ask_shell(request, out);
    co_return std::move(out.facts);
  }

  Task<Looked> observe(LookRequest request) override {
    const Exchange exchange(*session_);
    ask_observation(request);
    Looked out;
    DockerEngine::Lists lists;
    std::string engine_error;
    std::map<std::string, ObservedApp> apps;
    std::vector<Task<void>> tasks;
    tasks.push_back(ask_shell(request, out));
    tasks.push_back(ask_engine(request.engine_info, lists, engine_error));
    if (!request.apps.empty()) tasks.push_back(ask_apps(request.apps, apps));
    co_await together(core_->loop, std::move(tasks));
    ObservedHost& host = out.host;
    host.name = name_;
    host.apps = std::move(apps);
    host.engine_error = std::move(engine_error);
    if (host.engine_error.empty()) {
      host.engine_version = lists.version;
      read_containers(lists.containers, host);
      read_images(lists.images, host);
      host.engine_info = std::move(lists.info);
    } else {
      co_await ask_silence(host);
    }
    host.reachable = true;
    co_return out;
  }

  Task<std::vector<ProbeResult>> probe(std::vector<Probe> probes, std::string container) override {
    return prober_.ask(std::move(probes), std::move(container));
  }

  Task<Answer> http(HttpCall call) override {
    const Exchange exchange(*session_);
    LoggedCall logged(name_, call.method + " " + call.address + ":" + std::to_string(call.port) + call.path);
    Answer answer = co_await prober_.call(std::move(call));
    logged.ended(std::to_string(answer.status) + ", " + std::to_string(answer.body.size()) + " bytes");
    co_return answer;
  }

 private:
  static std::string new_section_mark() {
    static std::mt19937_64 random{std::random_device{}()};
    return "@" + std::to_string(random());
  }
  Task<void> ask_shell(const LookRequest& request, Looked& out) {
    const auto mark = new_section_mark();
    const auto script = look_script(request, mark);
    // What a host writes by itself (the number of an election) is rarely written twice within such a look.
    for (int tries_left = 2;; --tries_left) {
      auto asked = script;
      const auto result = co_await shell_.run(std::move(asked), {});
      if (result.exit_status != 0)
        throw Error("the host's shell" + end_in_words(result) + ": " + first_lines(result.err + result.out), 3);
      try {
        out = read_look(result.out, request, mark);
        out.host.login_prints = session_->login_prints();
        co_return;
      } catch (const FilesChanging&) {
        if (tries_left == 0) throw;
      }
    }
  }
  // Why the engine gives no answer: what is in its way, whether its program runs, and its last words.
  Task<void> ask_silence(ObservedHost& host) {
    LookRequest request;
    request.facts = {&fact::engine_off};
    const auto mark = new_section_mark();
    auto script = "# ask what keeps the engine\nexec 2>/dev/null\n" + engine_way_script(false, socket_) +
                  look_script(request, mark);
    const auto answer = co_await shell_.run(std::move(script), {});
    const auto told = read_look(answer.out, request, mark).host;
    host.engine_way = engine_way_from(answer.out.substr(0, answer.out.find(mark)));
    host.engine_off = told.engine_off;
    host.engine_log = told.engine_log;
  }
  // A host without an engine is a host all the same: it may be about to get one.
  Task<void> ask_engine(bool info, DockerEngine::Lists& lists, std::string& error) {
    try {
      lists = co_await engine_.lists(info);
    } catch (const Unreachable&) {
      throw;
    } catch (const Forbidden&) {
      throw;  // what runs there cannot be known: a plan would be a guess
    } catch (const Error& e) {
      error = e.what();
    }
  }
  // A Marathon that does not answer says nothing about its apps, nor does another program in its place.
  Task<void> ask_apps(const std::vector<AppSpec>& apps, std::map<std::string, ObservedApp>& found) {
    for (const auto& app : apps) {
      for (const auto& address : app.addresses) {
        HttpCall call;
        call.address = address;
        call.port = app.port;
        call.path = app_path(app.id);
        call.timeout = std::chrono::seconds(3);
        try {
          const Answer answer = co_await prober_.call(std::move(call));
          if (auto seen = observed_app(app.id, answer)) {
            found[app.id] = std::move(*seen);
            break;
          }
        } catch (const Error&) {
          // the next Marathon, if there is one
        }
      }
    }
  }

  std::shared_ptr<Core> core_;
  std::shared_ptr<Session> session_;
  Access access_;
  std::string name_;
  std::string socket_;
  Shell shell_;
  DockerEngine engine_;
  Prober prober_;
};

// Whether the connection was accepted, as the stage of a login has it.
bool is_at_home(const std::string& stage) {
  return stage.find(" (") != std::string::npos;
}

// Not a word that both could not agree on something, or that we are not wanted.
bool hung_up(const std::string& why, const std::string& stage) {
  const auto says = [&](const char* words) { return why.find(words) != std::string::npos; };
  return stage.find("then fell silent") != std::string::npos &&
         (says("disconnected") || says("reset by peer") || says("closed by") || says("Broken pipe"));
}

// A jump host is logged in to once, whoever is behind it.
struct SharedJump {
  explicit SharedJump(asio::io_context& loop) : done(loop) {}
  std::weak_ptr<Session> session;
  bool busy = false;
  Signal done;
};

class Sshd : public SshNetwork {
 public:
  Sshd(asio::io_context& loop, SshOptions options) : core_(std::make_shared<Core>(loop, std::move(options))) {}
  ~Sshd() override { core_->threads.close(); }

  Task<std::unique_ptr<HostDoor>> connect(Host host, std::chrono::milliseconds timeout) override {
    const auto label = host.name.empty() ? host.address : host.name;
    log_line(label, "looking up ssh settings and keys of " + host.address);
    auto wanted = Wanted{label, host.address, host.ssh, {}};
    const auto hops = co_await find_way(core_, std::move(wanted), timeout);
    LoggedCall logged(label, "log in");
    std::shared_ptr<Session> session;
    std::string stage;
    // Once more where somebody is at home: a loaded host is slow, and sshd hangs up on some when many knock
    // (MaxStartups).
    for (bool again = true;; again = false) {
      std::string why;
      bool in_time = true;
      try {
        in_time = co_await within(core_->loop, timeout, reach(hops, session, stage));
      } catch (const NotSsh&) {
        throw;
      } catch (const Unreachable& error) {
        why = error.what();
        if (!hung_up(why, stage)) throw;
      }
      if (why.empty() && in_time) break;
      if (!again || !is_at_home(stage))
        throw Unreachable(
            in_time ? "sshd hung up before the login, twice (MaxStartups in its sshd_config, or a ban): " + why
                    : "no answer in " + in_seconds(timeout) + stage);
      asio::steady_timer pause(core_->loop, std::chrono::milliseconds(500));
      co_await pause.async_wait(asio::use_awaitable);
    }
    logged.ended("done");
    session->call_it(label);
    const Access access{hops.back().target.become, hops.back().credentials.password, hops.back().target.user, label};
    auto engine_socket = host.ssh.docker_host ? host.ssh.docker_socket() : core_->options.engine_socket;
    co_return std::make_unique<SshDoor>(core_, std::move(session), access, label, std::move(engine_socket));
  }

  std::map<std::string, HostTraffic> traffic() const override {
    std::map<std::string, HostTraffic> result;
    for (const auto& [name, counters] : core_->traffic) result[name] = *counters;
    return result;
  }

 private:
  Task<void> reach(const std::vector<Hop>& hops, std::shared_ptr<Session>& session, std::string& stage) {
    std::string way;
    for (std::size_t i = 0; i < hops.size(); ++i) {
      const auto& target = hops[i].target;
      way += "/" + target.user + "@" + target.address + ":" + std::to_string(target.port) + " " + target.proxy_command;
      stage = i + 1 < hops.size() ? " from the jump host " + target.address : "";
      try {
        if (i + 1 < hops.size())
          session = co_await jump(way, session, hops[i], stage);
        else
          session = co_await login(session, hops[i], stage);
      } catch (const Unreachable& error) {
        if (i + 1 == hops.size()) throw;
        throw Unreachable("jump host " + target.address + ": " + error.what());
      } catch (const NoAccess& error) {
        if (i + 1 == hops.size()) throw;
        throw NoAccess("jump host " + target.address + ": " + error.what(), error.exit_code());
      }
    }
  }

  Task<std::shared_ptr<Session>> jump(std::string way, std::shared_ptr<Session> before, const Hop& hop,
                                      std::string& stage) {
    auto& shared = jumps_[way];
    if (!shared) shared = std::make_shared<SharedJump>(core_->loop);
    const auto entry = shared;
    for (;;) {
      if (auto session = entry->session.lock(); session && session->alive()) co_return session;
      if (!entry->busy) break;
      co_await entry->done.wait();
    }
    struct Busy {
      SharedJump& jump;
      explicit Busy(SharedJump& j) : jump(j) { jump.busy = true; }
      ~Busy() {
        jump.busy = false;
        jump.done.wake();
      }
    } busy(*entry);
    auto session = co_await login(before, hop, stage);
    entry->session = session;
    co_return session;
  }

  Task<std::shared_ptr<Session>> login(std::shared_ptr<Session> before, const Hop& hop, std::string& stage) {
    const auto& target = hop.target;
    const auto traffic = core_->traffic_of(target.label);
    std::shared_ptr<ProxyCommand> proxy;
    std::shared_ptr<void> keep = before;
    int fd = -1;
    if (before) {
      fd = co_await through(before, target);
    } else if (!target.proxy_command.empty()) {
      proxy = std::make_shared<ProxyCommand>(core_->loop, target.proxy_command);
      keep = proxy;
      fd = proxy->take_socket();
    } else {
      const auto limit = core_->options.connect_timeout;
      if (!co_await within(core_->loop, limit, dial_to(core_, target, fd)))
        throw Unreachable("no answer in " + in_seconds(limit));
      ++traffic->tcp_connections;
    }
    log_line(target.label, fmt::format("connected to {} port {}", target.address, target.port));
    auto session = std::make_shared<Session>(core_->loop, fd, traffic, keep);
    stage += proxy ? " (the ProxyCommand runs, but nothing comes from it)"
                   : " (it accepted the connection, then fell silent in the key exchange)";
    const auto began = std::chrono::steady_clock::now();
    set_user(*session, target);
    set_algorithms(*session, *core_, target);
    std::string failed;
    const std::string before_home = stage.substr(0, stage.find(" ("));
    const auto other = [&](const std::string& words) {
      stage = fmt::format("{} (what answers at port {} {})", before_home, target.port, words);
    };
    try {
      co_await session->handshake(other);
    } catch (const NotSsh& error) {
      throw NotSsh(fmt::format("what answers at port {} {}; ssh: {{port: ...}} names that of its sshd", target.port,
                               error.what()));
    } catch (const Unreachable& error) {
      if (!proxy) throw;
      failed = error.what();
    }
    if (!failed.empty()) {
      co_await asio::post(core_->loop, asio::use_awaitable);  // what it has said may just have been read
      const auto words = proxy->last_words();
      throw Unreachable("ProxyCommand " + target.proxy_command + ": " +
                        (!words.empty()        ? words
                         : failed == "Success" ? "it ended without a word"
                                               : failed));
    }
    log_line(target.label, "keys are exchanged");
    stage = stage.substr(0, stage.find(" (")) + " (it fell silent during the login)";
    co_await check_host_key(session, core_, target, hop.credentials.revoked);
    log_line(target.label, "the host key is known; logging in as " + target.user);
    co_await authenticate(session, core_, target, hop.credentials, stage);
    session->authenticated(core_->options.host_silence);
    log_line(target.label, "logged in");
    traffic->login = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    co_return session;
  }

  static Task<void> dial_to(std::shared_ptr<Core> core, Target target, int& fd) { fd = co_await dial(core, target); }

  // libssh looks both up in /etc/passwd otherwise, where the user id need not be.
  static void set_user(Session& session, const Target& target) {
    ssh_options_set(session.raw(), SSH_OPTIONS_SSH_DIR, (home_directory() + "/.ssh").c_str());
    ssh_options_set(session.raw(), SSH_OPTIONS_USER, target.user.c_str());
  }

  // A socket whose other end goes through a channel of the session before.
  Task<int> through(std::shared_ptr<Session> before, const Target& target) {
    std::unique_ptr<Channel> channel;
    try {
      channel = co_await Channel::open_tcp(before, target.address, target.port);
    } catch (const OpenRefused& error) {
      if (error.prohibited())
        throw NoAccess("the jump host cannot reach it: its sshd forbids forwarding (AllowTcpForwarding)");
      throw Unreachable(std::string("the jump host cannot reach it: ") + error.what());
    }
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) throw Error("no socket left");
    LocalSocket ours(core_->loop, asio::local::stream_protocol(), ends[0]);
    asio::co_spawn(core_->loop, splice(std::move(ours), std::move(channel)),
                   [](std::exception_ptr, const std::string&) {});
    co_return ends[1];
  }

  std::shared_ptr<Core> core_;
  std::map<std::string, std::shared_ptr<SharedJump>> jumps_;
};

class RealClock : public Clock {
 public:
  explicit RealClock(asio::io_context& loop) : loop_(loop) {}
  std::chrono::steady_clock::time_point now() override { return std::chrono::steady_clock::now(); }
  Task<void> sleep(std::chrono::milliseconds time) override {
    asio::steady_timer timer(loop_, time);
    co_await timer.async_wait(asio::use_awaitable);
  }

 private:
  asio::io_context& loop_;
};

}  // namespace

std::unique_ptr<SshNetwork> make_ssh_network(asio::io_context& loop, SshOptions options) {
  return std::make_unique<Sshd>(loop, std::move(options));
}

std::unique_ptr<Clock> make_clock(asio::io_context& loop) {
  return std::make_unique<RealClock>(loop);
}

}  // namespace cctl
