#include "apply/last_words.hpp"

#include "apply/doors.hpp"
#include "catch.hpp"
#include "model/secrets.hpp"

using namespace cctl;
using Lines = std::vector<std::string>;

namespace {

const Lines agent_refused{"I1128 10:00:00.000001     1 main.cpp:484] Version: 1.11.0",
                          "I1128 10:00:00.000002     1 slave.cpp:300] Mesos agent started on slave(1)@10.0.0.1:5051",
                          "E1128 10:00:00.000003     1 slave.cpp:7500] EXIT with status 1: Failed to perform recovery: "
                          "Incompatible agent info detected.",
                          "------------------------------------------------------------",
                          "Old agent info:",
                          "attributes: rack:r1",
                          "------------------------------------------------------------",
                          "New agent info:",
                          "attributes: rack:r2",
                          "If recovery failed due to a change in configuration and you want to",
                          "keep the current agent id, you might want to change the",
                          "",
                          "To restart this agent with a new agent id instead, do as follows:",
                          "rm -f /var/lib/mesos/meta/slaves/latest",
                          "If you use the Docker containerizer and think that the Docker",
                          "docker rm $(docker ps -a -q)",
                          "docker rmi $(docker images -q)",
                          "Finally, restart the agent."};

const Lines java{"2026-11-28 10:00:00,001 INFO Server environment:java.class.path=" + std::string(6000, 'x'),
                 "[2026-11-28 10:00:00,002] INFO  Loading (x.Main:main)",
                 "Exception in thread \"main\" java.lang.IllegalArgumentException: Invalid config",
                 "\tat org.apache.zookeeper.server.quorum.QuorumPeerMain.main(QuorumPeerMain.java:92)",
                 "\tat java.base/java.lang.Thread.run(Thread.java:829)",
                 "Caused by: java.net.UnknownHostException: nosuch",
                 "\t... 4 more",
                 "[2026-11-28 10:00:01,002] INFO  shutting down (x.Main:main)"};

}  // namespace

TEST_CASE("what is shown of a log tells why, and advises nothing") {
  CHECK(last_words(agent_refused, 7) == Lines{agent_refused[0], agent_refused[1], agent_refused[2], agent_refused[4],
                                              agent_refused[5], agent_refused[7], agent_refused[8]});
  CHECK(last_words(agent_refused, 3) == Lines{agent_refused[2], agent_refused[7], agent_refused[8]});
  CHECK(last_words(java) == Lines{java[1], java[2], java[5], java[7]});
  CHECK(last_words(java, 3) == Lines{java[2], java[5], java[7]});
  CHECK(last_words({}).empty());
}

TEST_CASE("each program's reason is chosen before what it said afterwards") {
  const std::vector<std::string> reasons{
      "F1128 10:00:00.000003     1 process.cpp:1124] Failed to initialize: Failed to bind on 127.0.0.1:5050: Address "
      "already in use",
      "Failed to load unknown flag 'nosuch'",
      "[scallop] Error: Unknown option 'nosuch'",
      "[2026-11-21 09:51:05,330] ERROR Failed to connect to ZK. Marathon will exit now. (x:main)",
      "==> Error parsing config.json: invalid character",
      "28-Nov-2026 10:00:00.000 /etc/bind/named.conf:3: unknown option 'nosuch': error: x",
      "[ALERT] 331/100000 (1) : Fatal errors found in configuration.",
      "panic: runtime error: index out of range",
      "time=\"2026-11-28T10:00:00Z\" level=fatal msg=\"no such storage driver\"",
      "sh: 1: nosuch: not found",
      "exec: cannot open /x: Permission denied",
  };
  for (const auto& reason : reasons) {
    Lines log(50, "starting");
    log.push_back(reason);
    for (int i = 0; i < 40; ++i) log.push_back("stopping part " + std::to_string(i));
    CAPTURE(reason);
    const Lines shown = last_words(log);
    CHECK(shown.size() <= 12);
    CHECK(shown.front() == reason);
    CHECK(shown.back() == "stopping part 39");
  }
}

TEST_CASE("what is said at every start is shown once, and long lines are cut in their middle") {
  Lines log;
  for (int i = 10; i < 30; ++i) {
    log.push_back("I1128 10:00:" + std::to_string(i) + ".000001     1 main.cpp:484] Version: 1.11.0");
    log.push_back("E1128 10:00:" + std::to_string(i) + ".000003     1 main.cpp:1] EXIT with status 1: no master");
  }
  CHECK(last_words(log) == Lines{log[38], log[39]});
  const Lines cut = last_words({"classpath: " + std::string(6000, 'x') + " the end"});
  REQUIRE(cut.size() == 1);
  CHECK(cut[0].size() < 320);
  CHECK(cut[0].starts_with("classpath: xxx"));
  CHECK(cut[0].ends_with("xxx the end"));
}

TEST_CASE("lines without an end are read, too") {
  for (const char* part : {"a", " ", "Error: ", "\tat a.b.C(", "[2026-01-02T03:04:05Z] ", "\xff\xfe"}) {
    std::string line;
    while (line.size() < 400'000) line += part;
    INFO(part);
    CHECK(last_words({line, line, "exit"}).size() <= 3);
  }
}

TEST_CASE("no part of a known secret is left where a line is cut in its middle") {
  const std::string secret = "Kn0wn-55-9q-of-logs";
  keep_secret(secret);
  for (std::size_t before = 0; before < 400; ++before) {
    INFO(before);
    const auto shown = last_words({"Error: " + std::string(before, 'a') + secret + std::string(400 - before, 'b')});
    REQUIRE(shown.size() == 1);
    for (std::size_t n = 4; n < secret.size(); ++n) {
      CHECK(shown[0].find(secret.substr(0, n) + " ") == std::string::npos);
      CHECK(shown[0].find(" " + secret.substr(n)) == std::string::npos);
    }
  }
}

TEST_CASE("a command that a signal ended has no exit status to tell") {
  CHECK(end_in_words({3, "", ""}) == " ended with 3");
  CHECK(end_in_words({-1, "", "killed by signal TERM\n"}) == " ended");
}
