// What an instance is: one struct a kind. What is done with each stands in plan/kinds and apply/kinds. Plain values.
#pragma once
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "model/playbook.hpp"
#include "model/spec.hpp"

namespace cctl {

// Where the value of a flag is told to a program.
struct KeptFlag {
  std::string name, variable, argument, file;
};

// Files of the host alone: nothing of ours reads them.
struct Settings {};

struct Container {
  ContainerSpec spec;
  std::vector<std::string> reload;               // run in it when files that it reads have changed
  std::vector<std::string> cleanup;              // run on the host when it has stopped for good
  std::map<std::string, std::string> env_files;  // variable -> file of the host that its image writes it into
  std::vector<Transition> transitions;           // env rendered
  std::string guests;                            // prefix of the names of containers that it runs for others
  bool guests_lost = false;                      // they die with its own container
  std::string guests_beside;                     // end of the names of those that stand beside a guest of their own
  std::vector<KeptFlag> kept;                    // flags that it refuses to start without
  std::string kept_refused;                      // what happens then
};

using Resource = std::variant<Settings, Container, ServiceSpec, AppSpec>;

}  // namespace cctl
