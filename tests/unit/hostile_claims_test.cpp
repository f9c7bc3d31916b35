// What one host says, and its files hold, costs its own row alone: cases of files, numbers, clocks and addresses.
#include <functional>
#include <limits>

#include "catch.hpp"
#include "check_support.hpp"
#include "diff_support.hpp"
#include "kind.hpp"
#include "model/error.hpp"
#include "plan/host_faults.hpp"
#include "plan/merge.hpp"
#include "report/status.hpp"

using namespace cctl;
using namespace cctl::test;
using check_test::good;
using check_test::says;

namespace {

const std::string kFile = "/etc/docker/daemon.json";

std::string times(const std::string& text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

struct BadFile {
  std::string content, fault;
};

std::vector<BadFile> bad_files() {
  return {
      {"{nonsense", "does not parse as JSON: line 1, column 3"},
      {"{\n  \"a\": 1,\n  secret\n}", "does not parse as JSON: line 3, column 3"},
      {"{\"registry-token\": \"secret", "does not parse as JSON: line 1, column "},
      {"{\"a\": \"secret\xff\"}", "does not parse as JSON: line 1, column "},
      {std::string("{}\n\0secret", 10), "does not parse as JSON: line 2, column 1"},
      {"{\"a\": 1e999}", "does not parse as JSON: line 1, column "},
      {"[\"secret\"]", "is no JSON object"},
      {"\"secret\"", "is no JSON object"},
      {"null", "is no JSON object"},
      {"{\"a\":" + times("[", 100'000), "is deeper than 200 levels"},
      {times("{\"a\":", 100'000), "is deeper than 200 levels"},
      {"{\"a\":" + times("[", 300) + times("]", 300) + "}", "is deeper than 200 levels"},
      {"{\"a\":[" + times("0,", 300'000) + "0]}", "has more than 50000 values"},
  };
}

// A host's instance with a part in a file that others write, too.
Instance settings(const std::string& host) {
  Instance i;
  i.host = host;
  i.component = "docker";
  test::as<ServiceSpec>(i).restart = {"restart"};
  FileSpec f;
  f.path = kFile;
  f.merge = Merge::json;
  f.content = R"({"live-restore": true})";
  f.on_change = OnChange::restart;
  i.files = {f};
  return i;
}

struct World {
  Desired desired;
  Observed observed;
};

World two_hosts(const std::string& of_a) {
  World out;
  out.desired.cluster = "c";
  ComponentPlan docker;
  docker.component = "docker";
  docker.service = true;
  out.desired.components = {docker};
  for (const char* name : {"a", "b"}) {
    Host host;
    host.name = name;
    out.desired.hosts.push_back(host);
    out.desired.instances.push_back(settings(name));
    ObservedHost& seen = out.observed.hosts[name];
    seen.name = name;
    seen.reachable = true;
    ObservedFile& file = seen.files[kFile];
    file.exists = true;
    file.content = name == std::string("a") ? of_a : "{}";
  }
  return out;
}

std::vector<std::string> hosts_of(const Plan& plan) {
  std::vector<std::string> out;
  for (const auto& wave : plan.first().waves)
    for (const auto& step : wave.steps) out.push_back(step.host);
  return out;
}

}  // namespace

TEST_CASE("a file that cannot be merged is told by line and column, with nothing of its text", "[hostile]") {
  for (const BadFile& bad : bad_files()) {
    INFO(bad.content.substr(0, 60));
    for (const auto& call : std::vector<std::function<void()>>{
             [&] { merged(Merge::json, bad.content, "{}"); },
             [&] { unmerged(Merge::json, bad.content, "{}", "{}"); },
             [&] { unmerged(Merge::json, "{}", bad.content, "{}"); },
             [&] { unmerged(Merge::json, "{}", "{}", bad.content); },
             [&] { changed_keys(bad.content, "{}"); },
             [&] { changed_keys("{}", bad.content); },
             [&] { changed_of({}, bad.content, "{}"); },
         }) {
      std::string told;
      try {
        call();
      } catch (const Error& e) {
        told = e.what();
      }
      CHECK(told.starts_with(bad.fault));
      CHECK(told.find("secret") == told.npos);
    }
    CHECK(why_unreadable(bad.content).starts_with(bad.fault));
  }
  CHECK(why_unreadable(" \n").empty());
  CHECK(why_unreadable("{\"a\": 1}").empty());
}

TEST_CASE("many keys are merged, taken out and compared in their order, and in no quadratic time", "[hostile]") {
  std::string many = "{", list = "[";
  for (int i = 0; i < 40'000; ++i) {
    many += (i ? ",\"" : "\"") + std::to_string(40'000 - i) + "\":1";
    list += (i ? ",\"" : "\"") + std::to_string(i) + "\"";
  }
  many += "}";
  list = "{\"l\":" + list + "]}";
  // Where each key were looked for in all others, this would outlast the limit of the whole program.
  const std::string after = merged(Merge::json, many, R"({"live-restore": true})");
  CHECK(after.starts_with("{\n    \"40000\": 1,\n    \"39999\": 1,"));
  CHECK(after.ends_with("\"1\": 1,\n    \"live-restore\": true\n}\n"));
  CHECK(changed_keys(many, after) == std::vector<std::string>{"live-restore"});
  CHECK(unmerged(Merge::json, after, many, "{}") == "{\n    \"live-restore\": true\n}\n");
  CHECK(merged(Merge::json, list, list) == list);
  CHECK(unmerged(Merge::json, list, list, list) == merged(Merge::json, "", list));
}

TEST_CASE("a file of one host that cannot be merged is that host's fault, and all others are planned", "[hostile]") {
  ObservedFile unread;
  unread.exists = unread.unread = true;
  std::vector<std::pair<ObservedFile, std::string>> rows = {
      {unread, "cannot be read, or is larger than 1 MiB: ours cannot be merged into it"},
  };
  auto bad = bad_files();
  bad.push_back({"{\"a\":" + times("[", 190) + times("0,", 9'000) + "0" + times("]", 190) + "}",
                 "would be larger than 1 MiB with ours in it"});
  for (const BadFile& one : bad) {
    ObservedFile file;
    file.exists = true;
    file.content = one.content;
    rows.emplace_back(file, one.fault);
  }
  for (const auto& [file, fault] : rows) {
    INFO(fault);
    World w = two_hosts("");
    w.observed.hosts["a"].files[kFile] = file;
    const Plan plan = diff(w.desired, w.observed, {});
    CHECK(hosts_of(plan) == std::vector<std::string>{"b"});
    REQUIRE(plan.faults.size() == 1);
    CHECK(plan.faults[0].starts_with("docker on a: " + kFile + " " + fault));
    CHECK(plan.faults[0].ends_with("; on a: mend it, or move it away (mv " + kFile + " " + kFile + ".old)"));
    CHECK(plan.faults[0].find("secret") == std::string::npos);
    REQUIRE(plan.refusals.size() == 1);
    CHECK(plan.refusals[0].exit_code == 3);
    CHECK(plan.refusals[0].text == plan.faults[0]);

    const Status status = make_status(plan, w.observed, {}, {}, "healthy");
    REQUIRE(status.instances.size() == 2);
    CHECK(status.instances[0].fault.starts_with(kFile + " " + fault));
    CHECK(status.instances[0].state == "unknown");
    CHECK(status.instances[1].fault.empty());
    CHECK(status.health == "degraded");

    DiffOptions other;
    other.limit = {"b"};
    const Plan rest = diff(w.desired, w.observed, other);
    CHECK(rest.refusals.empty());
    CHECK(rest.faults.empty());
    CHECK(hosts_of(rest) == std::vector<std::string>{"b"});
  }
}

TEST_CASE("a manifest that calls a stranger's file its own throws at nobody else", "[hostile]") {
  World w = two_hosts("{nonsense");
  ManifestFile& ours = w.observed.hosts["a"].manifest.files[kFile];
  ours.merge = Merge::json;
  ours.digest = sha256_hex("{nonsense");
  ours.replaced = to_base64(times("[", 100'000));
  CHECK(diff(w.desired, w.observed, {}).faults.size() == 1);
  ours.replaced.reset();  // as if all of it were ours
  const Plan plan = diff(w.desired, w.observed, {});
  CHECK(plan.faults.size() == 1);
  CHECK(hosts_of(plan) == std::vector<std::string>{"b"});
}

TEST_CASE("daemon.json that no engine would take fails the check of its host", "[hostile]") {
  for (const BadFile& bad : bad_files()) {
    INFO(bad.content.substr(0, 60));
    CheckInput input = good();
    input.facts["h1"].daemon_json = bad.content;
    CHECK(says(input, "docker.daemon_json").starts_with("failed h1: " + kFile + " " + bad.fault));
    CHECK(says(input, "docker.daemon_json").find("secret") == std::string::npos);
  }
}

TEST_CASE("ports of outgoing connections that are no ports are not known", "[hostile]") {
  for (const char* text : {"abc def", "99999999999 60999", "32768 99999999999999999999999", "-1 60999", "0 0", "2 1",
                           "32768", "1 2 3", "", "nan inf", "0x10 0x20"}) {
    INFO(text);
    CheckInput input = good(1);
    input.desired.instances[0].checks["ports.range"] = {{"first", "31000"}, {"last", "32000"}};
    input.facts["h1"].sysctls["net.ipv4.ip_local_port_range"] = text;
    CHECK(says(input, "ports.range").starts_with("skipped h1: "));
  }
}

TEST_CASE("a clock that is none, or far from all others, hides no other", "[hostile]") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  const std::string unknown = "skipped h1: it does not say what its clock shows";
  const std::string skewed = "the clock of h3 is 9.0 s ahead of that of h2";
  struct Row {
    std::optional<double> claimed;
    std::vector<std::string> told;
  };
  for (const Row& row : {
           Row{nan, {unknown, "failed: " + skewed}},
           Row{inf, {unknown, "failed: " + skewed}},
           Row{-inf, {unknown, "failed: " + skewed}},
           Row{std::nullopt, {unknown, "failed: " + skewed}},
           Row{1e9, {"failed h2: " + skewed, "failed h1: the clock of h1 is 999999991.0 s ahead of that of h3"}},
           Row{-1e9, {"failed h1: the clock of h2 is 1000000000.0 s ahead of that of h1", "failed h3: " + skewed}},
           Row{0.1, {"failed h3: the clock of h3 is 8.9 s ahead of that of h1"}},
       }) {
    CheckInput input = good(3);
    input.facts["h1"].clock = row.claimed;
    input.facts["h2"].clock = 0;
    input.facts["h3"].clock = 9;
    std::vector<std::string> told;
    for (const auto& f : check_test::check(input, "time.skew"))
      told.push_back(std::string(to_text(f.verdict)) + (f.host.empty() ? "" : " " + f.host) + ": " + f.text);
    CHECK(told == row.told);
  }
}

TEST_CASE("who claims another's address fails, and the other is warned", "[hostile]") {
  CheckInput input = good(3);
  input.facts["h1"].addresses.insert({"10.0.0.2", "10.0.0.3"});
  for (const auto& f : check_test::check(input, "ip.unique")) {
    INFO(f.host << ": " << f.text);
    CHECK((f.verdict == Verdicted::fail) == (f.host == "h1"));
    CHECK((f.verdict == Verdicted::warn) == (f.host != "h1"));
    CHECK(f.text.find("h1") != f.text.npos);
  }
  CHECK(check_test::check(input, "ip.unique").size() == 4);
}
