// Rules about ports, containers, images and who reaches whom; and how findings stop a run and are told.
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "catch.hpp"
#include "check_support.hpp"
#include "kind.hpp"
#include "model/engine_way.hpp"
#include "report/check.hpp"
#include "source_dir.hpp"

using namespace cctl;
using namespace cctl::check_test;

namespace {

ObservedContainer container(const std::string& name, const std::string& component, const std::string& cluster) {
  ObservedContainer c;
  c.name = name;
  c.state = "running";
  if (!cluster.empty()) c.labels = {{label::cluster, cluster}, {label::component, component}};
  return c;
}

}  // namespace

TEST_CASE("a port is taken by who listens where we would", "[check]") {
  const auto told = [](const Socket& socket) {
    CheckInput input = good(1);
    input.facts["h1"].sockets = {socket};
    return says(input, "ports.free").substr(0, 6);
  };
  CHECK(told({false, "*", 8080, "nginx"}) == "failed");
  CHECK(told({false, "10.0.0.1", 8080, ""}) == "failed");
  CHECK(told({false, "127.0.0.1", 8080, ""}) == "failed");
  CHECK(told({false, "127.0.0.53", 8080, ""}) == "ok h1:");  // systemd-resolved and its like
  CHECK(told({false, "10.9.9.9", 8080, ""}) == "ok h1:");
  CHECK(told({true, "*", 8080, ""}) == "ok h1:");
  CHECK(told({false, "*", 8081, ""}) == "ok h1:");
}

TEST_CASE("a port held by the container that is to have it is free", "[check]") {
  CheckInput input = good(1);
  input.facts["h1"].sockets = {{false, "*", 8080, "web"}};
  auto& containers = input.observed.hosts["h1"].containers;
  CHECK(starts(says(input, "ports.free"), "failed h1: port 8080, which web needs for http, is held by web"));
  containers = {container("cctl-c-web", "web", "c")};
  CHECK(starts(says(input, "ports.free"), "ok"));
  containers[0].state = "paused";
  CHECK(starts(says(input, "ports.free"), "ok"));
  // Where the host tells of containers, one that runs elsewhere proves nothing.
  auto& sockets = input.facts["h1"].sockets;
  const std::string id(64, 'a');
  containers = {container("cctl-c-web", "web", "c")};
  containers[0].id = id;
  sockets = {{false, "*", 8080, "perl"}, {false, "*", 8081, "web", id}};
  CHECK(starts(says(input, "ports.free"), "failed h1: port 8080, which web needs for http, is held by perl"));
  sockets[0].holder = "";  // not to be seen whose it is
  CHECK(starts(says(input, "ports.free"), "ok"));
  sockets = {{false, "*", 8080, "web", id}};
  CHECK(starts(says(input, "ports.free"), "ok"));
  containers[0] = container("cctl-c-old", "old", "c");
  containers[0].id = id;
  CHECK(starts(says(input, "ports.free"), "ok"));
  containers[0] = container("cctl-d-web", "web", "d");
  containers[0].id = id;
  CHECK(starts(says(input, "ports.free"), "failed"));
  sockets = {{false, "*", 8080, "web"}};
  containers = {container("cctl-c-old", "old", "c")};  // of ours, no longer wanted: the plan removes it
  CHECK(starts(says(input, "ports.free"), "ok"));
  containers = {container("cctl-d-web", "web", "d")};  // another cluster's
  CHECK(starts(says(input, "ports.free"), "failed"));
  test::as<Container>(input.desired.instances[0]).spec.network = "bridge";
  CHECK(starts(says(input, "ports.free"), "nothing"));
}

TEST_CASE("whose port it is while the engine does not tell of everything yet", "[check]") {
  const std::string id(64, 'a'), other(64, 'b');
  CheckInput input = good(1);
  auto& socket = input.facts["h1"].sockets.emplace_back(Socket{false, "*", 8080, "java", id});
  auto& containers = input.observed.hosts["h1"].containers;
  CHECK(says(input, "ports.free") ==
        "skipped h1: port 8080 is held by a container that the engine does not tell of yet");
  containers = {container("cctl-c-web", "web", "c")};
  containers[0].id = id;
  containers[0].state = "exited";  // as the list had it a moment before
  CHECK(starts(says(input, "ports.free"), "ok"));
  containers[0].id = other;
  CHECK(starts(says(input, "ports.free"), "skipped"));
  containers = {container("nginx", "", "")};
  containers[0].id = id;
  CHECK(starts(says(input, "ports.free"), "failed"));
  socket.container = "";
  CHECK(starts(says(input, "ports.free"), "failed"));  // of the host itself
  socket.holder = "docker-proxy";
  CHECK(starts(says(input, "ports.free"), "failed"));  // for somebody else's: none of ours is there
  containers = {container("cctl-c-web", "web", "c")};
  containers[0].state = "created";
  CHECK(starts(says(input, "ports.free"), "skipped"));
}

TEST_CASE("whose a port is that a user sees no holder of, where he may not ask the engine", "[check]") {
  CheckInput input = good(1);
  input.facts["h1"].sockets.emplace_back(Socket{false, "*", 8080, "", ""});
  auto& host = input.observed.hosts["h1"];
  CHECK(starts(says(input, "ports.free"), "failed h1: port 8080"));
  host.docker_installed = true;
  host.engine_error = "docker: permission denied";
  CHECK(
      says(input, "ports.free") ==
      "skipped h1: port 8080 is held, and whether by a container of ours is not known: its engine could not be asked");
  // Root is told who holds it.
  input.facts["h1"].sockets.back().holder = "nginx";
  CHECK(starts(says(input, "ports.free"), "failed h1: port 8080"));
}

TEST_CASE("two components that want one port", "[check]") {
  CheckInput input = good(1);
  Instance other = input.desired.instances[0];
  other.component = "admin";
  input.desired.instances.push_back(other);
  CHECK(says(input, "ports.free") == "failed h1: port 8080 is wanted by web and by admin");
}

TEST_CASE("names of containers that are not ours", "[check]") {
  CheckInput input = good(1);
  auto& containers = input.observed.hosts["h1"].containers;
  containers = {container("cctl-c-web", "", "")};
  CHECK(starts(says(input, "docker.names"), "failed h1: a container that is not ours is called cctl-c-web"));
  test::as<Container>(input.desired.instances[0]).guests = "task-";
  containers = {container("task-proxy", "", "")};
  CHECK(starts(says(input, "docker.names"), "failed h1: task-proxy would be taken for a task of web"));
  containers = {container("task-0a1b2c3d-1111", "", "")};
  CHECK(starts(says(input, "docker.names"), "ok"));
}

TEST_CASE("images: there, to be had, not to be had, not to be asked for", "[check]") {
  CheckInput input = good(1);
  CHECK(starts(says(input, "images.pullable"), "skipped"));
  input.facts["h1"].images["web:1"] = "manifest unknown";
  CHECK(starts(says(input, "images.pullable"), "failed h1: web:1 cannot be pulled: manifest unknown"));
  input.facts["h1"].images["web:1"] = "";
  CHECK(says(input, "images.pullable") == "ok h1: 0 images are there, 1 can be pulled");
  input.observed.hosts["h1"].images = {"web:1"};
  CHECK(says(input, "images.pullable") == "ok h1: 1 images are there, 0 can be pulled");
}

TEST_CASE("the mesh: what refuses while nobody listens proves that the way is open", "[check]") {
  CheckInput input = good(2);
  auto& reach = input.facts["h1"].reached;
  reach = {{"h2", "web", "http", 8080, false, false, "connection refused"}};
  CHECK(says(input, "net.mesh") == "ok h1: reaches 0 ports of others, 1 are not yet listening");
  reach[0].seen = "no answer in 3 s";
  CHECK(says(input, "net.mesh") == "failed h1: does not reach http of web on h2: no answer in 3 s");
  reach[0].back = true;
  CHECK(starts(says(input, "net.mesh"), "warning h1"));
  reach[0].back = false;
  reach[0].seen = "connection refused";
  input.facts["h2"].sockets = {{false, "*", 8080, "web"}};
  CHECK(starts(says(input, "net.mesh"), "failed h1"));  // it listens, so something in between refuses
  input.facts["h2"].sockets = {{false, "127.0.0.1", 8080, "web"}};
  CHECK(starts(says(input, "net.mesh"), "ok h1"));
  reach[0].answered = true;
  CHECK(says(input, "net.mesh") == "ok h1: reaches 1 ports of others");
}

TEST_CASE("the mesh blames nobody for what could not be asked", "[check]") {
  CheckInput input = good(3);
  for (const char* from : {"h1", "h2"})
    for (int port = 1; port <= 10; ++port)
      input.facts[from].reached.push_back({"h3", "web", "p", port, false, false, "no route to host"});
  CHECK(starts(says(input, "net.mesh"), "failed h1"));
  input.facts.erase("h3");
  input.absent["h3"] = {Absence::away, "no answer in 3 s"};
  auto found = check(input, "net.mesh");
  CHECK(std::none_of(found.begin(), found.end(), [](const Finding& f) { return f.verdict == Verdicted::fail; }));
  CHECK(says(input, "net.mesh") == "skipped h3: could not be asked itself, so that nothing is said of 20 ways to it");
  CHECK(std::count_if(found.begin(), found.end(), [](const auto& f) { return f.verdict == Verdicted::skipped; }) == 1);
  for (auto& r : input.facts["h1"].reached) r.asked = false, r.seen = "sshd of h1 forbids forwarding";
  CHECK(says(input, "net.mesh") == "skipped h1: cannot be asked whom it reaches: sshd of h1 forbids forwarding");
}

TEST_CASE("a login shell that prints is told of", "[check]") {
  CheckInput input = good(1);
  CHECK(starts(says(input, "ssh.quiet"), "ok"));
  input.observed.hosts["h1"].login_prints = "\nWelcome to h1\nLast updated yesterday\n";
  CHECK(starts(says(input, "ssh.quiet"), "warning h1: the login shell prints \"Welcome to h1\" before every command"));
}

TEST_CASE("an engine that does not answer says why, or nothing", "[check]") {
  CheckInput input = good(1);
  input.observed.hosts["h1"].engine_version.clear();
  CHECK(says(input, "docker.running") == "failed h1: the engine could not be asked");
  input.observed.hosts["h1"].engine_error = "docker: no answer in 10 s";
  CHECK(says(input, "docker.running") == "failed h1: the engine could not be asked: docker: no answer in 10 s");
  CHECK(starts(says(input, "docker.names"), "skipped"));
}

TEST_CASE("what stands where an engine is to start has a finding of its own, with a fix", "[check]") {
  CheckInput input = good(1);
  ObservedHost& host = input.observed.hosts["h1"];
  CHECK(says(input, "docker.way") == "ok h1: the engine answers");
  host.engine_error = "docker: connection refused";
  host.engine_off = host.docker_installed = true;
  CHECK(says(input, "docker.way") == "ok h1: nothing is known to be in the way");
  input.facts["h1"].docker_runs = false;
  host.engine_way = engine_way_from("way empty /var/run/docker.sock\nway stale /var/run/docker.pid 12 sleep\n");
  const auto found = make_checks(input, {"docker.way"});
  REQUIRE(found.size() == 2);
  CHECK(found[0].text ==
        "/var/run/docker.sock is a directory, in the place of its socket: the engine does not start with that");
  CHECK(found[0].next == "rmdir /var/run/docker.sock on the host");
  CHECK(found[1].text ==
        "/var/run/docker.pid names process 12 sleep, which is no engine: the engine does not start with that");
  const HostCommand clear = {"sh", "-c", engine_way_script(true, "/var/run/docker.sock")};
  CHECK(fix_of(found[0], input).commands == std::vector<HostCommand>{clear});
  const auto running = make_checks(input, {"docker.running"});
  REQUIRE(running.size() == 1);
  CHECK(running[0].next == "rmdir /var/run/docker.sock; rm /var/run/docker.pid; then service docker start");
  const auto start = fix_of(running[0], input).commands;
  REQUIRE(start.size() == 2);
  CHECK(start[0] == clear);
  CHECK(start[1].back() == "start");
}

TEST_CASE("an engine that does not run is told with its last words, and what starts it", "[check]") {
  CheckInput input = good(1);
  ObservedHost& host = input.observed.hosts["h1"];
  input.facts["h1"].docker_runs = false;
  host.engine_version.clear();
  host.engine_error = "docker: connection refused";
  host.engine_off = host.docker_installed = true;
  host.engine_log = "invalid label";
  const auto next = [&] {
    for (const auto& f : make_checks(input, {"docker.running"})) return f.text + " -> " + f.next;
    return std::string();
  };
  CHECK(next() ==
        "dockerd does not run; its last words: invalid label -> service docker start; its log says why it would not");
  Instance daemon;
  daemon.host = "h1";
  daemon.component = "docker-daemon";
  test::as<ServiceSpec>(daemon).restart = {"restart"};
  test::as<ServiceSpec>(daemon).shown = {{"labels", "/Labels"}};
  FileSpec file;
  file.path = "/etc/docker/daemon.json";
  file.merge = Merge::json;
  file.content = R"({"labels": ["a=1"]})";
  daemon.files.push_back(file);
  input.desired.instances.push_back(daemon);
  host.files[file.path].exists = true;
  host.files[file.path].content = R"({"labels": ["a"]})";
  CHECK(next().find("service docker start") != std::string::npos);  // it is none of ours
  host.manifest.files[file.path].digest = "x";
  CHECK(next() ==
        "dockerd does not run; its last words: invalid label -> clusterctl up writes /etc/docker/daemon.json anew and "
        "starts it");
  host.files[file.path].content = "{ labels";
  CHECK(next().find("service docker start") != std::string::npos);
}

TEST_CASE("a virtual address that a host of ours holds is free", "[check]") {
  CheckInput input = good(2);
  for (auto& i : input.desired.instances) i.checks["vip.free"] = {{"address", "10.0.0.9/24"}};
  input.facts["h1"].neighbours["10.0.0.9"] = "02:00:00:00:00:02";  // the MAC of h2
  CHECK(starts(says(input, "vip.free"), "ok"));
  for (auto& i : input.desired.instances) i.checks["vip.free"] = {{"address", "10.0.0.2"}};
  CHECK(starts(says(input, "vip.free"), "failed h1: the virtual address 10.0.0.2 is the own address of h2"));
}

TEST_CASE("a virtual address in a network of containers is outside", "[check]") {
  CheckInput input = good(1);
  input.desired.instances[0].checks["vip.network"] = {{"address", "172.17.0.9"}};
  CHECK(starts(says(input, "vip.network"), "failed h1"));
  input.desired.instances[0].checks["vip.network"] = {{"address", "nine"}};
  CHECK(starts(says(input, "vip.network"), "failed h1: the virtual address \"nine\" of web is no IPv4 address"));
}

TEST_CASE("what stops a run is named with its check, on the run's hosts only", "[check]") {
  CheckInput input = good(2);
  input.facts["h1"].uid = 1;
  const auto found = make_checks(input, checks_before({}, chosen_checks({}, {})));
  CHECK(stopping(found, {"h2"}).empty());
  const std::string text = stopping(found, {"h1"});
  CHECK(starts(text, "h1: commands run as uid 1 (check ssh.root); next: "));
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  input.facts["h1"].uid = 0;
  input.facts["h1"].hostname = "h2";
  CHECK(stopping(make_checks(input, checks_before({}, chosen_checks({}, {}))), {"h2"}).find("hostname.unique") !=
        std::string::npos);
}

TEST_CASE("a host without a login fails, and the others are checked", "[check]") {
  CheckInput input = good(2);
  input.facts.erase("h2");
  input.absent["h2"] = {Absence::away, "no answer in 3 s"};
  CHECK(says(input, "ssh.reachable") == "failed h2: no login: no answer in 3 s");
  CHECK(check(input, "ip.local").size() == 1);
}

TEST_CASE("findings are told shortly, and in full with -v and as JSON", "[check]") {
  CheckInput input = good(2);
  input.facts["h1"].arch = "arm\x1b";
  input.facts["h1"].daemon_json = {};
  const auto found = make_checks(input, {"os.arch", "docker.live_restore"});
  const std::string text = check_text("c", found, Look{}, false);
  CHECK(text.find("failed   h1  os.arch") == 0);
  CHECK(text.find("\x1b") == std::string::npos);
  CHECK(text.find("c: 4 checks on 2 hosts: 2 ok, 1 warning, 1 failed\n") != std::string::npos);
  CHECK(text.find("ok  ") == std::string::npos);
  CHECK(check_text("c", found, Look{}, true).find("\nok ") != std::string::npos);
  const auto json = nlohmann::json::parse(check_json_text("c", found));
  CHECK(json["summary"] == nlohmann::json{{"ok", 2}, {"warnings", 1}, {"failed", 1}, {"skipped", 0}});
  CHECK(json["checks"][0]["verdict"] == "failed");
  CHECK(json["checks"][0]["host"] == "h1");
}

TEST_CASE("docs/checks.md lists every check as it is", "[check]") {
  std::ifstream in(std::string(cctl::test::source_dir) + "/docs/checks.md");
  std::string text((std::istreambuf_iterator<char>(in)), {});
  std::string table;
  for (const auto& k : check_kinds())
    table += "| " + k.name + " | " + (k.error ? "error" : "warning") + " | " +
             (k.across  ? "all hosts"
              : k.asked ? "components"
                        : "each host") +
             " | " +
             (k.quick        ? "yes"
              : k.at_first() ? "first"
                             : "no") +
             " | " + k.about + " | " + (k.fix.empty() ? "-" : k.fix) + " |\n";
  INFO("the table should be:\n" << table);
  CHECK(text.find(table) != std::string::npos);
}
