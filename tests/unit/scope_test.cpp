// The names of an instance: what is the same for many is there once, however many hosts there are.
#include "plan/scope.hpp"

#include "catch.hpp"
#include "load_support.hpp"
#include "source_dir.hpp"

using namespace cctl;

namespace {

Scopes scopes_of_cluster() {
  const test::Scratch scratch;
  const LoadResult loaded = load(scratch.file("inventory.yml", R"(cluster: a
versions: {consul: 1.8.7, mesos: 1.4.1}
masters: [{name: m1, address: 10.0.0.1}]
slaves:
  - {name: s1, address: 10.0.0.11}
  - {name: s2, address: 10.0.0.12}
  - {name: s3, address: 10.0.0.13}
)"),
                                 cctl::test::source_dir);
  REQUIRE(loaded.ok());
  std::vector<Mistake> mistakes;
  return make_scopes(loaded.sources, place(loaded.sources, mistakes), {}, mistakes);
}

const Rows* rows_of(const Scope& scope, const std::string& name) {
  const Value* value = scope.find(name);
  REQUIRE(value);
  return std::get<SharedRows>(*value).rows.get();
}

}  // namespace

TEST_CASE("hosts share the rows of all members: none has a copy of its own", "[scope]") {
  const Scopes scopes = scopes_of_cluster();
  const Scope& one = *scopes.of.at({"mesos-slave", "s1"});
  const Rows* members = rows_of(one, "members");
  REQUIRE(members->size() == 3);
  for (const char* host : {"s1", "s2", "s3"}) {
    const Scope& scope = *scopes.of.at({"mesos-slave", host});
    CHECK(rows_of(scope, "members") == members);
    CHECK(rows_of(scope, "others") == members);
    CHECK(scope.outer == one.outer);
    CHECK(rows_of(*scopes.of.at({"consul-client", host}), "mesos-slave.members") == members);
  }
}

TEST_CASE("others are all members but the host itself", "[scope]") {
  const Scopes scopes = scopes_of_cluster();
  const std::string text = "<%#others%><% name %> <%/others%>";
  CHECK(render(text, *scopes.of.at({"mesos-slave", "s1"})) == "s2 s3 ");
  CHECK(render(text, *scopes.of.at({"mesos-slave", "s2"})) == "s1 s3 ");
  CHECK(render("[" + text + "]", *scopes.of.at({"mesos-master", "m1"})) == "[]");
}

TEST_CASE("a name that no template asks for is not looked into", "[scope]") {
  Scope scope;
  scope.names["ip"] = "10.0.0.1";
  scope.names["members"] = SharedRows{};  // not even rows: whoever goes through them ends the test
  CHECK(render("<% ip %><%#ip?%>!<%/ip?%>", scope) == "10.0.0.1!");
}
