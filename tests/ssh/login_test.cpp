// Logging in: host keys, methods, time-outs, jump hosts.
#include <asio/detached.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include "apply/parallel.hpp"
#include "catch.hpp"
#include "run.hpp"

using namespace cctl;
using namespace cctl::test;

TEST_CASE("host keys") {
  const Sshd sshd;
  World world;
  SECTION("known") {
    CHECK(world.refusal(sshd.host()) == "");
  }
  SECTION("known by its RSA key alone: the server is asked for that one") {
    sshd.trust("rsa");
    CHECK(world.refusal(sshd.host()) == "");
  }
  SECTION("known by a hashed line") {
    ran({"ssh-keygen", "-q", "-H", "-f", sshd.known_hosts});
    REQUIRE(read_file(sshd.known_hosts).find("|1|") == 0);
    CHECK(world.refusal(sshd.host()) == "");
  }
  SECTION("not known") {
    write_file(sshd.known_hosts, "other " + sshd.public_key("ed25519") + "\n");
    const auto text = world.refusal(sshd.host());
    CHECK_THAT(text,
               Contains("host key of 127.0.0.1 is not known (ssh-ed25519 SHA256:") && Contains("ssh-keyscan -p "));
    CHECK_THAT(ran({"ssh-keygen", "-l", "-f", (sshd.dir / "host_ed25519.pub")}),
               Contains(text.substr(text.find("SHA256:"), 50)));
  }
  SECTION("accept-new writes it down, once") {
    write_file(sshd.known_hosts, "# no newline");
    auto host = sshd.host();
    host.ssh.host_key = HostKeyPolicy::accept_new;
    CHECK(world.refusal(host) == "");
    CHECK(read_file(sshd.known_hosts) == "# no newline\n" + sshd.name() + " " + sshd.public_key("ed25519") + "\n");
    CHECK(world.refusal(host) == "");
    CHECK(world.refusal(sshd.host()) == "");
    const auto text = read_file(sshd.known_hosts);
    CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  }
  SECTION("accept-new lets nobody in whose key cannot be kept") {
    const TempDir dir;
    write_file(dir / "of another", "");
    REQUIRE(::chown((dir / "of another").c_str(), 65534, 65534) == 0);
    for (const auto& [file, why] : {std::pair{"of another/known_hosts", "cannot be written: Not a directory"},
                                    {"of another", "belongs to uid 65534"}}) {
      auto host = sshd.host();
      host.ssh.known_hosts = dir / file;
      host.ssh.host_key = HostKeyPolicy::accept_new;
      CHECK_THAT(world.refusal(host), Contains("the host key of 127.0.0.1 (ssh-ed25519 SHA256:") &&
                                          Contains("is new, and cannot be kept: ") && Contains(why) &&
                                          Contains("; `ssh: {known_hosts: FILE}` names another file"));
    }
  }
  SECTION("changed is refused, by accept-new, too") {
    const Sshd other;
    write_file(sshd.known_hosts, sshd.name() + " " + other.public_key("ed25519") + "\n");
    auto host = sshd.host();
    host.ssh.host_key = HostKeyPolicy::accept_new;
    CHECK_THAT(world.refusal(host), Contains("host key of 127.0.0.1 changed") && Contains(sshd.known_hosts + ":1"));
  }
  SECTION("revoked is refused even when it is also known") {
    write_file(sshd.known_hosts,
               sshd.name() + " " + sshd.public_key("ed25519") + "\n@revoked * " + sshd.public_key("ed25519") + "\n");
    auto host = sshd.host();
    host.ssh.host_key = HostKeyPolicy::accept_new;
    CHECK_THAT(world.refusal(host), Contains("is revoked in " + sshd.known_hosts + ":2"));
  }
}

TEST_CASE("a changed key is refused while the keys of other hosts are learned") {
  const Sshd changed, second, third, fourth;
  const TempDir dir;
  const std::string known = dir / "known_hosts";
  // Long enough that reading it takes a while.
  std::string text = changed.name() + " " + second.public_key("ed25519") + "\n";
  for (int i = 0; i < 50000; ++i)
    text += "h" + std::to_string(i) + ".example ssh-ed25519 " + std::string(68, 'A') + "\n";
  std::vector<Host> hosts;
  for (const Sshd* sshd : {&second, &changed, &third, &fourth}) {
    hosts.push_back(sshd->host(sshd->name()));
    hosts.back().ssh.known_hosts = known;
    hosts.back().ssh.host_key = HostKeyPolicy::accept_new;
  }
  for (int tries = 0; tries < 5; ++tries) {
    write_file(known, text);
    World world;
    std::map<std::string, std::string> refusals;
    const std::function<Task<void>(std::size_t)> one = [&](std::size_t i) -> Task<void> {
      try {
        Host host = hosts[i];
        const auto door = co_await world.network->connect(std::move(host), std::chrono::seconds(20));
        refusals[hosts[i].name] = "";
      } catch (const Error& e) {
        refusals[hosts[i].name] = e.what();
      }
    };
    const std::function<Task<void>()> all = [&]() -> Task<void> { co_await for_all(hosts.size(), hosts.size(), one); };
    world.run(all);
    CHECK_THAT(refusals.at(changed.name()), Contains("host key of 127.0.0.1 changed"));
    for (const Sshd* sshd : {&second, &third, &fourth}) CHECK(refusals.at(sshd->name()) == "");
    CHECK_THAT(read_file(known), !Contains(changed.name() + " " + changed.public_key("ed25519")));
  }
}

TEST_CASE("authentication") {
  const auto& sshd = shared_sshd();
  World world;
  SECTION("a key the server does not know") {
    const TempDir dir;
    ran({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", dir / "key"});
    auto host = sshd.host();
    host.ssh.key = dir / "key";
    CHECK_THAT(world.refusal(host),
               Contains("no authentication method worked for user root: tried publickey " + (dir / "key")));
  }
  SECTION("a key that is not there") {
    auto host = sshd.host();
    host.ssh.key = "/no/such/key";
    CHECK(world.refusal(host) == "the key /no/such/key is not there");
  }
  SECTION("an RSA key, with and without a passphrase") {
    const Sshd own;
    SshOptions options;
    options.ask = [](const std::string& prompt) { return prompt.starts_with("Passphrase") ? "secret" : ""; };
    World asked(std::move(options));
    for (const std::string passphrase : {"", "secret"}) {
      const auto key = own.dir / ("rsa" + passphrase);
      ran({"ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", passphrase, "-f", key});
      write_file(own.dir / "authorized_keys", read_file(key + ".pub"));
      auto host = own.host();
      host.ssh.key = key;
      CHECK(asked.refusal(host) == "");
    }
    auto host = own.host();
    host.ssh.key = own.dir / "rsasecret";
    CHECK_THAT(world.refusal(host), Contains("needs a passphrase"));
  }
  SECTION("a password is tried, and its file must be there") {
    const TempDir dir;
    write_file(dir / "password", "wrong\n");
    auto host = sshd.host();
    ran({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", dir / "key"});
    host.ssh.key = dir / "key";
    host.ssh.password_file = dir / "password";
    const auto text = world.refusal(host);
    CHECK_THAT(text, Contains("password"));
    CHECK(text.find("wrong") == std::string::npos);
    host.ssh.password_file = dir / "missing";
    CHECK_THAT(world.refusal(host), Contains("cannot be read"));
  }
}

TEST_CASE("the agent is asked for the configured key only") {
  const Sshd sshd("MaxAuthTries 3");
  const auto agent_socket = sshd.dir / "agent";
  const Child agent({"ssh-agent", "-D", "-a", agent_socket});
  for (int i = 0; i < 100 && !fs::exists(agent_socket); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const char* before = std::getenv("SSH_AUTH_SOCK");
  const std::string kept = before ? before : "";
  ::setenv("SSH_AUTH_SOCK", agent_socket.c_str(), 1);
  for (int i = 0; i < 7; ++i) {
    const auto key = sshd.dir / ("wrong" + std::to_string(i));
    ran({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key});
    ran({"ssh-add", "-q", key});
  }
  // The file is encrypted, the agent has it open.
  const auto locked = sshd.dir / "locked";
  ran({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", locked});
  ran({"ssh-add", "-q", locked});
  ran({"ssh-keygen", "-q", "-p", "-P", "", "-N", "secret", "-f", locked});
  write_file(sshd.dir / "authorized_keys", read_file(locked + ".pub"));
  World world;
  auto host = sshd.host();
  host.ssh.key = locked;
  CHECK_THAT(world.refusal(host), Contains("needs a passphrase"));
  host.ssh.agent = true;
  CHECK(world.refusal(host) == "");
  host.ssh.key = sshd.user_key;
  CHECK_THAT(world.refusal(host), Contains("agent (it has not the configured key)"));
  kept.empty() ? ::unsetenv("SSH_AUTH_SOCK") : ::setenv("SSH_AUTH_SOCK", kept.c_str(), 1);
}

TEST_CASE("no answer in time") {
  const Listener silent;
  World world;
  auto host = shared_sshd().host();
  host.ssh.port = silent.port;
  const auto began = std::chrono::steady_clock::now();
  const auto text = world.refusal(host, std::chrono::milliseconds(500));
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(5));
  CHECK(text == "no answer in 500 ms (it accepted the connection, then fell silent in the key exchange)");
  host.ssh.port = free_port();
  CHECK(world.refusal(host) == "connection refused");
  host.address = "no-such-host.invalid";
  CHECK_THAT(world.refusal(host), Contains("cannot be resolved"));
}

TEST_CASE("a server that stops in the middle of the login") {
  // The process is frozen after the key exchange has begun: the kernel still accepts.
  const Sshd sshd;
  World world;
  ::kill(sshd.child->pid, SIGSTOP);
  CHECK_THAT(world.refusal(sshd.host(), std::chrono::milliseconds(600)), Contains("no answer in 600 ms"));
  ::kill(sshd.child->pid, SIGCONT);
  CHECK(world.refusal(sshd.host()) == "");
}

TEST_CASE("a server that is slow once is logged in to the second time") {
  const Sshd sshd;
  World world;
  const auto knocks = [&] { return world.network->traffic()["here"].tcp_connections; };
  ::kill(sshd.child->pid, SIGSTOP);
  const std::function<Task<void>()> wake = [&]() -> Task<void> {
    asio::steady_timer pause(world.loop);
    while (knocks() < 2) {  // between two looks
      pause.expires_after(std::chrono::milliseconds(20));
      co_await pause.async_wait(asio::use_awaitable);
    }
    ::kill(sshd.child->pid, SIGCONT);
  };
  asio::co_spawn(world.loop, wake(), asio::detached);
  CHECK(world.refusal(sshd.host(), std::chrono::seconds(5)) == "");
  CHECK(knocks() == 2);
}

TEST_CASE("through jump hosts") {
  const Sshd outer, inner;
  World world;
  write_file(inner.known_hosts, read_file(inner.known_hosts) + read_file(outer.known_hosts));
  write_file(outer.dir / "authorized_keys", read_file(inner.user_key + ".pub"));
  auto host = inner.host();
  host.ssh.jump = {{"127.0.0.1", "root", outer.port, {}, {}, {}}};
  auto first = world.connect(host);
  host.name = "second";
  auto second = world.connect(host);
  CHECK(world.shell(*first, "echo $SSH_CONNECTION").out.find(" " + std::to_string(inner.port)) != std::string::npos);
  CHECK(world.shell(*second, "cat", std::string(500000, 'x')).out.size() == 500000);
  auto traffic = world.network->traffic();
  CHECK(traffic["jump 127.0.0.1"].tcp_connections == 1);
  CHECK(traffic["here"].tcp_connections == 0);
  host.ssh.jump = {{"127.0.0.1", "root", free_port(), {}, {}, {}}};
  CHECK(world.refusal(host) == "jump host 127.0.0.1: connection refused");
  // The jump host forbids the way onward.
  const Sshd closed("AllowTcpForwarding no");
  write_file(closed.dir / "authorized_keys", read_file(inner.user_key + ".pub"));
  write_file(inner.known_hosts, read_file(inner.known_hosts) + read_file(closed.known_hosts));
  host.ssh.jump = {{"127.0.0.1", "root", closed.port, {}, {}, {}}};
  World again;
  CHECK_THAT(again.refusal(host), Contains("the jump host cannot reach it: its sshd forbids forwarding"));
}

TEST_CASE("OpenSSH's configuration is asked, the inventory wins over it") {
  const Sshd sshd;
  const TempDir dir;
  write_file(dir / "config", "Host web\n HostName 127.0.0.1\n Port " + std::to_string(sshd.port) +
                                 "\n User root\n IdentityFile " + sshd.user_key +
                                 "\n IdentitiesOnly yes\n UserKnownHostsFile " + sshd.known_hosts + "\n");
  World world;
  Host host;
  host.name = host.address = "web";
  host.ssh.config = dir / "config";
  CHECK(world.refusal(host) == "");
  host.ssh.port = free_port();
  CHECK(world.refusal(host) == "connection refused");
  // An alias is looked up without the port.
  write_file(dir / "config", read_file(dir / "config") + " HostKeyAlias the-name\n");
  host.ssh.port.reset();
  CHECK_THAT(world.refusal(host), Contains("is not known"));
  write_file(sshd.known_hosts, "the-name " + sshd.public_key("ed25519") + "\n");
  World again;
  CHECK(again.refusal(host) == "");
  host.ssh.config = dir / "nothing";
  CHECK_THAT(again.refusal(host), Contains("ssh -G"));
}

TEST_CASE("a connection that is lost ends what was under way") {
  const Sshd sshd;
  World world;
  auto door = world.connect(sshd.host());
  const std::function<Task<void>()> body = [&]() -> Task<void> { co_await door->shell().run(kEndSshd, ""); };
  CHECK_THROWS_AS(world.run(body), Unreachable);
  CHECK_THROWS_AS(world.shell(*door, "true"), Unreachable);
}

TEST_CASE("a run that is dropped in the middle leaves nothing behind") {
  const auto& sshd = shared_sshd();
  World world;
  auto door = world.connect(sshd.host());
  const std::function<Task<void>()> body = [&]() -> Task<void> { co_await door->shell().run("sleep 30", ""); };
  CHECK_THROWS(world.run(body, std::chrono::seconds(1)));
  door.reset();
}
