// The steps that lead from what is there to what is wanted: legs, of waves, of steps. Plain values.
#pragma once
#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/action.hpp"
#include "model/desired.hpp"

namespace cctl {

// One file that a step writes, with what stands there now (for the diff).
struct FileChange {
  FileSpec wanted;
  bool exists = false;
  std::string before;  // content now, when it is known
  bool write = true;   // false: the bytes are right already but the container has not read them
  std::string part;    // a merged file: our part of wanted.content
  bool gone = false;   // nobody wants it any more: what stood there before us comes back, or nothing
  std::string before_mode = {}, before_owner = {};  // of what stands there now
  std::string link = {};                            // what stands there is a symbolic link that others laid: who
};

// One thing that a new container has otherwise than the old one: flag offer_timeout, from 300000 to 310000.
struct SpecChange {
  std::string field;                         // flag, env, mounts, image ...
  std::string name;                          // of the flag or variable; empty: the field has no names
  std::optional<std::string> before, after;  // none: it was not there, or is no longer
};

// What a step is about: the instance of its host and component, which a container that is no longer wanted has not.
struct OfInstance {};

struct Pull {
  std::string image;
};

// Of the host itself: `component` is the item, these run there, and `undo` is kept there until it is put back.
struct Preparation {
  std::vector<std::vector<std::string>> commands, undo;
};

// Of the host itself: all that we wrote.
struct Remains {
  bool data = false;                // data goes, too
  std::vector<std::string> purged;  // the directories that go with it
};

struct Step {
  int wave = 0;
  std::string host;
  std::string component;
  Action action = Action::none;
  std::string reason;
  std::variant<OfInstance, Pull, Preparation, Remains> subject;
  std::vector<FileChange> files;
  std::vector<SpecChange> changes;               // recreate: what differs, secrets left out
  std::map<std::string, std::string> extra_env;  // of a transition between versions, or a first start
  bool begins = false;                           // create: as a member of a new ensemble
  std::string previous_id;                       // container to replace or remove
  std::string previous_name;                     // of an app: its id, where it is or may be there
  bool interrupts = false;                       // stops a serving member
  bool unproven = false;                         // an earlier run changed it and did not see its gate pass
  std::string down;                              // the state of its container, where that does not run
  std::string unknown;                           // why nobody knows whether it is there already; empty: it is known
  std::vector<std::string> empties;              // changed keys that give a host's service another, empty world
  bool starts_empty = false;                     // a member without data, while others of its ensemble have theirs
  int others_serve = -1;                         // members of its ensemble that serve meanwhile; -1: no majority counts
  int guests_lost = 0;                           // containers run for others that die with it
  bool engine = false;  // the host's Docker engine, which may not run yet, is to answer afterwards

  // Null, and empty, where it is about something else.
  const Preparation* preparation() const { return std::get_if<Preparation>(&subject); }
  const Remains* remains() const { return std::get_if<Remains>(&subject); }
  const std::string& image() const;
};

// A container is made where none of ours was.
bool is_first(const Step& step);

// The sign of its action; ? where nobody knows whether it is there, + where there is nothing yet.
char sign_of(const Step& step);

struct Wave {
  int number = 0;
  std::string title;      // "zookeeper   1 at a time, leader last"
  std::string component;  // empty: pulls, removals
  RollOrder order = RollOrder::parallel;
  bool quorum = false;
  std::vector<Step> steps;
  std::vector<std::string> gate;  // components whose health must hold after it (itself and its dependents)
  std::chrono::seconds timeout{60};
};

struct PlanSummary {
  int hosts = 0, instances = 0, create = 0, change = 0, remove = 0, as_wanted = 0, prepare = 0;
  int unseen = 0;   // hosts that could not be observed: what they need is not in the plan
  int unknown = 0;  // instances of which nobody could be asked whether they are there
};

struct Stray {
  std::string host, container, component;
};

// Why a plan must not be applied, with the exit code it means.
struct Refusal {
  int exit_code = 8;
  std::string text;
};

// One state that the cluster is brought to, on the way to what is wanted or there.
struct Leg {
  std::string title;   // "zookeeper: master4 joins"; empty: it is the only one
  std::string reason;  // why the way leads over this state
  Desired desired;
  bool down = false;                // it is taken from there instead
  std::vector<Instance> as_before;  // those whose container serves at other ports, rendered with these
  std::vector<Wave> waves;
  std::vector<Step> unchanged;  // every no-op carries its reason, too

  bool nothing_to_do() const { return waves.empty(); }
};

// At least one leg, in the order in which they are gone; each is diffed against what those before it leave.
struct Plan {
  std::string cluster;
  std::vector<Leg> legs = std::vector<Leg>(1);
  std::vector<Stray> strays;
  std::vector<std::string> warnings;
  std::vector<Refusal> refusals;
  std::vector<std::string> foreign;  // what lies in directories of ours and is nobody's here
  std::vector<std::string> faults;   // what is wrong on the hosts, and no step puts right
  PlanSummary summary;

  // The only leg, or that which is gone next.
  Leg& first() { return legs.front(); }
  const Leg& first() const { return legs.front(); }
  // "leg 2 of 3: zookeeper: master4 joins"; empty where there is no other.
  std::string name_of(std::size_t leg) const;
  bool nothing_to_do() const {
    return std::all_of(legs.begin(), legs.end(), [](const Leg& leg) { return leg.nothing_to_do(); });
  }
};

}  // namespace cctl
