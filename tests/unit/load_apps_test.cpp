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
  - {id: /web, cmd: x, env: {PORT: 8080}}
  - {id: web}
  - {id: Web}
  - {id: /a, cmd: x, mem: 1 GB}
  - {cmd: sleep}
  - {file: broken.json}
  - {file: list.json}
  - {file: none.json}
  - {file: broken.json, id: /y}
  - web
)");
  CHECK(scratch.without_path(describe(load(path, test::small_data).mistakes)) ==
        R"(inventory.yml:4:36: env "PORT" of app "/web" must be a text: put 8080 in quotes
  - {id: /web, cmd: x, env: {PORT: 8080}}
                                   ^
inventory.yml:5:10: the app "/web" is already that on line 4
  - {id: web}
         ^
inventory.yml:6:10: bad id "Web": lower-case letters, digits and "-" inside, in parts as /shop/web
  - {id: Web}
         ^
inventory.yml:7:27: mem of app "/a" must be a number from 0, not "1 GB"
  - {id: /a, cmd: x, mem: 1 GB}
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
list.json:1:1: a list of apps is not taken: write each of them as an app of its own
[]
^
)");
}

TEST_CASE("a file of an app alone is read by the same rules") {
  const Scratch scratch;
  Mistakes mistakes;
  const auto web = read_app_file(scratch.file("web.json", R"({"id":"web/"})"), mistakes);
  REQUIRE(web);
  CHECK(web->app.id == "/web");
  CHECK(web->app.json == R"({"id":"/web"})");
  CHECK_FALSE(read_app_file(scratch.file("bad.json", R"({"id":"-"})"), mistakes));
  CHECK_FALSE(read_app_file(scratch.path() + "/none", mistakes));
  CHECK(mistakes.in_file_order().size() == 2);
  // Nothing, or something else than a map, is no app.
  for (const char* text : {"", "null", "7", "\"web\"", "[]", "{}"}) {
    INFO(text);
    Mistakes told;
    CHECK_FALSE(read_app_file(scratch.file("a.json", text), told));
    CHECK(told.any_error());
    Mistakes of_yaml;
    CHECK_FALSE(read_app_file(scratch.file("a.yml", text), of_yaml));
    CHECK(of_yaml.any_error());
  }
}
