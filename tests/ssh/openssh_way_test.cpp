// How a host is connected to, as OpenSSH's configuration has it: ProxyCommand, addresses, what is not followed.
#include "catch.hpp"
#include "not_run.hpp"
#include "openssh.hpp"
#include "remote/ssh_ask.hpp"
#include "remote/ssh_config.hpp"

using namespace cctl;
using namespace cctl::test;

namespace {

std::string with_key(const Sshd& sshd) {
  return " IdentitiesOnly yes\n IdentityFile " + sshd.user_key + "\n";
}

bool runs(const std::string& pid_file) {
  const auto pid = std::atoi(read_file(pid_file).c_str());
  return pid > 0 && ::kill(pid, 0) == 0;
}

bool ends(const std::string& pid_file) {
  for (int i = 0; i < 500 && runs(pid_file); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return !runs(pid_file);
}

}  // namespace

TEST_CASE("a ProxyCommand") {
  const Sshd sshd, proxy;
  const auto pid = sshd.dir / "pid";
  write_file(proxy.dir / "config", "Host *\n IdentityFile " + proxy.user_key +
                                       "\n IdentitiesOnly yes\n UserKnownHostsFile " + proxy.known_hosts + "\n");
  const auto through =
      "ssh -F " + (proxy.dir / "config") + " -p " + std::to_string(proxy.port) + " -W %h:%p %r@127.0.0.1";
  const auto config =
      config_for(sshd, " ProxyCommand sh -c 'echo $$ > " + pid + "; exec " + through + "'\n" + with_key(sshd));
  {
    World world;
    auto door = world.connect(host_by(config));
    CHECK(world.shell(*door, "cat", std::string(300000, 'x')).out.size() == 300000);
    CHECK(runs(pid));
    door.reset();
  }
  CHECK(ends(pid));
  CHECK(openssh_logs_in(config));
  World world;
  SECTION("what it says when it fails") {
    const auto bad =
        config_for(sshd, " ProxyCommand sh -c 'echo the proxy %h:%p says no >&2; exit 1'\n" + with_key(sshd));
    CHECK_THAT(
        world.refusal(host_by(bad)),
        Contains("ProxyCommand sh -c") && Contains("the proxy 127.0.0.1:" + std::to_string(sshd.port) + " says no"));
    CHECK_THAT(world.refusal(host_by(config_for(sshd, " ProxyCommand no-such-proxy %h"))), Contains("not found"));
    CHECK_THAT(world.refusal(host_by(config_for(sshd, " ProxyCommand x %q"))), Contains("%q means nothing there"));
  }
  SECTION("one that says nothing is given up in time, and ended") {
    const auto silent = config_for(sshd, " ProxyCommand sh -c 'echo $$ > " + pid + "; trap \"\" HUP; sleep 600'\n");
    CHECK_THAT(world.refusal(host_by(silent), std::chrono::milliseconds(500)),
               Contains("no answer in 500 ms (the ProxyCommand runs, but nothing comes from it)"));
    CHECK(ends(pid));
  }
  SECTION("what it has started ends with it, whether it heeds a hangup or not, and also what it has left behind") {
    const std::string say = "echo $! > " + pid;
    const std::string lefts[] = {"sleep 600 & " + say + "; wait", "trap \"\" HUP; sleep 600 & " + say,
                                 "trap \"\" HUP; (sleep 600 & " + say + ") & wait"};
    for (const auto& left : lefts) {
      INFO(left);
      const auto leaving = config_for(sshd, " ProxyCommand sh -c '" + left + "'\n");
      CHECK(world.refusal(host_by(leaving), std::chrono::milliseconds(500)) != "");
      CHECK(ends(pid));
    }
  }
  SECTION("one that writes more to its standard error than a pipe holds") {
    const auto loud =
        config_for(sshd, " ProxyCommand sh -c 'head -c 300000 /dev/zero >&2; exec " + through + "'\n" + with_key(sshd));
    CHECK(world.refusal(host_by(loud)) == "");
  }
  SECTION("one that would hand over its socket is refused, and not run") {
    const auto run = sshd.dir / "run";
    const auto handing = config_for(sshd, " ProxyCommand touch " + run + "\n ProxyUseFdpass yes\n" + with_key(sshd));
    CHECK(world.refusal(host_by(handing)) ==
          "ProxyUseFdpass is not supported; a ProxyCommand that hands its streams on is");
    CHECK(!fs::exists(run));
  }
  SECTION("the inventory's way wins over it") {
    auto host = host_by(config_for(sshd, " ProxyCommand false\n" + with_key(sshd)));
    host.ssh.jump.emplace();
    CHECK(world.refusal(host) == "");
  }
}

TEST_CASE("what else of the configuration decides about a login") {
  const Sshd sshd;
  const auto dir = sshd.dir.path.string();
  write_file(sshd.dir / "included", " IdentityFile " + sshd.user_key + "\n");
  struct Row {
    std::string lines;
    std::string ours;  // "": logs in
    std::string rest = {};
  };
  const std::vector<Row> rows = {
      {" Include " + dir + "/included", ""},
      {" BindAddress 127.0.0.1\n" + with_key(sshd), ""},
      {" BindAddress 192.0.2.1\n" + with_key(sshd), "(from BindAddress 192.0.2.1)"},
      {" AddressFamily inet\n" + with_key(sshd), ""},
      {" HostName localhost\n HostKeyAlias [127.0.0.1]:" + std::to_string(sshd.port) + "\n AddressFamily inet\n" +
           with_key(sshd),
       ""},
      {" HostKeyAlgorithms ssh-ed25519\n" + with_key(sshd), ""},
      {" HostKeyAlgorithms ecdsa-sha2-nistp256\n" + with_key(sshd), "no match for method"},
      {" Ciphers aes256-ctr\n MACs hmac-sha2-256\n KexAlgorithms curve25519-sha256\n" + with_key(sshd), ""},
      {" PubkeyAcceptedAlgorithms rsa-sha2-512\n" + with_key(sshd), "no authentication method worked"},
      {" ControlMaster auto\n ControlPath " + dir + "/c-%C\n" + with_key(sshd), ""},
      {"", "", "Match host 127.0.0.1 user root exec \"test %n = web\"\n" + with_key(sshd)},
      {" User nobody\n" + with_key(sshd), "for user nobody", "Match exec false\n User root\n"},
  };
  for (const auto& row : rows) {
    INFO(row.lines);
    const auto verdicts = both(config_for(sshd, row.lines, row.rest));
    CHECK_THAT(verdicts.ours, Contains(row.ours));
    CHECK((row.ours == "") == (verdicts.ours == ""));
    CHECK(verdicts.agree());
  }
}

TEST_CASE("the password of a host is never offered to the jump host before it") {
  Wanted behind;
  behind.settings.password_file = "/of/the/host";
  behind.settings.password_prompt = true;
  JumpHop hop;
  hop.host = "bastion";
  CHECK_FALSE(as_wanted(hop, behind).settings.password_file.has_value());
  CHECK_FALSE(as_wanted(hop, behind).settings.password_prompt.has_value());
  hop.password_file = "/of/the/bastion";
  CHECK(as_wanted(hop, behind).settings.password_file == "/of/the/bastion");
  CHECK_FALSE(as_wanted(hop, behind).settings.password_prompt.has_value());
}

TEST_CASE("what is not followed is said, once, with its place") {
  const Sshd sshd;
  std::vector<std::string> warnings;
  SshOptions options;
  options.warn = [&](const std::string& text) { warnings.push_back(text); };
  World world(std::move(options));
  const auto config =
      config_for(sshd, " ConnectTimeout 7\n PKCS11Provider /usr/lib/p.so\n GSSAPIAuthentication yes\n SendEnv X\n" +
                           with_key(sshd));
  CHECK(world.refusal(host_by(config)) == "");
  CHECK(world.refusal(host_by(config)) == "");
  REQUIRE(warnings.size() == 2);
  CHECK(warnings[0] == config + ":2: ConnectTimeout of OpenSSH's configuration is not followed: --ssh-timeout says it");
  CHECK_THAT(warnings[1], Contains(config + ":3: PKCS11Provider"));
}

TEST_CASE("a configuration that others may have written is refused, and none of its commands run") {
  constexpr uid_t other = 65534;
  struct Case {
    const char* what;
    uid_t owner;
    mode_t file, directory;
    const char* caller;   // of sudo
    const char* refused;  // FILE and DIR stand for the two; empty: it is not
  };
  const char *theirs = "it belongs to uid 65534, whose words it may be; look at it, then chown 0 FILE",
             *open_to_all = "it may be changed by others (mode 0666); look at it, then chmod go-w FILE",
             *exchanged = "its directory may be changed by others (mode 0777); look at it, then chmod go-w DIR";
  const Case cases[] = {{"ours", 0, 0644, 0700, "", ""},
                        {"ours, which others may write", 0, 0666, 0700, "", open_to_all},
                        {"another's", other, 0644, 0700, "", theirs},
                        {"another's, which all may write", other, 0666, 0700, "", theirs},
                        {"of who called sudo", other, 0644, 0700, "65534", ""},
                        {"where others may exchange it", 0, 0644, 0777, "", exchanged}};
  if (::geteuid() != 0) return not_run("other users are for root to be");
  for (const Case& c : cases) {
    for (const std::string named : {"by HOME", "by the inventory", "by Include"}) {
      INFO(c.what << ", " << named);
      const TempDir home;
      const std::string ran = home / "ran", place = home / ".ssh", file = place + "/config", outer = home / "outer";
      fs::create_directory(place);
      write_file(file, "Match exec \"touch " + ran + "\"\n User mallory\n");
      write_file(outer, "Include " + file + "\n");
      REQUIRE(::chown(file.c_str(), c.owner, c.owner) == 0);
      REQUIRE(::chmod(file.c_str(), c.file) == 0);
      REQUIRE(::chmod(place.c_str(), c.directory) == 0);
      const Env as("HOME", home.path.string()), caller("SUDO_UID", c.caller);
      SshSettings settings;
      if (named != "by HOME") settings.config = named == "by Include" ? outer : file;
      std::string refusal;
      try {
        ask_openssh("ssh", "127.0.0.1", settings);
      } catch (const Error& e) {
        refusal = e.what();
      }
      std::string wanted = c.refused;
      if (const auto at = wanted.find("FILE"); at != wanted.npos) wanted.replace(at, 4, file);
      if (const auto at = wanted.find("DIR"); at != wanted.npos) wanted.replace(at, 3, place);
      if (!wanted.empty())
        wanted =
            "OpenSSH's configuration is not read: " + file + ": " + wanted + "; `ssh: {config: none}` does without it";
      // What is included ssh holds against a rule of its own, which knows nobody who called sudo.
      if (*c.caller && named == "by Include")
        CHECK_THAT(refusal, Contains("Bad owner or permissions on " + file));
      else
        CHECK(refusal == wanted);
      CHECK(fs::exists(ran) == refusal.empty());
    }
  }
}
