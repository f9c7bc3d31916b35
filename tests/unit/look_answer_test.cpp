// What a host's answer to a look is read as.
#include <fmt/format.h>

#include <limits>

#include "catch.hpp"
#include "check/checks.hpp"
#include "check/conditions.hpp"
#include "check_support.hpp"
#include "kind.hpp"
#include "look/look.hpp"
#include "model/base64.hpp"
#include "model/error.hpp"
#include "model/host_number.hpp"
#include "model/ipv4.hpp"

using namespace cctl;

namespace {

const std::string kAnswer =
    "Welcome to this host\n"
    "@@ uid\n0\n@@ sshd\n10\n@@ arch\nx86_64\n"
    "@@ os\ndebian\n12\n\n"
    "@@ kernel\n6.1.0-18-amd64\n@@ hostname\nmaster1\n@@ machine_id\nabc123\n@@ container\n"
    "@@ resolved\n127.0.1.1\n"
    "@@ addresses\n10.0.0.5\n127.0.0.1\n"
    "@@ routes\nIface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
    "eth0 00000000 0100000A 0003 0 0 0 00000000 0 0 0\neth0 0000000A 00000000 0001 0 0 0 00FFFFFF 0 0 0\n"
    "@@ neighbours\nIP address HW type Flags HW address Mask Device\n10.0.0.9 0x1 0x2 02:42:00:00:00:09 * eth0\n"
    "10.0.0.8 0x1 0x0 00:00:00:00:00:00 * eth0\n"
    "@@ links\neth0 1450 02:42:00:00:00:05\n"
    "@@ memory\nMemTotal: 2000 kB\nSwapTotal: 500 kB\n"
    "@@ cgroups\ncgroup /sys/fs/cgroup/cpu,cpuacct rw,nosuid,cpu,cpuacct\ncgroup2 /sys/fs/cgroup/unified rw\n"
    "@@ programs\n1 systemd\n77 web server\n"
    "@@ sockets\nread\ntcp 00000000:1F90 11\ntcp6 00000000000000000000000000000000:0035 12\n"
    "tcp6 0000000000000000FFFF00000500000A:0016 13\nudp 3500007F:0035 14\n"
    "holder 77 socket:[11]\n"
    "@@ engine_installed\n/usr/bin/dockerd\n"
    "@@ engine\nruns\nflag /usr/bin/dockerd\nflag -H\nflag fd://\nfiles 1048576\n"
    "settings /etc/docker/other.json\n@@ engine_settings\n9 644 0:0\n" +
    to_base64("@@ end {\n") +
    "\n@@ loop_storage\n@@ selinux\nEnforcing\nenforcing\n@@ time_services\nchrony\n"
    "@@ forward_rules\n-P FORWARD DROP\n@@ nameservers\nnameserver 127.0.0.53\n"
    "@@ sysctls\n/proc/sys/net/ipv4/ip_local_port_range=32768 60999\n"
    "@@ disks\n0 d 1000 250 4096 100 50 UNKNOWN (0x858458f6)\n1 o 1000 0,1000,\n@@ end\n";

// All that checks ask for.
LookRequest asked() {
  LookRequest out;
  std::set<std::string> names;
  for (const auto& kind : check_kinds()) names.insert(kind.name);
  ask_checks(names, {}, "h1", out);
  out.sysctls = {"net.ipv4.ip_local_port_range"};
  out.disks = {"/var/lib/docker", "/var/lib/x"};
  return out;
}

Facts facts_from(const std::string& answer) {
  return read_look(answer, asked(), "@@").facts;
}

}  // namespace

TEST_CASE("an answer is read into facts", "[check]") {
  const Facts f = facts_from(kAnswer);
  CHECK(f.uid == 0);
  CHECK(f.max_sessions == 10);
  CHECK(f.arch == "x86_64");
  CHECK(f.os == "debian");
  CHECK(f.hostname == "master1");
  CHECK(f.machine_id == "abc123");
  CHECK_FALSE(f.container);
  CHECK(f.memory == 2000 * 1024);
  CHECK(f.swap == 500 * 1024);
  CHECK(f.cgroup_v1.at("cpuacct") == "/sys/fs/cgroup/cpu,cpuacct");
  CHECK(f.cgroup_v2);
  CHECK(f.programs.count("web server") == 1);
  CHECK(f.docker_runs);
  CHECK(f.docker_files == 1048576);
  CHECK(f.daemon_json_path == "/etc/docker/other.json");
  CHECK(f.daemon_json == "@@ end {\n");  // contents cannot look like a section
  CHECK(f.docker_flags.back() == "fd://");
  CHECK(f.selinux == "Enforcing");
  CHECK(f.docker_installed);
  CHECK(f.unsaid.empty());
  CHECK(f.nameservers == std::vector<std::string>{"127.0.0.53"});
  CHECK(f.sysctls.at("net.ipv4.ip_local_port_range") == "32768 60999");
  CHECK(f.disks.at("/var/lib/docker").free == 250 * 4096);
  CHECK(f.disks.at("/var/lib/x").owner == 1000);
  CHECK(f.disks.at("/var/lib/x").inside == std::set<long long>{0, 1000});
  CHECK(f.disks.at("/var/lib/docker").owner == -1);
}

TEST_CASE("no number that a host claims overflows what is reckoned from it", "[check]") {
  struct Case {
    const char* blocks;
    const char* block;
    long long bytes;
  };
  constexpr long long largest = std::numeric_limits<long long>::max();
  for (const Case& c : {Case{"250", "4096", 1'024'000}, Case{"9169892837630526824", "1024", largest},
                        Case{"9007199254740991", "1024", largest - 1023}, Case{"9007199254740992", "1024", largest},
                        Case{"99999999999999999999999", "1", largest}, Case{"3", "9223372036854775807", largest},
                        Case{"-9223372036854775808", "-1", 0}, Case{"-5", "4096", 0}, Case{"many", "4096", 0},
                        Case{"", "", 0}, Case{"12", "0", 0}}) {
    INFO(c.blocks << " of " << c.block);
    CHECK(in_bytes(host_number(c.blocks), host_number(c.block)) == c.bytes);
    std::string answer = kAnswer;
    const std::string disk = "d 1000 250 4096 ", swap = "SwapTotal: 500 kB";
    answer.replace(answer.find(disk), disk.size(), fmt::format("d 1000 {} {} ", c.blocks, c.block));
    answer.replace(answer.find(swap), swap.size(), fmt::format("SwapTotal: {} kB", c.blocks));
    const Facts f = facts_from(answer);
    if (*c.block) CHECK(f.disks.at("/var/lib/docker").free == c.bytes);
    CHECK(f.swap == in_bytes(host_number(c.blocks), 1024));
  }
  CHECK(host_number("-99999999999999999999") == std::numeric_limits<long long>::min());
  CHECK(host_number("1F90", 16) == 8080);
}

TEST_CASE("sockets have an address, a port and a holder", "[check]") {
  const Facts f = facts_from(kAnswer);
  REQUIRE(f.sockets.size() == 4);
  CHECK(f.sockets[0].address == "*");
  CHECK(f.sockets[0].port == 8080);
  CHECK(f.sockets[0].holder == "web server");
  CHECK(f.sockets[1].address == "*");
  CHECK(f.sockets[1].port == 53);
  CHECK(f.sockets[1].holder.empty());
  CHECK(f.sockets[2].address == "10.0.0.5");  // IPv4 on a socket of IPv6
  CHECK(f.sockets[3].udp);
  CHECK(f.sockets[3].address == "127.0.0.53");
}

TEST_CASE("routes and neighbours are read from the kernel's tables", "[check]") {
  const Facts f = facts_from(kAnswer);
  REQUIRE(f.routes.size() == 2);
  CHECK_FALSE(f.routes[0].direct);
  CHECK(f.routes[1].direct);
  CHECK(f.routes[1].network == *ipv4("10.0.0.0"));
  CHECK(f.routes[1].mask == *ipv4("255.255.255.0"));
  CHECK(f.neighbours.size() == 1);  // nobody answered at the other
  CHECK(f.neighbours.at("10.0.0.9") == "02:42:00:00:00:09");
  REQUIRE(f.links.size() == 1);
  CHECK(f.links[0].mtu == 1450);
}

TEST_CASE("an answer that was cut off is no answer", "[check]") {
  CHECK_THROWS_AS(facts_from(kAnswer.substr(0, kAnswer.size() - 8)), Error);
  CHECK_THROWS_AS(facts_from(""), Error);
}

TEST_CASE("what a host does not tell is known of nobody", "[check]") {
  struct Row {
    const char *fact, *instead;  // what stands in its section
    const char* check;
    const char* says;
  };
  const Row rows[] = {
      {"uid", "", "ssh.root", "skipped h1: the host does not tell: uid"},
      {"sshd", "", "ssh.sessions", "skipped h1: the host does not tell: sshd"},
      {"arch", "", "os.arch", "skipped h1: the host does not tell: arch"},
      {"kernel", "\n", "kernel.version", "skipped h1: the host does not tell: kernel"},
      {"addresses", "", "ip.local", "skipped h1: the host does not tell: addresses"},
      {"sockets", "tcp 00000000:1F90 11\n", "ports.free", "skipped h1: the host does not tell: sockets"},
      {"programs", "", "time.sync", "skipped h1: the host does not tell: programs"},
      {"engine", "", "docker.running", "skipped h1: the host does not tell: engine"},
      {"engine_settings", "9 644 0:0\n", "docker.daemon_json", "skipped h1: the host does not tell: engine_settings"},
      // What is not there is told as well.
      {"os", "", "os.family", "warning h1: the host runs an unknown system"},
      {"engine_installed", "", "docker.running", "failed h1: no Docker engine is installed"},
      {"selinux", "\n", "selinux.mode", "ok h1: not enforcing"},
      {"memory", "", "memory", "nothing"},  // no component asks
  };
  for (const Row& row : rows) {
    INFO(row.fact);
    std::string answer = kAnswer;
    const std::string mark = "@@ " + std::string(row.fact) + "\n";
    const auto from = answer.find(mark) + mark.size();
    answer.replace(from, answer.find("@@ ", from) - from, row.instead);
    CheckInput input = check_test::good(1);
    input.facts["h1"] = facts_from(answer);
    CHECK(check_test::says(input, row.check).starts_with(row.says));
  }
}

TEST_CASE("a check goes by no fact that it does not name", "[check]") {
  CheckInput all = check_test::good(1);
  Instance& web = all.desired.instances[0];
  web.directories = {{"/var/lib/x", "0755", "1000:1000", true}};
  test::as<Container>(web).spec.user = "1000:1000";
  web.checks = {{"memory", {{"least", "9000"}}},
                {"swap", {{"swappiness", "1"}}},
                {"cgroup.version", {{"controllers", "cpu"}}},
                {"ulimit.nofile", {{"least", "9"}}},
                {"sysctl", {{"net.ipv4.ip_local_port_range", "1 2"}}},
                {"ports.udp", {{"dns", "53"}}},
                {"ports.range", {{"first", "31000"}, {"last", "60000"}}},
                {"vip.network", {{"address", "10.0.0.9/24"}}},
                {"vip.free", {{"address", "10.0.0.9"}}}};
  all.facts["h1"] = facts_from(kAnswer);
  for (const auto& kind : check_kinds()) {
    INFO(kind.name);
    CheckInput few = all;
    LookRequest named = asked();
    named.facts.clear();
    ask_checks({kind.name}, {}, "h1", named);
    few.facts["h1"] = read_look(kAnswer, named, "@@").facts;
    CHECK(check_test::says(few, kind.name) == check_test::says(all, kind.name));
  }
}

TEST_CASE("conditions on settings", "[check]") {
  CHECK(holds("1", "1"));
  CHECK_FALSE(holds("0", "1"));
  CHECK(holds("60", "<=60"));
  CHECK_FALSE(holds("61", "<=60"));
  CHECK(holds("65530", ">=65530"));
  CHECK_FALSE(holds("9", ">=10"));
  CHECK(holds("1024\t65000", "1024 65000"));
  CHECK(value_of("<=1") == "1");
  CHECK(value_of("7") == "7");
}

TEST_CASE("addresses", "[check]") {
  CHECK(ipv4("10.0.0.5/24") == ipv4("10.0.0.5"));
  CHECK(*ipv4("0.0.1.2") == 258u);
  CHECK_FALSE(ipv4("ten"));
  CHECK_FALSE(ipv4(""));
}
