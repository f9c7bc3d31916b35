// What the rules of each firewall let in, read from its own listing. Rules about some senders or some interfaces only
// let in less than a cluster needs: they do not count.
#include <algorithm>
#include <sstream>

#include "prepare/openings.hpp"

namespace cctl {
namespace {

const std::vector<Opening> everything = {{"tcp", 1, 65535}, {"udp", 1, 65535}, {"vrrp", 0, 0}};

// "80,443:445" of one protocol.
bool add_ports(const std::string& list, const std::string& protocol, std::vector<Opening>& out) {
  std::istringstream parts(list);
  for (std::string part; std::getline(parts, part, ',');) {
    const auto opening = opening_from(part + "/" + protocol);
    if (!opening) return false;
    out.push_back(*opening);
  }
  return true;
}

}  // namespace

std::vector<std::string> words_of_rule(const std::string& line) {
  std::vector<std::string> out;
  bool quoted = false, inside = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ' ' && !quoted) {
      inside = false;
      continue;
    } else {
      if (!inside) out.emplace_back();
      out.back() += c;
      inside = true;
    }
  }
  return out;
}

std::vector<Opening> openings_of_firewalld(const std::string& listed) {
  std::vector<Opening> out;
  for (const std::string& word : words_of_rule(listed))
    if (const auto opening = opening_from(word)) out.push_back(*opening);
  return out;
}

// "8300:8302/tcp   ALLOW   Anywhere   # clusterctl"
Gatekeeper read_ufw(const std::vector<std::string>& rules) {
  Gatekeeper out;
  out.shut = true;
  for (const std::string& rule : rules) {
    auto words = words_of_rule(rule);
    if (words.size() > 2 && words[2] == "IN") words.erase(words.begin() + 2);
    if (words.size() < 3 || words[1] != "ALLOW" || words[2] != "Anywhere") continue;
    const auto slash = words[0].find('/');
    const std::string ports = words[0].substr(0, slash);
    for (const char* protocol : {"tcp", "udp"})
      if (slash == std::string::npos || words[0].substr(slash + 1) == protocol) add_ports(ports, protocol, out.open);
  }
  return out;
}

Gatekeeper read_iptables(const std::vector<std::string>& rules) {
  Gatekeeper out;
  for (const std::string& rule : rules) {
    const auto words = words_of_rule(rule);
    if (words.size() == 3 && words[0] == "-P") out.shut = out.shut || words[2] == "DROP";
    if (words.size() < 4 || words[0] != "-A") continue;
    std::string protocol, ports, target;
    bool narrow = false;
    for (std::size_t i = 2; i + 1 < words.size(); i += 2) {
      const std::string &word = words[i], &value = words[i + 1];
      if (word == "-p")
        protocol = value;
      else if (word == "--dport" || word == "--dports")
        ports = value;
      else if (word == "-j")
        target = value;
      else if (word == "--state" || word == "--ctstate")
        narrow = narrow || value.find("NEW") == std::string::npos;
      else if (word != "-m" && word != "--comment" && word != "--reject-with")
        narrow = true;
    }
    const bool any = protocol.empty() || protocol == "all";
    if (narrow) continue;
    if ((target == "DROP" || target == "REJECT") && ports.empty()) {
      out.shut = true;
      if (any) break;
    }
    if (target != "ACCEPT") continue;
    if (any) {
      out.open = everything;
      break;
    }
    if (!ports.empty())
      add_ports(ports, protocol, out.open);
    else if (const auto opening =
                 opening_from(protocol == "tcp" || protocol == "udp" ? "1-65535/" + protocol : protocol))
      out.open.push_back(*opening);
  }
  return out;
}

// "tcp dport { 80, 8300-8302 } counter packets 1 bytes 60 accept"
Gatekeeper read_nft(const InputChain& chain) {
  Gatekeeper out;
  out.shut = chain.policy == "drop";
  for (const std::string& rule : chain.rules) {
    std::vector<std::string> words;
    for (std::string word : words_of_rule(rule)) {
      if (word == "{" || word == "}") continue;
      if (word == "comment") break;
      if (word.ends_with(',')) word.pop_back();
      words.push_back(word);
    }
    if (const auto counter = std::find(words.begin(), words.end(), "counter"); counter != words.end())
      words.erase(counter, std::min(words.end(), counter + (words.end() - counter > 4 ? 5 : 1)));
    if (words.empty()) continue;
    if (words[0] == "drop" || words[0] == "reject") {
      out.shut = true;
      break;
    }
    if (words.back() != "accept") continue;
    if (words.size() == 1) {
      out.open = everything;
      break;
    }
    if (words.size() > 3 && words[1] == "dport") {
      for (std::size_t i = 2; i + 1 < words.size(); ++i) add_ports(words[i], words[0], out.open);
    } else if (words.size() == 4 && (words[1] == "protocol" || words[1] == "l4proto") &&
               (words[2] == "vrrp" || words[2] == "112")) {
      out.open.push_back({"vrrp", 0, 0});
    }
  }
  return out;
}

}  // namespace cctl
