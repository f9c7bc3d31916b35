// The JSON Schema that editors use and the loader take and refuse the same documents.
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>
#include <vector>

#include "catch.hpp"
#include "load/tree.hpp"
#include "load_support.hpp"
#include "source_dir.hpp"

using namespace cctl;
using nlohmann::json;

namespace {

// YAML's core schema: plain words that look like numbers or truths are such.
json to_json(const Tree& tree) {
  json out;
  if (tree.kind == Tree::Kind::list) {
    out = json::array();
    for (const Tree& item : tree.items) out.push_back(to_json(item));
  } else if (tree.kind == Tree::Kind::map) {
    out = json::object();
    for (const Tree& item : tree.items) out[item.key] = to_json(item);
  } else if (tree.kind == Tree::Kind::text) {
    if (!tree.plain) return tree.text;
    if (tree.text == "true" || tree.text == "false") return tree.text == "true";
    if (std::regex_match(tree.text, std::regex("[-+]?[0-9]{1,15}"))) return std::stoll(tree.text);
    if (std::regex_match(tree.text, std::regex("[-+]?[0-9]+\\.[0-9]+"))) return std::stod(tree.text);
    return tree.text;
  }
  return out;
}

class InventorySchema {
 public:
  InventorySchema() {
    std::ifstream in(std::string(cctl::test::source_dir) + "/inventory/schema.json");
    text_ = json::parse(in);
    valijson::adapters::NlohmannJsonAdapter adapter(text_);
    valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(adapter, schema_);
  }
  // The places that fail, or "".
  std::string faults(const std::string& yaml) const {
    Mistakes mistakes;
    const json document = to_json(parse_yaml(yaml, "i.yml", mistakes));
    valijson::adapters::NlohmannJsonAdapter adapter(document);
    valijson::Validator validator;
    valijson::ValidationResults results;
    if (validator.validate(schema_, adapter, &results)) return "";
    std::string out;
    for (const auto& error : results) {
      for (const std::string& step : error.context) out += step;
      out += ": " + error.description + "\n";
    }
    return out;
  }
  const json& text() const { return text_; }

 private:
  json text_;
  valijson::Schema schema_;
};

std::vector<std::string> examples() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(cctl::test::source_dir) + "/inventory"))
    if (entry.path().extension() == ".yml") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

std::string text_of(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

const std::string base = "cluster: a\nmasters: [{name: m, address: 10.0.0.1}]\n";

}  // namespace

TEST_CASE("every example is good for the loader and for the schema") {
  const InventorySchema schema;
  REQUIRE(examples().size() >= 8);
  for (const std::string& path : examples()) {
    INFO(path);
    const LoadResult result = load(path, cctl::test::source_dir);
    INFO(describe(result.mistakes));
    CHECK(result.ok());
    CHECK(schema.faults(text_of(path)) == "");
  }
}

TEST_CASE("the schema and the loader take the same documents") {
  const InventorySchema schema;
  const std::vector<std::string> good = {
      "",
      "slaves:\n",
      "ssh:\n",
      "versions:\n",
      "components:\n",
      "versions: {mesos: 0.28.1, zookeeper: 3.8, consul: v1.8.7}",
      "versions: {mesos: 0.22.1-1.0.ubuntu1404}",
      "ssh: {user: ops, port: 2222, agent: true, password: prompt, jump: 'a@b:1,c', become: sudo}",
      "ssh: {host_key: accept-new, known_hosts: ~/none, config: none}",
      "ssh: {jump: {host: b, user: ops, port: 2222}}",
      "ssh: {jump: ['a@b:1', {host: '::1'}]}",
      "ssh: {jump: 'a@[::1]:22,::1,ssh://b'}",
      "slaves: [{name: s, address: 'fd00::2', ip: 10.0.0.2}]",
      "ssh: {docker_host: 'unix:///run/user/1000/docker.sock'}",
      "groups: {slaves: {ssh: {user: u}}, masters: }",
      "slaves: [{name: 101, address: h_1.example, ip: 10.0.0.2, ssh: {port: 1}}]",
      "slaves: [{name: s, address: 10.0.0.2, components: {mesos-slave: {attributes: {rack: r1}, resources: {mem: "
      "4096}}}}]",
      "place: {zookeeper: [m]}",
      "components: {consul: {enabled: false}, mesos-master: {flags: {quorum: 2, zk: null}}}",
      "components: {zookeeper: {vars: {further: {a: 1}}, container: {memory: 0, dns: [10.0.0.53], stop_signal: SIGINT, "
      "cap_drop: [CAP_NET_RAW]}}}",
      "components: {zookeeper: {env: {A: 1, B: ''}, mounts: ['/a:/b', '/c:/d:ro', '/e:/f:ro,rslave', '/g:/h:shared', "
      "'/i:/j:private,rw'], ports: {client: 1}, vars: "
      "{reconfig: true}}}",
      "components: {zookeeper: {container: {memory: 512m, privileged: false, cap_add: [ALL], args: [''], ulimits: "
      "{nproc: -1}}}}",
      "components: {zookeeper: {container: {memory: 8388608, pid: '', stop_timeout: 0}}}",
      "images: {registry: 'registry.local:5000/a', mesos: 'a.b:1/c/d:v1'}",
      "style: files",
      "apps:",
      "apps: [{id: /shop/web-1, instances: 2, cpus: 0.5, mem: 64, env: {A: '1'}, args: [a], constraints: [[hostname, "
      "UNIQUE]]}]",
      "prepare: {}",
      "prepare: {docker: apply, selinux: off, firewall: check, hostname: {mode: apply}, hosts_file: apply, time: "
      "check}",
      "prepare: {selinux: {mode: check, want: enforcing}, firewall: {mode: apply, how: stop}, sysctls: off}",
      "prepare: {firewall: {mode: apply, ports: [4000, 53/udp, '8300-8302/tcp', vrrp]}}",
      "prepare: {sysctls: {mode: apply, values: {vm.max_map_count: 262144, net.ipv4.ip_local_port_range: '1 2'}}}",
  };
  for (const std::string& yaml : good) {
    INFO(yaml);
    const LoadResult result = test::load_text(base + yaml + "\n");
    INFO(describe(result.mistakes));
    CHECK(result.ok());
    CHECK(schema.faults(base + yaml + "\n") == "");
  }
  const std::vector<std::string> bad = {
      "slave: []",
      "slaves: {name: s}",
      "slaves: [s]",
      "slaves: [{name: s}]",
      "slaves: [{name: s, addres: 10.0.0.2}]",
      "slaves: [{name: -s, address: 10.0.0.2}]",
      "slaves: [{name: s_1, address: 10.0.0.2}]",
      "slaves: [{name: s, address: 10.0.0.256}]",
      "slaves: [{name: s, address: 10.0.0}]",
      "slaves: [{name: s, address: 'h:22'}]",
      "slaves: [{name: s, address: -o}]",
      "slaves: [{name: s, address: \"a\\nb\"}]",
      "slaves: [{name: s, address: h, ip: h}]",
      "slaves: [{name: s, address: h, ip: 0.0.0.0}]",
      "slaves: [{name: s, address: 0.0.0.0}]",
      "slaves: [{name: s, address: 224.0.0.1}]",
      "slaves: [{name: s, address: h, ip: 239.255.0.1}]",
      "slaves: [{name: s, address: h, ip: 240.0.0.1}]",
      "slaves: [{name: s, address: 10.0.0.2, components: {consul: {enabled: false}}}]",
      "ssh: ops",
      "ssh: {usr: ops}",
      "ssh: {user: -l}",
      "ssh: {user: 'a b'}",
      "ssh: {port: 70000}",
      "ssh: {port: '22'}",
      "ssh: {agent: yes}",
      "ssh: {password: hunter2}",
      "ssh: {jump: -o}",
      "ssh: {jump: 'a,'}",
      "ssh: {jump: []}",
      "ssh: {jump: [b, none]}",
      "ssh: {jump: {user: b}}",
      "ssh: {jump: {host: b, usr: c}}",
      "ssh: {jump: {host: 'b:1'}}",
      "ssh: {jump: '[b]:1'}",
      "slaves: [{name: s, address: '[fd00::2]', ip: 10.0.0.2}]",
      "ssh: {become: su}",
      "ssh: {host_key: accept_new}",
      "ssh: {known_hosts: -i}",
      "ssh: {known_hosts: none}",
      "ssh: {docker_host: /run/docker.sock}",
      "ssh: {docker_host: 'unix://docker.sock'}",
      "ssh: {docker_host: 'unix:///a b'}",
      "ssh: {docker_host: 'unix:///a:b'}",
      "groups: {master: {}}",
      "groups: {masters: {user: u}}",
      "versions: 3",
      "versions: {mesos: latest}",
      "versions: {mesos: }",
      "versions: {mesos: 1.}",
      "place: {zookeeper: m}",
      "place: {zookeeper: []}",
      "place: {zookeeper: [m, m]}",
      "components: []",
      "components: {zookeeper: on}",
      "components: {zookeeper: {flgs: {}}}",
      "components: {zookeeper: {enabled: 1}}",
      "components: {zookeeper: {flags: {--a: b}}}",
      "components: {zookeeper: {flags: {a: \"b\\nc\"}}}",
      "components: {zookeeper: {flags: {a: [b]}}}",
      "components: {zookeeper: {env: {'A=B': c}}}",
      "components: {zookeeper: {env: {A: }}}",
      "components: {zookeeper: {mounts: ['a:/b']}}",
      "components: {zookeeper: {mounts: ['/a:/b:rx']}}",
      "components: {zookeeper: {mounts: ['/a:/']}}",
      "components: {zookeeper: {mounts: ['/a:/b:slave,shared']}}",
      "components: {zookeeper: {mounts: ['/a:/b:ro,']}}",
      "components: {zookeeper: {vars: {further: [a]}}}",
      "components: {zookeeper: {container: {memory: 512}}}",
      "components: {zookeeper: {container: {dns: [a]}}}",
      "components: {zookeeper: {container: {cap_add: [NET-ADMIN]}}}",
      "components: {zookeeper: {container: {stop_signal: term}}}",
      "components: {zookeeper: {container: {ulimits: {nofiles: 1}}}}",
      "components: {zookeeper: {ports: {client: 0}}}",
      "components: {zookeeper: {container: {image: a}}}",
      "components: {zookeeper: {container: {memory: 512mb}}}",
      "components: {mesos-slave: {attributes: {rack: }}}",
      "images: {registry: 'https://a'}",
      "images: {mesos: 'A/b'}",
      "images: {mesos: '-a'}",
      "style: file",
      "apps: {}",
      "apps: [web]",
      "apps: [{cmd: x}]",
      "apps: [{id: Web}]",
      "apps: [{id: /-a}]",
      "apps: [{id: a//b}]",
      "apps: [{id: /a, mem: x}]",
      "apps: [{id: /a, mem: -1}]",
      "apps: [{id: /a, env: {A: 1}}]",
      "apps: [{id: /a, labels: {A: true}}]",
      "apps: [{file: }]",
      "apps: [{file: none.json, id: /a}]",
      "prepare: apply",
      "prepare: {docker: on}",
      "prepare: {docker: {want: apply}}",
      "prepare: {docker: {mode: apply, how: open}}",
      "prepare: {dockr: apply}",
      "prepare: {selinux: permissive}",
      "prepare: {selinux: {mode: check, want: off}}",
      "prepare: {firewall: stop}",
      "prepare: {firewall: [open]}",
      "prepare: {firewall: {mode: apply, ports: 4000}}",
      "prepare: {firewall: {mode: apply, ports: [0]}}",
      "prepare: {firewall: {mode: apply, ports: [53/sctp]}}",
      "prepare: {sysctls: apply}",
      "prepare: {sysctls: {mode: apply}}",
      "prepare: {sysctls: {mode: apply, values: {a..b: 1}}}",
      "prepare: {sysctls: {mode: apply, values: {a.b: [1]}}}",
  };
  for (const std::string& yaml : bad) {
    INFO(yaml);
    CHECK(!test::load_text(base + yaml + "\n").ok());
    CHECK(schema.faults(base + yaml + "\n") != "");
  }
  for (const char* yaml : {"", "[]", "masters: [{name: m, address: 10.0.0.1}]", "cluster: Prod\nmasters: []"}) {
    INFO(yaml);
    CHECK(!test::load_text(yaml).ok());
    CHECK(schema.faults(yaml) != "");
  }
}

TEST_CASE("the schema describes every key of an inventory and of ssh") {
  const InventorySchema schema;
  for (const json& map : {schema.text()["properties"], schema.text()["definitions"]["ssh"]["properties"]})
    for (const auto& [key, value] : map.items()) {
      INFO(key);
      CHECK((value.contains("description") || value.contains("$ref")));
    }
}
