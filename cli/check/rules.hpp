// What the families of checks share: one host as a rule sees it, and how a rule says what it found.
#pragma once
#include <fmt/format.h>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "check/checks.hpp"
#include "look/fact.hpp"
#include "model/cut.hpp"
#include "model/ipv4.hpp"
#include "model/observed.hpp"

namespace cctl {

// Collects what one check says of one host. A rule that says nothing does not apply.
class Verdicts {
 public:
  Verdicts(const CheckKind& kind, std::string host, std::vector<Finding>& out)
      : kind_(kind), host_(std::move(host)), out_(out) {}

  void ok(const std::string& text) { add(Verdicted::ok, text, ""); }
  void skip(const std::string& text) { add(Verdicted::skipped, text, ""); }
  void warn(const std::string& text, const std::string& next) { add(Verdicted::warn, text, next); }
  // As bad as the check can say: a failure, or a warning where it only warns.
  void bad(const std::string& text, const std::string& next) {
    add(kind_.error ? Verdicted::fail : Verdicted::warn, text, next);
  }
  // For comparisons: what is said next is said of this host.
  Verdicts of(const std::string& host) const { return {kind_, host, out_}; }
  // Whether anything but ok has been said since `before` findings.
  std::size_t said() const { return out_.size(); }

 private:
  void add(Verdicted verdict, const std::string& text, const std::string& next) {
    if (++told_ > limits::findings) return;
    const bool last = told_ == limits::findings;
    out_.push_back({kind_.name, host_, verdict,
                    last ? "there is more of that than is told" : cut_text(text, limits::line),
                    cut_text(next, limits::line)});
  }

  const CheckKind& kind_;
  std::string host_;
  std::vector<Finding>& out_;
  std::size_t told_ = 0;
};

// A check as an instance of the plan asks for it.
struct AskedCheck {
  const Instance* instance;
  const std::map<std::string, std::string>* arguments;

  // Throws Error (exit 2) that names the playbook when it is missing or, for number(), none.
  const std::string& text(const std::string& name) const;
  long long number(const std::string& name) const;
};

struct HostView {
  const CheckInput& all;
  const Host& host;
  const Facts& facts;
  const ObservedHost& observed;
  std::vector<const Instance*> instances;

  // False: what containers and images it has is not known.
  bool engine_answers() const { return observed.reachable && observed.engine_error.empty(); }
  std::vector<AskedCheck> asked(const std::string& check) const;
};

using HostRule = void (*)(const HostView&, Verdicts&);
using AcrossRule = void (*)(const CheckInput&, Verdicts&);

// A rule, and the facts that it goes by: no others are asked for it.
template <class Rule>
struct Looking {
  Rule rule;
  FactList facts = {};
};

struct Rules {
  std::map<std::string, Looking<HostRule>> each;
  std::map<std::string, Looking<AcrossRule>> across;
};

void add_access_rules(Rules& rules);
void add_host_rules(Rules& rules);
void add_file_rules(Rules& rules);
void add_docker_rules(Rules& rules);
void add_network_rules(Rules& rules);
void add_name_rules(Rules& rules);
void add_balancer_rules(Rules& rules);
// Every name of check_kinds() has its rule in one of the two.
const Rules& all_rules();

// For comparisons: says which hosts share a value that each was to have alone. Empty values are not compared.
void tell_shared(const std::map<std::string, std::string>& by_host, const std::string& what, const std::string& next,
                 Verdicts& out);
std::string listed(const std::vector<std::string>& words);  // "a, b, c"

}  // namespace cctl
