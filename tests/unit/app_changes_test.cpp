#include "plan/app_changes.hpp"

#include "catch.hpp"
#include "model/joined.hpp"
#include "model/secrets.hpp"
#include "plan/spec_changes.hpp"

using namespace cctl;

TEST_CASE("a changed app is told by what differs, and by nothing that Marathon adds or moves", "[app]") {
  struct Row {
    const char *running, *wanted, *words;
  };
  for (const Row& row : {
           Row{R"({"cmd":"a"})", R"({"cmd":"b"})", "cmd: a -> b"},
           Row{R"({"cmd":null})", R"({"cmd":"b"})", "cmd: unset -> b"},
           Row{R"({"cpus":0.5,"mem":32.0,"fetch":[]})", R"({"cpus":0.5,"mem":32})", ""},
           Row{R"({"mem":32.0})", R"({"mem":64})", "mem: 32.0 -> 64"},
           Row{R"({"env":{"A":"1","B":"2"}})", R"({"env":{"A":"3","C":"4"}})",
               "env A: 1 -> 3; env B removed: was 2; env C added: 4"},
           Row{R"({"env":{"A":"1"}})", R"({})", "env A removed: was 1"},
           Row{R"({"env":{"DB_PASSWORD":"old"}})", R"({"env":{"DB_PASSWORD":"new"}})",
               "env DB_PASSWORD: [redacted] changed"},
           Row{R"({"cmd":"run --password=old"})", R"({"cmd":"run --password=new"})",
               "cmd: run --password=[redacted] changed"},
           Row{R"({"labels":{"tier":"1","clusterctl.spec":"x","clusterctl.version":"1"}})",
               R"({"labels":{"tier":"2"}})", "label tier: 1 -> 2"},
           Row{R"({"instances":1,"id":"/a"})", R"({"instances":3,"id":"a"})", ""},
           // 1.5 keeps it elsewhere: that it is not there is no change.
           Row{R"({"container":{"docker":{"image":"x:1","privileged":false},"portMappings":[{"containerPort":80}]}})",
               R"({"container":{"docker":{"image":"x:2","portMappings":[{"containerPort":80}]}}})",
               "container.docker.image: x:1 -> x:2"},
           Row{R"({"ports":[10000]})", R"({"uris":["http://a/b"]})", ""},
           Row{R"({"healthChecks":[{"path":"/","gracePeriodSeconds":300,"timeoutSeconds":20}]})",
               R"({"healthChecks":[{"path":"/","gracePeriodSeconds":300}]})", ""},
           Row{R"({"healthChecks":[{"path":"/"}]})", R"({"healthChecks":[{"path":"/up"}]})",
               R"(healthChecks: [{"path":"/"}] -> [{"path":"/up"}])"},
           Row{R"({"constraints":[["hostname","UNIQUE"]]})", R"({"constraints":[]})",
               R"(constraints: [["hostname","UNIQUE"]] -> [])"},
           Row{R"({"app":{"cmd":"a"}})", R"({"cmd":"b"})", "cmd: a -> b"},
           Row{"", R"({"cmd":"b"})", ""},
           Row{R"([1])", R"({"cmd":"b"})", ""},
           Row{R"({"env":7,"labels":"x","cmd":["a"]})", R"({"cmd":"b","env":{"A":"1"}})",
               R"(cmd: ["a"] -> b; env A added: 1)"},
       }) {
    INFO(row.running << " " << row.wanted);
    std::vector<std::string> words;
    for (const SpecChange& change : app_changes(row.running, row.wanted)) words.push_back(in_words(change));
    CHECK(joined(words, "; ") == row.words);
  }
}
