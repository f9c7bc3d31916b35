// Keys, certificates and agents as OpenSSH's configuration names them; OpenSSH's own client is asked beside us.
#include "catch.hpp"
#include "openssh.hpp"

using namespace cctl;
using namespace cctl::test;

namespace {

void check_both_log_in(const Sshd& sshd, const std::string& lines) {
  INFO(lines);
  const auto verdicts = both(config_for(sshd, lines));
  CHECK(verdicts.ours == "");
  CHECK(verdicts.openssh);
}

std::string check_both_refuse(const Sshd& sshd, const std::string& lines) {
  INFO(lines);
  const auto verdicts = both(config_for(sshd, lines));
  CHECK(verdicts.ours != "");
  CHECK(!verdicts.openssh);
  return verdicts.ours;
}

// What is signed for root by an authority; beside the key, where ssh-keygen puts it.
void certify(const std::string& authority, const std::string& key) {
  ran({"ssh-keygen", "-q", "-s", authority, "-I", "test", "-n", "root", key + ".pub"});
}

}  // namespace

TEST_CASE("an agent with more keys than the server tries: refused at once, with the number") {
  const Sshd sshd("MaxAuthTries 6");
  const TempDir empty;
  const Env home("HOME", empty.path.string());
  const Agent agent(sshd.dir / "agent");
  for (int i = 0; i < 6; ++i) agent.add(make_key(sshd.dir / ("wrong" + std::to_string(i))));
  agent.add(sshd.user_key);
  const auto began = std::chrono::steady_clock::now();
  const auto text = check_both_refuse(sshd, "");
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(10));
  CHECK_THAT(text, Contains("the host hung up during login: tried agent (6 of its 7 keys)") && Contains("`key:`"));
  // The right key, named by its public half, is the only one offered.
  fs::copy_file(sshd.user_key + ".pub", sshd.dir / "named.pub");
  check_both_log_in(sshd, " IdentityFile " + (sshd.dir / "named.pub") + "\n IdentitiesOnly yes");
  World world;
  auto host = sshd.host();
  host.ssh.agent = true;
  host.ssh.key = sshd.dir / "named.pub";
  CHECK(world.refusal(host) == "");
  host.ssh.agent = false;
  CHECK_THAT(world.refusal(host), Contains("named.pub (is a public key, and no agent has its private half)"));
}

TEST_CASE("tokens and variables in the names of key files") {
  const Sshd sshd;
  const Env home("HOME", "/root");  // OpenSSH goes by /etc/passwd
  const Env keys("KEYS", sshd.dir.path.string());
  const auto dir = sshd.dir.path.string();
  for (const char* name : {"web", "127.0.0.1", "root-user", "100%", "My Keys"}) {
    fs::create_directories(sshd.dir / name);
    fs::copy_file(sshd.user_key, sshd.dir / name + std::string("/x"));
    ::chmod((sshd.dir / name + std::string("/x")).c_str(), 0600);
  }
  const std::vector<std::string> files = {"%d/.." + dir + "/user", dir + "/%n/x",
                                          dir + "/%h/x",           dir + "/%r-user/x",
                                          dir + "/100%%/x",        std::string("${KEYS}/user"),
                                          "${KEYS}/%n/x",          "\"" + dir + "/My Keys/x\"",
                                          "~/.." + dir + "/user"};
  for (const auto& file : files) check_both_log_in(sshd, " IdentitiesOnly yes\n IdentityFile " + file);
  CHECK_THAT(check_both_refuse(sshd, " IdentitiesOnly yes\n IdentityFile " + dir + "/%u/none"),
             Contains("publickey " + dir + "/root/none (is not there)"));
  CHECK_THAT(check_both_refuse(sshd, " IdentityFile ${CCTL_NOT_SET}/x"),
             Contains("IdentityFile ${CCTL_NOT_SET}/x: the environment has no CCTL_NOT_SET"));
  CHECK_THAT(check_both_refuse(sshd, " IdentityFile " + dir + "/%z"), Contains("%z means nothing there"));
  CHECK_THAT(check_both_refuse(sshd, " PubkeyAuthentication no\n IdentityFile " + sshd.user_key),
             Contains("no key, agent or password"));
}

TEST_CASE("which agent is asked") {
  const Sshd sshd;
  const TempDir empty;
  const Env home("HOME", empty.path.string());
  const Agent agent(sshd.dir / "agent");
  agent.add(sshd.user_key);
  fs::create_symlink(agent.socket, sshd.dir / "root");
  const Env elsewhere("SSH_AUTH_SOCK", sshd.dir / "nothing");
  const Env named("CCTL_AGENT", agent.socket), dir("CCTL_DIR", sshd.dir.path.string());
  CHECK_THAT(check_both_refuse(sshd, ""), Contains("no ssh-agent answers at " + (sshd.dir / "nothing")));
  check_both_log_in(sshd, " IdentityAgent $CCTL_AGENT");
  check_both_log_in(sshd, " IdentityAgent ${CCTL_DIR}/agent");
  check_both_log_in(sshd, " IdentityAgent " + sshd.dir.path.string() + "/%r");
  const Env right("SSH_AUTH_SOCK", agent.socket);
  check_both_log_in(sshd, "");
  check_both_log_in(sshd, " IdentityAgent SSH_AUTH_SOCK");
  check_both_refuse(sshd, " IdentityAgent none");
  check_both_refuse(sshd, " IdentityAgent $CCTL_NOT_SET");
}

TEST_CASE("certificates of users") {
  const TempDir authority;
  make_key(authority / "ca");
  const Sshd sshd("TrustedUserCAKeys " + (authority / "ca.pub"));
  write_file(sshd.dir / "authorized_keys", "");
  const TempDir empty;
  const Env home("HOME", empty.path.string());
  for (const std::string type : {"ed25519", "rsa", "ecdsa"}) {
    INFO(type);
    const auto key = make_key(sshd.dir / ("k_" + type), type);
    const Env nobody("SSH_AUTH_SOCK", "");
    check_both_refuse(sshd, " IdentityFile " + key);
    certify(authority / "ca", key);
    check_both_log_in(sshd, " IdentityFile " + key);
    World world;
    auto host = sshd.host();
    host.ssh.key = key;
    CHECK(world.refusal(host) == "");
    // Elsewhere, and named.
    fs::create_directory(sshd.dir / ("certs_" + type));
    const auto certificate = sshd.dir / ("certs_" + type + "/web-cert.pub");
    fs::rename(key + "-cert.pub", certificate);
    check_both_log_in(sshd,
                      " IdentityFile " + key + "\n CertificateFile " + (sshd.dir / ("certs_" + type + "/%n-cert.pub")));
    // The key in the agent alone, the certificate in a file or there too.
    const Agent agent(sshd.dir / ("agent_" + type));
    agent.add(key);
    fs::rename(key, sshd.dir / "away");
    const auto named = " IdentitiesOnly yes\n IdentityFile " + key + "\n CertificateFile " + certificate;
    check_both_log_in(sshd, named);
    fs::rename(sshd.dir / "away", key);
    fs::copy_file(certificate, key + "-cert.pub");
    ran({"ssh-add", "-q", "-D"});
    agent.add(key);  // takes the certificate along
    fs::remove(key + "-cert.pub");
    fs::rename(key, sshd.dir / ("gone_" + type));
    check_both_log_in(sshd, " IdentityFile " + key + ".pub");
    World again;
    host.ssh.agent = true;
    host.ssh.key = key + ".pub";
    CHECK(again.refusal(host) == "");
  }
  World world;
  CHECK_THAT(
      world.refusal(host_by(config_for(sshd, " CertificateFile /no/such-cert.pub\n IdentityFile " + sshd.user_key))),
      Contains("certificate /no/such-cert.pub (is not there)"));
}

TEST_CASE("a user id without a name") {
  const Sshd sshd;
  const TempDir open;
  ::chmod(open.path.c_str(), 0755);
  const auto config = open / "config";
  write_file(config, "Host *\n User root\n");
  auto host = sshd.host();
  fs::copy_file(sshd.user_key, open / "key");
  REQUIRE(::chown((open / "key").c_str(), 54321, 54321) == 0);
  ::chmod((open / "key").c_str(), 0600);
  fs::copy_file(sshd.known_hosts, open / "known_hosts");
  host.ssh.key = open / "key";
  host.ssh.known_hosts = open / "known_hosts";
  // In a process of its own, which is nobody from then on.
  const auto told = [&](const Host& h) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::setenv("HOME", open.path.c_str(), 1);
      std::string text = ::setgid(54321) == 0 && ::setuid(54321) == 0 ? "" : "cannot change";
      World world;
      if (text.empty()) text = world.refusal(h);
      if (::write(ends[1], text.data(), text.size()) < 0) ::_exit(1);
      ::_exit(0);
    }
    ::close(ends[1]);
    std::string text(1000, '\0');
    std::size_t have = 0;
    for (ssize_t n = 0; (n = ::read(ends[0], text.data() + have, text.size() - have)) > 0;)
      have += static_cast<std::size_t>(n);
    ::close(ends[0]);
    ::waitpid(pid, nullptr, 0);
    return text.substr(0, have);
  };
  CHECK(told(host) == "");  // everything is said: no name is needed
  host.ssh.user.reset();
  CHECK(
      told(host) ==
      "there is no user to log in as: the user id 54321 has no entry in /etc/passwd; say it with `ssh: {user: NAME}`");
}
