// Options of log drivers: those that dockerd 20.10 refuses when it starts, or when it makes a container.
#include "model/log_options.hpp"
#include "catch.hpp"

using namespace cctl;

namespace {

using Options = std::map<std::string, std::string>;

std::string driver_told(const std::string& driver, const Options& options, bool whole) {
  std::string out;
  for (const auto& fault : log_option_faults(driver, options, whole)) out += fault.text + "\n";
  return out;
}

}  // namespace

TEST_CASE("options that an engine takes, whether they are all or not") {
  struct Row {
    const char* driver;
    Options options;
  };
  for (const Row& row : std::vector<Row>{
           {"json-file", {}},
           {"json-file", {{"max-size", "10m"}, {"max-file", "3"}, {"compress", "true"}, {"labels-regex", "^a"}}},
           {"json-file", {{"mode", "non-blocking"}, {"max-buffer-size", "4m"}, {"tag", "{{.Name}}"}}},
           {"json-file", {{"max-file", "1"}}},
           {"local", {{"max-size", "0"}, {"max-file", "1"}, {"compress", "false"}}},
           {"local", {{"max-file", "0"}, {"compress", "false"}}},
           {"journald", {{"tag", "a"}, {"cache-disabled", "true"}}},
           {"syslog",
            {{"syslog-address", "udp://10.0.0.1:514"}, {"syslog-facility", "local3"}, {"cache-max-size", "1m"}}},
           {"gelf", {{"gelf-address", "udp://10.0.0.1:1"}, {"gelf-compression-level", "-1"}}},
           {"fluentd", {{"fluentd-async-connect", "true"}, {"fluentd-write-timeout", "1s"}}},
           {"awslogs", {{"awslogs-group", "g"}, {"awslogs-create-stream", "false"}}},
           {"none", {{"whatever", "1"}}},
           {"loki", {{"loki-url", "http://l"}, {"max-sise", "1"}}},
           {"grafana/loki-docker-driver:latest", {{"loki-url", "http://l"}}}}) {
    INFO(row.driver);
    CHECK(driver_told(row.driver, row.options, true) == "");
    CHECK(driver_told(row.driver, row.options, false) == "");
  }
}

TEST_CASE("options that no engine takes are told, with the nearest") {
  struct Row {
    const char* driver;
    Options options;
    const char* text;
  };
  for (const Row& row : std::vector<Row>{
           {"json-file",
            {{"max-sise", "1m"}},
            "unknown option \"max-sise\" of the log driver json-file, did you mean \"max-size\"?\n"},
           {"", {{"max-sise", "1m"}}, "unknown option \"max-sise\" of every log driver, did you mean \"max-size\"?\n"},
           {"syslog", {{"max-size", "1m"}}, "unknown option \"max-size\" of the log driver syslog\n"},
           {"local", {{"labels", "a"}}, "unknown option \"labels\" of the log driver local\n"},
           {"json-file",
            {{"max-file", "0"}},
            "bad max-file \"0\" of the log driver json-file: it is a whole number from 1 to 1000000\n"},
           {"json-file", {{"max-file", "x"}}, "bad max-file \"x\" of the log driver json-file"},
           {"json-file", {{"compress", "yes"}}, "bad compress \"yes\" of the log driver json-file"},
           {"json-file", {{"compress", "true"}, {"max-file", "1"}}, "needs max-size, and a max-file from 2 on"},
           {"local", {{"compress", "true"}, {"max-file", "1"}}, "needs a max-file from 2 on"},
           {"", {{"mode", "nonblocking"}}, "bad mode \"nonblocking\" of the log driver: it is one of blocking"},
           {"", {{"mode", "blocking"}, {"max-buffer-size", "1m"}}, "goes with mode: non-blocking alone"},
           {"syslog", {{"syslog-facility", "demon"}}, "did you mean \"daemon\"?"},
           {"syslog", {{"syslog-format", "rfc5425"}}, "did you mean \"rfc5424\"?"},
           {"gelf", {{"gelf-compression-type", "lz4"}}, "one of gzip, zlib, none"},
           {"gelf", {{"gelf-compression-level", "10"}}, "from -1 to 9"},
           {"fluentd", {{"fluentd-async", "x"}}, "bad fluentd-async"},
           {"awslogs", {{"awslogs-datetime-format", "a"}, {"awslogs-multiline-pattern", "b"}}, "exclude each other"},
           {"json-file", {{"cache-disabled", "x"}}, "bad cache-disabled \"x\""}}) {
    INFO(row.driver << " " << row.text);
    CHECK_THAT(driver_told(row.driver, row.options, false), test::Contains(row.text));
    CHECK(driver_told(row.driver, row.options, true) != "");
  }
}

TEST_CASE("what is missing is told only where all options are known") {
  struct Row {
    const char* driver;
    Options options;
    const char* text;
  };
  for (const Row& row : std::vector<Row>{{"", {{"max-file", "0"}}, "bad max-file \"0\""},
                                         {"json-file", {{"compress", "true"}, {"max-size", "1m"}}, "needs max-size"},
                                         {"json-file", {{"compress", "true"}, {"max-file", "2"}}, "needs max-size"},
                                         {"local", {{"max-file", "1"}}, "unless it is told compress: \"false\""},
                                         {"json-file", {{"max-buffer-size", "1m"}}, "mode: non-blocking"},
                                         {"gelf", {}, "needs the option gelf-address"},
                                         {"awslogs", {}, "needs the option awslogs-group"},
                                         {"splunk", {{"splunk-url", "x"}}, "needs the option splunk-token"}}) {
    INFO(row.driver << " " << row.text);
    CHECK(driver_told(row.driver, row.options, false) == "");
    CHECK_THAT(driver_told(row.driver, row.options, true), test::Contains(row.text));
  }
}

TEST_CASE("a log driver is one of Docker's, or a plugin of any other name") {
  for (const char* good : {"json-file", "local", "none", "loki", "grafana/loki-docker-driver:latest", "jsonfile:1"})
    CHECK(why_no_log_driver(good) == "");
  CHECK_THAT(why_no_log_driver("jsonfile"), test::Contains("did you mean \"json-file\"?"));
  CHECK_THAT(why_no_log_driver("sylog"), test::Contains("did you mean \"syslog\"?"));
}
