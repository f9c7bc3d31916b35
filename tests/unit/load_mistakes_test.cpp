// What a person reads after a mistake, byte for byte.
#include "catch.hpp"
#include "load_support.hpp"
#include "source_dir.hpp"

using namespace cctl;
using test::described;

TEST_CASE("every mistake of an inventory is told at once, in the file's order") {
  CHECK(
      described(R"(cluster: Prod
ssh: {usr: ops, port: 70000, become: su}
versions: {zookeper: 3.8.0, mesos: new}
masters:
  - {name: m1, address: 10.0.0.1}
  - {name: m2, address: 10.0.0.1}
slave:
  - {name: s1, address: 10.0.0.3}
place: {zookeeper: [m3]}
components:
  mesos-slave: {flags: {docker_mesos_imag: x}, port: {agent: 1}}
  consol: {enabled: false}
style: file
)") ==
      R"(inventory.yml:1:10: bad cluster "Prod": lower-case letters, digits, "_", "." and "-", at most 63, the first a letter or digit
cluster: Prod
         ^
inventory.yml:2:7: unknown key "usr", did you mean "user"?
ssh: {usr: ops, port: 70000, become: su}
      ^
inventory.yml:2:23: port must be a number from 1 to 65535
ssh: {usr: ops, port: 70000, become: su}
                      ^
inventory.yml:2:38: bad become "su": it is one of sudo, none
ssh: {usr: ops, port: 70000, become: su}
                                     ^
inventory.yml:3:12: unknown version key "zookeper", did you mean "zookeeper"?
versions: {zookeper: 3.8.0, mesos: new}
           ^
inventory.yml:3:36: bad mesos "new": a version starts with a number, as 0.28.1 or v1.1.1
versions: {zookeper: 3.8.0, mesos: new}
                                   ^
inventory.yml:6:25: the address "10.0.0.1" is already that of m1 on line 5
  - {name: m2, address: 10.0.0.1}
                        ^
inventory.yml:7:1: unknown key "slave", did you mean "slaves"?
slave:
^
inventory.yml:9:21: unknown host "m3", did you mean "m1"?
place: {zookeeper: [m3]}
                    ^
inventory.yml:11:25: unknown flag "docker_mesos_imag" of mesos-slave 0.28.1, did you mean "docker_mesos_image"?
  mesos-slave: {flags: {docker_mesos_imag: x}, port: {agent: 1}}
                        ^
inventory.yml:11:48: unknown key "port", did you mean "ports"?
  mesos-slave: {flags: {docker_mesos_imag: x}, port: {agent: 1}}
                                               ^
inventory.yml:12:3: unknown component "consol", did you mean "consul"?
  consol: {enabled: false}
  ^
inventory.yml:13:8: bad style "file": it is one of env, files, did you mean "files"?
style: file
       ^
)");
}

TEST_CASE("the place of a mistake is counted in characters and shown under them") {
  CHECK(described("cluster: a # 集群\nhosts: [{name: h, address: 10.0.0.1, \"é\": 1}, {\"名\": 1, nam: 2}]\n") ==
        "inventory.yml:2:38: unknown key \"é\"\n"
        "hosts: [{name: h, address: 10.0.0.1, \"é\": 1}, {\"名\": 1, nam: 2}]\n"
        "                                     ^\n"
        "inventory.yml:2:47: name is missing\n"
        "hosts: [{name: h, address: 10.0.0.1, \"é\": 1}, {\"名\": 1, nam: 2}]\n"
        "                                              ^\n"
        "inventory.yml:2:47: address is missing\n"
        "hosts: [{name: h, address: 10.0.0.1, \"é\": 1}, {\"名\": 1, nam: 2}]\n"
        "                                              ^\n"
        "inventory.yml:2:48: unknown key \"名\"\n"
        "hosts: [{name: h, address: 10.0.0.1, \"é\": 1}, {\"名\": 1, nam: 2}]\n"
        "                                               ^\n"
        "inventory.yml:2:56: unknown key \"nam\", did you mean \"name\"?\n"
        "hosts: [{name: h, address: 10.0.0.1, \"é\": 1}, {\"名\": 1, nam: 2}]\n"
        "                                                        ^\n");
}

TEST_CASE("tabs, a byte order mark and CR LF do not move the caret") {
  CHECK(described("\xEF\xBB\xBF"
                  "clustr: a\r\nhosts:\t[]\t# x\r\nstyle:\tx\r\n") ==
        "inventory.yml:1:1: unknown key \"clustr\", did you mean \"cluster\"?\nclustr: a\n^\n"
        "inventory.yml:1:1: cluster is missing\nclustr: a\n^\n"
        "inventory.yml:3:8: bad style \"x\": it is one of env, files\nstyle:\tx\n      \t^\n");
}

TEST_CASE("text that is no YAML is told alone") {
  CHECK(described("cluster: [a\nmastrs: []\n") ==
        "inventory.yml:1:10: this [ is not closed: ] is missing\ncluster: [a\n         ^\n");
  CHECK(described("cluster: a\nhosts:\n\t- x\n") ==
        "inventory.yml:3:1: a tab in the indent; indent with spaces\n\t- x\n^\n");
  CHECK(described("cluster: " + std::string(20'000, '[')) == "inventory.yml: nested 500 levels deep or more\n");
  CHECK(described("cluster: \xFF\n") == "inventory.yml:1:10: not UTF-8 text\n");
  CHECK(described("cluster: a\x04\n") ==
        "inventory.yml:1:11: a control character (\"\\x04\") in the text\ncluster: a?\n          ^\n");
  CHECK(described("a: 1\n---\nb: 2\n").find("inventory.yml:3:1: a second document; one file holds one\n") !=
        std::string::npos);
  CHECK(described("cluster: &a [*a]\n").find("inventory.yml:1:14: an alias inside what it stands for\n") !=
        std::string::npos);
}

TEST_CASE("an inventory that cannot be read, or says nothing") {
  CHECK(describe(load("/nowhere/i.yml", test::small_data).mistakes) ==
        "/nowhere/i.yml: cannot be read: No such file or directory\n");
  CHECK(describe(load("/tmp", test::small_data).mistakes) == "/tmp: cannot be read: it is a directory\n");
  CHECK(describe(load("/dev/zero", test::small_data).mistakes) ==
        "/dev/zero: cannot be read: it is larger than 16 MiB\n");
  CHECK(described("") == "inventory.yml:1:1: cluster is missing\n");
  CHECK(described("# nothing\n") == "inventory.yml:1:1: cluster is missing\n# nothing\n^\n");
  CHECK(described("cluster: a\n") ==
        "inventory.yml:1:1: there are no hosts: list them under masters, slaves, lbs or hosts\ncluster: a\n^\n");
}

TEST_CASE("duplicate keys, at any depth") {
  CHECK(described("cluster: a\nhosts: [{name: h, address: 10.0.0.1, name: i}]\ncluster: b\n") ==
        "inventory.yml:2:38: duplicate key \"name\", first on line 2\n"
        "hosts: [{name: h, address: 10.0.0.1, name: i}]\n"
        "                                     ^\n"
        "inventory.yml:3:1: duplicate key \"cluster\", first on line 1\ncluster: b\n^\n");
}

TEST_CASE("a password in the file is refused and not shown again") {
  CHECK(described("cluster: a\nhosts: [{name: h, address: 10.0.0.1}]\nssh: {password: hunter2}\n") ==
        "inventory.yml:3:17: password can only be \"prompt\"; a password itself stands in a password_file\n");
}

TEST_CASE("versions of an upgrade have no place in a file") {
  const std::string text = "cluster: a\nmasters: [{name: h, address: 10.0.0.1}]\nversions: {mesos: 0.28.1}\n";
  CHECK(described(text, {{"mesos", "x"}, {"mesoss", "1.0"}}) ==
        "bad version \"x\" of mesos: a version starts with a number, as 0.28.1 or v1.1.1\n"
        "unknown version key \"mesoss\", did you mean \"mesos\"?\n");
  CHECK(described(text, {{"mesos", "7.7"}}) ==
        "warning: mesos 7.7 is not in the catalogue: it is tried as a tag of mesosphere/mesos\n");
}

TEST_CASE("a variable that names no flag is warned about") {
  const std::string text =
      "cluster: a\nmasters: [{name: h, address: 10.0.0.1}]\ncomponents:\n  mesos-master: {env: {MESOS_QUORM: 1}}\n";
  CHECK(test::first_text(text) ==
        "\"MESOS_QUORM\" is no flag of mesos-master 0.28.1, which would pass over it, did you mean \"MESOS_QUORUM\"?");
  CHECK(test::first_text("cluster: a\nmasters: [{name: h, address: 10.0.0.1}]\ncomponents:\n"
                         "  mesos-master: {env: {MESOS_QUORUM: 1, GLOG_v: 1}}\n") == "");
}

TEST_CASE("a setting of the wrong kind for the hosts' engines") {
  const std::string head = "cluster: a\nmasters: [{name: h, address: 10.0.0.1}]\ndocker: ";
  const auto told = [&](const std::string& settings) {
    const test::Scratch scratch;
    const auto result = load(scratch.file("inventory.yml", head + settings + "\n"), cctl::test::source_dir);
    return result.mistakes.empty() ? "" : result.mistakes.front().text;
  };
  CHECK(told("{live-restore: 'true'}") == "\"live-restore\" of docker is a boolean, not a text");
  CHECK(told("{dns: 10.0.0.1}") == "\"dns\" of docker is a list, not a text");
  CHECK(told("{live-restore: true, dns: [10.0.0.1, 'fd00::1'], mtu: 1400, log-opts: {max-file: '3'}}") == "");
  CHECK(told("{default-shm-size: 64M, default-address-pools: [{base: 172.30.0.0/16, size: 24}], ip: 10.0.0.1}") == "");
  CHECK(told("{something-new: [1]}") == "unknown setting \"something-new\" of docker");
  CHECK(told("{insecure-registry: [a]}") ==
        "unknown setting \"insecure-registry\" of docker, did you mean \"insecure-registries\"?");
  CHECK(told("{log-opts: {max-file: 3}}") == "\"max-file\" of log-opts is a text, not a number: write \"3\"");
  CHECK(told("{labels: [1]}") == "an item of \"labels\" of docker is a text, not a number: write \"1\"");
  CHECK(told("{dns: [resolver]}") == "bad dns \"resolver\" of docker: it is an IP address, as 10.0.0.2");
  CHECK(told("{registry-mirrors: [m.example]}") ==
        "bad registry-mirrors \"m.example\" of docker: it is an address as https://host:port");
  CHECK(told("{log-level: debgu}") ==
        "bad log-level \"debgu\" of docker: it is one of debug, info, warn, error, fatal, "
        "did you mean \"debug\"?");
  CHECK(told("{default-address-pools: [a]}") == "an item of \"default-address-pools\" of docker is a map, not a text");
}
