// What status says of each kind of instance.
#pragma once
#include "model/observed.hpp"
#include "model/plan.hpp"
#include "report/status.hpp"

namespace cctl {

struct Situation {
  const Instance& instance;
  const ObservedHost& host;
  const Step* step;  // what a plan would do; null: nothing
};

// True where nothing can be known of it, which `out` then says.
template <class Kind>
bool is_hidden(const Situation&, const Kind&, StatusInstance&) {
  return false;
}
bool is_hidden(const Situation& now, const Container& container, StatusInstance& out);
bool is_hidden(const Situation& now, const ServiceSpec& service, StatusInstance& out);

// Its state and version, where it is there: `out` says "missing" until then.
void tell_state(const Situation& now, const Settings& settings, StatusInstance& out);
void tell_state(const Situation& now, const Container& container, StatusInstance& out);
void tell_state(const Situation& now, const ServiceSpec& service, StatusInstance& out);
void tell_state(const Situation& now, const AppSpec& app, StatusInstance& out);

}  // namespace cctl
