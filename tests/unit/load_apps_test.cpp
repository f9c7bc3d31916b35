// The inventory's apps: inline, from files, and what is wrong with them, each at its place.
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "load/apps.hpp"
#include "load_support.hpp"

using namespace cctl;
using test::Scratch;

namespace {

const std::string kBase = "cluster: a\nmasters: [{name: m, address: 10.0.0.1}]\n";

}  // namespace

TEST_CASE("apps are taken inline and from files, with their types") {
  const Scratch scratch;
  scratch.file("web.json", R"({"id": "shop/web", "instances": 2, "cpus": 0.5, "args": ["-x", "1"]})");
  scratch.file("more/job.yml", "id: /job\ncmd: 'true'\nenv: {PORT: '8080'}\n");
  const auto path = scratch.file("inventory.yml", kBase + R"(apps:
  - id: /inline
    mem: 64
    cpus: 0.1
    args: [--verbose, "10"]
    requirePorts: true
  - {file: web.json}
  - {file: more/job.yml}
)");
  const LoadResult result = load(path, test::small_data);
  INFO(describe(result.mistakes));
  REQUIRE(result.ok());
  const auto& apps = result.sources.inventory.apps;
  REQUIRE(apps.size() == 3);
  CHECK(apps[0].id == "/inline");
  CHECK(nlohmann::json::parse(apps[0].json) ==
        nlohmann::json::parse(R"({"id":"/inline","mem":64,"cpus":0.1,"args":["--verbose","10"],"requirePorts":true})"));
  CHECK(apps[1].id == "/shop/web");
  CHECK(apps[1].mark.line == 9);
  CHECK(nlohmann::json::parse(apps[2].json)["env"]["PORT"] == "8080");
}

TEST_CASE("what is wrong with an app is told at its place") {
  const Scratch scratch;
  scratch.file("broken.json", "{\"id\": \"/x\",\n  \"mem\": 1,,\n}");
  scratch.file("list.json", "[]");
  const auto path = scratch.file("inventory.yml", kBase + R"(apps:
  - {id: /web, env: {PORT: 8080}}
  - {id: web}
  - {id: Web}
  - {id: /a, mem: 1 GB}
  - {cmd: sleep}
  - {file: broken.json}
  - {file: list.json}
  - {file: none.json}
  - {file: broken.json, id: /y}
  - web
)");
  CHECK(scratch.without_path(describe(load(path, test::small_data).mistakes)) ==
        R"(inventory.yml:4:21: env "PORT" of app "/web" must be a text: put 8080 in quotes
  - {id: /web, env: {PORT: 8080}}
                    ^
inventory.yml:5:10: the app "/web" is already that on line 4
  - {id: web}
         ^
inventory.yml:6:10: bad id "Web": lower-case letters, digits and "-" inside, in parts as /shop/web
  - {id: Web}
         ^
inventory.yml:7:19: mem of app "/a" must be a number from 0, not "1 GB"
  - {id: /a, mem: 1 GB}
                  ^
inventory.yml:8:5: an app needs an id, as /web
  - {cmd: sleep}
    ^
inventory.yml:11:12: app file "none.json" cannot be read: No such file or directory
  - {file: none.json}
           ^
inventory.yml:12:25: unknown key "id"
  - {file: broken.json, id: /y}
                        ^
inventory.yml:13:5: an app is a map: Marathon's definition, or {file: web.json}
  - web
    ^
broken.json:2:12: not JSON: syntax error while parsing object key - unexpected ','; expected string literal
  "mem": 1,,
           ^
list.json: an app's definition is one JSON object
)");
}

TEST_CASE("a file of an app alone is read by the same rules") {
  const Scratch scratch;
  Mistakes mistakes;
  const auto apps = read_app_file(scratch.file("web.json", R"({"id":"web"})"), mistakes);
  REQUIRE(apps.size() == 1);
  CHECK(apps[0].id == "/web");
  CHECK(read_app_file(scratch.file("bad.json", R"({"id":"-"})"), mistakes).empty());
  CHECK(read_app_file(scratch.path() + "/none", mistakes).empty());
  CHECK(mistakes.in_file_order().size() == 2);
}

TEST_CASE("what Marathon would pass over, or refuse in words of its own, is told before") {
  struct Row {
    std::string json, says;
  };
  for (const Row& row : std::vector<Row>{
           {R"({"id":"/a","memm":32})", "unknown key \"memm\" of app \"/a\", did you mean \"mem\"?"},
           {R"({"id":"/a","somethingNew":{}})", ""},
           {R"({"id":"/a","instances":1.5})", "instances of app \"/a\" must be a whole number from 0, not 1.5"},
           {R"({"id":"/g","apps":[]})", "a group of apps is not taken: write each of them as an app of its own"},
           {R"({"id":"/g","groups":[]})", "a group of apps is not taken: write each of them as an app of its own"}}) {
    const Scratch scratch;
    const std::string path = scratch.file("a.json", row.json);
    Mistakes mistakes;
    read_app_file(path, mistakes);
    INFO(row.json);
    CHECK(scratch.without_path(describe(mistakes.in_file_order())).find(row.says.empty() ? "" : "a.json: ") == 0);
    CHECK(describe(mistakes.in_file_order()).find(row.says) != std::string::npos);
    CHECK(mistakes.in_file_order().empty() == row.says.empty());
    CHECK(mistakes.any_error() == (!row.says.empty() && row.says.find("unknown") != 0));
  }
}
