// Playbooks and the catalogue: what they become, and what is wrong with them.
#include <vector>

#include "catch.hpp"
#include "load/playbook.hpp"
#include "load_support.hpp"

using namespace cctl;

namespace {

const std::string inventory = "cluster: a\nmasters: [{name: m, address: 10.0.0.1}]\n";

Playbook playbook(const std::string& name, const std::map<std::string, std::string>& versions = {}) {
  const LoadResult result = test::load_text(inventory, versions);
  INFO(describe(result.mistakes));
  REQUIRE(result.ok());
  return result.sources.playbooks.at(name);
}

// The mistakes of one playbook "x", without those of an inventory.
std::string mistakes_of(const std::string& yaml) {
  const test::Scratch scratch;
  scratch.file("images/versions.yml", "x: {repository: x, default: 1.0}\n");
  scratch.file("playbooks/x.yml", yaml);
  scratch.file("playbooks/x/t", "text");
  return scratch.without_path(describe(load(scratch.file("inventory.yml", inventory), scratch.path()).mistakes));
}

// Those that come with the program, each for every version that its image is known in.
std::vector<Playbook> shipped_playbooks(const std::string& only = "") {
  const std::string root = test::source_dir;
  Mistakes mistakes;
  const Catalogue catalogue = read_catalogue(root + "/images/versions.yml", mistakes);
  std::vector<Playbook> out;
  for (const auto& [name, source] : read_playbook_sources({root + "/playbooks"}, mistakes)) {
    if (!only.empty() && name != only) continue;
    std::vector<std::string> versions{source.has_image ? catalogue.at(source.image).fallback : ""};
    if (source.has_image)
      for (const auto& [version, tag] : catalogue.at(source.image).tags) versions.push_back(version);
    for (const std::string& version : versions) out.push_back(resolve_playbook(source, version, mistakes));
  }
  REQUIRE_FALSE(mistakes.any_error());
  return out;
}

}  // namespace

TEST_CASE("every word of a playbook arrives") {
  const Playbook p = playbook("zookeeper", {{"zookeeper", "3.4.13"}});
  CHECK(p.component == "zookeeper");
  CHECK(p.version_key == "zookeeper");
  CHECK(p.image == "zookeeper");
  CHECK(p.version == "3.4.13");
  CHECK(p.hosts.groups == std::vector<std::string>{"masters"});
  CHECK(p.ports.at("peer") == 2888);
  CHECK(p.vars.at("max_clients") == "60");
  CHECK(p.exports.at("connect").join == ",");
  CHECK(p.member_id.used);
  CHECK(p.member_id.max == 254);
  CHECK(p.directories.at(0).data);
  REQUIRE(p.files.size() == 2);
  CHECK(p.files[0].content == "clientPort=<% ports.client %>\n");
  CHECK(p.files[0].on_change == "recreate");
  CHECK(p.files[1].once);
  CHECK(p.files[1].content == "<% member_id %>\n");
  CHECK(p.container.user == "1000:1000");
  CHECK(p.container.network == "host");
  CHECK(p.container.memory == 512LL << 20);
  CHECK(p.container.ulimits.at("nofile") == 65536);
  REQUIRE(p.probes.size() == 2);
  CHECK(p.probes[0].probe.kind == ProbeKind::zk);
  CHECK(p.probes[0].probe.send == "srvr");
  CHECK(p.probes[0].probe.timeout.count() == 500);
  CHECK(p.probes[0].expect.at("mode") == std::vector<std::string>{"leader", "follower"});
  CHECK(p.probes[0].address == "<% ip %>");
  CHECK(p.probes[1].address == "127.0.0.1");
  REQUIRE(p.health.size() == 2);
  CHECK(p.health[1].kind == Verdict::Kind::count);
  CHECK(p.health[1].equals == "others");
  CHECK(p.leader.is == std::vector<std::string>{"leader"});
  CHECK(p.rollout.order == RollOrder::leader_last);
  CHECK(p.rollout.quorum);
  CHECK(p.gate_timeout.count() == 120);
}

TEST_CASE("overlays merge maps, replace the rest, and null takes away") {
  const Playbook old = playbook("zookeeper", {{"zookeeper", "3.4.13"}});
  CHECK(!old.vars.contains("whitelist"));
  const Playbook middle = playbook("zookeeper", {{"zookeeper", "3.5.5"}});
  CHECK(middle.vars.at("whitelist") == "srvr,mntr");
  CHECK(middle.vars.at("reconfig") == "false");
  CHECK(middle.container.user.empty());
  CHECK(middle.container.args == std::vector<std::string>{"a", "b"});
  CHECK(middle.container.mounts.size() == 1);
  CHECK(playbook("zookeeper", {{"zookeeper", "3.9.3"}}).vars.at("reconfig") == "true");
}

TEST_CASE("a part of another component has its image and version") {
  const Playbook client = playbook("consul-client", {{"consul", "1.9"}});
  CHECK(client.part_of == "consul");
  CHECK(client.version_key == "consul");
  CHECK(client.image == "consul");
  CHECK(client.version == "1.9");
  CHECK(client.hosts.except == "consul");
  CHECK(playbook("consul").known_flags == std::map<std::string, std::string>{{"ui", ""}, {"bind", ""}});
  CHECK(playbook("consul").probes.at(0).probe.command == std::vector<std::string>{"consul", "info"});
}

TEST_CASE("mistakes in a playbook have their place") {
  CHECK(mistakes_of("component: x\nhost: masters\nneeds: [y]\nimage: z\n") ==
        "playbooks/x.yml:1:1: hosts is missing\ncomponent: x\n^\n"
        "playbooks/x.yml:2:1: unknown key \"host\", did you mean \"hosts\"?\nhost: masters\n^\n"
        "playbooks/x.yml:3:9: unknown component or role \"y\"\nneeds: [y]\n        ^\n"
        "playbooks/x.yml:4:8: image \"z\" is not in the catalogue\nimage: z\n       ^\n");
}

TEST_CASE("the first mistake of a playbook") {
  struct Case {
    std::string yaml, fault;
  };
  const std::vector<Case> cases = {
      {"", ""},
      {"hosts: master",
       "bad hosts \"master\": it is one of masters, slaves, lbs, hosts, all, did you mean \"masters\"?"},
      {"hosts: {groups: all, excpt: x}", "unknown key \"excpt\", did you mean \"except\"?"},
      {"hosts: {groups: all, except: y}", "unknown component \"y\""},
      {"part_of: y", "unknown component \"y\""},
      {"default_on: yes", "default_on must be true or false"},
      {"vars: {id: 1}\nvar_kinds: {id: 1-255}", ""},
      {"var_kinds: {id: 1-255}\nvars: {id: 1}", ""},
      {"vars: {id: 1}\nvar_kinds: {ip: boolean}", "\"ip\" is no var"},
      {"vars: {id: 1, on: false}\nvar_kinds: {id: 1-255}", "var \"on\" has no kind: say it under var_kinds"},
      {"vars: {id: 1}", "var \"id\" has no kind: say it under var_kinds"},
      {"vars: {acl: ''}\nvar_kinds: {acl: 'map of on', acl.on: boolean}", ""},
      {"refused_env: {A_*: why, B: why}", ""},
      {"refused_env: {A-B: why}", "bad key \"A-B\": letters, digits and \"_\", the first no digit"},
      {"input: docker\ninput_kinds: {a: texts, b: list of url, c: any}", ""},
      {"flags_as: {fixed: [a]}", "fixed must be a map"},
      {"flags_as: {fixed: {a: why}, read_env: A_}", ""},
      {"files: [{path: /a, template: x/t}]", ""},
      {"files: [{path: /a}]", "a file has either template or content"},
      {"files: [{path: /a, template: x/t, content: b}]", "a file has either template or content"},
      {"files: [{path: /a, template: x/u}]", "template \"x/u\" cannot be read: No such file or directory"},
      {"files: [{path: /a, template: ../a}]", "bad template \"../a\": a path below playbooks/"},
      {"files: [{path: /a, content: b, mode: 644}]", "bad mode \"644\": a mode is four octal digits, as 0644"},
      {"files: [{path: /a, content: b, owner: root}]", "bad owner \"root\": an owner is uid:gid, in numbers"},
      {"files: [{path: /a, content: b, on_change: reboot}]",
       "bad on_change \"reboot\": it is one of recreate, restart, reload, none"},
      {"flags: {a: null}", "a is empty"},
      {"flags_as: {arg: both}", "bad arg \"both\": it is one of equals, separate"},
      {"flags_as: {as_paths: [credentials]}", ""},
      {"flags_as: {as_path: [credentials]}", "unknown key \"as_path\", did you mean \"as_paths\"?"},
      {"kept_flags: {names: [attributes], refused: it does not start}", ""},
      {"kept_flags: {names: [attributes]}", "refused is missing"},
      {"tasks: {named: t-, lost: 'true', beside: .executor}", ""},
      {"service: {restart: [a], alive: [b], log: [c]}", ""},
      {"known_flags: {a: new}", "bad a \"new\": a range is as \">=1.0 <1.8\""},
      {"maps: {a: {pair: x}}", "join is missing"},
      {"probes: [{name: p}]", "a probe is one of tcp, http, https, zk, dns, exec"},
      {"ports: {a: 1}\nprobes: [{name: p, tcp: b}]", "unknown port \"b\""},
      {"ports: {a: 1}\nprobes: [{name: p, tcp: a, zk: a}]", "a probe is one of tcp, http, https, zk, dns, exec"},
      {"ports: {a: 1}\nprobes: [{name: p, tcp: a}, {name: p, tcp: a}]", "a second probe of the name \"p\""},
      {"ports: {a: 1}\nprobes: [{name: p, dns: a}]", "query is missing"},
      {"ports: {a: 1}\nprobes: [{name: p, http: a, status: 20}]", "status must be a number from 100 to 599"},
      {"ports: {a: 1}\nprobes: [{name: p, tcp: a, timeout: 3}]", "bad timeout \"3\": it is as 500ms, 60s or 2m"},
      {"ports: {a: 1}\nprobes: [{name: p, tcp: a, extract: {v: {field: a, json: b}}}]",
       "a value comes from one of field, json, list, header, regex, answers"},
      {"ports: {a: 1}\nprobes: [{name: p, tcp: a, extract: {v: {regex: '('}}}]", "bad regex \"(\": missing ): ("},
      {"ports: {a: 1}\nprobes: [{name: p, tcp: a, extract: {v: {regex: 'a'}}}]", "a regex needs a group: (...)"},
      {"ports: {a: 1}\nprobes: [{name: p, tcp: a, extract: {mode: {field: a}}, expect: {mod: b}}]",
       "nothing extracts \"mod\", did you mean \"mode\"?"},
      {"health: [{agree: {value: v}}]", "no probe extracts \"v\""},
      {"checks: {memry: {least: 1}}", "unknown key \"memry\", did you mean \"memory\"?"},
      {"checks: {os.arch: {a: b}}", "unknown key \"os.arch\""},  // holds for every host, asked or not
      {"health: [{agre: {value: v}}]", "unknown key \"agre\", did you mean \"agree\"?"},
      {"health: [{all_listed: {in: {component: x, value: v}, as: a}}]", "all_listed: no probe of \"x\" extracts \"v\""},
      {"health: [{none_else: {value: v, as: a}}]", "no probe extracts \"v\""},
      {"ports: {a: 1}\nprobes: [{name: p, tcp: a, extract: {v: {field: a}}}]\nhealth: [{no_more: {value: v}}]",
       "than is missing"},
      {"ports: {a: 1}\nprobes: [{name: p, tcp: a, extract: {v: {field: a}}}]\nhealth: [{no_more: {value: v, than: 2}}, "
       "{none_else: {value: v, as: a}}]",
       ""},
      {"member_data: {nothing: a}", "member_data has either file, or directory and holds"},
      {"member_data: {file: /a, directory: /b, holds: ['*']}", "member_data has either file, or directory and holds"},
      {"member_data: {directory: /b}", "member_data has either file, or directory and holds"},
      {"member_data: {directory: /b, holds: ['*.log'], waits: true}", ""},
      {"member_list: {file: /a, recover: /b}", "each is missing"},
      {"member_list: {file: /a, recover: /b, each: c, key: /d}", ""},
      {"env_files: {'A B': /a}", "bad key \"A B\": letters, digits and \"_\", the first no digit"},
      {"env_files: {A: /a}", ""},
      {"directories: [{path: /a, written: true}]", ""},
      {"directories: [{path: /a, written: maybe}]", "written must be true or false"},
      {"files: [{path: /a, content: b, empties_keys: {a: ''}, key_notes: {a: b}}]", ""},
      {"leader: {value: v, is: a}", "no probe extracts \"v\""},
      {"rollout: {order: leader_first}",
       "bad order \"leader_first\": it is one of parallel, one_at_a_time, leader_last, did you mean \"leader_last\"?"},
      {"container: {mount: [a]}", "unknown key \"mount\", did you mean \"mounts\"?"},
      {"versions: {'new': {}}", "bad key \"new\": a range is as \">=1.0 <1.8\""},
      {"versions: {'>9': [a]}", "an overlay must be a map"},
      {"versions: {'>9': {vers: a}}", "unknown key \"vers\", did you mean \"vars\"?"},
      {"versions: {'>9': {component: y}}", "component cannot vary by version"},
      {"versions: {'>9': {needs: [y]}}", "unknown component or role \"y\""},
      {"versions: {'>9': {flags: {a: null}}}", ""},
  };
  for (const Case& c : cases) {
    INFO(c.yaml);
    const std::string hosts = c.yaml.starts_with("hosts") ? "" : "hosts: masters\n";
    const std::string all = mistakes_of("component: x\n" + hosts + c.yaml + "\n");
    INFO(all);
    CHECK((c.fault.empty() ? all.empty() : all.find(": " + c.fault + "\n") != all.npos));
  }
}

TEST_CASE("an operator's own playbooks are read after the shipped ones, and win") {
  const test::Scratch scratch;
  scratch.file("own/consul.yml", "component: consul\nhosts: hosts\n");
  scratch.file("own/chronos.yml",
               "component: chronos\nimage: consul\nhosts: masters\nneeds: [mesos-master]\n"
               "files: [{path: /a, template: zookeeper/zoo.cfg}]\n");
  const LoadResult result =
      load(scratch.file("inventory.yml", inventory), test::small_data, {}, scratch.path() + "/own");
  INFO(describe(result.mistakes));
  REQUIRE(result.ok());
  CHECK(result.sources.playbooks.at("consul").hosts.groups == std::vector<std::string>{"hosts"});
  CHECK(result.sources.playbooks.at("chronos").files.at(0).content == "clientPort=<% ports.client %>\n");
}

TEST_CASE("the catalogue") {
  const Catalogue catalogue = test::load_text(inventory).sources.catalogue;
  CHECK(catalogue.at("mesos").repository == "mesosphere/mesos");
  CHECK(catalogue.at("mesos").tags.at("0.22.1") == "0.22.1-1.0.ubuntu1404");
  CHECK(catalogue.at("consul").tag == "v<% version %>");
  CHECK(catalogue.at("zookeeper").fallback == "3.8.0");
  const test::Scratch scratch;
  scratch.file("playbooks/x.yml", "component: x\nhosts: masters\n");
  scratch.file("images/versions.yml", "x: {repo: a, default: new}\n");
  CHECK(scratch.without_path(describe(load(scratch.file("inventory.yml", inventory), scratch.path()).mistakes)) ==
        "images/versions.yml:1:4: repository is missing\nx: {repo: a, default: new}\n   ^\n"
        "images/versions.yml:1:5: unknown key \"repo\"\nx: {repo: a, default: new}\n    ^\n"
        "images/versions.yml:1:23: bad default \"new\": a version starts with a number, as 0.28.1 or v1.1.1\n"
        "x: {repo: a, default: new}\n                      ^\n");
}

TEST_CASE("what a firewall is to let in") {
  const std::string head = "component: x\nhosts: all\nports: {a: 1, b: 2}\n";
  CHECK(mistakes_of(head + "udp: [b]\nprotocols: [vrrp]\ntask_ports: 31000-32000\n") == "");
  CHECK(mistakes_of(head + "udp: [bb]\n") ==
        "playbooks/x.yml:4:7: bad udp \"bb\": it is one of a, b\nudp: [bb]\n      ^\n");
  CHECK(mistakes_of(head + "protocols: [tcp]\n") ==
        "playbooks/x.yml:4:13: bad protocols \"tcp\": a protocol without ports, as vrrp\nprotocols: [tcp]\n            "
        "^\n");
}

TEST_CASE("kernel settings are a map, or a template of one") {
  const std::string head = "component: x\nhosts: all\ncontainer: none\n";
  CHECK(mistakes_of(head + "sysctls: {a.b: 1}\n") == "");
  CHECK(mistakes_of(head + "input: sysctls\nsysctls: <% input %>\n") == "");
  CHECK(mistakes_of(head + "sysctls: {a/b: 1}\n") == "");
  CHECK(mistakes_of(head + "sysctls: {a..b: 1}\n") ==
        "playbooks/x.yml:4:11: bad key \"a..b\": a kernel setting, as net.ipv4.ip_forward or "
        "net.ipv4.conf.eth0/1.rp_filter\nsysctls: {a..b: 1}\n          ^\n");
}

TEST_CASE("what the shipped playbooks keep is neither read nor written by others") {
  int kept = 0;
  for (const Playbook& p : shipped_playbooks())
    for (const PlaybookDirectory& directory : p.directories) {
      if (!directory.data) continue;
      INFO(p.component << " " << p.version << " " << directory.path << " " << directory.mode);
      ++kept;
      CHECK((std::stoi(directory.mode, nullptr, 8) & 06) == 0);  // who knows a name in it may be let through
    }
  CHECK(kept > 0);
}

TEST_CASE("an agent of Mesos is taken back before its master gives it up, and its tasks with it") {
  const auto agents = shipped_playbooks("mesos-slave");
  CHECK(agents.size() > 1);
  for (const Playbook& p : agents) {
    INFO(p.version);
    CHECK(p.gate_timeout <= std::chrono::seconds(45));  // the master waits for 75 to 90 s
  }
}
