// Values out of answers, and what a probe makes of them.
#include "plan/extract.hpp"
#include "catch.hpp"

using namespace cctl;

namespace {

Answer body(const std::string& text, int status = 200) {
  Answer a;
  a.body = text;
  a.status = status;
  return a;
}

std::string got(const Extract& what, const Answer& answer) {
  return extract(what, answer).value_or("(nothing)");
}

Extract field(const std::string& name) {
  Extract e;
  e.field = name;
  return e;
}

Extract json(const std::string& pointer) {
  Extract e;
  e.json = pointer;
  return e;
}

}  // namespace

TEST_CASE("fields of lines") {
  CHECK(got(field("Mode"), body("Zookeeper version: 3\nMode: leader\nNode count: 4\n")) == "leader");
  CHECK(got(field("zk_server_state"), body("zk_version\t3.4\nzk_server_state\tfollower\n")) == "follower");
  CHECK(got(field("Mode"), body("Modes: x\n")) == "(nothing)");
  CHECK(got(field("Mode"), body("Mode\n")) == "(nothing)");
  CHECK(got(field("Mode"), body("Mode:\n")) == "");
  CHECK(got(field("a"), body("a=b\r\n")) == "b");
  CHECK(got(field("bootstrap"), body("  bootstrap = true\n")) == "true");
  CHECK(got(field("x"), body("")) == "(nothing)");
}

TEST_CASE("JSON pointers") {
  const auto a =
      body(R"({"s": "x", "n": 2.0, "f": 1.5, "i": 7, "b": true, "z": null, "l": [1, "two"], "a/b": "slash", "e": ""})");
  CHECK(got(json("/s"), a) == "x");
  CHECK(got(json("/n"), a) == "2");
  CHECK(got(json("/f"), a) == "1.5");
  CHECK(got(json("/i"), a) == "7");
  CHECK(got(json("/b"), a) == "true");
  CHECK(got(json("/z"), a) == "(nothing)");
  CHECK(got(json("/l/1"), a) == "two");
  CHECK(got(json("/l/9"), a) == "(nothing)");
  CHECK(got(json("/l/x"), a) == "(nothing)");
  CHECK(got(json("/a~1b"), a) == "slash");
  CHECK(got(json("/e"), a) == "");
  CHECK(got(json("no pointer"), a) == "(nothing)");
  CHECK(got(json(""), body("\"10.0.0.1:8300\"")) == "10.0.0.1:8300");
  CHECK(got(json("/s"), body("not json")) == "(nothing)");
}

TEST_CASE("lists of a JSON answer") {
  const auto a = body(
      R"({"slaves": [{"id": "a", "active": true, "r": {"h": "x"}}, {"id": "b", "active": false}, {"id": "c", "active": true}]})");
  Extract e;
  e.list = "/slaves";
  e.item = "/id";
  CHECK(got(e, a) == "a,b,c");
  e.where = {{"/active", "true"}};
  CHECK(got(e, a) == "a,c");
  // One that is wanted and does not say it is not passed over: of the others nobody knows whether they are all.
  e.item = "/r/h";
  CHECK(got(e, a) == "(nothing)");
  e.where = {{"/id", "a"}};
  CHECK(got(e, a) == "x");
  e.where = {{"/active", "maybe"}};
  CHECK(got(e, a) == "");
  e.list = "/nothing";
  CHECK(got(e, a) == "(nothing)");
  Extract whole;
  whole.list = "/l";
  CHECK(got(whole, body(R"({"l": ["x", 1]})")) == "x,1");
  CHECK(got(whole, body(R"({"l": ["x", null]})")) == "(nothing)");
  CHECK(got(whole, body(R"({"l": []})")) == "");
  Extract top;
  top.item = "/n";
  CHECK(got(top, body(R"([{"n": "p"}, {"n": "q"}])")) == "p,q");
}

TEST_CASE("headers, patterns, addresses") {
  Answer a = body("version 1.2.3 of it");
  a.headers["location"] = "http://leader/";
  a.addresses = {"10.0.0.1", "10.0.0.2"};
  Extract e;
  e.header = "location";
  CHECK(got(e, a) == "http://leader/");
  e.header = "other";
  CHECK(got(e, a) == "(nothing)");
  Extract r;
  r.regex = "version ([0-9.]+)";
  CHECK(got(r, a) == "1.2.3");
  r.regex = "(of it)";
  CHECK(got(r, a) == "of it");
  r.regex = "absent";
  CHECK(got(r, a) == "(nothing)");
  r.regex = "(unclosed";
  CHECK(got(r, a) == "(nothing)");
  Extract d;
  d.answers = true;
  CHECK(got(d, a) == "10.0.0.1,10.0.0.2");
}

TEST_CASE("the verdict of a probe and what was seen") {
  Probe p;
  p.name = "ready";
  p.kind = ProbeKind::http;
  CHECK(judge(p, body("x")).ok);
  CHECK(judge(p, body("x")).seen == "status 200");
  CHECK_FALSE(judge(p, body("x", 503)).ok);
  CHECK_FALSE(judge(p, body("x", 503)).answered);
  p.status = {200, 429};
  CHECK(judge(p, body("x", 429)).ok);
  p.extract["mode"] = field("Mode");
  CHECK(judge(p, body("Mode: leader")).values.at("mode") == "leader");
  p.expect["mode"] = {"leader", "follower"};
  CHECK(judge(p, body("Mode: leader")).ok);
  CHECK(judge(p, body("Mode: leader")).seen == "mode leader");
  const auto wrong = judge(p, body("Mode: observer"));
  CHECK_FALSE(wrong.ok);
  CHECK(wrong.answered);
  CHECK(wrong.seen == "mode observer");
  const auto none = judge(p, body("nothing of it"));
  CHECK_FALSE(none.ok);
  CHECK(none.seen == "no mode: status 200");
  p.expect["mode"] = {"*"};
  CHECK(judge(p, body("Mode: x")).ok);
  CHECK_FALSE(judge(p, body("Mode:")).ok);

  Probe exec;
  exec.kind = ProbeKind::exec;
  CHECK(judge(exec, body("", 0)).ok);
  CHECK_FALSE(judge(exec, body("no such file\nmore", 1)).ok);
  CHECK(judge(exec, body("no such file\nmore", 1)).seen == "exit 1: no such file");

  Probe tcp;
  CHECK(judge(tcp, Answer{}).seen == "open");
  const auto nobody = no_answer(p, "connection refused");
  CHECK(nobody.name == "ready");
  CHECK_FALSE(nobody.answered);
  CHECK(nobody.seen == "connection refused");
}
