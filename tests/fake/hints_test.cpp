// Advice is followed until it ends: no hint leads back to where it came from.
#include <sstream>

#include "catch.hpp"
#include "cluster.hpp"
#include "plan/select.hpp"

using namespace cctl;
using namespace cctl::fake;

namespace {

struct Command {
  std::string verb, limit, components;

  std::string in_words() const {
    return verb + (limit.empty() ? "" : " -l " + limit) + (components.empty() ? "" : " --component " + components);
  }
};

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> out;
  std::istringstream in(list);
  for (std::string word; std::getline(in, word, ',');) out.push_back(word);
  return out;
}

// "clusterctl down --component zk -l a,b keeps its data" -> the command; nothing: the text has none.
std::optional<Command> command_in(const std::string& text) {
  const std::string start = "clusterctl ";
  const auto at = text.find(start);
  if (at == std::string::npos) return std::nullopt;
  std::istringstream words(text.substr(at + start.size()));
  Command out;
  words >> out.verb;
  for (std::string option, value; words >> option && (option == "-l" || option == "--component") && words >> value;) {
    while (!value.empty() && std::string(");").find(value.back()) != std::string::npos) value.pop_back();
    (option == "-l" ? out.limit : out.components) = value;
  }
  return out;
}

enum class Person { brings_back, replaces };  // what somebody does about a host that is off

struct HintRow {
  const char* what;
  Command command;
  std::set<std::string> off, stopped;
  bool changes;  // the inventory wants other settings of the ensemble
  Person person;
  const char* path;  // what was done, one after the other
};

// One who does what he is told, from a first command until it succeeds.
class Walk {
 public:
  explicit Walk(const HintRow& row) : row_(row) {
    for (const auto& host : row.off) cluster_.w.machines.at(host).reachable = false;
    for (const auto& host : row.stopped) cluster_.w.machines.at(host).find("cctl-c-zk")->state = "exited";
    if (row.changes) cluster_.wish.zk_config = "two";
  }

  std::string path() {
    Command now = row_.command;
    for (int steps = 0; steps < 8; ++steps) {
      const std::string said = run_one(now);
      if (said.empty()) {
        if (now.in_words() == row_.command.in_words() || !unfinished_) return path_;
        if (replace_after_) mend();
        replace_after_ = unfinished_ = false;
        now = row_.command;
        continue;
      }
      now = next(said, now);
    }
    return path_ + " and so on";
  }

 private:
  // What it said against it; empty: it is done.
  std::string run_one(const Command& command) {
    path_ += (path_.empty() ? "" : ", ") + command.in_words();
    const Desired wanted = desired(cluster_.wish);
    RunOptions options;
    options.down = command.verb == "down";
    options.diff.limit = select_hosts(split(command.limit), wanted.hosts).names;
    for (const auto& name : split(command.components)) options.diff.components.insert(name);
    const Ended ended = run(cluster_.w, wanted, options);
    if (ended.exit == 0) return "";
    return ended.error.empty() ? ended.report.failures.at(0).next : ended.error;
  }

  Command next(const std::string& said, const Command& now) {
    const auto command = command_in(said);
    const auto bring = said.find("bring "), then = said.find("then clusterctl");
    const bool first_mend = !command || (bring != std::string::npos && then != std::string::npos && bring < then) ||
                            (row_.person == Person::brings_back && said.find("; bring ") != std::string::npos);
    if (first_mend) {
      mend();
      if (!command || then == std::string::npos) return row_.command;
      unfinished_ = command->verb == "down" && command->in_words() != row_.command.in_words();
      return *command;
    }
    // The way round is gone before what was wanted; what leaves hosts out is what was wanted.
    unfinished_ = unfinished_ || said.find("next: ") == std::string::npos;
    replace_after_ = said.find("put another host in its place") != std::string::npos;
    if (unfinished_ && now.verb == command->verb && row_.command.verb == "down") unfinished_ = false;
    return *command;
  }

  void mend() {
    if (row_.person == Person::brings_back) {
      path_ += ", back";
      for (auto& [name, machine] : cluster_.w.machines) machine.reachable = true;
      return;
    }
    path_ += ", replaced";
    for (auto& name : cluster_.wish.masters) {
      if (cluster_.w.machines.at(name).reachable) continue;
      cluster_.w.members["zk"].erase(name);
      name = "new-" + name;
      cluster_.w.machines[name];
      cluster_.w.members["zk"].insert(name);
    }
  }

  const HintRow& row_;
  Running cluster_;
  std::string path_;
  bool unfinished_ = false, replace_after_ = false;
};

}  // namespace

TEST_CASE("every hint leads out, whatever is off") {
  const Person back = Person::brings_back, replaced = Person::replaces;
  for (const HintRow& row : {
           HintRow{
               "all down, a master is off", {"down", "", ""}, {"a"}, {}, false, replaced, "down, down -l b,c,@slaves"},
           HintRow{
               "all down, a slave is off", {"down", "", ""}, {"e"}, {}, false, replaced, "down, down -l @masters,d"},
           HintRow{"the ensemble down, a master is off",
                   {"down", "", "zk"},
                   {"a"},
                   {},
                   false,
                   replaced,
                   "down --component zk, down -l b,c --component zk"},
           HintRow{"the dead master down", {"down", "a", ""}, {"a"}, {}, false, back, "down -l a, back, down -l a"},
           HintRow{"another master down",
                   {"down", "b", ""},
                   {"a"},
                   {},
                   false,
                   replaced,
                   "down -l b, down -l b,c --component zk"},
           HintRow{
               "two masters down", {"down", "a,b", ""}, {}, {}, false, replaced, "down -l a,b, down --component zk"},
           HintRow{"all down, two masters are off",
                   {"down", "", ""},
                   {"a", "b"},
                   {},
                   false,
                   back,
                   "down, down -l c,@slaves, back, down --component zk, down"},
           HintRow{"all down, two masters are gone",
                   {"down", "", ""},
                   {"a", "b"},
                   {},
                   false,
                   replaced,
                   "down, down -l c,@slaves, replaced, down --component zk, down"},
           HintRow{
               "nothing to do, a master is off", {"up", "", ""}, {"a"}, {}, false, replaced, "up, up -l b,c,@slaves"},
           HintRow{
               "a change, a master is off", {"up", "", ""}, {"a"}, {}, true, back, "up, up -l b,c,@slaves, back, up"},
           HintRow{"a change, a master is gone",
                   {"up", "", ""},
                   {"a"},
                   {},
                   true,
                   replaced,
                   "up, up -l b,c,@slaves, down -l b,c --component zk, replaced, up"},
           HintRow{"a change of one, another has stopped",
                   {"up", "b", ""},
                   {},
                   {"c"},
                   true,
                   replaced,
                   "up -l b, up -l c, up -l b"},
           HintRow{"two masters are off", {"up", "", ""}, {"a", "b"}, {}, false, back, "up, up -l c,@slaves"},
       }) {
    INFO(row.what);
    CHECK(Walk(row).path() == row.path);
  }
}

TEST_CASE_METHOD(Running, "an ensemble that is to have other members is told the way there") {
  wish.masters = {"f", "b", "c"};
  w.machines["f"];
  w.members["zk"] = {"f", "b", "c"};
  const Ended refused = up(w, wish);
  CHECK(refused.exit == 8);
  const auto command = command_in(refused.error);
  REQUIRE(command);
  CHECK(command->in_words() == "down --component zk");
  RunOptions down;
  down.down = true;
  down.diff.components = {"zk"};
  CHECK(run(w, desired(wish), down).exit == 0);
  CHECK(up(w, wish).exit == 0);
  CHECK(all_serve(w, desired(wish)));
}
