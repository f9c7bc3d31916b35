// Probes where sshd lets nobody dial: a program on the host asks, whichever is there, or it is said that none can.
#include "remote/from_host.hpp"
#include "account.hpp"
#include "catch.hpp"
#include "remote/probe_talk.hpp"
#include "remote/wait.hpp"
#include "server.hpp"

using namespace cctl;
using namespace cctl::test;

namespace {

// A directory that is the whole PATH of commands: these programs and no others.
struct Programs {
  TempDir dir;
  explicit Programs(const std::string& speaker) {
    std::vector<std::string> names = {"sh", "timeout", "dd", "od", "base64", "awk", "cat", "head"};
    if (!speaker.empty()) names.push_back(speaker);
    for (const auto& name : names)
      for (const char* from : {"/usr/bin/", "/bin/"})
        if (!fs::exists(dir.path / name) && fs::exists(from + name)) fs::create_symlink(from + name, dir.path / name);
    ::chmod(dir.path.c_str(), 0755);
  }
  std::string setting() const { return "\nSetEnv PATH=" + dir.path.string(); }
};

std::string big_answer(const std::string& request) {
  if (request.starts_with("GET /big ")) return http("200 OK", "{\"text\": \"" + std::string(300000, 'x') + "\"}");
  if (request.starts_with("GET /hang ")) return "hang";
  if (request.starts_with("GET /bare ")) return "HTTP/1.0 200 OK\r\n\r\n{\"leader\": \"b\"}";
  if (request.starts_with("PUT /v2/apps ")) return http("422 Unprocessable Entity", "{\"message\": \"no\"}");
  return http("200 OK", "{\"leader\": \"a\"}", "X-Leader: me\r\n");
}

std::string word_answer(const std::string& word) {
  return word == "srvr" ? "Zookeeper version: 3.4.13\nMode: follower\n" : "";
}

}  // namespace

TEST_CASE("a program on the host asks where sshd forbids forwarding, and it sees the same") {
  const char* speaker = GENERATE("bash", "python3", "perl");
  const char* setting = GENERATE("AllowTcpForwarding no", "DisableForwarding yes", "PermitOpen 127.0.0.1:1");
  INFO(speaker << " " << setting);
  const Server web(big_answer), zk(word_answer), dns(dns_server);
  const Listener open, silent(0);
  const Programs programs(speaker);
  const Sshd closed(setting + programs.setting(), true);
  const Account account("/bin/dash", {});  // sets no PATH of its own
  World world;
  auto host = closed.host();
  host.ssh.user = account.name;
  auto door = world.connect(host);
  auto json = probe(ProbeKind::http, web.listener.port);
  json.path = "/json";
  json.extract["leader"].json = "/leader";
  json.extract["who"].header = "x-leader";
  auto bare = json, hang = json, big = json, refused = json, second = json;
  bare.path = "/bare";
  hang.path = "/hang";
  hang.timeout = std::chrono::milliseconds(1000);
  big.path = "/big";
  big.extract["text"].json = "/text";
  refused.port = free_port();
  second.address = "127.0.0.2";  // nobody is at home there
  second.port = web.listener.port;
  second.or_else = {"127.0.0.1"};
  auto srvr = probe(ProbeKind::zk, zk.listener.port);
  srvr.send = "srvr";
  srvr.extract["mode"].field = "Mode";
  auto empty = srvr;
  empty.send = "none";
  auto name = probe(ProbeKind::dns, dns.listener.port);
  name.query = "web.example";
  name.extract["addresses"].answers = true;
  auto missing = name;
  missing.query = "missing.example";
  std::vector<Probe> probes{probe(ProbeKind::tcp, open.port),
                            probe(ProbeKind::tcp, free_port()),
                            json,
                            bare,
                            hang,
                            big,
                            refused,
                            second,
                            srvr,
                            empty,
                            name,
                            missing};
  for (auto& one : probes)
    if (one.path != "/hang") one.timeout = std::chrono::seconds(20);  // a machine with much else to do
  const auto r = world.probe(*door, probes);
  for (const auto& one : r) CHECK(one.asked);
  CHECK(r[0].seen == "open");
  CHECK(r[1].seen == "connection refused");
  CHECK(r[2].values == std::map<std::string, std::string>{{"leader", "a"}, {"who", "me"}});
  CHECK(r[3].values.at("leader") == "b");
  CHECK(r[4].seen == "no answer in 1 s");
  CHECK(r[5].values.at("text").size() == 300000);
  CHECK(r[6].seen == "connection refused");
  CHECK(r[7].values.at("leader") == "a");
  CHECK(r[8].values.at("mode") == "follower");
  CHECK(r[9].seen == "an empty answer");
  CHECK(r[10].values.at("addresses") == "10.0.0.8,10.0.0.9");
  CHECK(r[11].seen == "NXDOMAIN");

  // What is wanted at the same time is asked by one command.
  const int execs = world.network->traffic()["here"].execs;
  const std::function<Task<void>()> many = [&]() -> Task<void> {
    std::vector<Task<void>> tasks;
    auto ask = [](HostDoor& at, Probe one) -> Task<void> {
      std::vector<Probe> alone{std::move(one)};
      const auto told = co_await at.probe(std::move(alone), "");
      CHECK(told[0].ok);
    };
    for (int i = 0; i < 5; ++i) tasks.push_back(ask(*door, json)), tasks.push_back(ask(*door, srvr));
    co_await together(world.loop, std::move(tasks));
  };
  world.run(many);
  CHECK(world.network->traffic()["here"].execs == execs + 1);

  HttpCall call;
  call.method = "PUT";
  call.address = "127.0.0.1";
  call.port = web.listener.port;
  call.path = "/v2/apps";
  call.body = R"({"id": "/it's"})";
  const auto answer = world.http(*door, call);
  CHECK(answer.status == 422);
  CHECK(answer.body == "{\"message\": \"no\"}");
  call.port = free_port();
  CHECK_THROWS_WITH(world.http(*door, call), Contains("onnection refused"));
}

TEST_CASE("where nothing on the host can ask, nothing is said to be wrong") {
  const Programs programs("");
  const Sshd closed("DisableForwarding yes" + programs.setting(), true);
  const Account account("/bin/dash", {});
  World world;
  auto host = closed.host("web1");
  host.ssh.user = account.name;
  auto door = world.connect(host);
  const Listener open;
  auto http_probe = probe(ProbeKind::http, open.port);
  const std::string why =
      "sshd of web1 forbids forwarding (AllowTcpForwarding, DisableForwarding), and the host has neither bash nor "
      "python "
      "nor perl to ask with";
  for (const auto& r : world.probe(*door, {probe(ProbeKind::tcp, open.port), http_probe})) {
    CHECK_FALSE(r.asked);
    CHECK_FALSE(r.ok);
    CHECK_FALSE(r.answered);
    CHECK(r.seen == why);
  }
  HttpCall call;
  call.address = "127.0.0.1";
  call.port = open.port;
  CHECK_THROWS_WITH(world.http(*door, call), Contains("neither bash"));
}

TEST_CASE("a probe whose connection is gone has not been asked") {
  World world;
  auto door = world.connect(shared_sshd().host());
  const Listener open;
  CHECK(world.probe(*door, {probe(ProbeKind::tcp, open.port)})[0].ok);
  CHECK_THROWS_AS(world.shell(*door, kEndSshd), Unreachable);
  const auto r = world.probe(*door, {probe(ProbeKind::tcp, open.port)});
  CHECK_FALSE(r[0].asked);
  CHECK_THAT(r[0].seen, Contains("connection was lost"));
}

TEST_CASE("of an answer without end so much is read on the host") {
  const std::string speaker = GENERATE("bash", "python3", "perl");
  INFO(speaker);
  const Programs programs(speaker);
  // Says so much, and then goes on saying more until nobody listens.
  const auto says = [](std::size_t bytes, bool goes_on) {
    return [=](const std::string&) {
      return "HTTP/1.1 200 OK\r\n\r\n" + std::string(bytes + (goes_on ? (std::size_t{40} << 20) : 0), 'x');
    };
  };
  const Server little(says(1 << 20, false)), endless(says(1 << 20, true));
  std::vector<Question> questions(2);
  questions[0].port = little.listener.port;
  questions[1].port = endless.listener.port;
  for (auto& question : questions) {
    question.address = "127.0.0.1";
    question.send = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    question.limit = std::chrono::seconds(60);
  }
  const auto asked = run_program({"env", "-i", "PATH=" + programs.dir.path.string(), "sh", "-c", talk_script()},
                                 {.input = talk_input(questions), .time = std::chrono::minutes(2)});
  const auto told = talk_answer(asked.out, questions, "h");
  CHECK(told[0].opened);
  CHECK(told[0].bytes.size() == (1 << 20) + 19);
  CHECK_FALSE(told[1].opened);
  CHECK(told[1].why == "it answered with more than 8 MiB");
  CHECK(told[1].bytes.empty());
  CHECK(asked.out.size() < (std::size_t{14} << 20));  // in base64
}

TEST_CASE("what a talk answers, piece by piece") {
  struct Row {
    std::string answer;
    bool asked, opened;
    std::string why;
  };
  const std::vector<Question> questions(1);
  for (const auto& row :
       {Row{"@ bash\n0 +\n@ done\n", true, true, ""},
        Row{"@ bash\n0 ! bash: connect: Connection refused\n0 ! bash: line 2: /dev/tcp/h/1: Connection refused\n@ "
            "done\n",
            true, false, "connection refused"},
        Row{"@ bash\n0 ! bash: line 2: /dev/tcp/h/1: No such file or directory\n@ done\n", false, false,
            "sshd of h forbids forwarding (AllowTcpForwarding, DisableForwarding), and the host has a bash that speaks "
            "no TCP"},
        Row{"@ perl\n@ done\n", true, false, "no answer in 3 s"},
        Row{"@ python3\n0 ! Connection timed out\n@ done\n", true, false, "no answer in 3 s"},
        Row{"@ python3\n7 +\nnoise\n0 ! No route to host\n@ done\n", true, false, "no route to host"}}) {
    INFO(row.answer);
    const auto told = talk_answer(row.answer, questions, "h");
    CHECK(told[0].asked == row.asked);
    CHECK(told[0].opened == row.opened);
    CHECK(told[0].why == row.why);
  }
  CHECK_THROWS_AS(talk_answer("@ bash\n0 +\n", questions, "h"), Error);
  CHECK_THROWS_AS(talk_answer("", questions, "h"), Error);
}
