#include "model/sysctl.hpp"

#include "catch.hpp"

using namespace cctl;

TEST_CASE("a kernel setting is named with dots or with slashes, and leads nowhere else") {
  struct Row {
    const char *text, *name, *path;
  };
  for (const Row& row : {Row{"vm.swappiness", "vm.swappiness", "/proc/sys/vm/swappiness"},
                         {"vm/swappiness", "vm.swappiness", "/proc/sys/vm/swappiness"},
                         {"net.ipv4.conf.eth0/1.rp_filter", "net.ipv4.conf.eth0/1.rp_filter",
                          "/proc/sys/net/ipv4/conf/eth0.1/rp_filter"},
                         {"net/ipv4/conf/eth0.1/rp_filter", "net.ipv4.conf.eth0/1.rp_filter",
                          "/proc/sys/net/ipv4/conf/eth0.1/rp_filter"},
                         {"net.ipv4.conf.br-ab12.forwarding", "net.ipv4.conf.br-ab12.forwarding",
                          "/proc/sys/net/ipv4/conf/br-ab12/forwarding"}}) {
    INFO(row.text);
    CHECK(sysctl_name(row.text) == row.name);
    CHECK(sysctl_path(sysctl_name(row.text)) == row.path);
  }
  for (const char* text : {"", ".", "/", "a..b", "a//b", ".a", "a.", "/a", "a/", "a.//.b", "a/../b", "a/./b", "a./.b",
                           "-w", "a b", "a;b", "a.b=1", "a.$(x)"}) {
    INFO(text);
    CHECK(sysctl_name(text) == "");
  }
}
