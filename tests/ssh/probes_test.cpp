// Probes of each kind through a real sshd, against small servers of our own.
#include <asio/steady_timer.hpp>

#include "catch.hpp"
#include "model/limits.hpp"
#include "remote/wait.hpp"
#include "server.hpp"

using namespace cctl;
using namespace cctl::test;

TEST_CASE("tcp probes, many at once, each with its own reason") {
  World world;
  auto door = world.connect(shared_sshd().host());
  const Listener open(64);
  std::vector<Probe> probes;
  for (int i = 0; i < 30; ++i) {
    probes.push_back(probe(ProbeKind::tcp, open.port));
    probes.push_back(probe(ProbeKind::tcp, free_port()));
  }
  const auto results = world.probe(*door, probes);
  REQUIRE(results.size() == 60);
  for (std::size_t i = 0; i < results.size(); ++i) {
    CHECK(results[i].ok == (i % 2 == 0));
    CHECK(results[i].seen == (i % 2 == 0 ? "open" : "connection refused"));
  }
  CHECK(world.network->traffic()["here"].exchanges == 1);
}

TEST_CASE("http probes") {
  const Server server([](const std::string& request) -> std::string {
    if (request.find("GET /json ") == 0)
      return http("200 OK",
                  R"({"leader": "a", "n": 2.0, "list": [{"id": "x", "ok": true}, {"id": "y", "ok": false}]})");
    if (request.find("GET /redirect ") == 0) return http("302 Found", "", "Location: http://127.0.0.1:1/elsewhere\r\n");
    if (request.find("GET /leader ") == 0) return http("200 OK", "", "X-Leader: me\r\n");
    if (request.find("GET /hang ") == 0) return "hang";
    if (request.find("GET /nonsense ") == 0) return "this is not HTTP";
    return http("503 Service Unavailable", "starting");
  });
  World world;
  auto door = world.connect(shared_sshd().host());
  auto json = probe(ProbeKind::http, server.listener.port);
  json.path = "/json";
  json.extract["leader"].json = "/leader";
  json.extract["n"].json = "/n";
  json.extract["good"].list = "/list";
  json.extract["good"].item = "/id";
  json.extract["good"].where = {{"/ok", "true"}};
  json.expect = {{"leader", {"a", "b"}}};
  auto redirect = probe(ProbeKind::http, server.listener.port);
  redirect.path = "/redirect";
  redirect.status = {302, 307};
  redirect.extract["to"].header = "location";
  auto unexpected = redirect;
  unexpected.status = {};
  auto leader = probe(ProbeKind::http, server.listener.port);
  leader.path = "/leader";
  leader.extract["who"].header = "x-leader";
  auto starting = probe(ProbeKind::http, server.listener.port);
  starting.path = "/other";
  auto hang = probe(ProbeKind::http, server.listener.port);
  hang.path = "/hang";
  hang.timeout = std::chrono::milliseconds(300);
  auto nonsense = probe(ProbeKind::http, server.listener.port);
  nonsense.path = "/nonsense";
  auto refused = probe(ProbeKind::http, free_port());
  const auto r = world.probe(*door, {json, redirect, unexpected, leader, starting, hang, nonsense, refused});
  CHECK(r[0].ok);
  CHECK(r[0].values == std::map<std::string, std::string>{{"leader", "a"}, {"n", "2"}, {"good", "x"}});
  CHECK(r[0].seen == "leader a");
  CHECK(r[1].ok);
  CHECK(r[1].values.at("to") == "http://127.0.0.1:1/elsewhere");
  CHECK_FALSE(r[2].ok);
  CHECK(r[2].seen == "status 302");
  CHECK(r[3].values.at("who") == "me");
  CHECK_FALSE(r[4].ok);
  CHECK(r[4].seen == "status 503");
  CHECK_FALSE(r[5].answered);
  CHECK(r[5].seen == "no answer in 300 ms");
  CHECK_FALSE(r[6].ok);
  CHECK_FALSE(r[7].answered);
  CHECK(r[7].seen == "connection refused");
}

TEST_CASE("a request carries its method and its body, and its answer comes back whatever it is") {
  std::string asked;
  const Server server([&asked](const std::string& request) -> std::string {
    asked = request;
    return http("422 Unprocessable Entity", R"({"message": "no"})", "X-Told: yes\r\n");
  });
  World world;
  auto door = world.connect(shared_sshd().host());
  HttpCall call;
  call.method = "PUT";
  call.address = "127.0.0.1";
  call.port = server.listener.port;
  call.path = "/v2/apps//web?force=false";
  call.body = R"({"id": "/web", "instances": 2})";
  const Answer answer = world.http(*door, call);
  CHECK(answer.status == 422);
  CHECK(answer.body == R"({"message": "no"})");
  CHECK(answer.headers.at("x-told") == "yes");
  CHECK(asked.starts_with("PUT /v2/apps//web?force=false HTTP/1.1\r\n"));
  CHECK_THAT(asked, Contains("Content-Type: application/json\r\n"));
  CHECK_THAT(asked, Contains("Content-Length: " + std::to_string(call.body.size()) + "\r\n"));
  CHECK(asked.ends_with("\r\n\r\n" + call.body));
}

TEST_CASE("ZooKeeper's four-letter words") {
  const Server server([](const std::string& word) -> std::string {
    if (word == "srvr") return "Zookeeper version: 3.4.13\nMode: follower\nNode count: 4\n";
    if (word == "mntr") return "zk_version\t3.4\nzk_server_state\tleader\n";
    if (word == "none") return "";
    return word + " is not executed because it is not in the whitelist.\n";
  });
  World world;
  auto door = world.connect(shared_sshd().host());
  auto srvr = probe(ProbeKind::zk, server.listener.port);
  srvr.send = "srvr";
  srvr.extract["mode"].field = "Mode";
  srvr.expect = {{"mode", {"leader", "follower"}}};
  auto mntr = probe(ProbeKind::zk, server.listener.port);
  mntr.send = "mntr";
  mntr.extract["state"].field = "zk_server_state";
  auto ruok = srvr;
  ruok.send = "ruok";
  auto none = srvr;
  none.send = "none";
  const auto r = world.probe(*door, {srvr, mntr, ruok, none});
  CHECK(r[0].ok);
  CHECK(r[0].seen == "mode follower");
  CHECK(r[1].values.at("state") == "leader");
  CHECK_FALSE(r[2].ok);
  CHECK_THAT(r[2].seen, Contains("whitelist"));
  CHECK_FALSE(r[3].answered);
}

TEST_CASE("an answer of ZooKeeper's is taken in up to a limit, and named beyond it") {
  const Server server([](const std::string& word) {
    std::string out = "Mode: follower\n";
    out.resize(word == "srvr" ? limits::probe : std::size_t{2} << 20, 'x');
    return out;
  });
  World world;
  auto door = world.connect(shared_sshd().host());
  auto long_one = probe(ProbeKind::zk, server.listener.port);
  long_one.send = "srvr";
  long_one.timeout = std::chrono::seconds(30);
  long_one.extract["mode"].field = "Mode";
  auto too_long = long_one;
  too_long.send = "mntr";
  const auto r = world.probe(*door, {long_one, too_long});
  CHECK(r[0].ok);
  CHECK(r[0].values.at("mode") == "follower");
  CHECK_FALSE(r[1].ok);
  CHECK_FALSE(r[1].answered);
  CHECK(r[1].asked);
  CHECK(r[1].seen == "it answered with more than 1 MiB");
  CHECK(r[1].values.empty());
  // Nobody else's connection suffers from it.
  CHECK(world.probe(*door, {long_one})[0].ok);
}

TEST_CASE("dns over tcp") {
  const Server server(dns_server);
  World world;
  auto door = world.connect(shared_sshd().host());
  auto good = probe(ProbeKind::dns, server.listener.port);
  good.query = "web.example";
  good.extract["addresses"].answers = true;
  good.expect = {{"addresses", {"*"}}};
  auto missing = good;
  missing.query = "missing.example";
  auto wrong = good;
  wrong.query = std::string(300, 'a');
  const auto r = world.probe(*door, {good, missing, wrong});
  CHECK(r[0].ok);
  CHECK(r[0].values.at("addresses") == "10.0.0.8,10.0.0.9");
  CHECK(r[1].seen == "NXDOMAIN");
  CHECK_FALSE(r[1].ok);
  CHECK_FALSE(r[2].ok);
}

TEST_CASE("an answer that the connection's end cuts off is none") {
  struct Case {
    ProbeKind kind;
    std::string part;  // of an answer, then nothing more
  };
  const std::vector<Case> cases = {
      {ProbeKind::zk, "hang"},
      {ProbeKind::zk, "Mode: fohang"},
      {ProbeKind::http, "hang"},
      {ProbeKind::http, "HTTP/1.1 200 OK\r\n\r\n{\"a\": 1hang"},
      {ProbeKind::http, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"a\": 1hang"},
      {ProbeKind::dns, "hang"},
      {ProbeKind::dns, std::string("\0\x20hang", 6)},
  };
  for (const auto& c : cases) {
    CAPTURE(static_cast<int>(c.kind), c.part);
    const Sshd sshd;
    World world;
    auto door = world.connect(sshd.host());
    Server server([&](const std::string&) { return c.part; });
    auto asked = probe(c.kind, server.listener.port);
    asked.send = "srvr";
    asked.query = "master.mesos";
    asked.timeout = std::chrono::seconds(50);
    const std::vector<Probe> all{asked};
    std::vector<ProbeResult> results;
    const std::function<Task<void>()> body = [&]() -> Task<void> {
      const auto ask = [&]() -> Task<void> { results = co_await door->probe(all, ""); };
      const auto end = [&]() -> Task<void> {
        while (server.connections == 0) {
          asio::steady_timer soon(world.loop, std::chrono::milliseconds(5));
          co_await soon.async_wait(asio::use_awaitable);
        }
        try {
          co_await door->shell().run(kEndSshd, "");
        } catch (const Unreachable&) {
        }
      };
      std::vector<Task<void>> both;
      both.push_back(ask());
      both.push_back(end());
      co_await together(world.loop, std::move(both));
    };
    world.run(body);
    REQUIRE(results.size() == 1);
    CHECK_FALSE(results[0].ok);
    CHECK_FALSE(results[0].asked);
    CHECK_THAT(results[0].seen, Contains("connection"));
  }
}

TEST_CASE("exec probes run in the container", "[docker]") {
  World world;
  auto door = world.connect(shared_sshd().host());
  auto exec = probe(ProbeKind::exec, 0);
  exec.command = {"true"};
  const auto r = world.probe(*door, {exec}, "cctl-sshtest-no-such-container");
  CHECK(r[0].asked);  // the engine has answered
  CHECK_FALSE(r[0].answered);
  CHECK_THAT(r[0].seen, Contains("No such container"));
}
