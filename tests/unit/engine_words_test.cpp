// What an engine's own words tell: settings that it has not taken in, and why it does not run.
#include "plan/engine_words.hpp"

#include "catch.hpp"

using namespace cctl;

namespace {

const std::map<std::string, std::string> kShown = {{"debug", "/Debug"},
                                                   {"labels", "/Labels"},
                                                   {"insecure-registries", "/RegistryConfig"},
                                                   {"registry-mirrors", "/RegistryConfig/Mirrors"}};
const char* const kInfo = R"({"Debug": false, "Labels": ["a=1", "b=2"], "RegistryConfig": {
  "InsecureRegistryCIDRs": ["127.0.0.0/8", "10.0.0.0/8"], "Mirrors": ["https://m.example/"],
  "IndexConfigs": {"docker.io": {"Name": "docker.io"}, "r:5000": {"Name": "r:5000", "Secure": false}}}})";

}  // namespace

TEST_CASE("what an engine shows is held against its file; what it does not show is not") {
  using Keys = std::vector<std::string>;
  struct Row {
    const char* settings;
    Keys missing;
  };
  for (
      const Row& row : std::vector<Row>{
          {R"({})", {}},
          {R"({"debug": false, "labels": ["b=2", "a=1"], "insecure-registries": ["r:5000", "10.1.2.3/8", "http://r:5000"]})",
           {}},
          {R"({"registry-mirrors": ["https://m.example"]})", {}},
          {R"({"registry-mirrors": ["https://m.example/", "https://n.example"]})", Keys{"registry-mirrors"}},
          {R"({"debug": true})", Keys{"debug"}},
          {R"({"labels": ["a=2"]})", Keys{"labels"}},
          {R"({"insecure-registries": ["r:5001"]})", Keys{"insecure-registries"}},
          {R"({"max-concurrent-downloads": -1, "dns": ["10.0.0.1"]})", {}},
          {"{ labels", {}}}) {
    INFO(row.settings);
    CHECK(not_taken_in(row.settings, kInfo, kShown) == row.missing);
    CHECK(not_taken_in(row.settings, "", kShown).empty());
    CHECK(not_taken_in(row.settings, "{}", kShown).empty());
  }
}

TEST_CASE("the line of an engine's log that tells why it does not run") {
  struct Row {
    const char *log, *word;
  };
  for (const Row& row : std::vector<Row>{
           {"", ""},
           {"\n\n", ""},
           {"time=\"2026-01-02T03:04:05Z\" level=info msg=\"Starting up\"\n"
            "unable to configure the Docker daemon with file /etc/docker/daemon.json: invalid max concurrent "
            "downloads: -1\n",
            "unable to configure the Docker daemon with file /etc/docker/daemon.json: invalid max concurrent "
            "downloads: -1"},
           {"time=\"x\" level=error msg=\"no \\\"x\\\" here\" error=y\ntime=\"x\" level=info msg=\"bye\"\n",
            "no \"x\" here"},
           {"{\"level\":\"error\",\"msg\":\"bad label\",\"time\":\"x\"}\n", "bad label"},
           {"failed to start daemon: pid file found\ndocker.service: Start request repeated too quickly.\n"
            "Failed to start Docker Application Container Engine.\n",
            "failed to start daemon: pid file found"},
           {"time=\"x\" level=error msg=\"Handler for POST\"\ntime=\"x\" level=info msg=\"Daemon shutdown complete\"\n",
            "Daemon shutdown complete"}}) {
    INFO(row.log);
    CHECK(engine_last_word(row.log) == row.word);
  }
}

TEST_CASE("a key that names what is not there is told before anything is written") {
  const std::map<std::string, std::string> named = {{"default-runtime", "runtimes, runc, io.containerd.*, /*"}};
  for (const char* good :
       {R"({})", R"({"default-runtime": "runc"})", R"({"default-runtime": "io.containerd.runc.v2"})",
        R"({"default-runtime": "nvidia", "runtimes": {"nvidia": {"path": "x"}}})", R"({"default-runtime": ""})", "[]"})
    CHECK(why_not_named(good, good, named) == "");
  CHECK(why_not_named(R"({"default-runtime": "nvida", "runtimes": {"nvidia": {"path": "x"}}})", "{}", named) ==
        "default-runtime \"nvida\" is none of its runtimes, did you mean \"nvidia\"?");
}

TEST_CASE("options of a log driver are held against the driver that stands in the merged file") {
  const std::map<std::string, std::string> named = {{"log-opts", "log options of log-driver"}};
  const std::string size = R"({"log-opts": {"max-size": "1m"}})", syslog = R"({"log-driver": "syslog"})";
  const std::string both = R"({"log-driver": "syslog", "log-opts": {"max-size": "1m"}})";
  CHECK(why_not_named(size, size, named) == "");
  for (const std::string& ours : {size, syslog, both})
    CHECK(why_not_named(both, ours, named) == "log-opts: unknown option \"max-size\" of the log driver syslog");
  CHECK(why_not_named(both, R"({"live-restore": true})", named) == "");  // none of our doing
  CHECK(why_not_named(syslog, syslog, named) == "");
  // Flags of the engine may say what the file does not.
  CHECK(why_not_named(R"({"log-driver": "gelf"})", R"({"log-driver": "gelf"})", named) == "");
  const std::string gelf = R"({"log-driver": "gelf", "log-opts": {"tag": "a"}})";
  CHECK(why_not_named(gelf, gelf, named) == "log-opts: the log driver gelf needs the option gelf-address");
  const std::string none = R"({"log-opts": {"max-file": "0"}})";
  CHECK_THAT(why_not_named(none, none, named), test::Contains("bad max-file \"0\""));
  CHECK(why_not_named(R"({"log-opts": [1]})", R"({"log-opts": [1]})", named) == "");
}
