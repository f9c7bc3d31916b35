// Host keys and the way to a host as OpenSSH's configuration has them; OpenSSH's own client is asked beside us.
#include "catch.hpp"
#include "openssh.hpp"

using namespace cctl;
using namespace cctl::test;

namespace {

std::string port_of(const Sshd& sshd) {
  return std::to_string(sshd.port);
}

std::string with_key(const Sshd& sshd) {
  return " IdentitiesOnly yes\n IdentityFile " + sshd.user_key + "\n";
}

std::string block(const std::string& name, const Sshd& sshd, const std::string& lines = "") {
  return "Host " + name + "\n HostName 127.0.0.1\n Port " + port_of(sshd) + "\n User root\n" + lines;
}

}  // namespace

TEST_CASE("lines of known_hosts, as OpenSSH takes them") {
  const Sshd sshd, other;
  struct Row {
    std::string known, ours;  // ours: "" logs in
  };
  const auto right = sshd.public_key("ed25519"), wrong = other.public_key("ed25519"), name = sshd.name();
  const std::vector<Row> rows = {
      {name + " " + right, ""},
      {"127.0.0.1 " + right, ""},  // the name without its port will do
      {"127.0.0.* " + right, ""},
      {"127.0.0.1 " + wrong, "is not known"},
      {"127.0.0.1 " + right + "\n" + name + " " + wrong, "changed"},
      {name + " " + other.public_key("rsa"), "changed"},  // another kind of key is another key
      {name + " " + right + "\n@revoked * " + right, "is revoked in"},
      {"127.0.0.1 " + right + "\n@revoked 127.0.0.1 " + right, "is revoked in"},
      {"[127.0.0.1]:22 " + right, "is not known"},
      {"# nothing", "is not known"},
  };
  for (const auto& row : rows) {
    INFO(row.known);
    write_file(sshd.known_hosts, row.known + "\n");
    const auto verdicts = both(config_for(sshd, with_key(sshd)));
    CHECK_THAT(verdicts.ours, Contains(row.ours));
    CHECK((row.ours == "") == (verdicts.ours == ""));
    CHECK(verdicts.agree());
  }
}

TEST_CASE("a known host that shows only a key of another kind has changed, for accept-new, too") {
  const Sshd sshd("HostKeyAlgorithms rsa-sha2-512,rsa-sha2-256");
  const auto before = read_file(sshd.known_hosts);
  const auto verdicts = both(config_for(sshd, " StrictHostKeyChecking accept-new\n" + with_key(sshd)));
  CHECK_THAT(verdicts.ours, Contains("changed: it is now ssh-rsa") && Contains("a key of type ssh-ed25519"));
  CHECK(!verdicts.openssh);
  CHECK(read_file(sshd.known_hosts) == before);
}

TEST_CASE("a host with a certificate is not to be scanned") {
  const TempDir authority;
  make_key(authority / "ca");
  const auto certificate = authority / "host-cert.pub";
  Sshd sshd("HostCertificate " + certificate);
  // sshd reads it at its start: it is made of its key, and sshd started anew.
  fs::copy_file(sshd.dir / "host_ed25519.pub", authority / "host.pub");
  ran({"ssh-keygen", "-q", "-s", authority / "ca", "-I", "h", "-h", "-n", "127.0.0.1", authority / "host.pub"});
  sshd.child.reset();
  sshd.child =
      std::make_unique<Child>(std::vector<std::string>{"/usr/sbin/sshd", "-D", "-f", sshd.dir / "sshd_config"});
  std::istringstream words(read_file(authority / "ca.pub"));
  std::string type, key;
  words >> type >> key;
  write_file(sshd.known_hosts, "# trusted by\n@cert-authority 127.0.0.* " + type + " " + key + "\n");
  for (int i = 0; i < 200 && !answers(sshd.port); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  for (const std::string policy : {"yes", "accept-new"}) {
    const auto verdicts = both(config_for(sshd, " StrictHostKeyChecking " + policy + "\n" + with_key(sshd)));
    CHECK(verdicts.openssh);
    CHECK_THAT(verdicts.ours, Contains(sshd.known_hosts + ":2 trusts hosts by a certificate (@cert-authority)") &&
                                  Contains("certificates of hosts are not read here"));
    CHECK(verdicts.ours.find("keyscan") == std::string::npos);
  }
  // Its own key beside the authority's line is enough.
  write_file(sshd.known_hosts, read_file(sshd.known_hosts) + sshd.name() + " " + sshd.public_key("ed25519") + "\n");
  CHECK(both(config_for(sshd, with_key(sshd))).ours == "");
}

TEST_CASE("where host keys are written down") {
  const Sshd sshd;
  fs::create_directories(sshd.dir / "My Keys");
  const auto spaced = sshd.dir / "My Keys/known hosts", second = sshd.dir / "second";
  fs::copy_file(sshd.known_hosts, spaced);
  const auto asks = [&](const std::string& lines) { return both(config_for(sshd, lines + "\n" + with_key(sshd))); };
  CHECK(asks(" UserKnownHostsFile \"" + spaced + "\"").ours == "");
  CHECK(asks(" UserKnownHostsFile " + second + " \"" + spaced + "\"").ours == "");
  CHECK(asks(" UserKnownHostsFile none\n GlobalKnownHostsFile \"" + spaced + "\"").ours == "");
  const auto nowhere = asks(" UserKnownHostsFile none");
  CHECK_THAT(nowhere.ours, Contains("is not known"));
  CHECK(nowhere.agree());
  // None to write to: nothing called "none" appears, and nothing is written into the files of all users.
  CHECK(
      asks(" UserKnownHostsFile none\n GlobalKnownHostsFile " + second + "\n StrictHostKeyChecking accept-new").ours ==
      "");
  CHECK(!fs::exists("none"));
  CHECK(!fs::exists(second));
  World world;
  CHECK(world.refusal(host_by(config_for(sshd, " UserKnownHostsFile " + second + " " + spaced +
                                                   ".2\n StrictHostKeyChecking no\n" + with_key(sshd)))) == "");
  CHECK(read_file(second) == sshd.name() + " " + sshd.public_key("ed25519") + "\n");
  // What is revoked for all hosts.
  const auto revoked = sshd.dir / "revoked";
  write_file(revoked, "# bad\n" + sshd.public_key("ed25519") + "\n");
  const auto bad = asks(" RevokedHostKeys " + revoked);
  CHECK_THAT(bad.ours, Contains("is revoked in " + revoked));
  CHECK(bad.agree());
  CHECK_THAT(asks(" RevokedHostKeys /no/such/file").ours, Contains("cannot be read, so no host key can be trusted"));
  // In the form of which we know the name alone, whomever it revokes.
  const Sshd other;
  for (const Sshd* one : {&sshd, &other}) {
    ran({"ssh-keygen", "-q", "-k", "-f", revoked, one->dir / "host_ed25519.pub"});
    const auto told = asks(" RevokedHostKeys " + revoked);
    CHECK(told.ours == "RevokedHostKeys " + revoked + " is a KRL, which is not read here; a list of public keys is");
    CHECK(told.openssh == (one == &other));
  }
}

TEST_CASE("jump hosts of jump hosts, each with its own key") {
  const Sshd a, b, c;
  // Nobody's key opens another one's door.
  write_file(a.known_hosts, read_file(a.known_hosts) + read_file(b.known_hosts) + read_file(c.known_hosts));
  const auto config = config_for(a, " ProxyJump %r@b\n" + with_key(a),
                                 block("b", b, " ProxyJump c\n" + with_key(b)) + block("c", c, with_key(c)) +
                                     "Host *\n StrictHostKeyChecking yes\n UserKnownHostsFile " + a.known_hosts + "\n");
  const auto verdicts = both(config);
  CHECK(verdicts.ours == "");
  CHECK(verdicts.openssh);
  CHECK((a.accepted() == 2 && b.accepted() == 2 && c.accepted() == 2));
  // The inventory's key is for the hosts: a jump host with a key of its own gets that one.
  World world;
  auto host = host_by(config);
  host.ssh.key = a.user_key;
  CHECK(world.refusal(host) == "");
  // All of it said by the inventory.
  host = a.host();
  host.ssh.jump = {{"127.0.0.1", "root", c.port, c.user_key, {}, {}},
                   {"127.0.0.1", "root", b.port, b.user_key, {}, {}}};
  CHECK(world.refusal(host) == "");
  host.ssh.jump->back().key.reset();
  CHECK_THAT(world.refusal(host), Contains("jump host 127.0.0.1: no authentication method worked"));
}

TEST_CASE("circles of jump hosts") {
  const Sshd sshd;
  World world;
  const auto usual = "Host *\n UserKnownHostsFile " + sshd.known_hosts + "\n" + with_key(sshd);
  // A pattern that covers the jump host itself.
  const auto config = config_for(sshd, "", block("b", sshd) + usual + " ProxyJump b\n");
  CHECK(world.refusal(host_by(config)) == "");
  const auto round = config_for(sshd, " ProxyJump b", block("b", sshd, " ProxyJump web\n") + usual);
  CHECK_THAT(world.refusal(host_by(round)), Contains("ProxyJump goes in a circle: b is reached through web"));
}

TEST_CASE("IPv6 for SSH") {
  const Sshd sshd("ListenAddress ::1");
  write_file(sshd.known_hosts,
             read_file(sshd.known_hosts) + "[::1]:" + port_of(sshd) + " " + sshd.public_key("ed25519") + "\n");
  World world;
  auto host = sshd.host();
  host.address = "::1";
  host.ip = "127.0.0.1";
  CHECK(world.refusal(host) == "");
  host = sshd.host();
  host.ssh.jump = {{"::1", "root", sshd.port, {}, {}, {}}};
  CHECK(world.refusal(host) == "");
  CHECK(both(config_for(sshd, " ProxyJump root@[::1]:" + port_of(sshd) + "\n HostName ::1\n" + with_key(sshd),
                        "Host *\n UserKnownHostsFile " + sshd.known_hosts + "\n" + with_key(sshd)))
            .agree());
}
