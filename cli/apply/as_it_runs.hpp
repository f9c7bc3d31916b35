// What a run goes by while it changes ports: who has not been changed yet, or was put back, is asked where it serves.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "model/plan.hpp"

namespace cctl {

class AsItRuns {
 public:
  // `leg` has to outlive it.
  explicit AsItRuns(const Leg& leg);

  // As `leg.desired`, with those in it as they serve now.
  const Desired& desired() const { return mixed_ ? *mixed_ : leg_.desired; }
  // From now on it is to serve as wanted; or, put back, as it did before.
  void changed(const Instance& instance) { put(instance, false); }
  void back(const Instance& instance) { put(instance, true); }

 private:
  void put(const Instance& instance, bool as_before);

  const Leg& leg_;
  std::optional<Desired> mixed_;                                           // none: all serve as wanted
  std::map<std::pair<std::string, std::string>, const Instance*> before_;  // by host and component
};

}  // namespace cctl
