// What a host keeps of us, as somebody else may have written it: so much of it, or none.
#include "catch.hpp"
#include "model/forgotten.hpp"
#include "model/manifest_json.hpp"
#include "model/prepared_json.hpp"

using namespace cctl;

namespace {

std::string many(int count, const std::string& before, const std::string& each, const std::string& behind,
                 bool list = false) {
  std::string out = before;
  for (int i = 0; i < count; ++i) out += (i ? "," : "") + (list ? each : "\"/f" + std::to_string(i) + "\":" + each);
  return out + behind;
}

}  // namespace

TEST_CASE("a manifest of more than a host can hold of us is damaged") {
  struct Kind {
    const char *before, *each, *behind;
    bool list = false;
  };
  const Kind kinds[] = {
      {"{\"files\":{", "{}", "}}"},
      {"{\"files\":{", R"({"digest":"x","replaced":"eA==","replaced_mode":"0644","replaced_owner":"0:0"})", "}}"},
      {"{\"specs\":{", "\"{}\"", "}}"},
      {"{\"applied\":{", R"({"/a":"x"})", "}}"},
      {"{\"applied\":{\"c\":{", "\"x\"", "}}}"},
      {"{\"pending\":{", R"({"/a":{}})", "}}"},
      {"{\"pending\":{\"c\":{", "{}", "}}}"},
      {"{\"ids\":{\"c\":{", "\"h 192.0.2.1\"", "}}}"},
      {"{\"ports\":{", R"({"a":1})", "}}"},
      {"{\"names\":{", "\"n\"", "}}"},
      {"{\"data_dirs\":{\"c\":[", "\"/d\"", "]}}", true},
      {"{\"made_dirs\":[", "\"/d\"", "]}", true},
      {"{\"beginning\":[", "\"c\"", "]}", true},
      {"{\"of another version\":[", "1", "]}", true},
  };
  for (const Kind& kind : kinds) {
    INFO(kind.before << kind.each);
    CHECK_FALSE(manifest_from_json(many(1, kind.before, kind.each, kind.behind, kind.list)).damaged);
    CHECK_FALSE(manifest_from_json(many(2'000, kind.before, kind.each, kind.behind, kind.list)).damaged);
    const Manifest none = manifest_from_json(many(100'000, kind.before, kind.each, kind.behind, kind.list));
    CHECK(none.damaged);
    CHECK((none.files.empty() && none.specs.empty() && none.made_dirs.empty() && none.pending.empty()));
  }
  ObservedHost host;
  host.name = "m1";
  host.manifest = manifest_from_json(many(100'000, "{\"files\":{", "{}", "}}"));
  CHECK(forgotten_on("x", host).at(0) ==
        "/var/lib/clusterctl/x/manifest.json cannot be read: what was written there before is not known, and down "
        "leaves it");
}

TEST_CASE("of what was prepared without end nothing is known") {
  const std::string item = R"({"item":"a","why":"b","undo":[["c","d"]]})", before = "{\"done\":[", behind = "]}";
  CHECK(prepared_from_json(many(1'000, before, item, behind, true)).done.size() == 1'000);
  CHECK(prepared_from_json(many(100'000, before, item, behind, true)).damaged);
  CHECK(prepared_from_json(before + many(100'000, R"({"item":"a","why":"b","undo":[)", R"(["c"])", "]}", true) + behind)
            .damaged);
  CHECK(prepared_from_json(before + many(100'000, R"({"item":"a","why":"b","undo":[[)", R"("c")", "]]}", true) + behind)
            .damaged);
}
