// One component on one host, from its playbook: files, container, probes and what it is judged by. Pure.
#pragma once
#include "model/plan.hpp"
#include "model/sources.hpp"
#include "plan/scope.hpp"

namespace cctl {

// `member_id` is 0 where the playbook gives none. Templates that cannot be rendered, or give what cannot stand in their
// place, are added to `bad`, all of them, and the instance is then not whole; throws Error for what is wrong besides.
Instance expand_instance(const Sources& sources, const Playbook& playbook, const Host& host,
                         std::shared_ptr<const Scope> scope, int member_id, std::vector<BadTemplate>& bad);

}  // namespace cctl
