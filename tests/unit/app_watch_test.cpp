// Whether an app's tasks run on: rows of looks, as a Marathon that has been watched gives them.
#include "plan/app_watch.hpp"
#include "catch.hpp"
#include "plan/app_stuck.hpp"
#include "plan/app_words.hpp"

using namespace cctl;
using std::chrono::milliseconds;

namespace {

const std::string kOld = "2026-11-21T10:00:00.000Z", kNew = "2026-11-21T10:14:14.159Z";

struct Watched {
  int at;  // seconds since the first
  std::vector<std::string>
      tasks;                // "a" runs, "a?" is staged, "a!" has failed, "a~" is away, "a<" is of an older definition
  std::string failed = {};  // the task that failed last; "<" after it: of an older definition
};

AppState state(const Watched& look, int instances, bool checked) {
  AppState app;
  app.version = app.changed = kNew;
  app.instances = instances;
  app.checked = checked;
  for (std::string name : look.tasks) {
    AppTask task{name, "TASK_RUNNING", kNew};
    if (const char last = name.back(); std::string("?!~<").find(last) != std::string::npos) {
      task.id.pop_back();
      task.state = last == '?'   ? "TASK_STAGING"
                   : last == '!' ? "TASK_FAILED"
                   : last == '~' ? "TASK_UNREACHABLE"
                                 : "TASK_RUNNING";
      if (last == '<') task.version = kOld;
    }
    app.running += task.state == "TASK_RUNNING";
    app.tasks.push_back(task);
  }
  if (!look.failed.empty()) {
    const bool old = look.failed.back() == '<';
    app.failure.task = old ? look.failed.substr(0, look.failed.size() - 1) : look.failed;
    app.failure.version = old ? kOld : kNew;
  }
  return app;
}

struct WatchRow {
  std::string what;
  int instances;
  std::vector<Watched> looks;
  bool runs_on, crashes;
  bool checked = false;
};

}  // namespace

TEST_CASE("an app runs on once the same tasks have been seen for a while, and crashes once three have ended") {
  const std::vector<WatchRow> rows = {
      {"one look proves nothing", 1, {{0, {"a"}}}, false, false},
      {"the same task 5 s later", 1, {{0, {"a"}}, {5, {"a"}}}, true, false},
      {"4 s are not enough", 1, {{0, {"a"}}, {4, {"a"}}}, false, false},
      {"nothing runs yet", 1, {{0, {}}, {9, {"a?"}}}, false, false},
      {"a task that took its time to start", 1, {{0, {"a?"}}, {60, {"a"}}, {65, {"a"}}}, true, false},
      {"another task each time", 1, {{0, {"a"}}, {3, {"b"}, "a"}, {6, {"c"}, "b"}}, false, false},
      {"three have failed", 1, {{0, {"a"}}, {3, {"b"}, "a"}, {6, {"c"}, "b"}, {9, {"d"}, "c"}}, false, true},
      {"failures alone are seen", 1, {{0, {}}, {1, {}, "a"}, {3, {}, "b"}, {5, {}, "c"}}, false, true},
      {"the failed one stays in the list",
       1,
       {{0, {"a"}}, {1, {"a!"}, "a"}, {3, {"b!"}, "b"}, {5, {"c!"}, "c"}},
       false,
       true},
      {"three have ended well", 1, {{0, {"a"}}, {2, {"b"}}, {4, {"c"}}, {6, {"d"}}}, false, true},
      {"the fourth runs on",
       1,
       {{0, {"a"}}, {3, {"b"}, "a"}, {6, {"c"}, "b"}, {9, {"d"}, "c"}, {14, {"d"}, "c"}},
       true,
       false},
      {"one slip at the start", 1, {{0, {"a"}}, {1, {"b"}, "a"}, {6, {"b"}, "a"}}, true, false},
      {"two wanted, one of them new", 2, {{0, {"a"}}, {5, {"a", "b"}}, {6, {"a", "b"}}}, false, false},
      {"two wanted, both old enough", 2, {{0, {"a"}}, {5, {"a", "b"}}, {10, {"a", "b"}}}, true, false},
      {"three of two end: half of what a loop takes",
       2,
       {{0, {"a", "b"}}, {2, {"c", "b"}, "a"}, {3, {"c", "d"}, "b"}, {5, {"e", "d"}, "c"}},
       false,
       false},
      {"a failure from before the first look", 1, {{0, {"a"}, "x<"}, {1, {"a"}, "x<"}, {5, {"a"}, "x<"}}, true, false},
      {"tasks of the older definition go",
       1,
       {{0, {"a<"}}, {1, {"b<"}, "a<"}, {2, {"c<"}, "b<"}, {3, {"d"}, "c<"}, {8, {"d"}, "c<"}},
       true,
       false},
      {"fewer are wanted than ran", 1, {{0, {"a", "b", "c", "d"}}, {1, {"a"}}, {5, {"a"}}}, true, false},
      {"an agent is away for a while", 1, {{0, {"a"}}, {2, {"a~"}}, {4, {"a"}}, {9, {"a"}}}, true, false},
      {"none is wanted", 0, {{0, {}}}, true, false},
      {"checks tell of those that have them", 1, {{0, {"a"}}}, true, false, true},
      {"checked, and killed three times",
       1,
       {{0, {"a"}}, {8, {"b"}, "a"}, {18, {"c"}, "b"}, {28, {"d"}, "c"}},
       true,
       true,
       true},
  };
  for (const WatchRow& row : rows) {
    INFO(row.what);
    AppWatch watch(milliseconds(300000));
    CHECK_FALSE(watch.runs_on());
    for (const Watched& look : row.looks)
      watch.look(state(look, row.instances, row.checked), milliseconds(look.at * 1000));
    CHECK(watch.runs_on() == row.runs_on);
    CHECK(watch.crashes() == row.crashes);
    if (row.runs_on) CHECK(watch.in_words().empty());
  }
}

TEST_CASE("who has little patience is given half of it, and old Marathons are judged by the number of tasks") {
  AppWatch hasty(milliseconds(4000));
  hasty.look(state({0, {"a"}}, 1, false), milliseconds(0));
  hasty.look(state({2, {"a"}}, 1, false), milliseconds(2000));
  CHECK(hasty.runs_on());
  AppState old;
  old.instances = 2;
  old.running = 2;
  AppWatch watch(milliseconds(60000));
  watch.look(old, milliseconds(0));
  watch.look(old, milliseconds(5000));
  CHECK(watch.runs_on());
  old.failure.task = "a";
  watch.look(old, milliseconds(5300));
  CHECK_FALSE(watch.runs_on());
  CHECK(watch.in_words() == "a task of it has ended and is started again; its tasks have to run for 5 s");
  old.failure.task = "b";
  old.running = 0;
  watch.look(old, milliseconds(6300));
  CHECK(watch.in_words() == "2 tasks of it have ended, each soon after its start");
}

TEST_CASE("a failure of an older definition is not told of a newer one") {
  const std::string failure =
      R"("lastTaskFailure":{"host":"h","state":"TASK_FAILED","message":"exit 3","version":")" + kOld + "\"}";
  CHECK(app_stuck("/f", "{}",
                  R"({"app":{"id":"/f","versionInfo":{"lastConfigChangeAt":")" + kNew + "\"}," + failure + "}}")
            .empty());
  CHECK(app_stuck("/f", "{}",
                  R"({"app":{"id":"/f","versionInfo":{"lastConfigChangeAt":")" + kOld + "\"}," + failure + "}}") ==
        "its last task ended on h with TASK_FAILED: exit 3");
}

TEST_CASE("a task's last words are found by its slave, its directory and the end of its files") {
  const std::string slaves =
      R"({"slaves":[{"id":"S0","pid":"slave(1)@10.0.0.11:5051"},{"id":"S1","pid":"slave(1)@10.0.0.12:5052"}]})";
  REQUIRE(slave_address(slaves, "S1"));
  CHECK(slave_address(slaves, "S1")->address == "10.0.0.12");
  CHECK(slave_address(slaves, "S1")->port == 5052);
  CHECK_FALSE(slave_address(slaves, "S9"));
  CHECK_FALSE(slave_address("502", "S0"));
  const std::string state = R"({"frameworks":[{"executors":[{"id":"e","directory":"/run","tasks":[{"id":"now"}]}],
    "completed_executors":[{"id":"over","directory":"/over"},{"id":"x","directory":"/x","completed_tasks":[{"id":"done"}]}]}],
    "completed_frameworks":[{"completed_executors":[{"id":"old","directory":"/old"}]}]})";
  for (const auto& [task, directory] : std::vector<std::pair<std::string, std::string>>{
           {"now", "/run"}, {"over", "/over"}, {"done", "/x"}, {"old", "/old"}, {"none", ""}, {"", ""}}) {
    INFO(task);
    CHECK(sandbox_of(state, task) == directory);
  }
  CHECK(read_path("/a b/c.d+/stderr", -1, 0) == "/files/read?path=/a%20b/c.d%2B/stderr&offset=-1");
  CHECK(read_path("/a/stderr", 96, 4000) == "/files/read?path=/a/stderr&offset=96&length=4000");
  struct Words {
    std::string data, says;
  };
  for (const Words& row :
       std::vector<Words>{{"one\\ntwo\\n\\nthree\\r\\n", "two | three"},
                          {"cannot bind\\nI1121 10:14:22.664 1 exec.cpp:136] Version: 1.11\\n", "cannot bind"},
                          {"Registered executor on 10.0.0.1\\nStarting task a\\nsh -c 'exit 3'\\nForked command at "
                           "7\\nCommand exited with status 3 (pid: 7)",
                           ""},
                          {"", ""}})
    CHECK(last_lines_of("{\"data\":\"" + row.data + "\",\"offset\":0}") == row.says);
  for (const char* odd : {"", "[]", "{}", "7"}) CHECK(last_lines_of(odd).empty());
}
