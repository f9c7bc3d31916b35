// What status says of each kind of instance.
#pragma once
#include "model/observed.hpp"
#include "model/plan.hpp"
#include "report/status.hpp"

namespace cctl {

struct Looked {
  const Instance& instance;
  const ObservedHost& host;
  const Step* step;  // what a plan would do; null: nothing
};

// True where nothing can be known of it, which `out` then says.
template <class Kind>
bool is_hidden(const Looked&, const Kind&, StatusInstance&) {
  return false;
}
bool is_hidden(const Looked& looked, const Container& container, StatusInstance& out);
bool is_hidden(const Looked& looked, const ServiceSpec& service, StatusInstance& out);

// Its state and version, where it is there: `out` says "missing" until then.
void tell_state(const Looked& looked, const Settings& settings, StatusInstance& out);
void tell_state(const Looked& looked, const Container& container, StatusInstance& out);
void tell_state(const Looked& looked, const ServiceSpec& service, StatusInstance& out);
void tell_state(const Looked& looked, const AppSpec& app, StatusInstance& out);

}  // namespace cctl
