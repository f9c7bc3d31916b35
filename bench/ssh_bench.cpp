// What the loop costs: N logins with everything that observe asks, beside N bare blocking libssh logins with one exec.
// Prints the client's CPU per host for both, and the ratio. Usage: ssh_bench [N]; needs sshd and a Docker engine here.
#include <libssh/libssh.h>
#include <sys/resource.h>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <cstdio>

#include "../tests/ssh/sshd.hpp"
#include "remote/network.hpp"

namespace {

using namespace cctl;

double cpu_ms() {
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  return static_cast<double>(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1e3 +
         static_cast<double>(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e3;
}

double now_ms() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void bare(const test::Sshd& sshd) {
  ssh_session session = ssh_new();
  unsigned port = static_cast<unsigned>(sshd.port);
  int no = 0, yes = 1;
  ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &no);
  ssh_options_set(session, SSH_OPTIONS_NODELAY, &yes);
  ssh_options_set(session, SSH_OPTIONS_HOST, "127.0.0.1");
  ssh_options_set(session, SSH_OPTIONS_PORT, &port);
  ssh_options_set(session, SSH_OPTIONS_USER, "root");
  ssh_options_set(session, SSH_OPTIONS_KNOWNHOSTS, sshd.known_hosts.c_str());
  ssh_key key = nullptr;
  ssh_pki_import_privkey_file(sshd.user_key.c_str(), nullptr, nullptr, nullptr, &key);
  if (ssh_connect(session) != SSH_OK || ssh_session_is_known_server(session) != SSH_KNOWN_HOSTS_OK ||
      ssh_userauth_publickey(session, nullptr, key) != SSH_AUTH_SUCCESS)
    throw Error(ssh_get_error(session));
  ssh_channel channel = ssh_channel_new(session);
  ssh_channel_open_session(channel);
  ssh_channel_request_exec(channel, "true");
  char buffer[256];
  while (ssh_channel_read(channel, buffer, sizeof buffer, 0) > 0) {
  }
  ssh_channel_free(channel);
  ssh_key_free(key);
  ssh_disconnect(session);
  ssh_free(session);
}

Task<void> one(Network& network, Host host, int& done) {
  auto door = co_await network.connect(host, std::chrono::seconds(30));
  LookRequest request;
  request.cluster = "bench";
  request.paths = {"/etc/os-release", "/etc/hostname"};
  const auto seen = co_await door->observe(request);
  if (seen.host.engine_version.empty()) throw Error("nothing was observed");
  ++done;
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 100;
  try {
    const test::Sshd sshd;
    bare(sshd);
    double cpu = cpu_ms(), wall = now_ms();
    for (int i = 0; i < count; ++i) bare(sshd);
    const double bare_cpu = (cpu_ms() - cpu) / count, bare_wall = now_ms() - wall;

    asio::io_context loop;
    auto network = make_ssh_network(loop, SshOptions{});
    cpu = cpu_ms();
    wall = now_ms();
    int done = 0;
    // As apply does it: 32 at once.
    auto worker = [&](int from) -> Task<void> {
      for (int i = from; i < count; i += 32) co_await one(*network, sshd.host("host" + std::to_string(i)), done);
    };
    for (int i = 0; i < 32 && i < count; ++i)
      asio::co_spawn(loop, worker(i), [](std::exception_ptr error) {
        if (error) std::rethrow_exception(error);
      });
    loop.run();
    const double our_cpu = (cpu_ms() - cpu) / count, our_wall = now_ms() - wall;
    int connections = 0, exchanges = 0;
    for (const auto& [name, traffic] : network->traffic()) {
      connections += traffic.tcp_connections;
      exchanges = std::max(exchanges, traffic.exchanges);
    }
    std::printf("%d hosts            wall       client CPU per host\n", count);
    std::printf("bare, one by one  %7.0f ms   %6.2f ms   login + exec\n", bare_wall, bare_cpu);
    std::printf("clusterctl        %7.0f ms   %6.2f ms   login + observe; %d TCP connections, %d exchange(s) a host\n",
                our_wall, our_cpu, connections, exchanges);
    std::printf("ratio             %17.2f\n", our_cpu / bare_cpu);
    return done == count ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ssh_bench: %s\n", error.what());
    return 1;
  }
}
