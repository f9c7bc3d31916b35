// What an engine's answers cost that says more than any engine has to say: pure, no host is asked.
#include "catch.hpp"
#include "model/limits.hpp"
#include "remote/engine.hpp"
#include "remote/engine_lists.hpp"

using namespace cctl;

namespace {

std::string list_of(const std::string& element, std::size_t count) {
  std::string out = "[" + element;
  for (std::size_t i = 1; i < count; ++i) out += "," + element;
  return out + "]";
}

std::string fault_of(void (*read)(const std::string&, ObservedHost&), const std::string& text) {
  ObservedHost host;
  try {
    read(text, host);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("the request that makes a container", "[engine]") {
  ContainerSpec plain;
  plain.image = "x:1";
  CHECK(create_body(plain) == nlohmann::json::parse(R"({"Image": "x:1", "StopTimeout": 10,
      "HostConfig": {"NetworkMode": "host", "RestartPolicy": {"Name": "unless-stopped"}}})"));
  ContainerSpec full = plain;
  full.network = "bridge";
  full.pid = "host";
  full.privileged = full.init = true;
  full.cap_add = {"NET_ADMIN"};
  full.cap_drop = {"MKNOD"};
  full.security_opt = {"label=disable"};
  full.dns = {"10.0.0.2"};
  full.ulimits = {{"nofile", 65536}};
  full.user = "1:1";
  full.memory = 1 << 30;
  full.stop_signal = "SIGINT";
  full.stop_timeout = 0;  // killed at once: not what Docker does unasked
  full.entrypoint = {"/bin/x"};
  full.args = {"run"};
  full.mounts = {"/a:/b:ro"};
  full.publish = {"80:8080"};
  full.labels = {{"a", "b"}};
  full.env = {{"K", "v"}};
  CHECK(create_body(full) == nlohmann::json::parse(R"({"Image": "x:1", "User": "1:1", "Entrypoint": ["/bin/x"],
      "Cmd": ["run"], "StopSignal": "SIGINT", "StopTimeout": 0, "Labels": {"a": "b"}, "Env": ["K=v"],
      "ExposedPorts": {"8080/tcp": {}}, "HostConfig": {"NetworkMode": "bridge", "PidMode": "host",
      "RestartPolicy": {"Name": "unless-stopped"}, "Privileged": true, "Init": true, "CapAdd": ["NET_ADMIN"],
      "CapDrop": ["MKNOD"], "SecurityOpt": ["label=disable"], "Dns": ["10.0.0.2"], "Memory": 1073741824,
      "Binds": ["/a:/b:ro"], "Ulimits": [{"Name": "nofile", "Soft": 65536, "Hard": 65536}],
      "PortBindings": {"8080/tcp": [{"HostIp": "", "HostPort": "80"}]}}})"));
}

TEST_CASE("an engine's lists are read up to a number of entries, names and labels") {
  std::string labels;
  for (std::size_t i = 0; i <= limits::row_texts; ++i) labels += (i ? ",\"" : "\"") + std::to_string(i) + "\":\"\"";
  struct Case {
    const char* name;
    bool images;
    std::string text;
    bool read;
  };
  const std::vector<Case> cases = {
      {"as many as may be", false, list_of("{}", limits::rows), true},
      {"one more", false, list_of("{}", limits::rows + 1), false},
      {"a million", false, list_of("{}", 1000000), false},
      {"a million images", true, list_of("{}", 1000000), false},
      {"labels", false, "[{\"Labels\":{" + labels + "}}]", false},
      {"fields that nobody reads", false, "[{" + labels + "}]", true},
      {"labels of other things", false, "[{\"Mounts\":{" + labels + "}}]", true},
      {"tags", true, "[{\"RepoTags\":" + list_of("\"\"", limits::row_texts + 1) + "}]", false},
      {"what is deeper is passed over", false, list_of("{\"A\":[{},{},{}]}", limits::rows), true},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const auto fault = fault_of(c.images ? read_images : read_containers, c.text);
    CHECK(fault.empty() == c.read);
    if (!c.read) CHECK(fault.find("has more than 20000 entries, or too many names and labels") != fault.npos);
  }
}

TEST_CASE("the fields of a container and of an image are taken by their names") {
  ObservedHost host;
  read_containers(R"([{"Id":"1","Names":["/a/b","/x"],"Image":"i","ImageID":"sha256:2","State":"running",)"
                  R"("Status":"Up","Labels":{"k":"v"},"Mounts":[{"Id":"9"}]}])",
                  host);
  REQUIRE(host.containers.size() == 1);
  const auto& one = host.containers[0];
  CHECK(one.id + one.name + one.image + one.image_id + one.state + one.since == "1xisha256:2runningUp");
  CHECK(one.labels == std::map<std::string, std::string>{{"k", "v"}});
  read_images(R"([{"Id":"sha256:3","RepoTags":["a:1","<none>:<none>"]}])", host);
  CHECK(host.images == std::set<std::string>{"a:1"});
  CHECK(host.image_ids["a:1"] == "sha256:3");
}

TEST_CASE("a pull's progress is that of so many layers") {
  PullStream stream;
  const auto count = 100 * limits::layers;
  for (std::size_t i = 0; i < count; ++i) {
    stream.feed(R"({"id":"l)" + std::to_string(i) +
                R"(","status":"Downloading","progressDetail":{"current":1,"total":2}})" + "\n");
    if (i % 100 == 0) stream.progress();
  }
  CHECK(stream.progress().total == 2 * static_cast<long long>(limits::layers));
  stream.feed("{\"id\":\"l0\",\"status\":\"Pull complete\"}\n");
  CHECK(stream.progress().done == static_cast<long long>(limits::layers) + 1);
}
