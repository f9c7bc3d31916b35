#include "plan/flags.hpp"

#include <optional>

#include "model/flag_variable.hpp"

#include "catch.hpp"
#include "plan/closed_files.hpp"

using namespace cctl;
using Words = std::vector<std::string>;

namespace {

FlagStyle mesos() {
  FlagStyle s;
  s.env_prefix = "MESOS_";
  s.as_args = {"registry"};
  s.dir = "/etc/mesos-master";
  s.paths = {{"zk", "/etc/mesos/zk"}};
  s.by_reference = true;
  return s;
}

const std::map<std::string, std::string> kFlags{
    {"quorum", "2"}, {"registry", "replicated_log"}, {"zk", "zk://a:1/mesos"}};

}  // namespace

TEST_CASE("style env: variables, and arguments where the playbook wants them", "[flags]") {
  const auto out = place_flags(mesos(), "env", kFlags, {});
  CHECK(out.env == std::map<std::string, std::string>{{"MESOS_QUORUM", "2"}, {"MESOS_ZK", "zk://a:1/mesos"}});
  CHECK(out.args == Words{"--registry=replicated_log"});
  CHECK(out.files.empty());
}

TEST_CASE("style files: one file per flag without a newline, read by reference", "[flags]") {
  const auto out = place_flags(mesos(), "files", kFlags, {});
  CHECK(out.env.empty());
  CHECK(out.args ==
        Words{"--quorum=file:///etc/mesos-master/quorum", "--registry=replicated_log", "--zk=file:///etc/mesos/zk"});
  REQUIRE(out.files.size() == 2);
  CHECK(out.files[0].path == "/etc/mesos-master/quorum");
  CHECK(out.files[0].content == "2");
  CHECK(out.files[1].path == "/etc/mesos/zk");
  CHECK(out.mounts == Words{"/etc/mesos:/etc/mesos:ro", "/etc/mesos-master:/etc/mesos-master:ro"});
}

TEST_CASE("a program that cannot read file:// gets the value as well", "[flags]") {
  auto how = mesos();
  how.by_reference = false;
  CHECK(place_flags(how, "files", {{"quorum", "2"}}, {}).args == Words{"--quorum=2"});
  how.by_reference = true;
  how.direct = {"quorum"};
  CHECK(place_flags(how, "files", {{"quorum", "2"}}, {}).args == Words{"--quorum=2"});
}

TEST_CASE("separate arguments; an empty value is a bare flag; hostile values stay one word", "[flags]") {
  FlagStyle how;
  how.arg = "separate";
  CHECK(place_flags(how, "env", {{"a", "x y"}, {"b", ""}, {"c", "$(rm -rf /)"}}, {}).args ==
        Words{"--a", "x y", "--b", "--c", "$(rm -rf /)"});
}

TEST_CASE("a variable of the person's own replaces the flag", "[flags]") {
  const auto out = place_flags(mesos(), "env", kFlags, {{"MESOS_REGISTRY", "in_memory"}, {"MESOS_QUORUM", "1"}});
  CHECK(out.args.empty());
  CHECK(out.env == std::map<std::string, std::string>{{"MESOS_ZK", "zk://a:1/mesos"}});
}

TEST_CASE("a flag and its variable: what is written and what is refused go by one rule", "[flags]") {
  CHECK(flag_variable("MESOS_", "zk_session_timeout") == "MESOS_ZK_SESSION_TIMEOUT");
  CHECK(flag_variable("ETCD_", "initial-cluster") == "ETCD_INITIAL_CLUSTER");
  CHECK(flag_variable("X_", "a.b") == "X_A_B");
}

TEST_CASE("a flag that names a file is given a path in either style", "[flags]") {
  struct Case {
    std::string style, value;
    Words args;
    std::map<std::string, std::string> env;
    std::map<std::string, std::string> files;  // path -> "MODE CONTENT"
  };
  const std::string own = "/etc/mesos-master.files/credentials", list = R"({"credentials": []})";
  const std::vector<Case> cases{
      {"env", "/etc/creds", {}, {{"MESOS_CREDENTIALS", "/etc/creds"}}, {}},
      {"env", "file:///etc/creds", {}, {{"MESOS_CREDENTIALS", "file:///etc/creds"}}, {}},
      {"env", list, {}, {{"MESOS_CREDENTIALS", own}}, {{own, "0600 " + list}}},
      {"files", "/etc/creds", {"--credentials=/etc/creds"}, {}, {{"/etc/mesos-master/credentials", "0644 /etc/creds"}}},
      {"files",
       list,
       {"--credentials=" + own},
       {},
       {{own, "0600 " + list}, {"/etc/mesos-master/credentials", "0644 " + own}}},
  };
  FlagStyle how = mesos();
  how.as_paths = {"credentials"};
  for (const auto& c : cases) {
    const auto out = place_flags(how, c.style, {{"credentials", c.value}}, {});
    CAPTURE(c.style, c.value);
    CHECK(out.args == c.args);
    CHECK(out.env == c.env);
    std::map<std::string, std::string> files;
    for (const auto& f : out.files) files[f.path] = f.mode + " " + f.content;
    CHECK(files == c.files);
    CHECK(out.mounts.size() == c.files.size());
  }
  // The others are read through file://, as ever.
  CHECK(place_flags(how, "files", {{"quorum", "2"}}, {}).args == Words{"--quorum=file:///etc/mesos-master/quorum"});
}

TEST_CASE("a flag's file is closed where it holds a secret and its reader is known", "[flags]") {
  struct Case {
    const char *name, *value;
    std::optional<std::string> reader;
    bool by_reference;
    const char* wanted;  // "MODE OWNER"
  };
  const Case cases[] = {
      {"quorum", "2", "0:0", true, "0644 0:0"},
      {"http_credentials", "ops:S3cret", "0:0", false, "0600 0:0"},
      {"mesos_authentication_secret", "x", "0:0", true, "0600 0:0"},
      {"mesos_authentication_secret", "x", "99:98", true, "0600 99:98"},
      {"mesos_authentication_secret", "x", {}, true, "0644 0:0"},   // the program reads it, as nobody knows whom
      {"mesos_authentication_secret", "x", {}, false, "0600 0:0"},  // it is given the value, and reads no file
      {"zk", "zk://ops:S3cret@a:2181/mesos", "0:0", true, "0600 0:0"},
      {"acls", R"({"register": [{"password": "x"}]})", "0:0", true, "0600 0:0"},
      {"mesos_authentication_secret_file", "/etc/secret", "0:0", true, "0644 0:0"},
      {"credentials", "file:///etc/creds", "0:0", true, "0644 0:0"},
      {"authenticate", "true", "0:0", true, "0644 0:0"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name, c.value, c.by_reference);
    FlagStyle how = mesos();
    how.as_args.clear();
    how.by_reference = c.by_reference;
    const auto out = place_flags(how, "files", {{c.name, c.value}}, {}, c.reader);
    REQUIRE(out.files.size() == 1);
    CHECK(out.files[0].mode + " " + out.files[0].owner == c.wanted);
  }
}

TEST_CASE("a file of a component is closed where a secret stands in it", "[flags]") {
  struct Case {
    const char *content, *mode, *wanted;
    bool in_place = false;
  };
  const Case cases[] = {
      {"tickTime=2000\n", "0644", "0644 0:0"},
      {"tickTime=2000\nssl.keyStore.password=S3cret\n", "0644", "0600 1000:1000"},
      {"stats\nauth admin:S3cret\n", "0644", "0600 1000:1000"},
      {"    auth_pass \"S3cret\"\n", "0755", "0700 1000:1000"},
      {R"({"proxies": {"http-proxy": "http://u:S3cret@p:3128"}})", "0640", "0600 1000:1000"},
      {R"({"acl": {"tokens": {"agent": "S3cret"}}})", "0644", "0600 1000:1000"},
      {"password=S3cret\n", "0600", "0600 0:0"},
      {"password=S3cret\n", "0644", "0644 0:0", true},
  };
  for (const Case& c : cases) {
    CAPTURE(c.content, c.mode);
    std::vector<FileSpec> files(1);
    files[0].content = c.content;
    files[0].mode = c.mode;
    files[0].in_place = c.in_place;
    close_secrets(files, "1000:1000");
    CHECK(files[0].mode + " " + files[0].owner == c.wanted);
  }
  CHECK(owner_for("1000:1000") == "1000:1000");
  CHECK(owner_for("99") == "99:0");
  CHECK(owner_for("root") == "0:0");
  for (const char* user : {"", "consul", "consul:1000", "1000:ops", "-1"}) CHECK_FALSE(owner_for(user));
}
