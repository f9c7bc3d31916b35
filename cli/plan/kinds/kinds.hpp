// What differs by kind when an instance is held against its host: one file a kind. What a kind does not answer itself,
// the templates answer for it. Pure.
#pragma once
#include <functional>
#include <string>

#include "model/observed.hpp"
#include "model/plan.hpp"
#include "plan/diff.hpp"

namespace cctl {

// An instance and its host as it was seen.
struct Compared {
  const std::string& cluster;
  const Instance& instance;
  const ObservedHost& host;
};

// All else that a plan knows.
struct Around {
  const Desired& desired;
  const Observed& observed;
  const DiffOptions& options;
  std::function<bool(const Instance&, const ObservedHost&)> is_as_wanted;  // nothing is to be done there
};

// Whether anything is there that reads its files, and has or has not read what stands there.
template <class Kind>
bool has_reader_of(const Compared&, const Kind&) {
  return false;
}
bool has_reader_of(const Compared& both, const Container& container);
bool has_reader_of(const Compared& both, const ServiceSpec& service);
bool has_reader_of(const Compared& both, const AppSpec& app);

// What is to be done and why. `step` has its changed files already.
Step decide(const Compared& both, const Settings& settings, Step step);
Step decide(const Compared& both, const Container& container, Step step);
Step decide(const Compared& both, const ServiceSpec& service, Step step);
Step decide(const Compared& both, const AppSpec& app, Step step);

// What else is known makes of the step; what it must not be is refused.
template <class Kind>
void refine(const Compared&, const Kind&, const Around&, Step&, Plan&) {}
void refine(const Compared& both, const Container& container, const Around& around, Step& step, Plan& plan);
void refine(const Compared& both, const AppSpec& app, const Around& around, Step& step, Plan& plan);

// What the step costs: told, or refused.
template <class Kind>
void weigh(const Compared&, const Kind&, const Around&, Step&, Plan&) {}
void weigh(const Compared& both, const Container& container, const Around& around, Step& step, Plan& plan);
void weigh(const Compared& both, const ServiceSpec& service, const Around& around, Step& step, Plan& plan);

// What the step leaves on its host once its gate has passed, besides its files and what the manifest remembers.
template <class Kind>
void leave(const Step&, const Instance&, const Kind&, ObservedHost&) {}
void leave(const Step& step, const Instance& instance, const Container& container, ObservedHost& host);
void leave(const Step& step, const Instance& instance, const ServiceSpec& service, ObservedHost& host);
void leave(const Step& step, const Instance& instance, const AppSpec& app, ObservedHost& host);

// Settings of a host, of a service or not: what the changed files ask for, and in which words.
Step decide_files(Step step);

}  // namespace cctl
