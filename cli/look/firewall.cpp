// Which firewall a host has, and what it lists.
#include <algorithm>

#include "look/fact.hpp"
#include "look/text.hpp"

namespace cctl {
namespace {

// Takes the chains that see incoming packets out of `nft list ruleset`.
class Ruleset {
 public:
  void line(const std::string& text) {
    const std::string bare = trimmed_blanks(text);
    const auto words = words_in(bare);
    if (words.size() == 4 && words[0] == "table" && words[3] == "{") {
      family_ = words[1], table_ = words[2];
    } else if (words.size() == 3 && words[0] == "chain" && words[2] == "{") {
      chain_ = {family_, table_, words[1], "accept", {}};
      inside_ = true;
    } else if (inside_ && bare == "}") {
      inside_ = false;
      if (input_) chains.push_back(chain_);
      input_ = false;
    } else if (inside_ && words.size() > 3 && words[0] == "type") {
      input_ = words[1] == "filter" && words[3] == "input";
      if (bare.find("policy drop") != std::string::npos) chain_.policy = "drop";
    } else if (inside_ && !bare.empty()) {
      chain_.rules.push_back(bare);
    }
  }
  std::vector<InputChain> chains;

 private:
  std::string family_, table_;
  InputChain chain_;
  bool inside_ = false, input_ = false;
};

bool read_firewall(const Answered& told, Looked& out) {
  Facts& f = out.facts;
  Ruleset nft;
  for (const auto& line : told.lines) {
    const auto [name, value] = Named(line);
    if (name == "service") f.services.insert(value);
    if (name == "firewalld") f.firewalld = true, f.zone = trimmed_blanks(value);
    if (name == "target") f.zone_open = value == "ACCEPT";
    if (name == "open_now") f.open_now = trimmed_blanks(value);
    if (name == "open_at_boot") f.open_at_boot = trimmed_blanks(value);
    if (name == "ufw") f.ufw = true, f.ufw_rules.push_back(value);
    if (name == "iptables") f.iptables.push_back(value);
    if (name == "nft") nft.line(value);
  }
  f.chains = std::move(nft.chains);
  // iptables over nftables shows its own chains twice.
  if (!f.iptables.empty())
    std::erase_if(f.chains, [](const InputChain& c) { return c.table == "filter" && c.name == "INPUT"; });
  return true;
}

}  // namespace

namespace fact {

const Fact firewall = {"firewall", R"sh(lines() { while IFS= read -r line; do printf '%s\n' "$1 $line"; done; }
if [ -d /run/systemd/system ]; then
  for s in firewalld nftables iptables ufw; do if systemctl -q is-active $s; then echo "service $s"; fi; done
fi
if [ "$(firewall-cmd --state)" = running ]; then
  dev=$(ip -o -4 addr show | while read -r n d f a rest; do [ "${a%%/*}" = "$1" ] && echo "$d"; done | head -n 1)
  zone=$(firewall-cmd --get-zone-of-interface="$dev") || zone=$(firewall-cmd --get-default-zone)
  echo "firewalld $zone"
  echo "target $(firewall-cmd --permanent --zone="$zone" --get-target)"
  echo "open_now $(firewall-cmd --zone="$zone" --list-ports) $(firewall-cmd --zone="$zone" --list-protocols)"
  echo "open_at_boot $(firewall-cmd --permanent --zone="$zone" --list-ports)" \
    "$(firewall-cmd --permanent --zone="$zone" --list-protocols)"
elif LC_ALL=C ufw status | grep -q '^Status: active'; then
  LC_ALL=C ufw status | lines ufw
else
  iptables -S INPUT | lines iptables
  nft list ruleset | lines nft
fi
)sh",
                       read_firewall, [](const LookRequest& request) -> TextLines { return {request.ip}; }};
const Fact forward_rules = {"forward_rules", "iptables -S FORWARD\n", read_lines<&Facts::forward_rules>};

}  // namespace fact
}  // namespace cctl
