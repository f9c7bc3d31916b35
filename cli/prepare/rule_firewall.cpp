// The firewall: the ports of the plan opened in whichever one the host has, or that one stopped.
#include "prepare/openings.hpp"
#include "prepare/rules.hpp"
#include "prepare/undo.hpp"

namespace cctl {
namespace {

class Firewall {
 public:
  Firewall(const Facts& facts, const HostWish& wish)
      : facts_(facts), wish_(wish), mark_("clusterctl-" + wish.cluster) {}

  Ruling open() {
    if (facts_.firewalld) {
      firewalld();
    } else if (facts_.ufw) {
      ufw();
    } else {
      iptables();
      for (const InputChain& chain : facts_.chains) nft(chain);
    }
    if (closed_.empty()) return {};
    const std::string list = in_words(joined(closed_));
    out_.wrong = "its firewall (" + name_ + ") keeps out " + list;
    out_.cure = "open them";
    return std::move(out_);
  }

  Ruling stop() {
    if (facts_.firewalld) {
      stopped("firewalld");
      disable("firewalld");
    } else if (facts_.ufw) {
      stopped("ufw");
      out_.commands = {{"ufw", "--force", "disable"}};
      out_.undo = {{"ufw", "--force", "enable"}};
      restart_engine();
    } else {
      flush_iptables();
      stop_nft();
    }
    return std::move(out_);
  }

 private:
  void stopped(const std::string& name) {
    out_.wrong = "its firewall (" + name + ") runs";
    out_.cure = "stop it, now and at boot";
  }

  void disable(const std::string& service) {
    out_.commands.push_back({"systemctl", "disable", "--now", service});
    out_.undo.push_back({"systemctl", "enable", "--now", service});
    restart_engine();
  }

  // A firewall takes Docker's own chains with it when it goes, and when it comes.
  void restart_engine() {
    if (!facts_.engine_answers) return;
    out_.restarts_engine = true;
    out_.commands.push_back(restart_service(facts_, "docker"));
    out_.undo.push_back(restart_service(facts_, "docker"));
  }

  static std::string in_words(const std::vector<Opening>& openings) {
    std::string text;
    for (const Opening& o : openings) text += (text.empty() ? "" : ", ") + to_text(o);
    return text;
  }

  void blame(const std::string& name, const std::vector<Opening>& closed) {
    if (closed.empty()) return;
    name_ += (name_.empty() ? "" : ", ") + name;
    closed_.insert(closed_.end(), closed.begin(), closed.end());
  }

  // Never a reload: it would flush Docker's chains. What is open now and what will be at boot are told apart.
  void firewalld() {
    if (facts_.zone_open) return;
    const std::string zone = "--zone=" + facts_.zone;
    for (const bool boot : {false, true}) {
      const auto closed = missing(wish_.openings, openings_of_firewalld(boot ? facts_.open_at_boot : facts_.open_now));
      for (const Opening& o : closed) {
        HostCommand command{"firewall-cmd"};
        if (boot) command.push_back("--permanent");
        command.push_back(zone);
        const bool port = o.from > 0;
        command.push_back((port ? "--add-port=" : "--add-protocol=") + to_text(o));
        out_.commands.push_back(command);
        command.back() = (port ? "--remove-port=" : "--remove-protocol=") + to_text(o);
        out_.undo.push_back(command);
      }
      closed_.insert(closed_.end(), closed.begin(), closed.end());
    }
    name_ = "firewalld, zone " + facts_.zone;
  }

  void ufw() {
    const auto closed = missing(wish_.openings, read_ufw(facts_.ufw_rules).open);
    std::vector<Opening> ports;
    for (const Opening& o : closed) {
      if (o.from == 0) {
        out_.note = "ufw has no rule for " + o.protocol + ": allow it in /etc/ufw/before.rules";
        continue;
      }
      ports.push_back(o);
      out_.commands.push_back({"ufw", "allow", to_text(o, ':'), "comment", mark_});
      out_.undo.push_back({"ufw", "delete", "allow", to_text(o, ':')});
    }
    blame("ufw", ports);
  }

  void iptables() {
    const Gatekeeper now = read_iptables(facts_.iptables);
    if (!now.shut) return;
    const auto closed = missing(wish_.openings, now.open);
    for (const Opening& o : closed) {
      HostCommand rule{"INPUT", "-p", o.from > 0 ? o.protocol : "112"};
      if (o.from > 0) {
        rule.push_back("--dport");
        rule.push_back(ports_text(o, ':'));
      }
      for (const char* word : {"-m", "comment", "--comment"}) rule.emplace_back(word);
      for (const std::string& word : {mark_, std::string("-j"), std::string("ACCEPT")}) rule.push_back(word);
      HostCommand add{"iptables", "-I"}, take{"iptables", "-D"};
      add.insert(add.end(), rule.begin(), rule.end());
      take.insert(take.end(), rule.begin(), rule.end());
      out_.commands.push_back(std::move(add));
      out_.undo.push_back(std::move(take));
    }
    blame("iptables", closed);
    if (!closed.empty()) until_boot();
  }

  void nft(const InputChain& chain) {
    if (chain.family != "inet" && chain.family != "ip") return;
    const Gatekeeper now = read_nft(chain);
    if (!now.shut) return;
    const auto closed = missing(wish_.openings, now.open);
    if (closed.empty()) return;
    for (const Opening& o : closed) {
      HostCommand rule{"nft", "insert", "rule", chain.family, chain.table, chain.name};
      if (o.from > 0)
        rule.insert(rule.end(), {o.protocol, "dport", ports_text(o)});
      else
        rule.insert(rule.end(), {"meta", "l4proto", "112"});
      rule.insert(rule.end(), {"accept", "comment", "\"" + mark_ + "\""});
      out_.commands.push_back(std::move(rule));
    }
    out_.undo.push_back({"sh", "-c", kForgetRules, "sh", chain.family, chain.table, chain.name, mark_});
    blame("nftables, " + chain.family + " " + chain.table + " " + chain.name, closed);
    until_boot();
  }

  void until_boot() {
    out_.note = "rules in " + std::string(facts_.chains.empty() ? "iptables" : "nftables") +
                " last until the next boot: whoever sets them at boot has to open these ports, too";
  }

  // Its own rules alone: Docker keeps some in other chains.
  void flush_iptables() {
    if (!read_iptables(facts_.iptables).shut) return;
    stopped("iptables");
    if (facts_.services.count("iptables")) return disable("iptables");
    out_.commands = {{"iptables", "-P", "INPUT", "ACCEPT"}, {"iptables", "-F", "INPUT"}};
    // The policy last: before its exceptions it would cut our own connection.
    for (const char* kind : {"-A ", "-P "})
      for (const std::string& rule : facts_.iptables) {
        if (!rule.starts_with(kind)) continue;
        HostCommand command{"iptables"};
        for (const std::string& word : words_of_rule(rule)) command.push_back(word);
        out_.undo.push_back(std::move(command));
      }
    out_.note = "rules in iptables come back at the next boot where something sets them";
  }

  void stop_nft() {
    for (const InputChain& chain : facts_.chains) {
      if (!read_nft(chain).shut) continue;
      stopped("nftables");
      if (facts_.services.count("nftables")) return disable("nftables");
      out_.commands.clear();
      out_.help =
          "the rules of nftables are set by no service that could be stopped: say prepare: {firewall: {mode: "
          "apply, how: open}}";
      return;
    }
  }

  const Facts& facts_;
  const HostWish& wish_;
  const std::string mark_;  // on every rule of ours
  std::string name_;
  std::vector<Opening> closed_;
  Ruling out_;
};

}  // namespace

Ruling rule_firewall(const Facts& facts, const HostWish& wish) {
  Firewall firewall(facts, wish);
  return wish.prepare.stop_firewall ? firewall.stop() : firewall.open();
}

}  // namespace cctl
