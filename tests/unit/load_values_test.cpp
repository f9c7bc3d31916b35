// What a good inventory becomes.
#include <sys/stat.h>

#include <cstdlib>

#include "catch.hpp"
#include "load_support.hpp"

using namespace cctl;

namespace {

LoadResult good(const test::Scratch& scratch, const std::string& text, const std::string& data = test::small_data) {
  LoadResult result = load(scratch.file("inventory.yml", text), data);
  INFO(describe(result.mistakes));
  REQUIRE(result.ok());
  return result;
}

}  // namespace

TEST_CASE("ssh settings merge host over group over all") {
  const test::Scratch scratch;
  chmod(scratch.file("keys/all", "k").c_str(), 0600);
  setenv("HOME", scratch.path().c_str(), 1);
  const auto inventory = good(scratch, R"(
cluster: a
ssh: {user: ops, key: keys/all, become: sudo, jump: b, known_hosts: ~/kh, docker_host: 'unix:///run/a.sock'}
groups: {masters: {ssh: {user: boss, port: 2222, key: ~/keys/all}}}
masters: [{name: m, address: 10.0.0.1, ssh: {port: 2200, host_key: accept-new, agent: false}}]
slaves: [{name: s, address: 10.0.0.2, ssh: {password: prompt, jump: none, config: none, docker_host: 'unix:///run/s.sock'}}]
)")
                             .sources.inventory;
  const SshSettings& m = inventory.find("m")->ssh;
  CHECK(m.user == "boss");
  CHECK(m.port == 2200);
  CHECK(m.key == scratch.path() + "/keys/all");
  CHECK(m.become == "sudo");
  CHECK(m.host_key == HostKeyPolicy::accept_new);
  CHECK(m.agent == false);
  CHECK(m.known_hosts == scratch.path() + "/kh");
  CHECK(!m.password_prompt.has_value());
  const SshSettings& s = inventory.find("s")->ssh;
  CHECK(s.user == "ops");
  CHECK(s.key == scratch.path() + "/keys/all");
  CHECK(!s.port.has_value());
  CHECK(s.password_prompt == true);
  CHECK((s.jump && s.jump->empty()));
  CHECK(s.config == "none");
  CHECK(m.docker_socket() == "/run/a.sock");
  CHECK(s.docker_socket() == "/run/s.sock");
  CHECK(SshSettings{}.docker_socket() == "/var/run/docker.sock");
}

TEST_CASE("hosts stand in the file's order, ip is the address unless said") {
  const test::Scratch scratch;
  const auto inventory = good(scratch, R"(
cluster: a
slaves: [{name: s, address: s.example, ip: 10.0.0.2}]
hosts:
masters: [{name: m, address: 10.0.0.1}]
)")
                             .sources.inventory;
  REQUIRE(inventory.hosts.size() == 2);
  CHECK(inventory.hosts[0].name == "s");
  CHECK(inventory.hosts[0].group == "slaves");
  CHECK(inventory.hosts[0].ip == "10.0.0.2");
  CHECK(inventory.hosts[1].ip == "10.0.0.1");
  CHECK(inventory.hosts[1].mark.line == 5);
  CHECK(inventory.hosts[1].mark.column == 18);
  CHECK(inventory.find("x") == nullptr);
}

TEST_CASE("versions are text") {
  const test::Scratch scratch;
  const auto result = good(scratch,
                           "cluster: a\nmasters: [{name: m, address: 10.0.0.1}]\n"
                           "versions: {zookeeper: 3.10, consul: v1.8.70, mesos: '1.0.1'}\n");
  const auto& versions = result.sources.inventory.versions;
  CHECK(versions.at("zookeeper") == "3.10");
  CHECK(versions.at("consul") == "1.8.70");
  CHECK(versions.at("mesos") == "1.0.1");
  CHECK(result.sources.inventory.versions_given);
  CHECK(result.sources.inventory.version_marks.at("consul").column == 37);
  CHECK(result.sources.playbooks.at("mesos-slave").version == "1.0.1");
  CHECK(result.sources.playbooks.at("consul-client").version == "1.8.70");
}

TEST_CASE("without versions the catalogue's own hold, and an upgrade's over both") {
  const test::Scratch scratch;
  const std::string path =
      scratch.file("inventory.yml", "cluster: a\nmasters: [{name: m, address: 10.0.0.1}]\nversions:\n");
  CHECK(!load(path, test::small_data).sources.inventory.versions_given);
  CHECK(load(path, test::small_data).sources.playbooks.at("mesos-master").version == "0.28.1");
  CHECK(load(path, test::small_data).sources.playbooks.at("consul").version == "1.8.7");
  const LoadResult upgrade = load(path, test::small_data, {{"mesos", "1.0.1"}});
  CHECK(upgrade.sources.playbooks.at("mesos-master").version == "1.0.1");
  CHECK(upgrade.sources.inventory.versions.at("mesos") == "1.0.1");
}

TEST_CASE("overrides of components, for all and for one host") {
  const test::Scratch scratch;
  const auto inventory = good(scratch, R"(
cluster: a
masters: [{name: m, address: 10.0.0.1}]
slaves:
  - name: s
    address: 10.0.0.2
    components:
      mesos-slave: {attributes: {rack: r1}, resources: {mem: 4096}}
place: {zookeeper: [s]}
components:
  mesos-master: {flags: {quorum: 01, zk: ~}, ports: {master: 5055}, enabled: true}
  zookeeper: {vars: {reconfig: true}, env: {A: "b\nc"}, mounts: ["/a:/b:ro"], container: {memory: 1g, args: []}}
images: {registry: r:5000, mesos: a/b:c}
style: files
)")
                             .sources.inventory;
  const ComponentOverrides& slave = inventory.find("s")->components.at("mesos-slave");
  CHECK(slave.maps.at("attributes").at("rack") == "r1");
  CHECK(slave.maps.at("resources").at("mem") == "4096");
  const ComponentOverrides& master = inventory.components.at("mesos-master");
  CHECK(master.flags.at("quorum") == "01");
  CHECK(!master.flags.at("zk").has_value());
  CHECK(master.flag_marks.at("zk").line == 11);
  CHECK(master.ports.at("master") == 5055);
  CHECK(master.enabled == true);
  const ComponentOverrides& zookeeper = inventory.components.at("zookeeper");
  CHECK(zookeeper.vars.at("reconfig") == "true");
  CHECK(zookeeper.env.at("A") == "b\nc");
  CHECK(zookeeper.mounts == std::vector<std::string>{"/a:/b:ro"});
  CHECK(zookeeper.container.memory == 1LL << 30);
  CHECK(zookeeper.container.args->empty());
  CHECK(!zookeeper.container.user.has_value());
  CHECK(inventory.place.at("zookeeper") == std::vector<std::string>{"s"});
  CHECK(inventory.images.registry == "r:5000");
  CHECK(inventory.images.overrides.at("mesos") == "a/b:c");
  CHECK(inventory.style == "files");
}

TEST_CASE("anchors and aliases work") {
  const test::Scratch scratch;
  const auto inventory =
      good(scratch, "cluster: a\nssh: &s {user: u}\nmasters: [{name: m, address: 10.0.0.1, ssh: *s}]\n")
          .sources.inventory;
  CHECK(inventory.hosts[0].ssh.user == "u");
}
