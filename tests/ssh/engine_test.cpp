// The Docker Engine API, observation and probes through a real sshd.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "look/look.hpp"
#include "remote/shell.hpp"
#include "remote/wait.hpp"
#include "run.hpp"

using namespace cctl;
using namespace cctl::test;

namespace {

constexpr const char* image = "cctl-ssh-test:busybox";

// An image with nothing but busybox in it, made once.
void have_image() {
  static bool made = false;
  if (made) return;
  const TempDir dir;
  fs::create_directories(dir.path / "bin");
  fs::copy_file("/bin/busybox", dir.path / "bin/busybox");
  for (const char* name : {"sh", "sleep", "echo", "cat", "id", "env", "seq", "trap"})
    fs::create_symlink("busybox", dir.path / "bin" / name);
  ran({"tar", "-C", dir.path.string(), "-cf", "/tmp/cctl-ssh-test.tar", "bin"});
  ran({"docker", "import", "/tmp/cctl-ssh-test.tar", image});
  fs::remove("/tmp/cctl-ssh-test.tar");
  made = true;
}

ContainerSpec spec(const std::string& script) {
  ContainerSpec s;
  s.name = "cctl-sshtest-one";
  s.image = image;
  s.entrypoint = {"sh", "-c"};
  s.args = {script};
  s.labels = {{label::cluster, "sshtest"}, {label::component, "one"}};
  s.stop_timeout = 1;
  return s;
}

// Containers of these tests, removed before and after.
struct Clean {
  Clean() { sweep(); }
  ~Clean() { sweep(); }
  static void sweep() {
    for (const char* name : {"cctl-sshtest-one", "cctl-sshtest-two"})
      run_program({"docker", "rm", "-f", name}, {.time = std::chrono::seconds(60)});
  }
};

}  // namespace

TEST_CASE("a container's life", "[docker]") {
  have_image();
  const Clean clean;
  World world;
  auto door = world.connect(shared_sshd().host());
  auto& engine = door->engine();
  const std::function<Task<void>()> body = [&]() -> Task<void> {
    CHECK((co_await engine.inspect("cctl-sshtest-one")).state == "missing");
    auto wanted = spec("echo to out; echo to err >&2; trap 'exit 5' TERM; while :; do sleep 0.1; done");
    const std::string id = co_await engine.create(wanted, wanted.name);
    CHECK(id.size() == 64);
    CHECK((co_await engine.inspect(id)).state == "created");
    co_await engine.start(id);
    co_await engine.start(id);
    auto info = co_await engine.inspect(wanted.name);
    CHECK(info.state == "running");
    CHECK(info.name == wanted.name);
    std::vector<std::string> command = {"sh", "-c", "echo $0 out; echo err >&2; exit 3", "a b"};
    const auto result = co_await engine.exec(id, command);
    CHECK(result.exit_status == 3);
    CHECK(result.out == "a b out\n");
    CHECK(result.err == "err\n");
    auto lines = co_await engine.logs(id, 10);
    std::sort(lines.begin(), lines.end());
    CHECK(lines == std::vector<std::string>{"to err", "to out"});
    co_await engine.rename(id, "cctl-sshtest-two");
    co_await engine.set_restart_policy(id, "no");
    co_await engine.stop(id, 5);
    co_await engine.stop(id, 5);
    info = co_await engine.inspect("cctl-sshtest-two");
    CHECK(info.state == "exited");
    CHECK(info.exit_code == 5);
    co_await engine.restart(id, 1);
    CHECK((co_await engine.inspect(id)).state == "running");
    co_await engine.stop(id, 1);
    co_await engine.remove(id);
    co_await engine.remove(id);
    CHECK((co_await engine.inspect(id)).state == "missing");
  };
  world.run(body);
  CHECK(world.network->traffic()["here"].tcp_connections == 1);
}

TEST_CASE("every setting of a container reaches the engine", "[docker]") {
  have_image();
  const Clean clean;
  World world;
  auto door = world.connect(shared_sshd().host());
  auto s = spec("sleep 60");
  s.network = "bridge";
  s.env = {{"A", "b=c d"}, {"EMPTY", ""}};
  s.user = "12:34";
  s.pid = "host";
  s.init = true;
  s.cap_add = {"NET_ADMIN"};
  s.cap_drop = {"MKNOD"};
  s.security_opt = {"no-new-privileges"};
  s.mounts = {"/tmp:/host tmp:ro"};
  s.publish = {"127.0.0.1:" + std::to_string(free_port()) + ":80", std::to_string(free_port()) + ":53/udp"};
  s.dns = {"10.1.2.3"};
  s.ulimits = {{"nofile", 4096}};
  s.memory = 64 << 20;
  s.stop_timeout = 7;
  s.stop_signal = "SIGINT";
  const std::function<Task<void>()> body = [&]() -> Task<void> { co_await door->engine().create(s, s.name); };
  world.run(body);
  const auto seen = nlohmann::json::parse(ran({"docker", "inspect", s.name})).at(0);
  const auto& host = seen["HostConfig"];
  const auto& config = seen["Config"];
  CHECK(host["NetworkMode"] == "bridge");
  CHECK(host["PidMode"] == "host");
  CHECK(host["Init"] == true);
  CHECK(host["Privileged"] == false);
  CHECK(host["CapAdd"].dump().find("NET_ADMIN") != std::string::npos);
  CHECK(host["CapDrop"].dump().find("MKNOD") != std::string::npos);
  CHECK(host["SecurityOpt"].dump().find("no-new-privileges") != std::string::npos);
  CHECK(host["Binds"] == nlohmann::json{"/tmp:/host tmp:ro"});
  CHECK(host["PortBindings"]["80/tcp"][0]["HostIp"] == "127.0.0.1");
  CHECK(host["PortBindings"].contains("53/udp"));
  CHECK(host["Dns"] == nlohmann::json{"10.1.2.3"});
  CHECK(host["Ulimits"][0]["Hard"] == 4096);
  CHECK(host["Memory"] == 64 << 20);
  CHECK(host["RestartPolicy"]["Name"] == "unless-stopped");
  CHECK(config["StopTimeout"] == 7);
  CHECK(config["StopSignal"] == "SIGINT");
  CHECK(config["User"] == "12:34");
  CHECK(config["Labels"]["clusterctl.cluster"] == "sshtest");
  CHECK(config["Env"].dump().find("A=b=c d") != std::string::npos);
  CHECK(config["Entrypoint"] == nlohmann::json{"sh", "-c"});
  CHECK(config["Cmd"] == nlohmann::json{"sleep 60"});
}

TEST_CASE("the engine's own words come out", "[docker]") {
  World world;
  auto door = world.connect(shared_sshd().host());
  const std::function<Task<void>()> pull = [&]() -> Task<void> {
    co_await door->engine().pull("127.0.0.1:1/nothing:1.0", {});
  };
  CHECK_THROWS_WITH(world.run(pull), Contains("127.0.0.1:1"));
  const std::function<Task<void>()> create = [&]() -> Task<void> {
    auto s = spec("true");
    s.image = "no-such-image:9";
    co_await door->engine().create(s, s.name);
  };
  CHECK_THROWS_WITH(world.run(create), Contains("No such image"));
}

TEST_CASE("a log that is followed", "[docker]") {
  have_image();
  const Clean clean;
  World world;
  auto door = world.connect(shared_sshd().host());
  std::vector<std::string> lines, again;
  const std::function<Task<void>()> body = [&]() -> Task<void> {
    auto s = spec("seq 1 3000; sleep 0.3; echo end");
    const auto id = co_await door->engine().create(s, s.name);
    co_await door->engine().set_restart_policy(id, "no");
    co_await door->engine().start(id);
    std::function<void(std::string)> sink = [&](std::string line) { lines.push_back(std::move(line)); };
    std::string since;
    co_await door->engine().follow_logs(id, 5000, since, sink);
    co_await door->engine().start(id);
    const ContainerInfo second = co_await door->engine().inspect(id);
    since = second.ended;
    sink = [&](std::string line) { again.push_back(std::move(line)); };
    co_await door->engine().follow_logs(id, 5000, since, sink);
  };
  world.run(body);
  REQUIRE(lines.size() == 3001);
  CHECK(lines[2999] == "3000");
  CHECK(lines.back() == "end");
  // The last words of the run before may be stamped after its end.
  REQUIRE(again.size() >= lines.size());
  CHECK(std::equal(lines.rbegin(), lines.rend(), again.rbegin()));
}

TEST_CASE("a host observed in one exchange", "[docker]") {
  have_image();
  const Clean clean;
  World world;
  const TempDir dir;
  write_file(dir / "small", "con\ntent\n");
  write_file(dir / "bytes\nand 'name", std::string("\0\xff\r\n@end", 8));
  write_file(dir / "large", std::string(1048576, 'x'));
  write_file(dir / "empty", "");
  ::chmod((dir / "small").c_str(), 0600);
  REQUIRE(::chown((dir / "small").c_str(), 3, 4) == 0);
  fs::create_symlink("nowhere", dir.path / "dangling");
  ran({"docker", "create", "--name", "cctl-sshtest-one", "--label", "clusterctl.cluster=sshtest", image, "sh"});
  const int before = shared_sshd().accepted();
  auto door = world.connect(shared_sshd().host());
  LookRequest request;
  request.cluster = "no such cluster";
  request.paths = {dir / "small", dir / "missing", dir.path.string(), dir / "dangling"};
  request.content_paths = {dir / "small", dir / "bytes\nand 'name", dir / "large", dir / "empty", dir / "absent"};
  const auto host = world.observe(*door, request);
  CHECK(host.reachable);
  CHECK_FALSE(host.engine_version.empty());
  CHECK(host.images.count(image) == 1);
  const auto found = std::find_if(host.containers.begin(), host.containers.end(),
                                  [](const ObservedContainer& c) { return c.name == "cctl-sshtest-one"; });
  REQUIRE(found != host.containers.end());
  CHECK(found->state == "created");
  CHECK(found->get(label::cluster) == "sshtest");
  CHECK(host.files.size() == 8);
  const auto& small = host.files.at(dir / "small");
  CHECK(small.exists);
  CHECK(small.content == "con\ntent\n");
  CHECK(small.mode == "0600");
  CHECK(small.owner == "3:4");
  CHECK(small.digest == ran({"sha256sum", dir / "small"}).substr(0, 64));
  CHECK(host.files.at(dir / "bytes\nand 'name").content == std::string("\0\xff\r\n@end", 8));
  CHECK(host.files.at(dir / "large").content.empty());
  CHECK(host.files.at(dir / "large").unread);
  CHECK_FALSE(host.files.at(dir / "small").unread);
  CHECK(host.files.at(dir / "large").digest.size() == 64);
  CHECK(host.files.at(dir / "empty").exists);
  CHECK_FALSE(host.files.at(dir / "absent").exists);
  CHECK_FALSE(host.files.at(dir / "missing").exists);
  CHECK(host.files.at(dir / "dangling").exists);
  CHECK(host.files.at(dir.path.string()).exists);

  const auto traffic = world.network->traffic()["here"];
  CHECK(traffic.tcp_connections == 1);
  CHECK(traffic.exchanges == 1);
  CHECK(traffic.execs == 1);
  CHECK(shared_sshd().accepted() == before + 1);
}

TEST_CASE("the observing script needs no more than busybox") {
  const TempDir dir, bin;
  for (const char* name : {"sh", "cat", "df", "grep", "base64", "stat", "sha256sum", "id", "readlink", "dd", "head"})
    fs::create_symlink("/bin/busybox", bin.path / name);
  write_file(dir / "a", "one");
  write_file(dir / "b", "two\n");
  fs::create_directories(dir.path / "empty");
  fs::create_directories(dir.path / "full/.hidden");
  LookRequest request;
  request.cluster = "x";
  request.paths = {dir / "a"};
  request.content_paths = {dir / "b", dir / "c", dir / "empty", dir / "full"};
  // What lies in directories: links are entries, and nobody follows them.
  fs::create_directories(dir.path / "list/sub");
  for (const char* name : {"list/empty", "list/.hidden", "list/two words", "list/a\nb"})
    write_file(dir / name, std::string(name) == "list/empty" ? "" : "x");
  fs::create_symlink("/etc", dir.path / "list/link");
  fs::create_symlink("nowhere", dir.path / "list/dangling");
  request.listed = {dir / "list", dir / "empty", dir / "missing"};
  ask_observation(request);
  const auto result = run_program({"env", "PATH=" + bin.path.string(), "sh", "-c", look_script(request, "@7")},
                                  {.time = std::chrono::seconds(20)});
  const ObservedHost host = read_look("noise of a login shell\n" + result.out, request, "@7").host;
  CHECK(host.files.at(dir / "a").digest.size() == 64);
  CHECK(host.files.at(dir / "a").content.empty());
  CHECK(host.files.at(dir / "b").content == "two\n");
  CHECK_FALSE(host.files.at(dir / "c").exists);
  CHECK_FALSE(host.files.at(dir / "empty").exists);
  CHECK(host.files.at(dir / "full").is_directory);
  std::set<std::string> listed;
  for (const auto& entry : host.entries.at(dir / "list"))
    listed.insert(std::string(1, entry.kind) + (entry.empty ? " empty " : " ") + entry.name);
  CHECK(listed ==
        std::set<std::string>{"d sub", "f empty empty", "f .hidden", "f two words", "f a?b", "l dangling", "l link"});
  CHECK(host.entries.size() == 1);
  CHECK_THROWS_AS(read_look(result.out.substr(0, result.out.size() / 2), request, "@7"), Error);
}

TEST_CASE("a file that is another one each time it is read is told", "[docker]") {
  World world;
  auto door = world.connect(shared_sshd().host());
  LookRequest request;
  request.cluster = "x";
  request.content_paths = {"/proc/uptime"};
  CHECK_THROWS_WITH(world.observe(*door, request), Contains("were changing while they were read"));
}

TEST_CASE("where the socket may not be forwarded, dial-stdio goes round it", "[docker]") {
  have_image();
  const Clean clean;
  const Sshd closed("AllowStreamLocalForwarding no");
  World world;
  auto door = world.connect(closed.host());
  LookRequest request;
  request.cluster = "x";
  const auto host = world.observe(*door, request);
  CHECK_FALSE(host.engine_version.empty());
  CHECK(host.images.count(image) == 1);
  const std::function<Task<void>()> body = [&]() -> Task<void> {
    auto s = spec("sleep 60");
    const auto id = co_await door->engine().create(s, s.name);
    co_await door->engine().start(id);
    CHECK((co_await door->engine().inspect(id)).state == "running");
  };
  world.run(body);
  CHECK(world.network->traffic()["here"].tcp_connections == 1);
}

TEST_CASE("why there is no engine") {
  SshOptions options;
  options.engine_socket = "/var/run/no-docker.sock";
  World world(options);
  auto door = world.connect(shared_sshd().host());
  LookRequest request;
  request.cluster = "x";
  // It is a fact about the host, which is observed all the same.
  const ObservedHost seen = world.observe(*door, request);
  CHECK_THAT(seen.engine_error, Contains("/var/run/no-docker.sock is missing"));
  CHECK(seen.engine_version.empty());
  CHECK(seen.reachable);
}

TEST_CASE("two hosts at once, each with one connection", "[docker]") {
  const Sshd other;
  World world;
  ObservedHost seen[2];
  const Host hosts[2] = {shared_sshd().host("one"), other.host("two")};
  int done = 0;
  const std::function<Task<void>(int)> one = [&](int i) -> Task<void> {
    auto door = co_await world.network->connect(hosts[i], std::chrono::seconds(20));
    LookRequest request;
    request.cluster = "x";
    const Looked looked = co_await door->observe(request);
    seen[i] = looked.host;
    ++done;
  };
  const std::function<Task<void>()> body = [&]() -> Task<void> {
    std::vector<Task<void>> tasks;
    tasks.push_back(one(0));
    tasks.push_back(one(1));
    co_await together(world.loop, std::move(tasks));
  };
  world.run(body);
  CHECK(done == 2);
  for (const char* name : {"one", "two"}) {
    CHECK(world.network->traffic()[name].tcp_connections == 1);
    CHECK(world.network->traffic()[name].exchanges <= 2);
  }
}
