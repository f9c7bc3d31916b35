// Words in the wrong place are told where they stand.
#include <fstream>

#include "catch.hpp"
#include "load_support.hpp"

using namespace cctl;
using test::first_text;

namespace {

const std::string begin = "cluster: c\nmasters: [{name: m1, address: 10.0.0.1}]\nslaves: [{name: s1, address: 10.0.0.2";

std::string of_host(const std::string& more) {
  return first_text(begin + ", " + more + "}]\n");
}
std::string of_all(const std::string& more) {
  return first_text(begin + "}]\n" + more + "\n");
}

}  // namespace

TEST_CASE("words that stand a level too high", "[load]") {
  struct Row {
    std::string given, told;
  };
  const Row components[] = {
      {"zookeeper: {max_clients: 10}", "\"max_clients\" of zookeeper stands below vars: {max_clients: 10}"},
      {"zookeeper: {further: {a: b}}", "\"further\" of zookeeper stands below vars: {further: ...}"},
      {"zookeeper: {client: 2182}", "\"client\" of zookeeper stands below ports: {client: 2182}"},
      {"mesos-slave: {launcher: posix}", "\"launcher\" of mesos-slave stands below flags: {launcher: posix}"},
      {"zookeeper: {max_client: 10}", "unknown key \"max_client\", did you mean \"max_clients\"?"},
      {"mesos: {flags: {a: b}}",
       "unknown component \"mesos\"; it is the version of mesos-master and mesos-slave: name the one that is meant"},
      {"zookeper: {flags: {a: b}}", "unknown component \"zookeper\", did you mean \"zookeeper\"?"},
  };
  for (const Row& row : components) CHECK(of_all("components: {" + row.given + "}") == row.told);
  const Row hosts[] = {
      {"attributes: {rack: a}", "\"attributes\" of a host stands below components: {COMPONENT: {attributes: ...}}"},
      {"vars: {a: b}", "\"vars\" of a host stands below components: {COMPONENT: {vars: ...}}"},
      {"component: {mesos-slave: {}}", "unknown key \"component\", did you mean \"components\"?"},
      {"user: root", "\"user\" of a host stands below ssh: {user: ...}"},
      {"port: 2222", "\"port\" of a host stands below ssh: {port: ...}"},
      {"host_key: accept-new", "\"host_key\" of a host stands below ssh: {host_key: ...}"},
      {"adress: x", "unknown key \"adress\", did you mean \"address\"?"},
  };
  for (const Row& row : hosts) CHECK(of_host(row.given) == row.told);
  const Row prepare[] = {
      {"prepare: {sysctls: {vm.max_map_count: 262144}}",
       "\"vm.max_map_count\" stands among the values: {mode: apply, values: {vm.max_map_count: 262144}}"},
      {"prepare: {sysctls: {net/core/somaxconn: 1, mode: check}}",
       "\"net/core/somaxconn\" stands among the values: {mode: apply, values: {net/core/somaxconn: 1}}"},
      {"prepare: {sysctls: {values: {a.b: 1}, mode: check, vlaues: 1}}",
       "unknown key \"vlaues\", did you mean \"values\"?"},
  };
  for (const Row& row : prepare) CHECK(of_all(row.given) == row.told);
}

TEST_CASE("the text of a key in the place of its file is not shown", "[load]") {
  const std::string told =
      "key is the path of a file, and the text of a key stands here; write that to a file of mode 0600, and name the "
      "file";
  const std::string ways[] = {
      "ssh:\n  key: |\n    -----BEGIN OPENSSH PRIVATE KEY-----\n    b3BlbnNzaC1rZXktdjEAAAA\n    -----END OPENSSH "
      "PRIVATE KEY-----\n",
      "ssh: {key: \"-----BEGIN RSA PRIVATE KEY-----\\nb3BlbnNzaC1rZXktdjEAAAA\"}\n",
      "ssh: {key: ssh-ed25519 b3BlbnNzaC1rZXktdjEAAAA me@here}\n",
  };
  for (const auto& way : ways) {
    const std::string text = test::described(begin + "}]\n" + way);
    CHECK(text.find(told) != text.npos);
    CHECK(text.find("b3Blbn") == text.npos);
  }
}

TEST_CASE("a rule about host keys is no secret", "[load]") {
  const std::string text = test::described(begin + "}]\nssh: {host_key: no}\n");
  CHECK(text.find("ssh: {host_key: no}\n") != text.npos);
  CHECK(text.find("it is one of strict, accept-new") != text.npos);
  const std::string long_one = test::described(begin + "}]\nssh: {host_key: abcdefghijklmnopqrstuvwxyz012345}\n");
  CHECK(long_one.find("host_key: ***") != long_one.npos);
}

TEST_CASE("UTF-16 is told by its name", "[load]") {
  const std::string plain = "cluster: c\n";
  const auto wide = [&](bool little, bool mark) {
    std::string out = mark ? (little ? "\xFF\xFE" : "\xFE\xFF") : "";
    for (const char c : plain) out += little ? std::string{c, '\0'} : std::string{'\0', c};
    return out;
  };
  for (const bool little : {true, false})
    for (const bool mark : {true, false})
      CHECK(first_text(wide(little, mark)) == "UTF-16 text; save it as UTF-8 (iconv -f UTF-16 -t UTF-8)");
  CHECK(first_text("cluster: \xE9\n") == "not UTF-8 text");
}
