// What the inventory gives one instance: the value of a flag or variable, with its place, and of a key inside a var.
// Pure.
#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "model/plan.hpp"
#include "model/playbook.hpp"

namespace cctl {

struct Given {
  std::string value;
  Mark mark;  // line 0: the inventory says nothing of it
};

// A flag, as a variable or as it stands, or a variable of no flag.
Given given_of(const Playbook& playbook, const Instance& i, const std::vector<const ComponentOverrides*>& overrides,
               const std::string& name);

// The value at "config.ports.grpc" or "settings.weight.1": of the var before the first dot, or the variable of that
// name.
struct GivenPart {
  nlohmann::json value;
  Mark mark;
};
std::optional<GivenPart> given_part(const std::vector<const ComponentOverrides*>& overrides, const std::string& path);
// "ports.grpc" of {"ports": {"grpc": 1}} and of {"ports.grpc": 1}; of "weight.*" the first; null where there is none.
nlohmann::json part_of(const nlohmann::json& of, const std::string& path);

}  // namespace cctl
