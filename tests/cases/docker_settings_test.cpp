// The inventory's `docker:` against what a Docker engine takes: a table of settings. Those that are refused here are
// what dockerd 20.10 refuses when it reads its file, or what no version starts with.
#include "catch.hpp"
#include "model/var_kind.hpp"
#include "unit/load_support.hpp"

using namespace cctl;

namespace {

std::string said_of(const std::string& settings) {
  const test::Scratch scratch;
  const std::string text = "cluster: a\nmasters: [{name: m, address: 10.0.0.1}]\ndocker: {" + settings + "}\n";
  const LoadResult result = load(scratch.file("inventory.yml", text), cctl::test::source_dir);
  std::string out;
  for (const auto& m : result.mistakes)
    if (!m.warning) out += std::to_string(m.mark.line) + ":" + std::to_string(m.mark.column) + ": " + m.text + "\n";
  return out;
}

}  // namespace

TEST_CASE("settings that an engine takes") {
  for (const char* good :
       {"max-concurrent-downloads: 0",
        "max-concurrent-uploads: 10",
        "max-download-attempts: 1",
        "shutdown-timeout: -1",
        "labels: [a=1, \"b=\", rack=r1=x]",
        "labels: [a=1, a=1]",
        "registry-mirrors: [\"https://m.example:5000/\"]",
        "registry-mirrors: [\"http://m.example/v1/\"]",
        "insecure-registries: [\"r:5000\", r, \"10.0.0.0/8\"]",
        "insecure-registries: [\"http://r:5000\", \"10.0.0.1:5000\", \"::1\", \"[::1]:5000\", \"fd00::/64\"]",
        "dns: [10.0.0.2, \"fd00::1\"]",
        "dns-search: [a.b., \".\", service.consul]",
        "ip: 0.0.0.0",
        "mtu: 1400",
        "bip: 172.26.0.1/16",
        "storage-driver: overlay2",
        "log-driver: json-file",
        "log-level: warn",
        "default-ulimits: {nofile: {Name: nofile, Hard: 64000, Soft: 1024}}",
        "default-ulimits: {memlock: {Name: memlock, Hard: -1, Soft: -1}}",
        "default-address-pools: [{base: 10.9.0.0/16, size: 16}]",
        "oom-score-adjust: -1000",
        "oom-score-adjust: 1000",
        "exec-opts: [native.cgroupdriver=cgroupfs, other=x]",
        "log-driver: loki",
        "log-driver: \"grafana/loki-docker-driver:latest\"",
        "log-driver: syslog, log-opts: {syslog-facility: daemon, cache-max-file: \"3\"}",
        "log-driver: loki, log-opts: {loki-url: \"http://l\"}",
        "log-opts: {loki-url: \"http://l\"}",
        "log-opts: {max-size: 10m, max-file: \"3\", compress: \"true\"}",
        "log-driver: gelf",
        "icc: false, iptables: true",
        "bip: 172.26.0.1/16, bridge: \"\"",
        "bridge: br0",
        "default-shm-size: 64M",
        "default-address-pools: [{base: 172.80.0.0/16, size: 24}, {base: \"fd00::/64\", size: 96}]",
        "features: {containerd-snapshotter: true}",
        "exec-opts: [native.cgroupdriver=systemd]",
        "hosts: [\"unix:///var/run/docker.sock\", \"tcp://127.0.0.1:2376\", \"fd://\"]",
        "metrics-addr: 127.0.0.1:9323",
        "runtimes: {crun: {path: /usr/bin/crun, runtimeArgs: [--debug]}}",
        "default-runtime: nvidia",
        "proxies: {http-proxy: \"http://p:3128\", no-proxy: \"*.example\"}",
        "default-ipc-mode: private",
        "oom-score-adjust: -500",
        "fixed-cidr-v6: \"fd00::/64\"",
        "node-generic-resources: [gpu=1, gpu=2]"}) {
    INFO(good);
    CHECK(said_of(good) == "");
  }
}

TEST_CASE("settings that an engine refuses are told with their place") {
  struct Row {
    const char *settings, *said;
  };
  for (const Row& row : std::vector<Row>{
           {"max-concurrent-downloads: -1",
            "3:36: bad max-concurrent-downloads \"-1\" of docker: it is a whole number from 0 to 100000"},
           {"max-concurrent-downloads: 0.5", "a whole number from 0"},
           {"max-concurrent-uploads: lots", "\"max-concurrent-uploads\" of docker is a number, not a text"},
           {"max-download-attempts: 0", "from 1 to"},
           {"labels: [a]", "3:19: bad labels \"a\" of docker: it is name=value"},
           {"labels: [a=1, a=2]", "3:24: bad labels \"a=2\" of docker: \"a=1\" is there already"},
           {"labels: [=1]", "name=value"},
           {"registry-mirrors: [\"http://m:5000?x=1\"]", "without a query"},
           {"registry-mirrors: [\"http://m:5000#x\"]", "without a query or fragment"},
           {"registry-mirrors: [\"http://u:p@m\"]", "without a user"},
           {"registry-mirrors: [\"http://m:x\"]", "https://host:port"},
           {"registry-mirrors: [\"ftp://m\"]", "https://host:port"},
           {"insecure-registries: [\"r:5000:6\"]", "host:port"},
           {"insecure-registries: [\"ftp://r\"]", "host:port"},
           {"insecure-registries: [\"10.0.0.0/99\"]", "10.0.0.0/8"},
           {"insecure-registries: [\"r:99999\"]", "host:port"},
           {"insecure-registries: [\"r/path\"]", "host:port"},
           {"insecure-registries: [\"-r\"]", "host:port"},
           {"insecure-registries: [\"a_b:5000\"]", "host:port"},
           {"dns: [resolver]", "an IP address"},
           {"dns-search: [\"a b\"]", "one domain"},
           {"dns-search: [\"123456\"]", "one domain"},
           {"dns-search: [a_b.c]", "one domain"},
           {"bip: 172.26.0.1", "with its prefix"},
           {"mtu: -1", "from 0 to 65535"},
           {"mtu: 1400.5", "from 0 to 65535"},
           {"storage-driver: overlay3", "did you mean \"overlay\""},
           {"log-level: warning", "warn"},
           {"default-ulimits: {nofile: {Name: nofile, Hard: lots, Soft: 1}}", "\"Hard\" of nofile is a number"},
           {"default-ulimits: {nofile: {name: nofile}}", "unknown setting \"name\" of nofile, did you mean \"Name\"?"},
           {"default-ulimits: {nofile: {Name: nofiles}}", "did you mean \"nofile\""},
           {"default-shm-size: 64M of it", "64M"},
           {"default-address-pools: [{base: x, size: 24}]", "with its prefix"},
           {"default-address-pools: [{base: 10.0.0.0/8, size: \"24\"}]", "a number, not a text"},
           {"features: {buildkit: \"yes\"}", "a boolean, not a text"},
           {"exec-opts: [systemd]", "name=value"},
           {"hosts: [\"x://y\"]", "unix:///var/run/docker.sock"},
           {"runtimes: {crun: /usr/bin/crun}", "a map, not a text"},
           {"runtimes: {crun: {paht: /usr/bin/crun}}", "did you mean \"path\""},
           {"proxies: {default: {httpProxy: x}}", "unknown setting \"default\" of proxies"},
           {"default-ipc-mode: host", "one of private, shareable"},
           {"default-cgroupns-mode: x", "one of host, private"},
           {"ip: x", "an IP address"},
           {"host-gateway-ip: x", "an IP address"},
           {"node-generic-resources: [gpu]", "name=value"},
           {"data-root: docker", "path"},
           {"default-ulimits: {nofile: {Name: nofile, Hard: 64000, Soft: -1}}",
            "its Soft -1 is larger than its Hard 64000"},
           {"default-ulimits: {nofile: {Name: nofile, Hard: 100, Soft: 200}}",
            "3:28: bad nofile of default-ulimits: its Soft 200 is larger than its Hard 100: no container would start"},
           {"default-ulimits: {nofile: {Name: nofile, Hard: -1, Soft: 200}}", "no process files without end"},
           {"default-ulimits: {nofile: {Hard: 200, Soft: 100}}", "it needs a Name"},
           {"default-address-pools: [{base: 10.50.0.0/16, size: 8}]",
            "bad size 8 of docker: no network of /8 fits into 10.50.0.0/16"},
           {"default-address-pools: [{base: 10.50.0.0/16}]", "needs a size"},
           {"default-address-pools: [{size: 24}]", "needs a base"},
           {"oom-score-adjust: -1001", "a whole number from -1000 to 1000"},
           {"oom-score-adjust: 1001", "a whole number from -1000 to 1000"},
           {"exec-opts: [native.cgroupdriver=cgroup]", "native.cgroupdriver=systemd or native.cgroupdriver=cgroupfs"},
           {"log-driver: jsonfile", "did you mean \"json-file\"?"},
           {"log-opts: {max-sise: 1m}",
            "3:21: log-opts of docker: unknown option \"max-sise\" of every log driver, did you mean \"max-size\"?"},
           {"log-driver: syslog, log-opts: {max-size: 1m}", "unknown option \"max-size\" of the log driver syslog"},
           {"log-driver: json-file, log-opts: {max-file: \"0\"}", "bad max-file \"0\" of the log driver json-file"},
           {"bip: 172.26.0.1/16, bridge: br0", "bip of docker does not go with bridge"},
           {"icc: false, iptables: false", "icc: false of docker does not go with iptables: false"},
           {"runtimes: {runc: {path: /usr/bin/runc}}", "\"runc\" cannot stand in runtimes"},
           {"log-opts: {max-file: 3}", "a text, not a number"}}) {
    INFO(row.settings);
    CHECK_THAT(said_of(row.settings), test::Contains(row.said));
  }
}

TEST_CASE("the engine gets no network that hosts are in") {
  struct Case {
    std::string settings, said;
  };
  const auto refused = [](const std::string& key, const std::string& text, const std::string& at) {
    return "3:" + at + ": bad " + key + " \"" + text + "\" of docker has \"m\" (10.0.0.1) in it: no host would reach " +
           "another in it any more; take a network of no host\n";
  };
  for (const auto& c : std::vector<Case>{
           {"bip: 10.0.0.200/24", refused("bip", "10.0.0.200/24", "15")},
           {"bip: 10.0.1.1/16", refused("bip", "10.0.1.1/16", "15")},
           {"bip: 10.0.1.1/24", ""},
           {"fixed-cidr: 10.0.0.0/25", refused("fixed-cidr", "10.0.0.0/25", "22")},
           {"fixed-cidr: 10.0.0.128/25", ""},
           {"default-address-pools: [{base: 10.0.0.0/8, size: 24}]", ""},  // warned of
           {"fixed-cidr-v6: \"fd00::/64\"", ""},
       }) {
    CAPTURE(c.settings);
    CHECK(said_of(c.settings) == c.said);
  }
}
