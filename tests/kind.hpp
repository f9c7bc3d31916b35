// Instances of a kind, for tests that make them by hand.
#pragma once
#include "model/desired.hpp"

namespace cctl::test {

// What the instance is, as that kind; made one of it where it is of another.
template <class Kind>
Kind& as(Instance& instance) {
  if (auto* is = std::get_if<Kind>(&instance.resource)) return *is;
  return instance.resource.template emplace<Kind>();
}

}  // namespace cctl::test
