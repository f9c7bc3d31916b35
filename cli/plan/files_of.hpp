// The files of a playbook for one instance. Pure.
#pragma once
#include "model/playbook.hpp"
#include "plan/render.hpp"

namespace cctl {

// One for each row where the playbook says `each`. What is wrong with their templates is added to `bad`.
std::vector<FileSpec> files_of(const Playbook& playbook, const Scope& scope, std::vector<BadTemplate>& bad);

}  // namespace cctl
