// What a host's answer to the checks is read as.
#include <fmt/format.h>

#include <limits>

#include "catch.hpp"
#include "check/conditions.hpp"
#include "check/facts.hpp"
#include "model/base64.hpp"
#include "model/error.hpp"
#include "model/host_number.hpp"
#include "model/ipv4.hpp"

using namespace cctl;

namespace {

const std::string kAnswer =
    "Welcome to this host\n"
    "@@ id\n0\nx86_64\n"
    "@@ os\ndebian\n12\n\n"
    "@@ kernel\n6.1.0-18-amd64\nmaster1\nabc123\nmachine\n"
    "@@ resolved\n127.0.1.1\n"
    "@@ addresses\n10.0.0.5\n127.0.0.1\n"
    "@@ routes\nIface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
    "eth0 00000000 0100000A 0003 0 0 0 00000000 0 0 0\neth0 0000000A 00000000 0001 0 0 0 00FFFFFF 0 0 0\n"
    "@@ neighbours\nIP address HW type Flags HW address Mask Device\n10.0.0.9 0x1 0x2 02:42:00:00:00:09 * eth0\n"
    "10.0.0.8 0x1 0x0 00:00:00:00:00:00 * eth0\n"
    "@@ links\neth0 1450 02:42:00:00:00:05\n"
    "@@ memory\nMemTotal: 2000 kB\nSwapTotal: 500 kB\n"
    "@@ mounts\ncgroup /sys/fs/cgroup/cpu,cpuacct rw,nosuid,cpu,cpuacct\ncgroup2 /sys/fs/cgroup/unified rw\n"
    "@@ sockets\ntcp 00000000:1F90 11\ntcp6 00000000000000000000000000000000:0035 12\n"
    "tcp6 0000000000000000FFFF00000500000A:0016 13\nudp 3500007F:0035 14\n"
    "@@ holders\n77 socket:[11]\n"
    "@@ programs\n1 systemd\n77 web server\n"
    "@@ docker\ninstalled\nruns\n/etc/docker/other.json\n=" +
    to_base64("@@ end {\n") +
    "\n1048576\n@@ flags\n/usr/bin/dockerd\n-H\nfd://\n"
    "@@ storage\n@@ selinux\n1\n@@ time\nchrony\n@@ forward\n-P FORWARD DROP\n@@ resolv\nnameserver 127.0.0.53\n"
    "@@ asked\ns net/ipv4/ip_local_port_range 32768 60999\nd 1000 250 4096 100 50 UNKNOWN (0x858458f6) "
    "/var/lib/docker\n"
    "o 1000 0,1000, /var/lib/x\nr " +
    to_base64("id-1\n") + " /var/lib/x/node-id\n@@ end\n";

}  // namespace

TEST_CASE("an answer is read into facts", "[check]") {
  const CheckFacts f = check_facts_from(kAnswer);
  CHECK(f.uid == 0);
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
  CHECK(f.selinux_enforcing);
  CHECK(f.nameservers == std::vector<std::string>{"127.0.0.53"});
  CHECK(f.sysctls.at("net.ipv4.ip_local_port_range") == "32768 60999");
  CHECK(f.disks.at("/var/lib/docker").free == 250 * 4096);
  CHECK(f.disks.at("/var/lib/x").owner == 1000);
  CHECK(f.disks.at("/var/lib/x").inside == std::set<long long>{0, 1000});
  CHECK(f.disks.at("/var/lib/docker").owner == -1);
  CHECK(f.contents.at("/var/lib/x/node-id") == "id-1\n");
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
    const CheckFacts f = check_facts_from(answer);
    if (*c.block) CHECK(f.disks.at("/var/lib/docker").free == c.bytes);
    CHECK(f.swap == in_bytes(host_number(c.blocks), 1024));
  }
  CHECK(host_number("-99999999999999999999") == std::numeric_limits<long long>::min());
  CHECK(host_number("1F90", 16) == 8080);
}

TEST_CASE("sockets have an address, a port and a holder", "[check]") {
  const CheckFacts f = check_facts_from(kAnswer);
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
  const CheckFacts f = check_facts_from(kAnswer);
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
  CHECK_THROWS_AS(check_facts_from(kAnswer.substr(0, kAnswer.size() - 8)), Error);
  CHECK_THROWS_AS(check_facts_from(""), Error);
}

TEST_CASE("a host is asked for settings by their paths", "[check]") {
  FactsRequest request;
  request.sysctls = {"vm.swappiness"};
  request.disks = {"/var/lib/docker"};
  request.files = {"/var/lib/x/node-id"};
  CHECK(facts_input(request) == "s vm/swappiness\nd /var/lib/docker\nr /var/lib/x/node-id\n");
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
