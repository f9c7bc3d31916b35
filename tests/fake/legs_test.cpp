// Runs over several legs: what is shown of the later ones, and what becomes of them.
#include "catch.hpp"
#include "cluster.hpp"

using namespace cctl;
using namespace cctl::fake;

namespace {

std::string in_words(const Leg& leg) {
  std::string out;
  for (const auto& wave : leg.waves) {
    out += wave.title + "\n";
    for (const auto& s : wave.steps) {
      out += "  " + s.host + " " + s.component + " " + to_text(s.action) + " " + s.image() + " " + s.reason;
      for (const auto& f : s.files)
        out += " " + f.wanted.path + (f.gone ? "-" : f.write ? "=" : "~") + f.wanted.content;
      out += "\n";
    }
  }
  return out;
}

// Remembers what was shown, and which legs were begun.
class Watching : public RunListener {
 public:
  void planned(const Plan& plan) override { shown = plan; }
  void leg_begins(const Plan& plan, std::size_t leg) override { begun.push_back(plan.name_of(leg)); }
  void wave_ended(const Wave& wave) override {
    if (after_wave) after_wave(wave);
  }

  Plan shown;
  std::vector<std::string> begun;
  std::function<void(const Wave&)> after_wave;
};

Ended run_both(World& world, const Wish& first, const Wish& second, RunOptions options = {}) {
  options.title = "one";
  options.later.push_back({"two", "it stands on one", desired(second)});
  return run(world, desired(first), options);
}

struct LegRow {
  const char* what;
  std::function<void(Wish&)> change;
};

const std::vector<LegRow>& rows() {
  static const std::string app = R"({"id": "/web", "cmd": "serve", "instances": 1})";
  static const std::vector<LegRow> all = {
      {"nothing", [](Wish&) {}},
      {"a file of the ensemble", [](Wish& w) { w.zk_config = "two"; }},
      {"a file of the app", [](Wish& w) { w.app_config = "two"; }},
      {"a file that is reloaded", [](Wish& w) { w.app_config = "two", w.app_on_change = OnChange::reload; }},
      {"a version of the ensemble", [](Wish& w) { w.zk_version = "2.0"; }},
      {"a version of the app", [](Wish& w) { w.app_version = "2.0"; }},
      {"all versions", [](Wish& w) { w.zk_version = w.app_version = "3.0"; }},
      {"a port", [](Wish& w) { w.app_port = 8001; }},
      {"a file more", [](Wish& w) { w.app_extra = "more"; }},
      {"settings of the hosts", [](Wish& w) { w.settings = R"({"live": true})"; }},
      {"other settings of the hosts", [](Wish& w) { w.settings = R"({"debug": true})"; }},
      {"an app of Marathon's", [](Wish& w) { w.web = app; }},
      {"an app that reads a file", [](Wish& w) { w.web = app, w.web_config = "page"; }},
      {"members that begin an ensemble", [](Wish& w) { w.zk_begins = true; }},
  };
  return all;
}

}  // namespace

TEST_CASE("a later leg is shown as it is found once those before it are gone", "[legs]") {
  for (const bool running : {false, true})
    for (const LegRow& first : rows())
      for (const LegRow& second : rows()) {
        if (!running && &second != &first && &first != &rows().front()) continue;
        INFO((running ? "up, then " : "") << first.what << ", then " << second.what);
        Wish one, two;
        first.change(one);
        second.change(two);
        Watching watching;
        RunOptions options, plain;
        options.diff.allow_downgrade = plain.diff.allow_downgrade = true;
        options.listener = &watching;
        World both = world({}), each = world({});
        if (running) REQUIRE(up(both, {}).exit == 0);
        if (running) REQUIRE(up(each, {}).exit == 0);
        const Ended ended = run_both(both, one, two, options);
        INFO(ended.error);
        CHECK(ended.exit == 0);
        REQUIRE(run(each, desired(one), plain).exit == 0);
        const Ended alone = run(each, desired(two), plain);
        REQUIRE(watching.shown.legs.size() == 2);
        CHECK(in_words(watching.shown.legs[1]) == in_words(alone.plan.first()));
        CHECK(snapshot(both) == snapshot(each));
        CHECK(both.broken_rules.empty());
        CHECK(up(both, two).plan.nothing_to_do());
      }
}

TEST_CASE_METHOD(Running, "legs are gone one after the other, each with its name", "[legs]") {
  Watching watching;
  RunOptions options;
  options.listener = &watching;
  Wish one = wish, two = wish;
  one.zk_version = "2.0";
  two.zk_version = "3.0";
  w.log.clear();
  const Ended ended = run_both(w, one, two, options);
  CHECK(ended.exit == 0);
  CHECK(watching.begun == std::vector<std::string>{"leg 1 of 2: one", "leg 2 of 2: two"});
  CHECK(ended.report.not_begun.empty());
  CHECK(ended.report.steps.size() == 12);
  CHECK(all_serve(w, desired(two)));
  for (const auto& host : wish.masters) CHECK(w.machines.at(host).find("cctl-c-zk")->spec.image == "zk:3.0");
  CHECK(w.broken_rules.empty());
}

TEST_CASE_METHOD(Running, "after a leg that failed no other is begun", "[legs]") {
  Watching watching;
  RunOptions options;
  options.listener = &watching;
  Wish one = wish, two = wish;
  one.zk_config = "broken";
  two.app_config = "two";
  const std::string before = snapshot(w);
  options.later.push_back({"two", "", desired(two)});
  options.later.push_back({"three", "", desired(wish)});
  options.title = "one";
  const Ended ended = run(w, desired(one), options);
  CHECK(ended.exit == 7);
  CHECK(snapshot(w) == before);
  CHECK(watching.begun == std::vector<std::string>{"leg 1 of 3: one"});
  CHECK(ended.report.not_begun == std::vector<std::string>{"leg 2 of 3: two", "leg 3 of 3: three"});
  CHECK_FALSE(ended.proof);
}

TEST_CASE_METHOD(Running, "a later leg that fails leaves what those before it did", "[legs]") {
  Wish one = wish, two = wish;
  one.app_version = "2.0";
  two = one;
  two.zk_config = "broken";
  const Ended ended = run_both(w, one, two);
  CHECK(ended.exit == 7);
  CHECK(ended.report.not_begun.empty());
  CHECK(all_serve(w, desired(one)));
  CHECK(up(w, one).plan.nothing_to_do());
}

TEST_CASE("what moved between two legs is not done unless it was shown", "[legs]") {
  struct Moved {
    const char* what;
    std::function<void(World&)> move;
    int exit;
    const char* told;
  };
  const std::vector<Moved> moves = {
      {"a file of the app was edited",
       [](World& w) { w.machines.at("d").files.at("/etc/app/conf/main.cfg").content = "mine"; }, 1,
       "what was found after the leg before it is not what was shown: d app: restart, main.cfg changed"},
      {"a container was removed",
       [](World& w) {
         std::erase_if(w.machines.at("e").containers, [](const auto& c) { return c.name == "cctl-c-app"; });
       },
       1, "is not what was shown: e app: create, not there"},
      {"a container that stopped is brought back",
       [](World& w) { w.machines.at("e").find("cctl-c-app")->state = "exited"; }, 0, ""},
      {"what was to be done is done already",
       [](World& w) {
         for (const char* host : {"a", "b", "c"}) w.fetch(host, "zk:3.0");
       },
       0, ""},
      {"somebody runs a cluster of his own there",
       [](World& w) {
         auto other = *w.machines.at("a").find("cctl-c-zk");
         other.id = "other", other.name = "cctl-other-zk";
         other.spec.labels[label::cluster] = "other";
         w.machines.at("a").containers.push_back(other);
       },
       8, "refused: "},
  };
  for (const Moved& row : moves) {
    INFO(row.what);
    Running there;
    Watching watching;
    RunOptions options;
    options.listener = &watching;
    watching.after_wave = [&](const Wave& wave) {
      if (wave.component == "zk" && watching.begun.size() == 1) row.move(there.w);
    };
    Wish one = there.wish, two = there.wish;
    one.zk_version = "2.0";
    two.zk_version = "3.0";
    const Ended ended = run_both(there.w, one, two, options);
    INFO(ended.error);
    CHECK(ended.exit == row.exit);
    if (row.exit == 0) continue;
    REQUIRE(ended.report.failures.size() == 1);
    const Failure& failure = ended.report.failures.front();
    CHECK(failure.what == "leg 2 of 2: two was not begun");
    CHECK(failure.saw.find(row.told) != std::string::npos);
    CHECK(failure.state == "the legs before it are done");
    CHECK(ended.report.not_begun == std::vector<std::string>{"leg 2 of 2: two"});
    CHECK(watching.begun == std::vector<std::string>{"leg 1 of 2: one"});
    for (const auto& host : there.wish.masters)
      CHECK(there.w.machines.at(host).find("cctl-c-zk")->spec.image == "zk:2.0");
  }
}

TEST_CASE_METHOD(Running, "who stops a run between two legs keeps the first", "[legs]") {
  std::stop_source stop;
  Watching watching;
  RunOptions options;
  options.listener = &watching;
  options.stop = stop.get_token();
  watching.after_wave = [&](const Wave& wave) {
    if (wave.component == "zk") stop.request_stop();
  };
  Wish one = wish, two = wish;
  one.zk_version = "2.0";
  two.zk_version = "3.0";
  const Ended ended = run_both(w, one, two, options);
  CHECK(ended.exit == 130);
  CHECK(ended.report.failures.empty());
  CHECK(ended.report.not_begun == std::vector<std::string>{"leg 2 of 2: two"});
  CHECK(all_serve(w, desired(one)));
}

TEST_CASE_METHOD(Running, "what a later leg would refuse is refused before the first begins", "[legs]") {
  const std::string before = snapshot(w);
  Wish one = wish, two = wish;
  one.zk_config = "two";
  two.zk_version = "0.9";
  const Ended ended = run_both(w, one, two);
  CHECK(ended.exit == 8);
  CHECK(ended.error.find("refused: leg 2: zk on a runs 1.0, the inventory wants 0.9") != std::string::npos);
  CHECK(snapshot(w) == before);
}

TEST_CASE("a run over two legs that dies anywhere is gone on with by the next", "[legs]") {
  Wish one, two;
  one.zk_version = "2.0";
  two.zk_version = "2.0", two.app_config = "two";
  for (int at = 1;; ++at) {
    INFO(at);
    Running there;
    there.w.plan_mishap(Mishap::kill, at);
    const Ended ended = run_both(there.w, one, two);
    if (!ended.killed) break;
    there.w.plan_mishap(Mishap::none, 0);
    const Ended next = run_both(there.w, one, two);
    INFO(next.error);
    CHECK(next.exit == 0);
    CHECK(all_serve(there.w, desired(two)));
    CHECK(up(there.w, two).plan.nothing_to_do());
    CHECK(there.w.broken_rules.empty());
  }
}
