// Which addresses are in which networks.
#include "model/ip_network.hpp"

#include "catch.hpp"

using namespace cctl;

TEST_CASE("an address is in a network, or not") {
  struct Case {
    const char *network, *address;
    bool in;
  };
  for (const auto& c : std::vector<Case>{
           {"10.0.1.0/24", "10.0.1.7", true},
           {"10.0.1.1/24", "10.0.1.7", true},
           {"10.0.1.0/24", "10.0.2.7", false},
           {"10.0.1.0/25", "10.0.1.127", true},
           {"10.0.1.0/25", "10.0.1.128", false},
           {"10.0.1.6/31", "10.0.1.7", true},
           {"10.0.1.7/32", "10.0.1.7", true},
           {"10.0.1.7/32", "10.0.1.6", false},
           {"0.0.0.0/0", "10.0.1.6", true},
           {"fd00::/64", "fd00::1", true},
           {"fd00:0:0:1::/64", "fd00::1", false},
           {"fd00::/127", "fd00::1", true},
           {"::/0", "10.0.0.1", false},
           {"0.0.0.0/0", "::1", false},
           {"10.0.1.0", "10.0.1.0", false},
           {"10.0.1.0/33", "10.0.1.0", false},
           {"10.0.1.0/", "10.0.1.0", false},
           {"10.0.1.0/-1", "10.0.1.0", false},
           {"10.0.1.0/24x", "10.0.1.0", false},
           {"10.0.1.0/99999999999", "10.0.1.0", false},
           {"x/24", "10.0.1.0", false},
           {"10.0.1.0/24", "m1.example", false},
           {"", "", false},
       }) {
    CAPTURE(c.network, c.address);
    CHECK(network_holds(c.network, c.address) == c.in);
  }
}

TEST_CASE("an address has one shortest form") {
  struct Case {
    const char *text, *shortest;
    bool loopback;
  };
  for (const auto& c : std::vector<Case>{
           {"10.0.0.1", "10.0.0.1", false},
           {"127.0.0.9", "127.0.0.9", true},
           {"0:0::1", "::1", true},
           {"::", "::", false},
           {"FD00:0:0::01", "fd00::1", false},
           {"::ffff:10.0.0.1", "10.0.0.1", false},
           {"::ffff:7f00:1", "127.0.0.1", true},
           {"fe80::1%eth0", "", false},
           {"10.0.0.1/24", "", false},
           {"m1", "", false},
           {"", "", false},
       }) {
    CAPTURE(c.text);
    CHECK(shortest_ip(c.text) == c.shortest);
    CHECK(is_loopback_ip(c.text) == c.loopback);
  }
}
