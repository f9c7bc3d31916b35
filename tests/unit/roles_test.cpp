// Roles: who plays one, what templates know of it, and that shipped playbooks name roles and not each other.
#include <fstream>
#include <sstream>

#include "catch.hpp"
#include "load_support.hpp"
#include "model/lower_case.hpp"
#include "plan/expand.hpp"

using namespace cctl;

namespace {

struct Expanded {
  Desired desired;
  std::string told;
};

// Two that can balance, and one that needs a balancer.
Expanded expanded(const std::string& inventory, const std::string& first = "", const std::string& second = "") {
  const test::Scratch scratch;
  scratch.file(
      "images/versions.yml",
      "one: {repository: x, default: 1.0}\ntwo: {repository: x, default: 1.0}\nuser: {repository: x, default: 1.0}\n");
  scratch.file("playbooks/one.yml",
               "component: one\nhosts: masters\nprovides: [balancer]\nports: {stats: 1}\n"
               "exports: {all: {each: <% ip %>}}\n" +
                   first);
  scratch.file(
      "playbooks/two.yml",
      "component: two\nhosts: masters\nprovides: balancer\nports: {stats: 2}\nexports: {all: {each: b}}\n" + second);
  scratch.file("playbooks/zz.yml", "component: zz\nhosts: masters\nneeds: [two]\nimage: one\n");
  scratch.file("playbooks/user.yml",
               "component: user\nhosts: masters\nneeds: [balancer]\nenv:\n"
               "  A: <% balancer.component %> <% balancer.ports.stats %> <% balancer.all %><%#balancer.here%> "
               "here<%/balancer.here%>\n");
  const LoadResult loaded =
      load(scratch.file("inventory.yml", "cluster: a\nmasters: [{name: m, address: 10.0.0.1}]\n" + inventory),
           scratch.path());
  std::vector<Mistake> mistakes = loaded.mistakes;
  Expanded out;
  if (loaded.ok()) out.desired = expand(loaded.sources, {}, mistakes);
  for (const Mistake& m : mistakes) out.told += m.text + "\n";
  return out;
}

std::string text_of(const std::string& path) {
  std::ifstream in(std::string(cctl::test::source_dir) + "/playbooks/" + path);
  std::stringstream text;
  text << in.rdbuf();
  REQUIRE(!text.str().empty());
  return lower_case(text.str());
}

}  // namespace

TEST_CASE("a needed role brings whoever is enabled, or the only one that can play it", "[roles]") {
  struct Case {
    std::string inventory, player, says;
  };
  const std::string none = "components: {one: {enabled: false}, ";
  for (const Case& c : std::vector<Case>{
           {"versions: {user: 1.0, one: 1.0}\n", "one 1 10.0.0.1 here", ""},
           {"versions: {user: 1.0, two: 1.0}\n", "two 2 b here", ""},
           {"versions: {user: 1.0}\ncomponents: {one: {enabled: false}}\n", "two 2 b here", ""},
           {"versions: {user: 1.0}\nplace: {two: [m]}\n", "two 2 b here", ""},
           {"versions: {user: 1.0}\ncomponents: {two: {ports: {stats: 7}, enabled: true}}\n", "two 7 b here", ""},
           {"versions: {user: 1.0, zz: 1.0}\n", "two 2 b here", ""},  // which needs it by its name
           {"versions: {user: 1.0}\n", "", "user needs a balancer: say under versions which, one or two\n"},
           {"versions: {user: 1.0}\n" + none + "two: {enabled: false}}\n", "",
            "one and two are off but user needs a balancer\n"},
           {"versions: {user: 1.0, one: 1.0, two: 1.0}\n", "",
            "one and two would each be the balancer: turn off all but one (components: {two: {enabled: false}})\n"},
       }) {
    INFO(c.inventory);
    const Expanded e = expanded(c.inventory);
    CHECK(e.told == c.says);
    if (c.player.empty()) continue;
    CHECK(e.desired.find("m", "user")->container()->spec.env.at("A") == c.player);
    const std::string component = c.player.substr(0, 3);
    CHECK(e.desired.component("user")->needs == std::vector<std::string>{component});
    CHECK(e.desired.components.front().component == component);
  }
}

TEST_CASE("a role that nobody plays is known, and off", "[roles]") {
  const Expanded e =
      expanded("versions: {one: 1.0}\n",
               "env: {A: \"<%^other.on%>nobody<%/other.on%><%#other.here%>!<%/other.here%>\"}\n", "# no other\n");
  CHECK(e.told == "one: unknown name \"other.on\" in template\n");
  const test::Scratch scratch;
  scratch.file("images/versions.yml", "a: {repository: x, default: 1.0}\nb: {repository: x, default: 1.0}\n");
  scratch.file("playbooks/a.yml", "component: a\nhosts: masters\nprovides: other\n");
  scratch.file(
      "playbooks/b.yml",
      "component: b\nhosts: masters\nenv: {A: \"<%^other.on%>nobody<%/other.on%><%#other.here%>!<%/other.here%>\"}\n");
  const LoadResult loaded =
      load(scratch.file("inventory.yml", "cluster: a\nversions: {b: 1.0}\nmasters: [{name: m, address: 10.0.0.1}]\n"),
           scratch.path());
  REQUIRE(loaded.ok());
  std::vector<Mistake> mistakes;
  CHECK(expand(loaded.sources, {}, mistakes).find("m", "b")->container()->spec.env.at("A") == "nobody");
  CHECK(mistakes.empty());
}

TEST_CASE("keepalived does not name haproxy, nor marathon bamboo", "[roles]") {
  for (const char* path :
       {"keepalived.yml", "keepalived/keepalived.conf", "keepalived/run", "keepalived/answers", "keepalived/holds"}) {
    INFO(path);
    CHECK(text_of(path).find("haproxy") == std::string::npos);
  }
  CHECK(text_of("marathon.yml").find("bamboo") == std::string::npos);
}
