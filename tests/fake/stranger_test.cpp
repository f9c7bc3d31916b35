// What answers on Marathon's port, or the master's, and is another program: nothing follows from what it says.
#include "app_support.hpp"
#include "apply/app_talk.hpp"
#include "catch.hpp"
#include "cluster.hpp"
#include "door.hpp"

using namespace cctl;
using namespace cctl::fake;

TEST_CASE("what answers in Marathon's place says nothing of apps, and does nothing to them") {
  World w = world({});
  Door door(w, "a");
  struct Stranger {
    int status;
    std::string body;
  };
  const std::vector<Stranger> strangers = {
      {200, "{}"},
      {200, ""},
      {200, "<html>hello</html>"},
      {200, std::string(1000000, '[')},
      {200, R"({"app":5,"apps":7,"deploymentId":null,"version":1})"},
      {200, R"({"app":{},"apps":[{}],"deploymentId":""})"},
      {200, R"({"app":{"id":"/other"},"apps":["/web"],"deploymentId":["d"]})"},
      {200, R"([{"no":"id"}])"},
      {404, "<h1>not found</h1>"},
      {404, R"({"message":"no such page"})"},
      {409, "conflict"},
  };
  using Act = std::function<void(AppTalk&)>;
  const std::string id = "/web", definition = R"({"id": "/web", "cmd": "x", "instances": 1})";
  const std::vector<std::pair<const char*, Act>> acts = {
      {"put", [&](AppTalk& talk) { done(talk.put(id, definition, false)); }},
      {"scale", [&](AppTalk& talk) { done(talk.scale(id, 2, false)); }},
      {"restart", [&](AppTalk& talk) { done(talk.restart(id)); }},
      {"remove", [&](AppTalk& talk) { done(talk.remove(id, false)); }},
      {"cancel", [&](AppTalk& talk) { done(talk.cancel("d1")); }},
      {"under_way", [&](AppTalk& talk) { done(talk.under_way("d1")); }},
      {"list", [&](AppTalk& talk) { done(talk.list()); }},
      {"find", [&](AppTalk& talk) { done(talk.find(id)); }},
      {"version", [&](AppTalk& talk) { done(talk.version()); }},
  };
  for (const auto& [status, body] : strangers) {
    Answer& answer = w.marathon.strangers["a:8080"];
    answer.status = status;
    answer.body = body;
    for (const auto& [name, act] : acts) {
      INFO(name << " " << status << " " << body.substr(0, 60));
      AppTalk talk(door, {"a"}, 8080);
      int exit = 0;
      std::string why;
      try {
        act(talk);
      } catch (const Error& e) {
        exit = e.exit_code(), why = e.what();
      }
      CHECK(exit == 3);
      CHECK(why.find("no Marathon took the request: a: it answered " + std::to_string(status)) == 0);
      CHECK(why.size() < 250);
    }
    // A Marathon beside it is asked, and takes the request.
    AppTalk both(door, {"a", "b"}, 8080);
    CHECK(done(both.version()) == "1.11.24");
    CHECK_FALSE(done(both.find(id)));
  }
}

TEST_CASE("a master that lists no slaves is unknown, and so is room for an app") {
  World w = world({});
  Door door(w, "a");
  AppTalk talk(door, {"a"}, 8080);
  const std::string large = R"({"id": "/web", "mem": 9999})", small = R"({"id": "/web", "mem": 9})";
  CHECK_FALSE(done(talk.fit(large)).too_large.empty());
  const AppFit fits = done(talk.fit(small));
  CHECK(fits.too_large.empty());
  CHECK(fits.unknown.empty());
  for (const char* body : {"", "{}", "<html>", R"({"slaves":{}})", R"({"slaves":[5]})", R"({"slaves":[{"id":"S"}]})"}) {
    INFO(body);
    Answer& answer = w.marathon.strangers["mesos:5050"];
    answer.status = 200;
    answer.body = body;
    const AppFit fit = done(talk.fit(large));
    CHECK(fit.too_large.empty());
    CHECK(fit.unknown == "what answers at mesos:5050, where the master should lead, does not list its slaves");
  }
}

TEST_CASE("another program in Marathon's place makes no app of an inventory absent or as wanted") {
  const Wish wish = with_web(R"({"id": "/web", "cmd": "x"})");
  for (const int status : {200, 404}) {
    World w = world(wish);
    REQUIRE(up(w, wish).exit == 0);
    w.log.clear();
    for (const char* place : {"a:8080", "b:8080"}) {
      Answer& answer = w.marathon.strangers[place];
      answer.status = status;
      answer.body = "{}";
    }
    const Ended ended = up(w, wish);
    INFO(ended.error);
    REQUIRE(ended.plan.first().waves.size() == 1);
    CHECK(ended.plan.first().waves[0].steps[0].reason == "no answer from app, which runs: told again");
    CHECK(ended.exit != 0);
    CHECK(w.marathon.apps.count(kPath) == 1);
    RunOptions down;
    down.down = true;
    const Ended gone = run(w, desired(wish), down);
    REQUIRE(gone.plan.warnings.size() == 1);
    CHECK(gone.plan.warnings[0].find("app does not answer: the app /web") == 0);
    CHECK(w.marathon.apps.count(kPath) == 1);
  }
}
