// Which ports are open, and which of the wanted ones are not.
#include "prepare/openings.hpp"
#include "catch.hpp"
#include "model/prepared_json.hpp"

using namespace cctl;

namespace {

std::vector<Opening> all(const std::vector<std::string>& texts) {
  std::vector<Opening> out;
  for (const std::string& text : texts) out.push_back(*opening_from(text));
  return out;
}

std::string text(const std::vector<Opening>& openings) {
  std::string out;
  for (const Opening& o : openings) out += (out.empty() ? "" : " ") + to_text(o);
  return out;
}

}  // namespace

TEST_CASE("an opening is ports of tcp or udp, or a protocol") {
  for (const char* good : {"1/tcp", "8300-8302/udp", "vrrp"}) CHECK(to_text(*opening_from(good)) == good);
  CHECK(to_text(*opening_from("4000")) == "4000/tcp");
  CHECK(to_text(*opening_from("8300:8302"), ':') == "8300:8302/tcp");
  for (const char* bad : {"", "0", "65536", "2-1", "a", "1-", "-1", "53/sctp", "1/", "1 ", "gre"})
    CHECK(!opening_from(bad));
}

TEST_CASE("what is missing of what is wanted") {
  struct Row {
    std::vector<std::string> wanted, open;
    std::string missing;
  };
  const std::vector<Row> rows = {
      {{}, {}, ""},
      {{"80"}, {}, "80/tcp"},
      {{"80"}, {"80"}, ""},
      {{"80"}, {"80/udp"}, "80/tcp"},
      {{"8302", "8300", "8301"}, {}, "8300-8302/tcp"},
      {{"8300-8302"}, {"8301"}, "8300/tcp 8302/tcp"},
      {{"8300-8302"}, {"8300", "8301", "8302"}, ""},
      {{"1-65535"}, {"1", "65535", "10-20", "15-30"}, "2-9/tcp 31-65534/tcp"},
      {{"10-20"}, {"1-9", "21-30"}, "10-20/tcp"},
      {{"10-20", "15-25"}, {"20-40"}, "10-19/tcp"},
      {{"vrrp", "53/udp"}, {"53"}, "53/udp vrrp"},
      {{"vrrp"}, {"vrrp"}, ""},
  };
  for (const Row& row : rows) CHECK(text(missing(all(row.wanted), all(row.open))) == row.missing);
}

TEST_CASE("what is missing opens just what is wanted") {
  // Every pair of small ranges: afterwards all wanted ports are open, and none was opened twice.
  for (int a = 1; a < 6; ++a)
    for (int b = a; b < 6; ++b)
      for (int c = 1; c < 6; ++c)
        for (int d = c; d < 6; ++d)
          for (int port = 1; port < 6; ++port) {
            const auto has = [&](const std::vector<Opening>& list) {
              int n = 0;
              for (const Opening& o : list) n += o.from <= port && port <= o.to;
              return n;
            };
            const std::vector<Opening> wanted{{"tcp", a, b}}, open{{"tcp", c, d}};
            CHECK(has(missing(wanted, open)) == (has(wanted) == 1 && has(open) == 0));
          }
}

TEST_CASE("what iptables lets in") {
  struct Row {
    std::vector<std::string> rules;
    bool shut;
    std::string open;
  };
  const std::vector<Row> rows = {
      {{}, false, ""},
      {{"-P INPUT ACCEPT"}, false, ""},
      {{"-P INPUT DROP"}, true, ""},
      {{"-P INPUT DROP", "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"}, true, "22/tcp"},
      {{"-P INPUT DROP", "-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j ACCEPT"}, true, ""},
      {{"-P INPUT DROP", "-A INPUT ! -s 10.0.0.1/32 -p tcp -m tcp --dport 22 -j ACCEPT"}, true, ""},
      {{"-P INPUT DROP", "-A INPUT -i lo -j ACCEPT"}, true, ""},
      {{"-P INPUT DROP", "-A INPUT -j ACCEPT"}, true, "1-65535/tcp 1-65535/udp vrrp"},
      {{"-P INPUT DROP", "-A INPUT -p udp -j ACCEPT", "-A INPUT -p vrrp -j ACCEPT"}, true, "1-65535/udp vrrp"},
      {{"-P INPUT DROP", "-A INPUT -p 112 -m comment --comment \"a b\" -j ACCEPT"}, true, "vrrp"},
      {{"-P INPUT ACCEPT", "-A INPUT -j REJECT --reject-with icmp-port-unreachable",
        "-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT"},
       true,
       ""},
      {{"-P INPUT ACCEPT", "-A INPUT -s 10.0.0.1/32 -j DROP"}, false, ""},
      {{"-P INPUT ACCEPT", "-A INPUT -p tcp -m tcp --dport 25 -j DROP"}, false, ""},
      {{"-P INPUT DROP", "-A INPUT -p tcp -m multiport --dports 80,443,8300:8302 -j ACCEPT"},
       true,
       "80/tcp 443/tcp 8300-8302/tcp"},
  };
  for (const Row& row : rows) {
    const Gatekeeper seen = read_iptables(row.rules);
    INFO((row.rules.empty() ? "" : row.rules.back()));
    CHECK(seen.shut == row.shut);
    CHECK(text(seen.open) == row.open);
  }
}

TEST_CASE("what a chain of nftables lets in") {
  struct Row {
    std::string policy;
    std::vector<std::string> rules;
    bool shut;
    std::string open;
  };
  const std::vector<Row> rows = {
      {"accept", {}, false, ""},
      {"drop", {}, true, ""},
      {"accept", {"counter packets 3 bytes 180 drop", "tcp dport 80 accept"}, true, ""},
      {"drop", {"tcp dport 80 accept"}, true, "80/tcp"},
      {"drop", {"tcp dport { 80, 8300-8302 } counter packets 1 bytes 60 accept"}, true, "80/tcp 8300-8302/tcp"},
      {"drop", {"udp dport 53 accept comment \"clusterctl-prod\""}, true, "53/udp"},
      {"drop", {"iifname \"lo\" accept", "ct state established accept"}, true, ""},
      {"drop", {"ip saddr 10.0.0.0/8 tcp dport 22 accept"}, true, ""},
      {"drop", {"meta l4proto 112 accept"}, true, "vrrp"},
      {"drop", {"ip protocol vrrp accept"}, true, "vrrp"},
      {"drop", {"accept"}, true, "1-65535/tcp 1-65535/udp vrrp"},
      {"accept", {"reject with icmpx admin-prohibited"}, true, ""},
  };
  for (const Row& row : rows) {
    const Gatekeeper seen = read_nft({"inet", "filter", "input", row.policy, row.rules});
    INFO((row.rules.empty() ? row.policy : row.rules.back()));
    CHECK(seen.shut == row.shut);
    CHECK(text(seen.open) == row.open);
  }
}

TEST_CASE("what firewalld and ufw let in") {
  CHECK(text(openings_of_firewalld("8300-8302/tcp 53/udp vrrp gre")) == "8300-8302/tcp 53/udp vrrp");
  CHECK(text(openings_of_firewalld("")) == "");
  CHECK(text(read_ufw({"80,443/tcp ALLOW Anywhere", "53 ALLOW IN Anywhere", "22/tcp DENY Anywhere",
                       "25/tcp ALLOW 10.0.0.1", "OpenSSH ALLOW Anywhere"})
                 .open) == "80/tcp 443/tcp 53/tcp 53/udp");
}

TEST_CASE("what was done to a host is kept and read again") {
  const std::vector<Prepared> done = {{"firewall", "why \"this\"", {{"iptables", "-D", "INPUT"}, {"a", ""}}},
                                      {"x", "", {}}};
  const auto again = prepared_from_json(to_json(done)).done;
  REQUIRE(again.size() == 2);
  CHECK(again[0].undo == done[0].undo);
  CHECK(again[0].why == done[0].why);
  for (const char* broken : {"", "{", "[]", "{\"done\": 1}", "{\"done\": [{\"item\": \"a\"}]}"})
    CHECK(prepared_from_json(broken).done.empty());
}
