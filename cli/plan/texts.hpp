// The texts of a playbook for one instance: what cannot be rendered, or gives what cannot stand in its place, is added
// to a list and is empty, so that all of it is told in one go. Pure.
#pragma once
#include <string>
#include <vector>

#include "plan/render.hpp"

namespace cctl {

class Texts {
 public:
  Texts(const Scope& scope, std::vector<BadTemplate>& bad) : scope_(scope), bad_(bad) {}

  std::string text(const std::string& t) const;
  // Absolute, or empty.
  std::string path(const std::string& t) const;
  // Those that render to nothing are none.
  std::vector<std::string> all(const std::vector<std::string>& list) const;
  std::vector<std::string> mounts(const std::vector<std::string>& list) const;

 private:
  const Scope& scope_;
  std::vector<BadTemplate>& bad_;
};

}  // namespace cctl
