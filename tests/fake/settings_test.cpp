// Settings of a host's service: merged, taken in, put back.
#include <algorithm>

#include "catch.hpp"
#include "cluster.hpp"
#include "engine_support.hpp"

using namespace cctl;
using namespace cctl::fake;

namespace {

std::string engine_content(const World& w, const std::string& host) {
  const auto& files = w.machines.at(host).files;
  const auto found = files.find(kEngineFile);
  return found == files.end() ? "" : found->second.content;
}

FileSpec theirs(const std::string& text) {
  FileSpec out;
  out.path = kEngineFile;
  out.content = text;
  out.mode = "0640";
  return out;
}

}  // namespace

TEST_CASE("settings go into what is there; the service is told once, host by host") {
  Wish wish;
  World w = world(wish);
  w.machines.at("a").files[kEngineFile] = theirs(R"({"log": "journald"})");
  REQUIRE(up(w, wish).exit == 0);
  wish.settings = R"({"live": true, "dns": ["10.0.0.1"]})";
  w.log.clear();
  const auto before = w.machines.at("b").containers.front().id;
  REQUIRE(up(w, wish).exit == 0);
  CHECK(engine_content(w, "a").find("journald") != std::string::npos);
  CHECK(engine_content(w, "a").find("10.0.0.1") != std::string::npos);
  CHECK(w.machines.at("a").files.at(kEngineFile).mode == "0640");
  CHECK(w.machines.at("b").containers.front().id == before);
  const auto lines = engine_told(w);
  REQUIRE(lines.size() == 10);  // a reload, then a restart, on each of five hosts
  for (std::size_t i = 0; i < lines.size(); i += 2) {
    CHECK(lines[i].find("'reload'") != std::string::npos);
    CHECK(lines[i + 1].find("'restart'") != std::string::npos);
    CHECK(lines[i].back() == lines[i + 1].back());
  }
  CHECK(up(w, wish).plan.nothing_to_do());
  wish.settings = R"({"live": false, "dns": ["10.0.0.1"]})";
  w.log.clear();
  REQUIRE(up(w, wish).exit == 0);
  for (const auto& line : engine_told(w)) CHECK(line.find("'reload'") != std::string::npos);
  CHECK(engine_told(w).size() == 5);
}

TEST_CASE("a setting that the inventory no longer has goes; down puts back what was there") {
  Wish wish;
  wish.settings = R"({"dns": ["10.0.0.1"]})";
  World w = world(wish);
  w.machines.at("a").files[kEngineFile] = theirs("{ \"log\": 1 }");
  const std::string nothing = snapshot(w);
  REQUIRE(up(w, wish).exit == 0);
  wish.settings = R"({"live": true})";
  REQUIRE(up(w, wish).exit == 0);
  CHECK(engine_content(w, "a").find("dns") == std::string::npos);
  CHECK(engine_content(w, "b") == "{\n    \"live\": true\n}\n");
  RunOptions down;
  down.down = down.purge = true;
  CHECK(run(w, desired(wish), down).exit == 0);
  CHECK(snapshot(w) == nothing);
}

TEST_CASE("what others wrote since stays when we go") {
  Wish wish;
  wish.settings = R"({"dns": ["10.0.0.1"]})";
  World w = world(wish);
  REQUIRE(up(w, wish).exit == 0);
  w.machines.at("a").files[kEngineFile].content = R"({"dns": ["10.0.0.1"], "log": 2})";
  CHECK(up(w, wish).plan.nothing_to_do());
  RunOptions down;
  down.down = true;
  CHECK(run(w, desired(wish), down).exit == 0);
  CHECK(engine_content(w, "a") == "{\n    \"log\": 2\n}\n");
  CHECK(engine_content(w, "b").empty());
}

TEST_CASE("what others wrote since stays, however often ours changes, and is there when we go") {
  struct Row {
    const char *what, *first, *since, *left;
  };
  const Row rows[] = {
      {"a key beside ours", "", R"({"dns": ["10.0.0.1"], "log": 2})", "{\n    \"log\": 2\n}\n"},
      {"a key beside ours and theirs", R"({"a": 1})", R"({"a": 1, "dns": ["10.0.0.1"], "log": 2})",
       "{\n    \"a\": 1,\n    \"log\": 2\n}\n"},
      {"written anew without ours", R"({"a": 1})", R"({"log": 2})", "{\n    \"log\": 2\n}\n"},
      {"emptied", R"({"a": 1})", "{}\n", "{}\n"},
      {"a value of ours set to theirs", "", R"({"dns": "off"})", "{\n    \"dns\": \"off\"\n}\n"},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    Wish wish;
    wish.settings = R"({"dns": ["10.0.0.1"]})";
    World w = world(wish);
    if (*row.first) w.machines.at("a").files[kEngineFile] = theirs(row.first);
    REQUIRE(up(w, wish).exit == 0);
    w.machines.at("a").files[kEngineFile].content = row.since;
    for (const char* next : {R"({"live": true})", R"({"live": false})", R"({"pool": 1})"}) {
      wish.settings = next;
      REQUIRE(up(w, wish).exit == 0);
      INFO(engine_content(w, "a"));
      CHECK(up(w, wish).plan.nothing_to_do());
      CHECK((engine_content(w, "a").find("log") != std::string::npos) ==
            (std::string(row.left).find("log") != std::string::npos));
    }
    CHECK(engine_content(w, "a").find("live") == std::string::npos);
    RunOptions down;
    down.down = true;
    CHECK(run(w, desired(wish), down).exit == 0);
    CHECK(engine_content(w, "a") == row.left);
  }
}

TEST_CASE("a file that others took away is theirs to have away") {
  Wish wish;
  wish.settings = R"({"dns": ["10.0.0.1"]})";
  World w = world(wish);
  w.machines.at("a").files[kEngineFile] = theirs(R"({"a": 1})");
  REQUIRE(up(w, wish).exit == 0);
  w.machines.at("a").files.erase(kEngineFile);
  REQUIRE(up(w, wish).exit == 0);
  CHECK(engine_content(w, "a").find("10.0.0.1") != std::string::npos);
  wish.settings = R"({"live": true})";
  REQUIRE(up(w, wish).exit == 0);
  CHECK(engine_content(w, "a") == "{\n    \"live\": true\n}\n");
  RunOptions down;
  down.down = true;
  CHECK(run(w, desired(wish), down).exit == 0);
  CHECK(engine_content(w, "a").empty());
}

TEST_CASE("a file that does not parse ends the run before anything is changed") {
  Wish wish;
  wish.settings = R"({"dns": ["10.0.0.1"]})";
  World w = world(wish);
  w.machines.at("c").files[kEngineFile] = theirs("{ dns");
  const Ended ended = up(w, wish);
  CHECK(ended.exit == 3);
  CHECK(ended.error.find("on c: /etc/engine.json does not parse") != std::string::npos);
  CHECK(w.machines.at("a").containers.empty());
}

TEST_CASE_METHOD(Running, "no service is restarted while an ensemble on its host could not stand it") {
  w.machines.at("a").containers.clear();
  wish.settings = R"({"dns": ["10.0.0.1"]})";
  DiffOptions only;
  only.components = {"engine"};
  RunOptions options;
  options.diff = only;
  const std::string before = snapshot(w);
  CHECK(run(w, desired(wish), options).error.find("refused: zk: stopping b would leave 1 of 3 healthy") == 0);
  CHECK(snapshot(w) == before);
  options.heedless = true;  // what the plan refuses, the run does, too
  const Ended ended = run(w, desired(wish), options);
  CHECK(ended.exit == 8);
  REQUIRE(!ended.report.failures.empty());
  CHECK(ended.report.failures.front().saw.find("zk") != std::string::npos);
  for (const auto& line : engine_told(w)) CHECK(line.back() != 'b');
}
