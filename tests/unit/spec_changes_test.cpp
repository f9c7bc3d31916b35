#include "plan/spec_changes.hpp"

#include <functional>

#include "catch.hpp"
#include "model/secrets.hpp"
#include "plan/spec_json.hpp"

using namespace cctl;
using Words = std::vector<std::string>;

namespace {

Words changes(const ContainerSpec& before, const ContainerSpec& after) {
  Words out;
  for (const auto& change : spec_changes(canonical_json(before), canonical_json(after)))
    out.push_back(in_words(change));
  return out;
}

}  // namespace

TEST_CASE("each field of a container that changes is named, with its old and its new value", "[spec]") {
  ContainerSpec spec;
  spec.image = "x:1";
  spec.entrypoint = {"run"};
  spec.args = {"--offer_timeout=300000", "-w", "5", "agent", "--quiet", "--t=a", "--t=b"};
  spec.env = {{"JAVA_OPTS", "-Xmx512m"}, {"TOKEN", "t1"}};
  spec.user = "0:0";
  spec.mounts = {"/etc/x:/conf:ro", "/a:/a"};
  spec.publish = {"8080:80"};
  spec.labels = {{"tier", "1"}};
  spec.ulimits = {{"nofile", 1024}};
  struct Row {
    std::function<void(ContainerSpec&)> change;
    Words words;
  };
  const Row rows[] = {
      {[](auto&) {}, {}},
      {[](auto& s) { s.image = "x:2"; }, {"image: x:1 -> x:2"}},
      {[](auto& s) {
         s.entrypoint = {"run", "fast"};
       },
       {"entrypoint: run -> run fast"}},
      {[](auto& s) { s.args[0] = "--offer_timeout=310000"; }, {"flag offer_timeout: 300000 -> 310000"}},
      {[](auto& s) { s.args[2] = "6"; }, {"flag w: 5 -> 6"}},
      {[](auto& s) { s.args[3] = "server"; }, {"argument removed: was agent", "argument added: server"}},
      {[](auto& s) { s.args.erase(s.args.begin() + 4); }, {"flag quiet removed"}},
      {[](auto& s) { s.args.push_back("--loud"); }, {"flag loud added"}},
      {[](auto& s) { s.args.push_back("--x=1"); }, {"flag x added: 1"}},
      {[](auto& s) { s.args[6] = "--t=c"; }, {"flag t: b -> c"}},
      {[](auto& s) { s.args.pop_back(); }, {"flag t removed: was b"}},
      {[](auto& s) { std::swap(s.args[5], s.args[6]); }, {"order of args changed"}},
      {[](auto& s) { s.args.push_back("--http_auth_token=1"); }, {"flag http_auth_token added: [redacted]"}},
      {[](auto& s) { s.env["JAVA_OPTS"] = "-Xmx1g"; }, {"env JAVA_OPTS: -Xmx512m -> -Xmx1g"}},
      {[](auto& s) { s.env["NEW"] = "1"; }, {"env NEW added: 1"}},
      {[](auto& s) { s.env.erase("JAVA_OPTS"); }, {"env JAVA_OPTS removed: was -Xmx512m"}},
      {[](auto& s) { s.env["TOKEN"] = "t2"; }, {"env TOKEN: [redacted] changed"}},
      {[](auto& s) { s.env.erase("TOKEN"); }, {"env TOKEN removed: was [redacted]"}},
      {[](auto& s) { s.env["CONF"] = R"({"encrypt": "k==", "port": 1})"; },
       {R"(env CONF added: {"encrypt":"[redacted]","port":1})"}},
      {[](auto& s) { s.user = "1:1"; }, {"user: 0:0 -> 1:1"}},
      {[](auto& s) { s.network = "bridge"; }, {"network: unset -> bridge"}},
      {[](auto& s) { s.pid = "host"; }, {"pid: unset -> host"}},
      {[](auto& s) { s.privileged = true; }, {"privileged: unset -> true"}},
      {[](auto& s) { s.init = true; }, {"init: unset -> true"}},
      {[](auto& s) { s.cap_add = {"ALL"}; }, {"cap_add added: ALL"}},
      {[](auto& s) { s.cap_drop = {"ALL"}; }, {"cap_drop added: ALL"}},
      {[](auto& s) { s.security_opt = {"a=b"}; }, {"security_opt added: a=b"}},
      {[](auto& s) { s.mounts[0] = "/etc/y:/conf"; }, {"mount /conf: /etc/x (ro) -> /etc/y"}},
      {[](auto& s) { s.mounts.pop_back(); }, {"mount /a removed: was /a"}},
      {[](auto& s) { s.publish = {"8081:80"}; }, {"port 80: 8080 -> 8081"}},
      {[](auto& s) { s.dns = {"1.1.1.1"}; }, {"nameserver added: 1.1.1.1"}},
      {[](auto& s) { s.labels["tier"] = "2"; }, {"label tier: 1 -> 2"}},
      {[](auto& s) { s.ulimits["nofile"] = 2048; }, {"ulimit nofile: 1024 -> 2048"}},
      {[](auto& s) { s.memory = 5; }, {"memory: unset -> 5"}},
      {[](auto& s) { s.stop_timeout = 30; }, {"stop_timeout: unset -> 30"}},
      {[](auto& s) { s.stop_signal = "SIGINT"; }, {"stop_signal: unset -> SIGINT"}},
  };
  for (const Row& row : rows) {
    ContainerSpec after = spec;
    row.change(after);
    CHECK(changes(spec, after) == row.words);
  }
  CHECK(spec_changes("not json", canonical_json(spec)).empty());
}

TEST_CASE("long values are shown from where they differ", "[spec]") {
  ContainerSpec before, after;
  before.env["CLASSPATH"] = std::string(3000, 'a') + "/one.jar";
  after.env["CLASSPATH"] = std::string(3000, 'a') + "/two.jar";
  const std::string near = "..." + std::string(19, 'a') + "/";
  CHECK(changes(before, after) == Words{"env CLASSPATH: " + near + "one.jar -> " + near + "two.jar"});
}

TEST_CASE("names and texts that hold secrets", "[spec]") {
  for (const char* name : {"PASSWORD", "DB_PASSWORD", "dbPassword", "api-key", "apiKey", "KEY", "credentials", "AUTH",
                           "auth.token", "encrypt", "MESOS_CREDENTIALS", "CONSUL_HTTP_TOKEN", "jwt_secret_key"})
    CHECK(is_secret_name(name));
  for (const char* name : {"keyspace", "authenticate", "MONKEY", "tokenizer", "offer_timeout", "", "compass"})
    CHECK_FALSE(is_secret_name(name));
  struct Row {
    const char *text, *shown;
  };
  const Row rows[] = {
      {"zk://me:pw@h:2181/mesos", "zk://[redacted]@h:2181/mesos"},
      {"zk://h:2181/mesos", "zk://h:2181/mesos"},
      {"-Dpassword=x -Xmx1g", "-Dpassword=[redacted] -Xmx1g"},
      {"-Ddb.password=x -Xmx1g", "-Ddb.password=[redacted] -Xmx1g"},
      {R"(  "encrypt": "k==",)", R"(  "encrypt": [redacted],)"},
      {R"({"a": {"token": "t", "n": 1}})", R"({"a":{"n":1,"token":"[redacted]"}})"},
      {R"({"a": 1})", R"({"a": 1})"},
      {"plain words", "plain words"},
  };
  for (const Row& row : rows) CHECK(without_secrets(row.text) == row.shown);
}
