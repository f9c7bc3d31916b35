// One execution of a leg of a plan, in parts: waves (apply.cpp), steps (step.cpp), gates (gate.cpp), the way back
// (rollback.cpp), and what is done with each kind of instance (kinds/).
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "apply/app_talk.hpp"
#include "apply/apply.hpp"
#include "apply/as_it_runs.hpp"
#include "apply/crash.hpp"
#include "apply/ledger.hpp"
#include "model/health.hpp"
#include "plan/app_watch.hpp"
#include "plan/quorum.hpp"

namespace cctl {

// What a service says to its files, in its own words.
class Refused : public Error {
 public:
  Refused(const std::string& text, bool while_it_ran) : Error(text), while_it_ran_(while_it_ran) {}
  bool while_it_ran() const { return while_it_ran_; }

 private:
  bool while_it_ran_;
};

// Something else than its files keeps a service from starting: neither the new nor the old ones are to blame.
class InTheWay : public Error {
 public:
  using Error::Error;
};

// How a service takes files that were put back.
struct RetryResult {
  std::string refused;  // why it does not run with them; empty: it does, or that could not be asked
  bool barred = false;  // it is not they that keep it from that
};

// A step that was begun in this run.
struct Begun {
  const Step* step = nullptr;
  const Instance* instance = nullptr;  // null: of no component
  std::optional<Undo> undo;            // empty: nothing was written
  bool files_only = false;             // the way back was that of its files: its container stayed
  bool refused = false;                // a service said no to its new files
  bool runs_on = false;                // and did so while it ran: it was not restarted
  bool withdrawn = false;              // of a service: what stood there before any file of ours is back
  std::string still;                   // of a service: why it does not run with what was put back either
  bool barred = false;                 // no files keep a service from starting, but something else
  bool untouched = false;              // it failed before anything was changed
  bool away = false;                   // its host was lost while it was under way
  std::string error;                   // why the step itself failed
  std::string seen;                    // what its probes said last
  std::string note;                    // what else the step's end tells: that a stop took force
  std::string deployment;              // of an app: Marathon's id of what the step began
  std::chrono::steady_clock::time_point since, until;  // its own work; what it waits for comes after that
};

// What must hold before the run goes on.
struct GateAsk {
  std::vector<const Instance*> members;  // each ready
  // Those that the step has begun: waiting for them ends when it is of no use. True: started anew by it.
  std::map<const Instance*, bool> begun;
  std::vector<std::string> components;  // each as its verdicts want it
  std::chrono::milliseconds timeout{0};
  bool may_defer =
      false;  // others of the component are known to be broken and have their turn later: wait for a moment only
  bool may_stop = false;  // Ctrl-C ends the waiting
};

// How a component stands before a turn.
struct Standing {
  std::vector<Member> members;
  bool holds = false;  // as its verdicts want it
};

enum class Gate { waiting, open, shut, deferred, stopped, lost };
struct GateResult {
  Gate gate = Gate::open;
  std::set<const Instance*> not_ready;
  std::map<const Instance*, std::string> seen;
  std::map<const Instance*, std::string> hopeless;  // of those begun: why they will not run
  std::chrono::milliseconds elapsed{0};
  std::vector<Waiting> unmet;  // as last seen
  std::string elsewhere;       // "; zk on a: ..." for each member that was not changed and does not serve any more
  std::set<const Instance*> crashing;  // apps whose tasks end one after the other
  std::set<const Instance*> unknown;   // of those not ready, whose probes could not be put
  bool unsure = false;                 // nothing is known to be wrong: what is missing could not be asked for
};

using AppWatches = std::map<const Instance*, AppWatch>;

// What a gate remembers of a member from look to look.
struct Watched {
  std::optional<CrashWatch> crash;
  std::optional<std::chrono::steady_clock::time_point> dead_since;  // the program of a service
};
using Watch = std::map<const Instance*, Watched>;

// What a member is seen doing beside what its probes say.
struct Doing {
  bool runs = false;
  bool known = true;     // false: nobody could tell
  std::string seen;      // what it does instead
  std::string hopeless;  // why it never will run, of one that is watched
};

// What a step that failed leaves, and what comes next.
struct Left {
  std::string state, next;
};

// "60s"
std::string seconds(std::chrono::milliseconds time);

class Run {
 public:
  Run(const Leg& leg, Hosts& hosts, Clock& clock, Listener& listener, const Lease* lease, std::stop_token stop);
  Task<Report> execute();

 private:
  // apply.cpp: each returns false when no later step may begin.
  Task<bool> can_ask();
  Task<bool> wave(const Wave& wave);
  Task<bool> parallel(const Wave& wave);
  Task<bool> rolling(const Wave& wave);
  Task<bool> finish(std::vector<Begun>& begun, GateAsk ask);
  Task<bool> last_gate(const Wave& wave);
  bool may_begin();
  bool lease_lost() const { return lease_ && !lease_->held(); }
  void skip_rest();
  void tell_others();
  Task<bool> is_independent(const Wave& wave);
  Task<std::string> why_not_running(const std::string& component);
  bool changes(const std::string& component) const;

  // step.cpp
  Task<bool> pulls(const Wave& wave);
  Task<void> pull(const Step& step);
  Task<void> begin(Begun& begun);
  Task<void> act(Begun& begun);
  Task<void> write_files(Begun& begun);
  Task<void> remove(Begun& begun);
  Task<void> act(Begun& begun, const Remains& remains);
  Task<std::string> remove_guests(std::string host);
  Task<void> run_on_host(std::string host, std::vector<std::string> words);
  Task<bool> settle(Begun& begun);

  // kinds/, one file each. What a kind does not answer itself, the templates answer for it.
  Task<void> act(Begun& begun, const Settings& settings);
  Task<void> act(Begun& begun, const Container& container);
  Task<void> act(Begun& begun, const ServiceSpec& service);
  Task<void> act(Begun& begun, const AppSpec& app);
  Task<void> act(Begun& begun, const Preparation& preparation);

  // True when something was put back; false when there is nothing older.
  template <class Kind>
  Task<bool> go_back(Begun&, const Kind&) {
    co_return false;
  }
  Task<bool> go_back(Begun& begun, const Container& container);
  Task<bool> go_back(Begun& begun, const ServiceSpec& service);
  Task<bool> go_back(Begun& begun, const AppSpec& app);

  // The step has passed: what was kept for the way back goes.
  template <class Kind>
  Task<void> let_go(const Step&, const Kind&) {
    co_return;
  }
  Task<void> let_go(const Step& step, const Container& container);

  template <class Kind>
  Task<Doing> doing(const Instance& instance, const Kind&, Watched*) {
    co_return co_await engine_answers(instance.host);
  }
  Task<Doing> doing(const Instance& instance, const Container& container, Watched* watched);
  Task<Doing> doing(const Instance& instance, const ServiceSpec& service, Watched* watched);

  template <class Kind>
  Task<std::vector<std::string>> log_of(const Instance&, const Kind&) {
    co_return std::vector<std::string>{};
  }
  Task<std::vector<std::string>> log_of(const Instance& instance, const Container& container);
  Task<std::vector<std::string>> log_of(const Instance& instance, const ServiceSpec& service);

  // Where nothing was put back.
  template <class Kind>
  void tell_left(const Begun& begun, const Kind&, Left& left) {
    if (begun.error.empty())
      left = {"left as it is; there is nothing older to go back to", "clusterctl status, then clusterctl up again"};
  }
  void tell_left(const Begun& begun, const Container& container, Left& left);
  void tell_left(const Begun& begun, const AppSpec& app, Left& left);

  // kinds/container.cpp
  Task<void> start_new(const Step& step, const Container& container);
  Task<void> set_aside(Begun& begun, const Container& container);
  Task<void> stop(Begun& begun, std::string container, int timeout);
  Task<void> restart(Begun& begun, const Container& container);
  Task<void> reload(const std::string& host, const Container& container);
  Task<void> remove_container(Begun& begun);
  Task<bool> restore_files(Begun& begun, const Container& container);

  // kinds/service.cpp
  Task<void> ask_service(Begun& begun, const ServiceSpec& service);
  Task<void> apply_settings(Begun& begun, const ServiceSpec& service, bool restart);
  Task<void> clear_engine_way(Begun& begun);
  Task<void> run_service(std::string host, std::string what, std::vector<std::string> words);
  Task<void> tell_services(Begun& begun);
  Task<RetryResult> try_again(Begun& begun, const ServiceSpec& service);
  Task<std::string> why_dead(const std::string& host, const ServiceSpec& service, Watched& watched);

  // kinds/app.cpp
  Task<void> deploy(Begun& begun, const AppSpec& app);
  Task<void> remove_app(const Step& step, const AppSpec& app);
  Task<std::string> why_stuck(const Instance& instance, const AppSpec& app);
  Task<void> watch_apps(const GateAsk& ask, AppWatches& watches, std::chrono::milliseconds elapsed, GateResult& result);
  AppTalk talk(const std::string& host, const AppSpec& app);
  static std::string how_app_is_again(const Begun& begun);

  // kinds/preparation.cpp
  Task<std::string> put_back(const Step& step, const Preparation& preparation);
  Task<void> await_engine(const std::string& host);
  Task<bool> prepare_in_turn(const Wave& wave);

  // gate.cpp
  Task<GateResult> gate(GateAsk ask);
  Task<void> explain(GateResult& result);
  Task<GateResult> look(const GateAsk& ask, Watch& watch);
  Task<Doing> engine_answers(const std::string& host);
  Task<std::vector<InstanceHealth>> probe_for(const std::set<std::string>& components);
  Task<Standing> standing(const std::string& component, const std::set<std::string>& pending);
  Task<Standing> calm_standing(const Wave& wave, const std::set<std::string>& pending);
  Task<std::string> majority_lost_with(const std::string& host);
  bool starts_empty(const Instance& instance) const;
  std::set<std::string> changed_later(const Wave& wave) const;

  // rollback.cpp
  Task<void> fail(Begun& begun, const GateResult& gate, std::chrono::milliseconds timeout);
  void tell_away(const Begun& begun, Failure& failure);
  void tell_gate(const Begun& begun, const GateResult& gate, Failure& failure) const;
  Task<bool> roll_back(Begun& begun);
  Task<void> undo(Begun& begun);
  Task<std::string> how_it_is_again(const Begun& begun, std::chrono::milliseconds timeout);
  Task<std::string> how_the_whole_is(const Instance& instance);
  Task<std::vector<std::string>> last_lines(const Begun& begun);

  Engine& engine(const std::string& host) { return hosts_.at(host).engine(); }
  Ledger& ledger(const std::string& host);
  Begun begun_of(const Step& step) const;
  void report(const Step& step, Outcome outcome, const std::string& text, std::chrono::steady_clock::time_point since);
  void end_with(Exit exit);

  const Leg& leg_;
  AsItRuns runs_{leg_};
  Hosts& hosts_;
  Clock& clock_;
  Listener& listener_;
  const Lease* lease_;
  std::stop_token stop_;
  std::map<std::string, Ledger> ledgers_;
  std::map<std::string, std::vector<Begun>> deferred_;  // component -> steps whose gate was deferred
  std::set<const Step*> touched_;                       // begun or reported
  bool changed_ = false;                                // something besides images
  std::string why_skipped_;
  std::set<std::string> failed_;                  // apps that failed, and what waits for them in vain
  std::map<std::string, std::string> why_waits_;  // of those that wait: what their steps are told
  bool apps_done_ = false;
  Report report_;
};

}  // namespace cctl
