// A program's own settings, an object of JSON in a var or a variable, held against what its playbook knows of them: a
// setting of another kind keeps the program from starting.
#pragma once
#include <map>
#include <string>

#include "load/mistakes.hpp"
#include "load/tree.hpp"
#include "model/playbook.hpp"

namespace cctl {

// A var, read from the inventory; one of a secret kind is told without its line and values. False after a mistake.
bool check_settings(const Tree& var, const SettingKinds& settings, const std::map<std::string, std::string>& var_kinds,
                    const std::string& owner, Mistakes& mistakes);

// A variable of the environment, whose text is the object.
void check_settings_text(const Tree& variable, const SettingKinds& settings, const std::string& owner,
                         Mistakes& mistakes);

}  // namespace cctl
