// One table for all fields: what stands in them, and the first mistake that is found there.
#include <vector>

#include "catch.hpp"
#include "load_support.hpp"

using namespace cctl;

namespace {

struct Field {
  std::string yaml;   // after a valid cluster of one host
  std::string fault;  // "" is valid
};

void check(const std::vector<Field>& fields) {
  for (const Field& field : fields) {
    INFO(field.yaml);
    CHECK(test::first_text("cluster: a\nmasters: [{name: m1, address: 10.0.0.1}]\n" + field.yaml + "\n") ==
          field.fault);
  }
}

std::string host(const std::string& yaml) {
  return "slaves: [{" + yaml + "}]";
}

}  // namespace

TEST_CASE("kinds of values") {
  check({
      {"slaves: {name: s}", "slaves must be a list"},
      {"slaves: s", "slaves must be a list"},
      {"slaves: [s]", "a host is a map, as {name: host1, address: 192.168.2.71}"},
      {"slaves:", ""},
      {"slaves: []", ""},
      {"ssh: ops", "ssh must be a map"},
      {"ssh:", ""},
      {"ssh: {user: [a]}", "user must be text"},
      {"ssh: {user: }", "user is empty"},
      {"ssh: {agent: yes}", "agent must be true or false"},
      {"ssh: {agent: \"true\"}", "agent must be true or false"},
      {"ssh: {port: \"22\"}", "port must be a number from 1 to 65535"},
      {"ssh: {port: 22.0}", "port must be a number from 1 to 65535"},
      {"ssh: {port: 0x16}", "port must be a number from 1 to 65535"},
      {"ssh: {port: 99999999999999999999}", "port must be a number from 1 to 65535"},
      {"versions: 3", "versions must be a map"},
      {"versions: {mesos: [0.28.1]}", "mesos must be text"},
      {"versions: {mesos: }", "mesos is empty"},
      {"place: {zookeeper: m1}", "zookeeper must be a list"},
      {"place: {zookeeper: [{a: b}]}", "an item of zookeeper must be text"},
      {"components: [zookeeper]", "components must be a map"},
      {"components: {zookeeper: on}", "zookeeper must be a map"},
      {"components: {zookeeper: {env: {A: [b]}}}", "A must be text"},
      {"components: {zookeeper: {mounts: /a:/b}}", "mounts must be a list"},
      {"? [a, b]\n: c", "a key must be a word"},
      {"images: {registry: }", "registry is empty"},
      {"groups: {master: {ssh: {user: a}}}", "unknown key \"master\", did you mean \"masters\"?"},
      {"groups: {masters: {user: a}}", "unknown key \"user\""},
      {"prepare: apply", "prepare must be a map"},
  });
}

TEST_CASE("names and addresses") {
  check({
      {host("name: s-1.example, address: s_1.example, ip: 10.0.0.9"), ""},
      {host("name: 101, address: 10.0.0.2"), ""},
      {host("name: s1, address: 10.0.0.256"), "bad address \"10.0.0.256\": neither an IP address nor a name"},
      {host("name: s1, address: 10.0.0"), "bad address \"10.0.0\": neither an IP address nor a name"},
      {host("name: s1, address: 10.0.0.01"), "bad address \"10.0.0.01\": neither an IP address nor a name"},
      {host("name: s1, address: 'fe80::1', ip: 10.0.0.2"),
       "bad address \"fe80::1\": an address of one link needs the interface it is reached by, as fe80::1%eth0"},
      {host("name: s1, address: 'fd00::1'"),
       "components bind and advertise an IPv4 address: add `ip:` beside \"fd00::1\""},
      {host("name: s1, address: '::1', ip: 10.0.0.2"), ""},
      {host("name: s1, address: 'fe80::1%eth0', ip: 10.0.0.2"), ""},
      {host("name: s1, address: 'fd00::2'"),
       "components bind and advertise an IPv4 address: add `ip:` beside \"fd00::2\""},
      {host("name: s1, address: '[fd00::2]', ip: 10.0.0.2"),
       "bad address \"[fd00::2]\": an IPv6 address stands here without brackets"},
      {host("name: s1, address: 'fd00::2::1', ip: 10.0.0.2"), "bad address \"fd00::2::1\": not an IPv6 address"},
      {host("name: s1, address: 'fe80::1%', ip: 10.0.0.2"), "bad address \"fe80::1%\": not an IPv6 address"},
      {host("name: s1, address: 'h:22'"), "bad address \"h:22\": an address has no port, that is `ssh: {port: 22}`"},
      {host("name: s1, address: root@h"),
       "bad address \"root@h\": an address has no user, that is `ssh: {user: root}`"},
      {host("name: s1, address: -oProxyCommand=x"), "bad address \"-oProxyCommand=x\": a leading dash"},
      {host("name: s1, address: \"a\\nb\""), "bad address \"a\\nb\": neither an IP address nor a name"},
      {host("name: s1, address: \"$(reboot)\""), "bad address \"$(reboot)\": neither an IP address nor a name"},
      {host("name: s1, address: ''"), "bad address \"\": empty"},
      {host("name: s1, address: h"), "components bind and advertise an IPv4 address, and \"h\" is a name: add `ip:`"},
      {host("name: s1, address: h, ip: h"), "bad ip \"h\": not an IPv4 address"},
      {host("name: s1, address: h, ip: 0.0.0.0"), "bad ip \"0.0.0.0\": no machine has this address"},
      {host("name: s1, address: 0.0.0.0"), "bad address \"0.0.0.0\": no machine has this address"},
      {host("name: s1, address: 240.0.0.1"), "bad address \"240.0.0.1\": no machine has this address"},
      {host("name: s1, address: 224.0.0.1"),
       "bad address \"224.0.0.1\": no machine has this address: 224.0.0.0 to 239.255.255.255 are multicast"},
      {host("name: s1, address: 127.0.0.1"),
       "\"127.0.0.1\" is every host's own loopback: the others cannot reach s1 there, add `ip:`"},
      {host("name: s1, address: 127.0.0.1, ip: 10.0.0.2"), ""},
      {host("name: s1, address: h, ip: 127.0.1.1"),
       "\"127.0.1.1\" is every host's own loopback: the others cannot reach s1 there, add `ip:`"},
      {host("name: -s1, address: 10.0.0.2"), "bad name \"-s1\": a leading dash"},
      {host("name: s_1, address: 10.0.0.2"),
       "bad name \"s_1\": letters, digits, \".\" and \"-\", the first a letter or digit"},
      {host("name: \"s'1\", address: 10.0.0.2"),
       "bad name \"s'1\": letters, digits, \".\" and \"-\", the first a letter or digit"},
      {host("name: \"s\\0\", address: 10.0.0.2"),
       "bad name \"s\\x00\": letters, digits, \".\" and \"-\", the first a letter or digit"},
      {host("name: s1, addres: 10.0.0.2"), "address is missing"},
      {host("name: m1, address: 10.0.0.2"), "the name \"m1\" is already that of m1 on line 2"},
      {host("name: M1, address: 10.0.0.2"), "the name \"M1\" is already that of m1 on line 2"},
      {host("name: s1, address: 10.0.0.1"), "the address \"10.0.0.1\" is already that of m1 on line 2"},
      {host("name: s1, address: 10.0.0.1, ssh: {port: 2222}, ip: 10.0.0.2"), ""},
      {host("name: s1, address: 10.0.0.1, ssh: {port: 2222}"), "the ip \"10.0.0.1\" is already that of m1 on line 2"},
      {host("name: s1, address: 10.0.0.2, ip: 10.0.0.1"), "the ip \"10.0.0.1\" is already that of m1 on line 2"},
  });
}

TEST_CASE("ssh") {
  check({
      {"ssh: {user: ops, port: 2222, agent: true, password: prompt, jump: 'a@b:1,c', become: sudo}", ""},
      {"ssh: {host_key: accept-new, known_hosts: ~/none, config: none, jump: none}", ""},
      {"ssh: {user: -l}", "bad user \"-l\": a leading dash"},
      {"ssh: {user: \"a b\"}", "bad user \"a b\": not a user name"},
      {"ssh: {user: \"a;reboot\"}", "bad user \"a;reboot\": not a user name"},
      {"ssh: {jump: -oProxyCommand=x}", "bad jump \"-oProxyCommand=x\": a leading dash"},
      {"ssh: {jump: 'a@b:0'}", "bad jump \"a@b:0\": bad port"},
      {"ssh: {jump: 'a,'}", "bad jump \"a,\": it is [user@]host[:port], comma separated"},
      {"ssh: {jump: '-a@b'}", "bad jump \"-a@b\": a leading dash"},
      {"ssh: {jump: {host: b, user: ops, port: 2222}}", ""},
      {"ssh: {jump: [a@b:1, {host: '::1', key: /etc/passwd}]}",
       "key \"/etc/passwd\" may be read by others (mode 0644); chmod 600 /etc/passwd"},
      {"ssh: {jump: '[::1]:2222,me@::1,ssh://c'}", ""},
      {"ssh: {jump: {host: b, hst: c}}", "unknown key \"hst\", did you mean \"host\"?"},
      {"ssh: {jump: {user: b}}", "host is missing"},
      {"ssh: {jump: {host: b, usr: ops}}", "unknown key \"usr\", did you mean \"user\"?"},
      {"ssh: {jump: {host: 'b:1'}}", "bad host \"b:1\": an address has no port, that is `ssh: {port: 22}`"},
      {"ssh: {jump: {host: b, port: 0}}", "port must be a number from 1 to 65535"},
      {"ssh: {jump: [{host: b, key: /nowhere/id}]}", "key \"/nowhere/id\" cannot be read: No such file or directory"},
      {"ssh: {jump: []}", "jump is empty; for hosts that need no jump it is `none`"},
      {"ssh: {jump: [b, none]}", "bad jump \"none\": it is no item of a list, but stands alone"},
      {"ssh: {jump: [[b]]}", "an item of jump must be text"},
      {"ssh: {jump: '[::1'}", "bad jump \"[::1\": it is [user@]host[:port], comma separated"},
      {"ssh: {jump: '[::1]:x'}", "bad jump \"[::1]:x\": bad port"},
      {"ssh: {jump: '[x:y:z]:1'}", "bad jump \"[x:y:z]:1\": not an IPv6 address"},
      {"ssh: {host_key: accept_new}",
       "bad host_key \"accept_new\": it is one of strict, accept-new, did you mean \"accept-new\"?"},
      {"ssh: {known_hosts: none}", "bad known_hosts \"none\": it is a file; ./none where it is really called so"},
      {"ssh: {known_hosts: ./none}", ""},
      {"ssh: {key: /nowhere/id}", "key \"/nowhere/id\" cannot be read: No such file or directory"},
      {"ssh: {key: /tmp}", "key \"/tmp\" cannot be read: it is a directory"},
      {"ssh: {key: /etc/passwd}", "key \"/etc/passwd\" may be read by others (mode 0644); chmod 600 /etc/passwd"},
      {"ssh: {key: -i}", "bad key \"-i\": a leading dash"},
      {"ssh: {key: \"a\\nb\"}", "bad key \"a\\nb\": a control character"},
      {"ssh: {password_file: /etc/passwd}",
       "password_file \"/etc/passwd\" may be read by others (mode 0644); chmod 600 /etc/passwd"},
      {"ssh: {password_file: /nowhere/p}", "password_file \"/nowhere/p\" cannot be read: No such file or directory"},
      {"ssh: {config: /nowhere/c}", "config \"/nowhere/c\" cannot be read: No such file or directory"},
      {"ssh: {docker_host: 'unix:///run/user/1000/docker.sock'}", ""},
      {"ssh: {docker_host: /run/docker.sock}",
       "bad docker_host \"/run/docker.sock\": it is unix:// and the path of a socket on the host, as "
       "unix:///run/user/1000/docker.sock"},
      {"ssh: {docker_host: 'tcp://127.0.0.1:2375'}",
       "bad docker_host \"tcp://127.0.0.1:2375\": it is unix:// and the path of a socket on the host, as "
       "unix:///run/user/1000/docker.sock"},
      {"ssh: {password: true}", "password can only be \"prompt\"; a password itself stands in a password_file"},
  });
}

TEST_CASE("a public key names one of the agent's, and may be read by anybody") {
  const test::Scratch scratch;
  const auto file = scratch.file("k.pub", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me\n");
  const auto result =
      test::load_text("cluster: a\nmasters: [{name: m, address: 10.0.0.1}]\nssh: {key: " + file + "}\n");
  CHECK(result.ok());
  CHECK(result.mistakes.empty());
}

TEST_CASE("versions, places and images") {
  check({
      {"versions: {mesos: 0.28.1, zookeeper: 3.8, consul: v1.8.7}", ""},
      {"versions: {mesos: 0.22.1-1.0.ubuntu1404}", ""},
      {"versions: {mesos: latest}", "bad mesos \"latest\": a version starts with a number, as 0.28.1 or v1.1.1"},
      {"versions: {mesos: \"1.0/x\"}", "bad mesos \"1.0/x\": a version starts with a number, as 0.28.1 or v1.1.1"},
      {"versions: {mesos: 9.9}", "mesos 9.9 is not in the catalogue: it is tried as a tag of mesosphere/mesos"},
      {"versions: {mesos-master: 1.0.1}", "unknown version key \"mesos-master\", its version is that of \"mesos\""},
      {"versions: {consul-client: 1.0.1}", "unknown version key \"consul-client\", its version is that of \"consul\""},
      {"place: {zookeper: [m1]}", "unknown component \"zookeper\", did you mean \"zookeeper\"?"},
      {"place: {zookeeper: [m1, m1]}", "\"m1\" stands here twice"},
      {"place: {zookeeper: []}",
       "\"zookeeper\" is placed on no host: to leave it out, say `enabled: false` under components"},
      {"place: {consul: [m1]}", ""},
      {"images: {registry: 'registry.local:5000/a', mesos: 'a.b:1/c/d:v1', mesos-slave: 'x:1'}", ""},
      {"images: {mesos: 'a.b:1/c/d'}",
       "\"a.b:1/c/d\" has no tag, which means latest: what this line runs changes with its registry; "
       "say a tag or a digest"},
      {"images: {registry: 'https://a'}", "bad registry \"https://a\": without a scheme, as registry.local:5000"},
      {"images: {registry: 'a:b'}", "bad registry \"a:b\": a registry is host[:port][/path]"},
      {"images: {mesos: 'A/b'}", "bad mesos \"A/b\": an image is [host[:port]/]path[:tag]"},
      {"images: {mesos: '-a'}", "bad mesos \"-a\": an image is [host[:port]/]path[:tag]"},
      {"images: {mesos: 'a:b c'}", "bad mesos \"a:b c\": an image is [host[:port]/]path[:tag]"},
      {"images: {mesos: 'a@sha256:1'}", "bad mesos \"a@sha256:1\": a digest is @sha256: and 64 hex digits"},
      {"images: {mesoss: a}", "unknown component \"mesoss\""},
  });
}

TEST_CASE("components") {
  check({
      {"components: {consul: {enabled: false}}", ""},
      {"components: {consul: }", ""},
      {host("name: s, address: 10.0.0.2, components: {consul: {enabled: false}}"),
       "enabled is said for all hosts at once; which hosts, says `place`"},
      {host("name: s, address: 10.0.0.2, components: {consl: {}}"),
       "unknown component \"consl\", did you mean \"consul\"?"},
      {"components: {mesos-master: {flags: {quorum: 2, zk: null}}}", ""},
      {"components: {mesos-master: {flags: {quorm: 2}}}",
       "unknown flag \"quorm\" of mesos-master 0.28.1, did you mean \"quorum\"?"},
      {"components: {mesos-master: {flags: {registry_strict: true}}}", ""},
      {"versions: {mesos: 1.0.1}\ncomponents: {mesos-master: {flags: {registry_strict: true}}}",
       "flag \"registry_strict\" of mesos-master needs <1.0, wanted is 1.0.1"},
      {"versions: {mesos: 0.22.1}\ncomponents: {mesos-slave: {flags: {docker_mesos_image: a}}}",
       "flag \"docker_mesos_image\" of mesos-slave needs >=0.23, wanted is 0.22.1"},
      {"components: {mesos-master: {flags: {--quorum: 2}}}", "bad key \"--quorum\": without its dashes"},
      {"components: {mesos-master: {flags: {zk: \"a\\nb\"}}}", "bad zk \"a\\nb\": a line break"},
      {"components: {mesos-master: {flags: {zk: \"a\\0b\"}}}", "bad zk \"a\\x00b\": a NUL character"},
      {"components: {mesos-slave: {flags: {resources: a}}}", "\"resources\" is a map of its own, beside flags"},
      {"components: {mesos-slave: {resources: {cpus: 4, ports: '[1-2]'}, attributes: {rack: r1}}}", ""},
      {"components: {mesos-slave: {resorces: {cpus: 4}}}", "unknown key \"resorces\", did you mean \"resources\"?"},
      {"components: {mesos-master: {resources: {cpus: 4}}}", "unknown key \"resources\""},
      {"components: {mesos-slave: {attributes: {'a:b': c}}}",
       "bad name \"a:b\" among the attributes: \":\" ends a name, and its value begins there"},
      {"components: {mesos-slave: {attributes: {a: 'b;c'}}}",
       "bad value \"b;c\" among the attributes: \";\" stands between two of them"},
      {"components: {zookeeper: {ports: {client: 2182}, vars: {max_clients: 9}}}", ""},
      {"components: {zookeeper: {ports: {clint: 2182}}}",
       "unknown port \"clint\" of zookeeper 3.8.0, did you mean \"client\"?"},
      {"components: {zookeeper: {ports: {client: 0}}}", "client must be a number from 1 to 65535"},
      {"components: {zookeeper: {vars: {max_client: 9}}}",
       "unknown var \"max_client\" of zookeeper 3.8.0, did you mean \"max_clients\"?"},
      {"components: {zookeeper: {env: {'A=B': c}}}", "bad key \"A=B\": letters, digits and \"_\", the first no digit"},
      {"components: {zookeeper: {env: {'1A': c}}}", "bad key \"1A\": letters, digits and \"_\", the first no digit"},
      {"components: {zookeeper: {env: {A: \"b\\0\"}}}", "bad A \"b\\x00\": a NUL character"},
      {"components: {zookeeper: {mounts: ['/a:/b', '/c:/d:ro', '/e:/f:rw']}}", ""},
      {"components: {zookeeper: {mounts: ['a:/b']}}", "bad mounts \"a:/b\": both paths are absolute"},
      {"components: {zookeeper: {mounts: ['/a:/b:rx']}}",
       "bad mounts \"/a:/b:rx\": a mount is /on/the/host:/in/the/container, then perhaps :ro, :rslave or :ro,rslave"},
      {"components: {zookeeper: {mounts: [\"/a\\n:/b\"]}}", "bad mounts \"/a\\n:/b\": a control character"},
      {"components: {zookeeper: {container: {memory: 512m, privileged: false, cap_add: [ALL], ulimits: {nproc: -1}}}}",
       ""},
      {"components: {zookeeper: {container: {memory: 512mb}}}", "bad memory \"512mb\": it is as 512m or 1g"},
      {"components: {zookeeper: {container: {image: a}}}", "unknown key \"image\""},
  });
}

TEST_CASE("a mean text is refused, or arrives as it is") {
  const std::vector<std::string> mean = {"$(reboot)", "`reboot`", "a'b\"c", "-x",  "<% ip %>",
                                         "{{.Name}}", "a b",      "\\",     "é名", "x;y|z&"};
  for (const std::string& text : mean) {
    std::string yaml;
    for (char c : text) yaml += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    yaml = "\"" + yaml + "\"";
    const LoadResult result = test::load_text(
        "cluster: a\nmasters: [{name: m, address: 10.0.0.1}]\ncomponents:\n  consul: {env: {A: " + yaml +
        "}, flags: {ui: " + yaml + "}, container: {args: [" + yaml + "]}}\n");
    INFO(text << "\n" << describe(result.mistakes));
    REQUIRE(result.ok());
    const ComponentOverrides& consul = result.sources.inventory.components.at("consul");
    CHECK(consul.env.at("A") == text);
    CHECK(consul.flags.at("ui") == text);
    CHECK(consul.container.args->front() == text);
    for (const char* where :
         {"cluster: %", "cluster: a\nhosts: [{name: %, address: b}]", "cluster: a\nhosts: [{name: b, address: %}]",
          "cluster: a\nssh: {user: %}", "cluster: a\nversions: {mesos: %}", "cluster: a\nimages: {registry: %}",
          "cluster: a\nimages: {mesos: %}", "cluster: a\nssh: {jump: %}"}) {
      std::string document = where;
      document.replace(document.find('%'), 1, yaml);
      INFO(document);
      CHECK((!test::load_text(document).ok()));
    }
  }
}

TEST_CASE("prepare") {
  check({
      {"prepare:", ""},
      {"prepare: {docker: off, time: check, hosts_file: apply}", ""},
      {"prepare: {docker: {mode: apply}}", ""},
      {"prepare: {dokcer: apply}", "unknown key \"dokcer\", did you mean \"docker\"?"},
      {"prepare: {docker: aply}", "bad docker \"aply\": it is one of off, check, apply, did you mean \"apply\"?"},
      {"prepare: {docker: [apply]}", "docker is off, check or apply"},
      {"prepare: {docker: }", "docker is off, check or apply"},
      {"prepare: {selinux: {want: permissive}}", "mode is missing"},
      {"prepare: {selinux: {mode: apply, wants: disabled}}", "unknown key \"wants\", did you mean \"want\"?"},
      {"prepare: {firewall: {mode: apply, ports: [http]}}",
       "bad ports \"http\": ports are as 4000, 53/udp, 8300-8302/tcp or vrrp"},
      {"prepare: {firewall: {mode: apply, ports: [8302-8300]}}",
       "bad ports \"8302-8300\": ports are as 4000, 53/udp, 8300-8302/tcp or vrrp"},
      {"prepare: {firewall: {mode: apply, how: stop, ports: [80]}}", "a firewall that is stopped has no ports to open"},
      {"prepare: {sysctls: apply}", "sysctls needs values: {mode: apply, values: {vm.max_map_count: 262144}}"},
      {"prepare: {sysctls: {mode: apply}}", "values is missing"},
      {"prepare: {sysctls: {mode: apply, values: {../x: 1}}}",
       "bad key \"../x\": a kernel setting, as net.ipv4.ip_forward or net.ipv4.conf.eth0/1.rp_filter"},
  });
}

TEST_CASE("what playbooks do of prepare is their input") {
  const auto inputs = [](const std::string& yaml) {
    return test::load_text("cluster: a\nmasters: [{name: m1, address: 10.0.0.1}]\n" + yaml + "\n")
        .sources.inventory.inputs;
  };
  CHECK(inputs("prepare: {sysctls: {mode: check, values: {a.b: 1}}, hosts_file: check}").empty());
  const auto both = inputs("prepare: {sysctls: {mode: apply, values: {a.b: 1}}, hosts_file: apply}");
  CHECK(both.at("sysctls") == "{\"a.b\":\"1\"}");
  CHECK(both.count("hosts_file") == 1);
}
