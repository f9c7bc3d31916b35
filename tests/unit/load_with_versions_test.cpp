// The versions of an inventory are changed in place: everything else in the file stays as it was written.
#include <map>
#include <string>
#include <vector>

#include "catch.hpp"
#include "load/load.hpp"
#include "model/error.hpp"

using namespace cctl;
using Versions = std::map<std::string, std::string>;

TEST_CASE("with_versions keeps comments, quotes and layout") {
  struct Case {
    std::string name, before;
    Versions versions;
    std::string after;
  };
  const std::vector<Case> cases = {
      {"nothing to do", "cluster: a\n", {}, "cluster: a\n"},
      {"flow",
       "cluster: a\nversions: {mesos: 0.28.1, bind: 9.18}  # kept\n",
       {{"mesos", "1.0.1"}},
       "cluster: a\nversions: {mesos: 1.0.1, bind: 9.18}  # kept\n"},
      {"flow, over lines",
       "versions: {mesos: 0.28.1,   # old\n           bind: 9.18,\n  }\ncluster: a\n",
       {{"bind", "9.20"}, {"consul", "1.8.7"}},
       "versions: {mesos: 0.28.1,   # old\n           bind: 9.20, consul: 1.8.7,\n  }\ncluster: a\n"},
      {"flow, empty",
       "cluster: a\nversions: {}\n",
       {{"bind", "9.20"}, {"mesos", "1.0"}},
       "cluster: a\nversions: {bind: 9.20, mesos: 1.0}\n"},
      {"block",
       "cluster: a\nversions:\n  # before\n  mesos:   0.28.1   # behind\n  bind: 9.18\n\nmasters: []\n",
       {{"mesos", "1.0.1"}},
       "cluster: a\nversions:\n  # before\n  mesos:   1.0.1   # behind\n  bind: 9.18\n\nmasters: []\n"},
      {"block, a new key",
       "cluster: a\nversions:\n    mesos: 0.28.1  # behind\n\nmasters: []\n",
       {{"bind", "9.18"}, {"zookeeper", "3.8.0"}},
       "cluster: a\nversions:\n    mesos: 0.28.1  # behind\n    bind: 9.18\n    zookeeper: 3.8.0\n\nmasters: []\n"},
      {"block, last in a file without an end",
       "cluster: a\nversions:\n  mesos: 0.28.1",
       {{"mesos", "1.0"}, {"bind", "9.18"}},
       "cluster: a\nversions:\n  mesos: 1.0\n  bind: 9.18"},
      {"quotes",
       "cluster: a\nversions: {mesos: '0.28.1', bind: \"9.18\"}\n",
       {{"mesos", "1.0.1"}, {"bind", "9.20"}},
       "cluster: a\nversions: {mesos: '1.0.1', bind: \"9.20\"}\n"},
      {"quoted keys",
       "cluster: a\nversions: {\"mesos\": 0.28.1}\n",
       {{"mesos", "1.0.1"}},
       "cluster: a\nversions: {\"mesos\": 1.0.1}\n"},
      {"a key with nothing below",
       "cluster: a\nversions:   # none yet\nmasters: []\n",
       {{"mesos", "1.0.1"}},
       "cluster: a\nversions:   # none yet\n  mesos: 1.0.1\nmasters: []\n"},
      {"no versions at all",
       "# top\ncluster: a   # name\n\nmasters: []\n",
       {{"mesos", "1.0.1"}, {"bind", "9.18"}},
       "# top\ncluster: a   # name\nversions:\n  bind: 9.18\n  mesos: 1.0.1\n\nmasters: []\n"},
      {"no versions, one line without an end",
       "cluster: a",
       {{"mesos", "1.0.1"}},
       "cluster: a\nversions:\n  mesos: 1.0.1"},
      {"no versions, all in one flow",
       "{cluster: a, masters: []}\n",
       {{"mesos", "1.0.1"}},
       "{cluster: a, versions: {mesos: 1.0.1}, masters: []}\n"},
      {"JSON",
       "{\"cluster\": \"a\", \"versions\": {\"mesos\": \"0.28.1\"}}\n",
       {{"mesos", "1.0.1"}, {"bind", "9.18"}},
       "{\"cluster\": \"a\", \"versions\": {\"mesos\": \"1.0.1\", bind: 9.18}}\n"},
      {"CR LF",
       "cluster: a\r\nversions:\r\n  mesos: 0.28.1\r\nmasters: []\r\n",
       {{"mesos", "1.0"}, {"bind", "9.18"}},
       "cluster: a\r\nversions:\r\n  mesos: 1.0\r\n  bind: 9.18\r\nmasters: []\r\n"},
      {"characters of many bytes",
       "\xEF\xBB\xBF# 集群\ncluster: a\nversions: {mesos: 0.28.1} # 版本\n",
       {{"mesos", "1.0"}},
       "\xEF\xBB\xBF# 集群\ncluster: a\nversions: {mesos: 1.0} # 版本\n"},
      {"the same text elsewhere",
       "cluster: a  # 0.28.1\nplace: {mesos: [0.28.1]}\nversions: {mesos: 0.28.1}\n",
       {{"mesos", "1.0"}},
       "cluster: a  # 0.28.1\nplace: {mesos: [0.28.1]}\nversions: {mesos: 1.0}\n"},
      {"the same version again",
       "cluster: a\nversions: {mesos: 0.28.1}\n",
       {{"mesos", "0.28.1"}},
       "cluster: a\nversions: {mesos: 0.28.1}\n"},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    CHECK(with_versions(c.before, c.versions) == c.after);
  }
}

TEST_CASE("with_versions refuses what it cannot change safely") {
  const std::vector<std::string> texts = {
      "",                                                       // nothing
      "- a\n",                                                  // no inventory
      "cluster: a\nversions: {mesos: 0.28.1\n",                 // no YAML
      "versions: [mesos]\ncluster: a\n",                        // not a map
      "cluster: a\nversions: ~\n",                              // nothing that can be added to
      "masters: []\n",                                          // no cluster to stand below
      "cluster: &v a\nmasters: [*v]\n",                         // an anchor in the way
      "cluster: a\nversions: {mesos: &v 0.28.1}\nstyle: *v\n",  // changing one would change both
      "cluster: &v 0.28.1\nversions: {mesos: *v}\n",            // and the other way round
      "cluster: a\nversions: {mesos: \"0\\x2e28\"}\n",          // an escape
      "cluster: a\nversions:\n  mesos: >\n    0.28.1\n",        // folded
      "cluster: a\nversions: {mesos: }\n",                      // empty
      "cluster: a\nversions: {mesos: {a: b}}\n",                // deeper
  };
  for (const std::string& text : texts) {
    INFO(text);
    CHECK_THROWS_AS(with_versions(text, {{"mesos", "1.0.1"}}), Error);
  }
  CHECK_THROWS_WITH(with_versions("cluster: a\n", {{"mesos", "1.0\nstyle: x"}}),
                    "bad version \"1.0\\nstyle: x\" of mesos");
}
