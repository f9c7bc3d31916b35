// The vars of an instance, the playbook's and the inventory's, as names of its scope.
#pragma once
#include <functional>
#include <set>

#include "plan/scope.hpp"

namespace cctl {

// A bad template of this playbook, or what it gives; the mark is for one whose place is not known.
using TellBad = std::function<void(const Playbook&, const BadTemplate&, const Mark&)>;

class VarMaker {
 public:
  VarMaker(const Sources& sources, const TellBad& tell, std::vector<Mistake>& mistakes)
      : sources_(sources), tell_(tell), mistakes_(mistakes) {}

  // The scope has the other names already. A mistake that is that of many hosts is told once.
  void make(const Playbook& p, const Host& host, Scope& scope);

 private:
  void tell_left(const Playbook& p, const std::map<std::string, std::string>& left, Scope& scope);
  void check_virtual(const Playbook& p, const std::string& name, const std::string& value, const Mark& mark);
  void demand(const Playbook& p, const std::string& name, const std::string& why, const Scope& scope);

  const Sources& sources_;
  const TellBad& tell_;
  std::vector<Mistake>& mistakes_;
  std::set<std::string> told_;
};

}  // namespace cctl
