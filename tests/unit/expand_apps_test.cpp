// Apps in the desired state: the inventory's own and those that are components.
#include <algorithm>

#include "catch.hpp"
#include "load_support.hpp"
#include "plan/expand.hpp"
#include "plan/expand_apps.hpp"
#include "source_dir.hpp"

using namespace cctl;

namespace {

const std::string kHosts = R"(cluster: a
masters:
  - {name: m1, address: 10.0.0.1}
  - {name: m2, address: 10.0.0.2}
  - {name: m3, address: 10.0.0.3}
slaves:
  - {name: s1, address: 10.0.0.11}
  - {name: s2, address: 10.0.0.12}
)";

struct Expanded {
  Desired desired;
  std::string mistakes;
};

Expanded expanded(const std::string& text) {
  const test::Scratch scratch;
  const LoadResult loaded = load(scratch.file("inventory.yml", kHosts + text), cctl::test::source_dir);
  INFO(describe(loaded.mistakes));
  REQUIRE(loaded.ok());
  Expanded out;
  std::vector<Mistake> mistakes;
  out.desired = expand(loaded.sources, {}, mistakes);
  for (const auto& m : mistakes) out.mistakes += m.text + "\n";
  return out;
}

}  // namespace

TEST_CASE("an app of the inventory is a component that is asked about at any Marathon") {
  Expanded e = expanded("versions: {marathon: 1.5.8, mesos: 1.4.1}\napps: [{id: web, cmd: x, instances: 2}]\n");
  CHECK(e.mistakes.empty());
  const Instance* web = e.desired.find("m1", "/web");
  REQUIRE(web);
  CHECK(web->app()->addresses == std::vector<std::string>{"10.0.0.1", "10.0.0.2", "10.0.0.3"});
  CHECK(web->app()->port == 8080);
  CHECK(e.desired.component("/web")->needs == std::vector<std::string>{"marathon"});
  CHECK(e.desired.components.back().component == "/web");
  move_apps(e.desired, {"s1"});
  CHECK(e.desired.find("m1", "/web"));
  move_apps(e.desired, {"m1", "m2"});
  CHECK(e.desired.find("m3", "/web"));
  move_apps(e.desired, {"m1", "m2", "m3"});
  CHECK(e.desired.of("/web").size() == 1);
}

TEST_CASE("a component that is an app is placed as its playbook says, and moved with its files") {
  const Expanded one = expanded("versions: {mesos-dns: 0.6.0, mesos: 1.4.1, marathon: 1.5.8}\n");
  CHECK(one.mistakes.empty());
  REQUIRE(one.desired.of("mesos-dns").size() == 1);
  CHECK(one.desired.of("mesos-dns")[0]->app()->id == "/mesos-dns");
  CHECK(one.desired.of("mesos-dns")[0]->host == "s1");
  const Expanded two =
      expanded("versions: {mesos-dns: 0.6.0, mesos: 1.4.1, marathon: 1.5.8}\nplace: {mesos-dns: [s2, s1]}\n");
  REQUIRE(two.desired.of("mesos-dns").size() == 2);
  CHECK(two.desired.of("mesos-dns")[1]->app()->id == "/mesos-dns-s2");
  CHECK(two.desired.of("mesos-dns")[1]->app()->json.find("10.0.0.12") != std::string::npos);
}

TEST_CASE("what cannot work together is a mistake before anything starts") {
  CHECK(expanded("versions: {consul: 1.8.7}\napps: [{id: /web, cmd: x}]\n").mistakes ==
        "there are apps, but no component that keeps them running: add `marathon` to versions\n");
  const std::string versions = "versions: {mesos-dns: 0.6.0, marathon: 1.5.8, mesos: ";
  CHECK(expanded(versions + "1.7.0}\napps: [{id: /mesos-dns, cmd: x}]\n").mistakes ==
        "the app /mesos-dns is already that of mesos-dns\n");
  CHECK(expanded(versions + "1.7.0}\napps: [{id: /mesos-dns/a, cmd: x}]\n").mistakes ==
        "the app /mesos-dns/a is in a group that is an app, too: that of mesos-dns, /mesos-dns; Marathon takes one of "
        "the two, so rename one\n");
  CHECK(expanded(versions + "1.7.0}\napps: [{id: /a, cmd: x, dependencies: [/mesos-dns, /b]}, {id: /b/c, cmd: x}]\n")
            .mistakes.empty());
  CHECK(expanded(versions + "1.7.0}\napps: [{id: /a, cmd: x, dependencies: [/d]}]\n").mistakes ==
        "the app /a depends on /d, which is no app of this inventory: where Marathon has none either, it does not "
        "wait\n");
  CHECK(expanded(versions + "1.8.0}\n").mistakes == "mesos-dns 0.6.0 works with mesos <1.8 only, and this is 1.8.0\n");
  CHECK(expanded("versions: {mesos-dns: 0.9.4, marathon: 1.5.8, mesos: 1.8.0}\n").mistakes.empty());
}
