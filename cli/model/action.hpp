// What a step does, and what that means wherever it is done: one row an action.
#pragma once

namespace cctl {

enum class Action {
  none,
  pull,
  create,
  recreate,
  start,
  restart,
  reload,
  write,
  deploy,
  remove,
  release,
  prove,
  prepare,
  put_back
};

struct ActionRow {
  Action action;
  const char* word;         // in plans, logs and JSON
  const char* done;         // when it has passed its gate
  char sign;                // in a plan: + there is more, - there is less, ~ it is another, > it is fetched, = it stays
  bool gated = false;       // what it leaves running is waited for
  bool anew = false;        // its program starts anew, so that the engine counts its restarts from nothing
  bool makes = false;       // a container, of an image that has to be there
  bool interrupts = false;  // it stops what runs
  bool takes_in = false;    // what runs afterwards has settings that it may not have had
  bool keeps = false;       // what runs stays as it is, and so do its files
  bool way_back = false;    // what it replaces comes back where the gate stays shut
};
const ActionRow& about(Action action);

inline const char* to_text(Action v) {
  return about(v).word;
}

}  // namespace cctl
