// A Marathon, spoken to from one host: apps told to it, taken back, and asked why they do not start.
#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apply/doors.hpp"
#include "model/error.hpp"
#include "plan/app_fit.hpp"
#include "plan/app_state.hpp"
#include "plan/marathon_answer.hpp"

namespace cctl {

// Marathon itself says that it does not have the app.
class NoSuchApp : public Error {
 public:
  explicit NoSuchApp(const std::string& text) : Error(text, 2) {}
};

// An app that is not there so long after its deployment's begin is asked about: most need no more.
constexpr std::chrono::milliseconds kAppPatience{3000};

// Whether slaves can run an app's instances.
struct AppFit {
  std::string too_large;  // why none ever can; empty: one can, or nobody knows
  std::string unknown;    // why nobody knows, where that could be asked for
};

// Every question throws Error: 3 where no Marathon took it, be it that none answers or that what answers is none.
class AppTalk {
 public:
  // `addresses` are those of all Marathons, as the host sees them: the first that answers is asked, since any passes on
  // to the leader.
  AppTalk(HostDoor& door, std::vector<std::string> addresses, int port)
      : door_(door), addresses_(std::move(addresses)), port_(port) {}

  // From now on it waits up to 15 s while no Marathon answers: between two leaders, which takes about 10 s.
  AppTalk patient(Clock& clock) &&;

  // Each returns the id of the deployment that it began, and throws Error: 5 where another deployment of the app is
  // under way (`force` goes over it), 2 where Marathon does not know the app (NoSuchApp) or refuses the definition.
  Task<std::string> put(std::string id, std::string definition, bool force);  // the whole of it
  Task<std::string> scale(std::string id, int instances, bool force);
  Task<std::string> restart(std::string id);
  Task<std::string> remove(std::string id, bool force);

  // Marathon undoes a deployment that has not ended. False: it has.
  Task<bool> cancel(std::string deployment);
  Task<bool> under_way(std::string deployment);

  Task<std::vector<AppState>> list();
  Task<std::optional<AppState>> find(std::string id);
  Task<std::string> version();  // of the Marathon that leads

  // Why it does not start, in one line; never throws.
  Task<std::string> why_stuck(std::string id, std::string definition);
  // What its last failed task wrote in the end, from its slave: ": LINE | LINE"; empty where that is not to be had.
  Task<std::string> last_words(std::string id);
  // Whether a slave can ever run an instance; never throws.
  Task<AppFit> fit(std::string definition);

 private:
  // What is asked for, and about which app.
  struct Wanted {
    Asked what;
    std::string id;
  };
  // A master's answer to /slaves, or why there is none; both empty: nobody said who leads.
  struct Slaves {
    std::string answer, unknown;
  };
  Task<Answer> ask(std::string method, std::string path, std::string body, Wanted wanted);
  Task<std::string> ask_each(const HttpCall& question, const Wanted& wanted, Answer& answer);
  Task<Slaves> slaves();
  Task<std::string> read_end(HttpAddress slave, std::string file);

  HostDoor& door_;
  std::vector<std::string> addresses_;
  int port_;
  Clock* clock_ = nullptr;                                               // null: it does not wait
  std::optional<std::chrono::steady_clock::time_point> silent_since_{};  // empty: the last question was answered
};

// How a wait has ended: with nothing lacking, or with what was seen last, and why.
struct AppEnd {
  std::string lacking;
  bool crashes = false;  // its tasks end one after the other: it was not waited for any longer
  std::chrono::milliseconds took{0};
};
// What was told to Marathon, and the deployment that it made of it; empty: none is known.
struct DeployedApp {
  std::string id, definition, deployment;
  bool believed = false;  // it is looked at again later: that its tasks run on for some seconds is enough
};
// Waits until the app is settled, its tasks have run on for a while (plan/app_watch.hpp, and for long enough to be
// believed: plan/app_pulse.hpp) and, where one is named, the deployment has ended. `told` gets a line whenever it
// changes.
Task<AppEnd> wait_for_app(AppTalk& talk, Clock& clock, DeployedApp app, std::chrono::milliseconds timeout,
                          std::function<void(const std::string& seen, std::chrono::milliseconds elapsed)> told);
// Waits until a deployment is gone; false: it was not in time.
Task<bool> wait_for_end(AppTalk& talk, Clock& clock, std::string deployment, std::chrono::milliseconds timeout);

}  // namespace cctl
