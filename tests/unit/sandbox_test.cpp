#include "sandbox/sandbox.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "catch.hpp"
#include "model/error.hpp"
#include "sandbox/guard.hpp"
#include "sandbox/inventory_text.hpp"
#include "sandbox/layout.hpp"

using namespace cctl;
using Catch::Matchers::Contains;

TEST_CASE("sandboxes in different directories have different names") {
  const Layout a = read_layout("/nowhere/a"), b = read_layout("/nowhere/b/");
  CHECK(a.prefix() != b.prefix());
  CHECK(read_layout("/nowhere/x/../a").prefix() == a.prefix());
  CHECK(b.cluster == "b");
  CHECK(read_layout("/nowhere/My Sandbox.1").cluster == "my-sandbox-1");
  CHECK(read_layout("/nowhere/1").cluster == "sandbox1");
}

TEST_CASE("a sandbox is where links of our own lead, and nowhere that somebody else's do") {
  char name[] = "/tmp/cctl-sandbox-XXXXXX";
  const std::string room = ::mkdtemp(name), shared = room + "/shared";
  for (const char* made : {"/real", "/shared"}) std::filesystem::create_directory(room + made);
  std::filesystem::create_symlink(room + "/real", room + "/ours");
  CHECK(read_layout(room + "/ours/new/").dir == room + "/real/new");
  CHECK(read_layout(room + "/ours").id == read_layout(room + "/real").id);
  if (::geteuid() == 0) {
    std::filesystem::create_symlink(room + "/real", shared + "/way");
    REQUIRE(::chmod(shared.c_str(), 01777) == 0);
    CHECK(read_layout(shared + "/way").dir == room + "/real");
    REQUIRE(::lchown((shared + "/way").c_str(), 65534, 65534) == 0);
    for (const char* dir : {"/way", "/way/new", "/../shared/./way"})
      CHECK_THROWS_WITH(read_layout(shared + dir), Contains("\"way\" is a symbolic link of uid 65534"));
  }
  std::filesystem::remove_all(room);
}

TEST_CASE("a sandbox's hosts have fixed names and addresses") {
  Layout layout = read_layout("/nowhere/a");
  layout.subnet = "198.18.7";
  SandboxOptions options;
  CHECK_FALSE(reshape(layout, options));
  options.masters = 1, options.lbs = 1;
  CHECK(reshape(layout, options));
  std::string told;
  for (const SandboxNode& node : layout.nodes()) told += node.name + " " + node.address + " " + node.role + "\n";
  CHECK(told ==
        "master1 198.18.7.11 masters\nslave1 198.18.7.81 slaves\nslave2 198.18.7.82 slaves\nlb1 198.18.7.151 lbs\n");
  options.slaves = 61;
  CHECK_THROWS_AS(reshape(layout, options), Error);
}

TEST_CASE("a sandbox's inventory is the template with its words and versions replaced") {
  Layout layout = read_layout("/nowhere/a");
  layout.subnet = "198.18.7", layout.masters = 1, layout.slaves = 0;
  const std::string text =
      "cluster: @CLUSTER@\nssh: {key: @KEY@}\nversions:\n  zookeeper: 3.8.0\n  consul: 1.8.7\nmasters: @masters@\n"
      "slaves: @slaves@\nimages: {registry: \"@REGISTRY@\"}\n";
  SandboxOptions options;
  options.versions = {{"zookeeper", "3.9"}};
  options.only = {"zookeeper"};
  CHECK(sandbox_inventory(text, layout, options) ==
        "cluster: a\nssh: {key: \"/nowhere/a/id_ed25519\"}\nversions:\n  zookeeper: \"3.9\"\nmasters:\n"
        "  - {name: master1, address: 198.18.7.11}\nslaves: []\nimages: {registry: \"198.18.7.2:5000\"}\n");
  options.only = {"zookeper"};
  CHECK_THROWS_WITH(sandbox_inventory(text, layout, options),
                    "unknown component \"zookeper\", did you mean \"zookeeper\"?; known: zookeeper, consul");
  // What is said of a component that is not there would be warned of by every command.
  const std::string balancers =
      text + "components:\n  keepalived: {vip: @SUBNET@.100} @WITH keepalived@\n  web: {} @WITH consul@\n";
  const auto said = [&](const SandboxOptions& how) {
    const auto all = sandbox_inventory(balancers, layout, how);
    return all.substr(all.find("components:"));
  };
  SandboxOptions wanted;
  wanted.known = {"keepalived"};
  CHECK(said(wanted) == "components:\n  web: {}\n");
  wanted.versions = {{"keepalived", "2.0.20"}};
  CHECK(said(wanted) == "components:\n  keepalived: {vip: 198.18.7.100}\n  web: {}\n");
  wanted.only = {"consul"};
  CHECK(said(wanted) == "components:\n  web: {}\n");
  wanted.only = {"zookeeper"};
  CHECK(said(wanted) == "components:\n");
  layout.images = "upstream";
  CHECK(sandbox_inventory(text, layout, {}).find("images:") == std::string::npos);
}

TEST_CASE("other users of the machine and other machines are kept out of a sandbox by chains of its own") {
  const Guarded guarded{{{"198.18.7.0/24", "br-7"}, {"198.18.128.0/24", "br-128"}}, "127.0.0.1:49153", {1000}};
  CHECK(guard_script("CCTL-0a1b2c3d", guarded) ==
        R"({
echo '*filter'
echo ':CCTL-0a1b2c3d - [0:0]'
echo '-A CCTL-0a1b2c3d -m owner --uid-owner 0 -j RETURN'
echo '-A CCTL-0a1b2c3d -m owner --uid-owner 1000 -j RETURN'
echo '-A CCTL-0a1b2c3d -m owner ! --socket-exists -m conntrack --ctstate ESTABLISHED -j RETURN'
echo '-A CCTL-0a1b2c3d -p tcp -j REJECT --reject-with tcp-reset'
echo '-A CCTL-0a1b2c3d -j REJECT'
iptables -w -t filter -S OUTPUT | sed -n 's/^-A \(.* -j CCTL-0a1b2c3d\)$/-D \1/p'
echo '-I OUTPUT -d 198.18.7.0/24 -m conntrack --ctdir ORIGINAL -j CCTL-0a1b2c3d'
echo '-I OUTPUT -d 198.18.128.0/24 -m conntrack --ctdir ORIGINAL -j CCTL-0a1b2c3d'
echo '-I OUTPUT -d 127.0.0.1 -p tcp --dport 49153 -m conntrack --ctdir ORIGINAL -j CCTL-0a1b2c3d'
echo COMMIT
echo '*mangle'
echo ':CCTL-0a1b2c3d - [0:0]'
echo '-A CCTL-0a1b2c3d -j DROP'
iptables -w -t mangle -S FORWARD | sed -n 's/^-A \(.* -j CCTL-0a1b2c3d\)$/-D \1/p'
echo '-I FORWARD ! -i br-7 -o br-7 -m conntrack --ctdir ORIGINAL -j CCTL-0a1b2c3d'
echo '-I FORWARD ! -i br-128 -o br-128 -m conntrack --ctdir ORIGINAL -j CCTL-0a1b2c3d'
echo COMMIT
} | iptables-restore -w --noflush
)");
  // Nothing published, nobody but root.
  const std::string least = guard_script("C", {{{"198.18.7.0/24", "br-7"}}, "", {}});
  CHECK(least.find("dport") == std::string::npos);
  CHECK(least.find("--uid-owner 1000") == std::string::npos);
  CHECK(unguard_script("C") ==
        R"(if iptables -w -t filter -S C >/dev/null 2>&1; then
{
echo '*filter'
echo ':C - [0:0]'
iptables -w -t filter -S OUTPUT | sed -n 's/^-A \(.* -j C\)$/-D \1/p'
echo COMMIT
} | iptables-restore -w --noflush
iptables -w -t filter -X C
fi
if iptables -w -t mangle -S C >/dev/null 2>&1; then
{
echo '*mangle'
echo ':C - [0:0]'
iptables -w -t mangle -S FORWARD | sed -n 's/^-A \(.* -j C\)$/-D \1/p'
echo COMMIT
} | iptables-restore -w --noflush
iptables -w -t mangle -X C
fi
)");
}

TEST_CASE("a node that is of no use is told with the log that says why, and the next command") {
  Layout layout = read_layout("/nowhere/a");
  const NodeState node{{"master1", "masters", "198.18.7.11", "c"}, "running"};
  CHECK(
      node_trouble(layout, node, true, "invalid label\n") ==
      "the Docker engine of node master1 does not start; its log:\ninvalid label\nnext: clusterctl up "
      "/nowhere/a/inventory.yml where it is settings of an inventory that keep it from starting, or clusterctl sandbox "
      "down --dir /nowhere/a and clusterctl sandbox up --dir /nowhere/a make it anew");
  CHECK(node_trouble(layout, {node.node, "exited"}, false, "x\n") ==
        "node master1 is exited, and its sshd and Docker engine do not both answer; its log:\nx\nnext: clusterctl "
        "sandbox down --dir /nowhere/a and clusterctl sandbox up --dir /nowhere/a make it anew");
}
