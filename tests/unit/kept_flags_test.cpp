#include "plan/kept_flags.hpp"

#include "catch.hpp"
#include "kind.hpp"
#include "plan/flags.hpp"
#include "plan/spec_json.hpp"

using namespace cctl;

namespace {

FlagStyle slave() {
  FlagStyle s;
  s.env_prefix = "MESOS_";
  s.dir = "/etc/mesos-slave";
  s.by_reference = true;
  return s;
}

std::string spec_of(const std::string& style, const std::map<std::string, std::string>& flags) {
  ContainerSpec spec;
  spec.image = "mesos";
  const auto placed = place_flags(slave(), style, flags, {});
  spec.args = placed.args;
  spec.env = placed.env;
  return canonical_json(spec);
}

}  // namespace

TEST_CASE("a plan that changes what a program has kept says so", "[kept]") {
  using Flags = std::map<std::string, std::string>;
  struct Case {
    std::string name, before_style, style;
    Flags before, now;
    Action action;
    std::string told;
  };
  const Flags none, r1{{"attributes", "rack:r1"}}, r2{{"attributes", "rack:r2"}};
  const Flags more{{"attributes", "rack:r2"}, {"resources", "cpus:4"}},
      other{{"attributes", "rack:r1"}, {"gc_delay", "1hrs"}};
  const std::vector<Case> cases{
      {"another value", "env", "env", r1, r2, Action::recreate, "attributes"},
      {"a new one", "env", "env", none, r1, Action::recreate, "attributes"},
      {"one that goes", "env", "env", r1, none, Action::recreate, "attributes"},
      {"two", "env", "env", r1, more, Action::recreate, "attributes, resources"},
      {"the same", "env", "env", r1, r1, Action::recreate, ""},
      {"a flag that is not kept", "env", "env", r1, other, Action::recreate, ""},
      {"nothing is started with it", "env", "env", r1, r2, Action::none, ""},
      {"its first start", "env", "env", r1, r2, Action::create, ""},
      {"in a file", "files", "files", r1, r2, Action::restart, "attributes"},
      {"in a file, the same", "files", "files", r1, r1, Action::restart, ""},
      {"from one style to the other", "env", "files", r1, r1, Action::recreate, ""},
  };
  for (const auto& c : cases) {
    Instance i;
    i.component = "mesos-slave";
    i.host = "s1";
    for (const char* name : {"attributes", "resources"})
      test::as<Container>(i).kept.push_back(places_of(slave(), c.style, name));
    test::as<Container>(i).kept_refused = "it does not start";
    i.spec_json = spec_of(c.style, c.now);
    ObservedHost host;
    host.manifest.specs["mesos-slave"] = spec_of(c.before_style, c.before);
    Step step;
    step.action = c.action;
    if (c.style == "files")
      for (const auto& f : place_flags(slave(), c.style, c.now, {}).files) {
        FileChange change;
        change.wanted = f;
        change.before = c.before.begin()->second;
        step.files.push_back(change);
      }
    INFO(c.name);
    CHECK(kept_flags_changed(i, host, step) ==
          (c.told.empty() ? "" : "mesos-slave on s1 gets other " + c.told + ": it does not start"));
    host.manifest.specs.clear();  // what it was is not known
    CHECK(kept_flags_changed(i, host, step).empty());
  }
}
