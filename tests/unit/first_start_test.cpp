// Who begins an ensemble: an etcd of three that clusterctl does not ship, over the disks of its hosts.
#include "plan/first_start.hpp"

#include "catch.hpp"
#include "load_support.hpp"
#include "model/manifest_json.hpp"
#include "plan/diff.hpp"
#include "plan/expand.hpp"

using namespace cctl;

namespace {

const std::string outside = std::string(cctl::test::source_dir) + "/tests/golden/outside/etcd";

Desired etcd(const std::string& more = "") {
  const test::Scratch scratch;
  const LoadResult loaded = load(scratch.file("inventory.yml",
                                              "cluster: c\nversions: {etcd: 3.5.17}\nmasters:\n"
                                              "  - {name: a, address: 10.0.0.1}\n  - {name: b, address: 10.0.0.2}\n"
                                              "  - {name: c, address: 10.0.0.3}\n" +
                                                  more),
                                 cctl::test::source_dir, {}, outside + "/playbooks");
  INFO(describe(loaded.mistakes));
  REQUIRE(loaded.ok());
  std::vector<Mistake> mistakes;
  Desired out = expand(loaded.sources, {}, mistakes);
  REQUIRE(out.of("etcd").size() >= 3);
  return out;
}

// One letter per host: "." empty, D has data and runs, B was made for a new ensemble whose gate has not passed, ? was
// not looked at.
Observed hosts(const Desired& desired, const std::string& letters) {
  Observed out;
  for (std::size_t n = 0; n < letters.size(); ++n) {
    const std::string name(1, static_cast<char>('a' + n));
    if (letters[n] == '?') continue;
    auto& host = out.hosts[name];
    host.reachable = true;
    if (letters[n] == '.') continue;
    const Instance& i = *desired.find(name, "etcd");
    host.entries["/var/lib/etcd/member/wal"] = {{"0.wal", 'f', false}};
    ObservedContainer c;
    c.id = name;
    c.name = i.container()->spec.name;
    c.state = "running";
    c.labels = i.container()->spec.labels;
    host.containers.push_back(c);
    host.images.insert(i.container()->spec.image);
    host.manifest.specs["etcd"] = i.spec_json;
    host.manifest.members["etcd"] = i.members;
    if (letters[n] == 'B') host.manifest.beginning.insert("etcd");
  }
  return out;
}

const std::string variable = "ETCD_INITIAL_CLUSTER_STATE";

// "a new, b -": what each container that is made is given besides; "refused ..." where the plan is.
std::string first_told(const Plan& plan) {
  std::string out;
  for (const auto& r : plan.refusals) out += "refused " + r.text.substr(0, r.text.find(';')) + "\n";
  for (const auto& w : plan.first().waves)
    for (const auto& s : w.steps)
      if (s.action == Action::create && s.component == "etcd") {
        const auto given = s.extra_env.find(variable);
        CHECK((given != s.extra_env.end()) == s.begins);
        CHECK((s.reason.find("the first start of all its members") != std::string::npos) == s.begins);
        out += s.host + " " + (given == s.extra_env.end() ? "-" : given->second) + "\n";
      }
  return out;
}

}  // namespace

TEST_CASE("members of an ensemble that nobody has begun are new, and nobody else is", "[first]") {
  struct Row {
    std::string letters, says;
  };
  const Desired desired = etcd();
  for (const auto& i : desired.instances)
    if (i.component == "etcd") CHECK(i.container()->spec.env.at(variable) == "existing");
  const std::string unknown = "refused whether etcd starts for the first time is not known: ";
  for (const Row& row : std::vector<Row>{
           {"...", "a new\nb new\nc new\n"},
           {"DDD", ""},
           {"DD.", "c -\n"},
           {".DD", "a -\n"},
           // Killed, or failed: what it left is no data of an ensemble.
           // Of these one has proved itself, and so the ensemble.
           {"DBB", ""},
           {"B..", "b new\nc new\n"},
           {"BB.", "c new\n"},
           {"BBB", ""},
           {"DB.", "c -\n"},
           {"D..",
            "refused of the 3 members of etcd only a has data: b, c would start empty and wait with a for a majority "
            "that has data, for ever\nb -\nc -\n"},
           {"..?", unknown + "c could not be looked at, and may hold its data\na -\nb -\n"},
           {"B.?", unknown + "c could not be looked at, and may hold its data\nb -\n"},
           {"D.?",
            "refused etcd: b has no data and would start beside 1 of 3 healthy, 2 are needed (not healthy now: c)\nb "
            "-\n"}}) {
    INFO(row.letters);
    CHECK(first_told(diff(desired, hosts(desired, row.letters), {})) == row.says);
  }
  DiffOptions offline;
  offline.offline = true;
  CHECK(first_told(diff(desired, {}, offline)) == "a -\nb -\nc -\n");
}

TEST_CASE("a member that the inventory lists later joins what is there", "[first]") {
  const Desired three = etcd();
  Desired five = etcd("  - {name: d, address: 10.0.0.4}\n  - {name: e, address: 10.0.0.5}\n");
  // Taken down, with its data.
  Observed seen = hosts(three, "DDD..");
  for (auto& [name, host] : seen.hosts) host.containers.clear();
  CHECK(first_told(diff(five, seen, {})) == "a -\nb -\nc -\nd -\ne -\n");
}

TEST_CASE("an inventory's own word stands over the first start", "[first]") {
  const Desired desired = etcd("components: {etcd: {env: {ETCD_INITIAL_CLUSTER_STATE: existing}}}\n");
  const Plan proven = diff(desired, hosts(desired, "..."), {});
  for (const auto& s : proven.first().waves.back().steps) CHECK(s.extra_env.empty());
}

TEST_CASE("whose gate has not passed is remembered, and a manifest without any is as it was", "[first]") {
  Manifest m;
  CHECK(to_json(m).find("beginning") == std::string::npos);
  m.beginning = {"etcd"};
  CHECK(manifest_from_json(to_json(m)).beginning == m.beginning);
}
