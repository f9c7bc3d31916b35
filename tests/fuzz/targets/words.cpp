#include "fuzz.hpp"
#include "model/image_name.hpp"
#include "model/outside_json.hpp"
#include "model/version.hpp"
#include "plan/extract.hpp"
#include "plan/render.hpp"

using namespace cctl;

FUZZ(names) {
  if (const auto a = Version::parse(text)) compare(*a, *Version::parse("1.2.3-rc1"));
  if (const auto range = VersionRange::parse(text)) range->contains(*Version::parse("1.2.3"));
  ImageName::parse(ImageName::parse(text).text());
}

FUZZ(outside_json) {
  const OutsideJson read = parse_outside(text);
  if (read) parse_outside(read.value.dump());
  whole_in(read.value, "a");
  texts_in(read.value, "a");
}

FUZZ(templates) {
  Scope row;
  row.names["ip"] = "192.168.2.71";
  Scope scope;
  scope.names = {{"a", "x"}, {"a?", true}, {"no", false}, {"rows", Rows{row, row}}};
  render(text, scope);
}

// The answers of ZooKeeper, Mesos, Marathon and Consul, as probes take values out of them.
FUZZ(extract) {
  Extract what;
  switch (fuzz::choice(text, 6)) {
    case 0:
      what.field = "Mode";
      break;
    case 1:
      what.json = "/a/0/b";
      break;
    case 2:
      what.json = ".";
      break;
    case 3:
      what.list = "/slaves";
      what.item = "/pid";
      what.where = {{"/active", "true"}};
      break;
    case 4:
      what.list = "/a";
      break;
    default:
      what.field = "zk_server_state";
  }
  Answer answer;
  answer.status = 200;
  answer.body = text;
  Probe probe;
  probe.extract = {{"x", what}};
  probe.expect = {{"x", {"*"}}};
  judge(probe, answer);
}
