// container.docker.parameters of apps: words that docker run refuses for every task.
#include "catch.hpp"
#include "load/app_rules.hpp"
#include "load/apps.hpp"
#include "load_support.hpp"

using namespace cctl;

namespace {

std::string parameters_told(const std::string& type, const std::string& parameters) {
  const test::Scratch scratch;
  Mistakes mistakes;
  const auto read =
      read_app_file(scratch.file("a.json", R"({"id": "/w", "container": {"type": ")" + type +
                                               R"(", "docker": {"image": "a", "parameters": [)" + parameters + "]}}}"),
                    mistakes);
  if (read) check_app(read->tree, Version::parse("1.5.8"), mistakes);
  std::string out;
  for (const Mistake& m : mistakes.in_file_order())
    if (!m.warning) out += m.text + "\n";
  return out;
}

std::string parameter(const std::string& key, const std::string& value) {
  return R"({"key": ")" + key + R"(", "value": ")" + value + R"("})";
}

}  // namespace

TEST_CASE("parameters that docker run takes") {
  for (const std::string& good :
       {parameter("log-driver", "loki"), parameter("log-driver", "syslog"), parameter("log-opt", "max-size=10m"),
        parameter("log-driver", "json-file") + "," + parameter("log-opt", "max-file=3"),
        parameter("ulimit", "nofile=1024"), parameter("ulimit", "nofile=1024:2048"),
        parameter("ulimit", "memlock=-1:-1"), parameter("oom-score-adj", "-1000"),
        parameter("log-opt", "loki-url=http://l"), parameter("hostname", "a")}) {
    INFO(good);
    CHECK(parameters_told("DOCKER", good) == "");
  }
}

TEST_CASE("parameters that docker run refuses, which Mesos' own containers pass over") {
  struct Row {
    std::string parameters;
    const char* text;
  };
  for (const Row& row : std::vector<Row>{
           {parameter("log-driver", "jsonfile"), "bad log-driver \"jsonfile\""},
           {parameter("log-opt", "max-sise=1m"), "did you mean \"max-size\"?"},
           {parameter("log-driver", "syslog") + "," + parameter("log-opt", "max-size=1m"),
            "unknown option \"max-size\" of the log driver syslog"},
           {parameter("log-driver", "json-file") + "," + parameter("log-opt", "max-file=0"), "bad max-file \"0\""},
           {parameter("ulimit", "nofile=200:100"), "a soft limit that is no larger than the hard one"},
           {parameter("ulimit", "nofile=-1:100"), "a soft limit that is no larger than the hard one"},
           {parameter("ulimit", "nofle=200"), "did you mean \"nofile\"?"},
           {parameter("ulimit", "nofile"), "as nofile=1024:2048"},
           {parameter("oom-score-adj", "1001"), "a whole number from -1000 to 1000"}}) {
    INFO(row.parameters);
    CHECK_THAT(parameters_told("DOCKER", row.parameters), test::Contains(row.text));
    CHECK(parameters_told("MESOS", row.parameters) ==
          "container.docker.parameters of app \"/w\" goes with containers of type DOCKER\n");
  }
}
