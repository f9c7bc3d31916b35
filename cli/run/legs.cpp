#include "run/legs.hpp"

#include <optional>

#include "apply/log.hpp"
#include "model/error.hpp"
#include "plan/shown.hpp"
#include "run/parts.hpp"

namespace cctl {
namespace {

// A later part of the same run.
void add(Report& report, Report later) {
  later.steps.insert(later.steps.begin(), report.steps.begin(), report.steps.end());
  later.took += report.took;
  report = std::move(later);
}

class Legs {
 public:
  explicit Legs(Underway& run) : run_(run) {}

  Task<void> all();

 private:
  struct Phase {
    const char* name;
    Task<void> (Legs::*work)();
  };
  static const Phase kPhases[];

  Task<void> one();
  Task<void> arrive();
  Task<void> bring_engines();
  Task<void> fetch_images();
  Task<void> change();

  bool has_more() const { return run_.end.report.exit == Exit::ok && !leg().nothing_to_do(); }
  Leg& leg() const { return run_.end.plan.first(); }
  std::string name() const { return run_.shown.name_of(number_); }
  Task<void> carry(Leg part);
  Task<bool> carry_first(Leg part);
  Task<void> look_and_plan();
  // What was shown may be done; another thing needs another question.
  void need_shown(const std::string& what_happened) const;
  void end_with(const Error& why);
  std::string nothing() const { return number_ > 0 ? "nothing of this leg" : "nothing"; }

  Underway& run_;
  std::size_t number_ = 0;  // of the leg that is gone, of those that were shown
  bool begun_ = false;
};

const Legs::Phase Legs::kPhases[] = {
    {"bring engines", &Legs::bring_engines},
    {"fetch images", &Legs::fetch_images},
    {"change", &Legs::change},
};

Task<void> Legs::all() {
  const std::size_t count = run_.shown.legs.size();
  for (; number_ < count && run_.end.report.exit == Exit::ok; ++number_) {
    begun_ = false;
    std::optional<Error> why;
    try {
      co_await one();
    } catch (const Error& e) {
      if (number_ == 0) throw;
      why = e;
    }
    if (why) end_with(*why);
  }
  if (!begun_) --number_;
  for (; number_ < count; ++number_) run_.end.report.not_begun.push_back(name());
}

Task<void> Legs::one() {
  if (number_ > 0 && run_.request.stop.stop_requested()) {
    run_.end.report.exit = Exit::interrupted;
    co_return;
  }
  if (number_ > 0) co_await arrive();
  begun_ = true;
  if (run_.shown.legs.size() > 1) run_.listener.leg_begins(run_.shown, number_);
  for (const Phase& phase : kPhases) {
    if (!has_more()) break;
    log_line("", std::string("phase: ") + phase.name);
    co_await (this->*phase.work)();
  }
}

// At the state that the leg before this one led to.
Task<void> Legs::arrive() {
  log_line("", "phase: look again");
  const Observed before = run_.live.observed;
  go_on(run_.live);
  co_await look_and_plan();
  need_still_seen(run_, before, nothing() + " was changed");
  need_no_refusal(run_.end.plan, nothing() + " was changed");
  need_shown("what was found after the leg before it is not what was shown");
}

// What keeps a later leg from its change is told with all that was done before it.
void Legs::end_with(const Error& why) {
  Failure failure;
  failure.what = name() + (begun_ ? " ended before its change" : " was not begun");
  failure.saw = why.what();
  failure.state = "the legs before it are done";
  failure.next = run_.request.next();
  run_.end.report.failures.push_back(std::move(failure));
  run_.end.report.exit = static_cast<Exit>(why.exit_code());
}

Task<void> Legs::bring_engines() {
  Leg first = engines_first(leg(), run_.live.observed);
  const bool other = co_await carry_first(std::move(first));
  if (!other) co_return;
  need_no_refusal(run_.end.plan, nothing() + " was changed");
  need_shown("the hosts are prepared, and what their engines run is known only now");
}

Task<void> Legs::fetch_images() {
  Leg first = pulls_first(leg(), run_.live.observed);
  const bool other = co_await carry_first(std::move(first));
  if (!other) co_return;
  leg() = without_first_pulls(std::move(leg()));
  if (const auto unseen = not_shown(leg(), run_.shown.legs[number_]))
    throw Error("the images were fetched, and nothing else" + std::string(number_ > 0 ? " of this leg" : "") +
                    " was changed: " + *unseen + "; next: " + run_.request.next() + ", which shows what that means",
                static_cast<int>(Exit::needs_confirmation));
}

Task<void> Legs::change() {
  co_await carry(leg());
}

Task<void> Legs::carry(Leg part) {
  add(run_.end.report,
      co_await apply(part, run_.live.hosts, run_.clock, run_.listener, &run_.lease, run_.request.stop));
}

// What has to be done before the rest can be planned. True: it is, and the rest has been.
Task<bool> Legs::carry_first(Leg part) {
  if (part.nothing_to_do()) co_return false;
  co_await carry(std::move(part));
  if (run_.end.report.exit != Exit::ok) co_return false;
  co_await look_and_plan();
  co_return true;
}

Task<void> Legs::look_and_plan() {
  co_await look_again(run_.live);
  run_.end.plan = plan_now(run_);
}

void Legs::need_shown(const std::string& what_happened) const {
  if (const auto other = not_shown(leg(), run_.shown.legs[number_]))
    throw Error(what_happened + ": " + *other + "; next: " + run_.request.next() + ", which shows the new plan");
}

}  // namespace

Task<void> go_legs(Underway& run) {
  Legs legs(run);
  co_await legs.all();
}

}  // namespace cctl
