#include "prepare/facts.hpp"

#include <algorithm>
#include <sstream>

#include "model/cut.hpp"
#include "model/error.hpp"

namespace cctl {
namespace {

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::string trimmed(std::string text) {
  const auto last = text.find_last_not_of(" \t\r");
  text.erase(last == std::string::npos ? 0 : last + 1);
  return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

// Takes the chains that see incoming packets out of `nft list ruleset`.
class Ruleset {
 public:
  void line(const std::string& text) {
    const std::string bare = trimmed(text);
    const auto words = words_of(bare);
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

// iptables over nftables shows its own chains twice.
void drop_twins(HostFacts& facts) {
  if (facts.iptables.empty()) return;
  std::erase_if(facts.chains, [](const InputChain& c) { return c.table == "filter" && c.name == "INPUT"; });
}

}  // namespace

std::string facts_input(const Prepare& wanted, const std::string& ip) {
  std::string input = "ip " + ip + "\n";
  if (wanted.docker != PrepareMode::off) input += "item docker\n";
  if (wanted.selinux != PrepareMode::off) input += "item selinux\n";
  if (wanted.firewall != PrepareMode::off) input += "item firewall\n";
  for (const auto& [name, value] : wanted.values) input += "sysctl " + name + "\n";
  return input;
}

HostFacts facts_from(const std::string& answer) {
  HostFacts out;
  Ruleset nft;
  bool whole = false;
  std::map<std::string, std::string*> texts = {
      {"os", &out.os},
      {"packages", &out.packages},
      {"init", &out.init},
      {"selinux", &out.selinux},
      {"docker_package", &out.docker_package},
      {"selinux_at_boot", &out.selinux_at_boot},
      {"firewalld", &out.zone},
      {"open_now", &out.open_now},
      {"open_at_boot", &out.open_at_boot},
      {"clock", &out.clock},
      {"hostname", &out.hostname},
      {"own_address", &out.own_address},
  };
  std::istringstream lines(of_few_lines(answer));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("fact ")) continue;
    const auto space = line.find(' ', 5);
    const std::string name = line.substr(5, space == std::string::npos ? space : space - 5);
    const std::string value = space == std::string::npos ? "" : cut_text(line.substr(space + 1));
    if (const auto text = texts.find(name); text != texts.end()) *text->second = trimmed(value);
    if (name == "end") whole = true;
    if (name == "docker") out.docker_installed = true;
    if (name == "service") out.services.insert(value);
    if (name == "timesyncd") out.timesyncd = true;
    if (name == "firewalld") out.firewalld = true;
    if (name == "target") out.zone_open = value == "ACCEPT";
    if (name == "ufw") out.ufw = true, out.ufw_rules.push_back(value);
    if (name == "iptables") out.iptables.push_back(value);
    if (name == "nft") nft.line(value);
    if (name == "sysctl")
      if (const auto at = value.find(' '); at != std::string::npos)
        out.sysctls[value.substr(0, at)] = trimmed(value.substr(at + 1));
  }
  if (!whole) throw Error("the host's facts are not whole: " + answer.substr(0, 200));
  out.chains = std::move(nft.chains);
  drop_twins(out);
  return out;
}

}  // namespace cctl
