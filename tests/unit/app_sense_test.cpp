// What the fields of an app mean together, release by release: storage, networks, ports, checks and strategies.
#include "app_support.hpp"
#include "catch.hpp"
#include "load/app_names.hpp"
#include "load/app_rules.hpp"
#include "load/apps.hpp"

using namespace cctl;
using test::check_apps;

namespace {

// A container of Mesos' with one volume.
std::string with_volume(const std::string& volume, const std::string& more = "") {
  return R"("cmd": "x", "container": {"type": "MESOS", "volumes": [)" + volume + "]}" + more;
}
const std::string kept = R"({"containerPath": "data", "mode": "RW", "persistent": {"size": 10}})";

}  // namespace

TEST_CASE("a persistent volume is a name in the sandbox, with a size", "[apps]") {
  const std::string of = R"(container.volumes of app "/w": )";
  const auto volume = [](const std::string& path, const std::string& persistent, const std::string& mode = "RW") {
    return with_volume("\n{\"containerPath\": \"" + path + "\", \"mode\": \"" + mode + "\",\n\"persistent\": {" +
                       persistent + "}}");
  };
  check_apps({
      {"1.0.0", volume("data", R"("size": 10)"), ""},
      {"1.11.24", volume("data", R"("size": 10)"), ""},
      {"", volume("data", R"("size": 10)"), ""},
      {"1.1.1", volume("/var/data", R"("size": 10)"),
       "3:19 " + of +
           R"(a persistent one has a name in the task's sandbox for containerPath, as data, not "/var/data")"},
      {"1.11.24", volume("a/b", R"("size": 10)"),
       "3:19 " + of + R"(a persistent one has a name in the task's sandbox for containerPath, as data, not "a/b")"},
      {"", volume("..", R"("size": 10)"),
       "3:19 " + of + R"(a persistent one has a name in the task's sandbox for containerPath, as data, not "..")"},
      {"1.5.8", volume("data", R"("size": 10)", "RO"), "3:35 " + of + "a persistent one has mode RW"},
      {"1.5.8", volume("data", R"("size": 0)"), "4:24 " + of + "a persistent one has a size of more than 0, in MB"},
      {"1.5.8", volume("data", ""), R"(4:1 container.volumes[].persistent of app "/w" needs size)"},
      {"1.5.8", volume("data", R"("size": 10, "maxSize": 20)"),
       "4:39 " + of + "a persistent one has a maxSize with type: mount alone"},
      {"1.5.8", volume("data", R"("size": 10, "maxSize": 10, "type": "mount")"),
       "4:39 " + of + "a persistent one has a maxSize that is larger than size"},
      {"1.5.8", volume("data", R"("size": 10, "maxSize": 20, "type": "mount")"), ""},
      {"1.5.8", volume("data", R"("size": 10, "constraints": [["path", "LIKE", "a"]])"),
       "4:43 " + of + "a persistent one has constraints with type: path or mount alone"},
      {"1.5.8", volume("data", R"("size": 10, "type": "path", "constraints": [["path", "UNIQUE", "a"]])"),
       "4:60 " + of + "a persistent one has constraints as [path, LIKE, EXPRESSION]"},
      {"1.5.8", volume("data", R"("size": 10, "type": "path", "constraints": [["path", "LIKE", "a"]])"), ""},
  });
}

TEST_CASE("a volume is of one kind", "[apps]") {
  const std::string two = R"({"containerPath": "data", "mode": "RW", "persistent": {"size": 1}, "hostPath": "/a"})";
  const std::string of = R"(2:123 container.volumes of app "/w": hostPath stands beside persistent)";
  check_apps({
      {"1.4.9", with_volume(two), of + ": Marathon takes one of the two"},
      {"1.5.8", with_volume(two), "~" + of + ", and has no effect"},
      {"1.5.8", with_volume(R"({"containerPath": "a", "secret": "s"})", R"(, "secrets": {"s": {"source": "b"}})"), ""},
      {"1.5.8", with_volume(R"({"containerPath": "a", "secret": "s"})"),
       R"(2:89 container.volumes[].secret of app "/w" names the secret "s", which is not among secrets)"},
  });
}

TEST_CASE("an external volume has a name, a provider and a driver, and one task", "[apps]") {
  const std::string of = R"(container.volumes of app "/w": )";
  const auto volume = [](const std::string& external, const std::string& more = "") {
    return with_volume("\n{\"containerPath\": \"/a\", \"mode\": \"RW\",\n\"external\": {" + external + "}}", more);
  };
  const std::string whole = R"("name": "db", "provider": "dvdi", "options": {"dvdi/driver": "rexray"})";
  check_apps({
      {"1.0.0", volume(whole), ""},
      {"1.11.24", volume(whole), ""},
      {"1.5.8", volume(whole + R"(, "size": 5)"), ""},
      {"1.5.8", volume(R"("provider": "dvdi", "options": {"dvdi/driver": "rexray"})"),
       R"(4:1 container.volumes[].external of app "/w" needs name)"},
      {"1.5.8", volume(R"("name": "db", "options": {"dvdi/driver": "rexray"})"),
       R"(4:1 container.volumes[].external of app "/w" needs provider)"},
      {"1.5.8", volume(R"("name": "db", "provider": "dvdi")"),
       "4:1 " + of + "an external one needs options: {dvdi/driver: ...}"},
      {"1.5.8", volume(R"("name": "db", "provider": "dvd", "options": {})"),
       "4:40 " + of + R"(an external one has the provider dvdi, not "dvd")"},
      {"1.5.8", volume(R"("name": "My_Db", "provider": "dvdi", "options": {"dvdi/driver": "a"})"),
       "4:22 " + of + R"(an external one has a name of lower-case letters, digits and "-" inside, not "My_Db")"},
      {"1.10.26", volume(R"("name": "My_Db", "provider": "dvdi", "options": {"dvdi/driver": "a"})"), ""},
      {"1.11.24", volume(R"("name": "db", "provider": "csi", "options": {})"), ""},
      {"1.5.8", volume(whole, R"(, "instances": 2)"),
       R"(4:103 instances of app "/w" must be 1 or less with an external volume of dvdi)"},
      {"1.5.8", volume(whole, R"(, "upgradeStrategy": {"minimumHealthCapacity": 0, "maximumOverCapacity": 1})"),
       R"(4:161 upgradeStrategy.maximumOverCapacity of app "/w" must be 0 with an external volume of dvdi)"},
      {"1.5.8",
       R"("container": {"docker": {"image": "a"}, "volumes": [{"containerPath": "/a", "mode": "RW", "external": {)" +
           whole + R"(, "size": 5}}]})",
       R"(2:184 )" + of + "an external one in a container of type DOCKER has no size"},
  });
}

TEST_CASE("a task that keeps data stays where they are", "[apps]") {
  const std::string over = R"(upgradeStrategy.maximumOverCapacity of app "/w" must be 0 with a persistent volume)";
  const auto beside = [](const std::string& more) { return with_volume(kept, ",\n" + more); };
  check_apps({
      {"1.1.1", beside(R"("residency": {"taskLostBehavior": "WAIT_FOREVER"})"), ""},
      {"1.1.1", R"("cmd": "x", "residency": {"taskLostBehavior": "WAIT_FOREVER"})",
       R"(2:13 residency of app "/w" needs a persistent volume in container.volumes)"},
      {"1.5.8", R"("cmd": "x", "residency": {})",
       R"(2:13 residency of app "/w" needs a persistent volume in container.volumes)"},
      {"1.8.222", R"("cmd": "x", "residency": {})",
       R"(~2:13 residency of app "/w" needs a persistent volume in container.volumes, and has no effect without)"},
      {"1.5.8", beside(R"("upgradeStrategy": {"minimumHealthCapacity": 0.5, "maximumOverCapacity": 0})"), ""},
      {"1.5.8", beside(R"("upgradeStrategy": {"minimumHealthCapacity": 1, "maximumOverCapacity": 0})"), ""},
      {"1.5.8", beside(R"("upgradeStrategy": {"minimumHealthCapacity": 1, "maximumOverCapacity": 0.1})"),
       "3:72 " + over},
      {"1.4.9", beside(R"("upgradeStrategy": {"minimumHealthCapacity": 1})"),
       "3:1 " + over + ", and is 1 where nothing is said"},
      {"1.5.8", beside(R"("upgradeStrategy": {"minimumHealthCapacity": 1})"),
       R"(3:1 upgradeStrategy of app "/w" needs maximumOverCapacity)"},
      {"1.1.1", beside(R"("upgradeStrategy": {"minimumHealthCapacity": 1, "maximumOverCapacity": 0})"),
       R"(3:46 upgradeStrategy.minimumHealthCapacity of app "/w" must be 0.5 or less with a persistent volume)"},
      {"1.5.8", beside(R"("acceptedResourceRoles": ["*"])"), ""},
      {"1.5.8", beside(R"("acceptedResourceRoles": ["slave_public"])"),
       R"(3:1 acceptedResourceRoles of app "/w" must be ["*"] with a persistent volume)"},
      {"1.5.8", beside(R"("unreachableStrategy": "disabled")"), ""},
      {"1.5.8", beside(R"("unreachableStrategy": {"inactiveAfterSeconds": 1, "expungeAfterSeconds": 2})"),
       R"(3:1 unreachableStrategy of app "/w" must be disabled with a persistent volume)"},
      {"1.4.0", beside(R"("unreachableStrategy": {"inactiveAfterSeconds": 1, "expungeAfterSeconds": 2})"), ""},
  });
}

TEST_CASE("a task that cannot be reached is given up after it is replaced", "[apps]") {
  const std::string field = R"(unreachableStrategy.inactiveAfterSeconds of app "/w" )";
  check_apps({
      {"1.5.8", R"("cmd": "x", "unreachableStrategy": {"inactiveAfterSeconds": 5, "expungeAfterSeconds": 5})", ""},
      {"1.5.8", R"("cmd": "x", "unreachableStrategy": {"inactiveAfterSeconds": 6, "expungeAfterSeconds": 5})",
       "2:61 " + field + "(6) must not be more than expungeAfterSeconds (5)"},
      {"", R"("cmd": "x", "unreachableStrategy": {"inactiveAfterSeconds": 6, "expungeAfterSeconds": 5})",
       "2:61 " + field + "(6) must not be more than expungeAfterSeconds (5)"},
      {"1.6.322", R"("cmd": "x", "unreachableStrategy": {"inactiveAfterSeconds": 6})",
       "2:61 " + field + "(6) must not be more than expungeAfterSeconds (0 where nothing is said)"},
      {"1.4.9", R"("cmd": "x", "unreachableStrategy": {"inactiveAfterSeconds": 6})", ""},
      {"1.4.9", R"("cmd": "x", "unreachableStrategy": {"inactiveAfterSeconds": 601})",
       "2:61 " + field + "(601) must not be more than expungeAfterSeconds (600 where nothing is said)"},
      {"1.11.24", R"("cmd": "x", "unreachableStrategy": {"expungeAfterSeconds": 6})", ""},
      {"1.4.1", R"("cmd": "x", "unreachableStrategy": "disabled")",
       R"(2:36 disabled unreachableStrategy of app "/w" came with Marathon 1.4.2, and this is 1.4.1)"},
  });
}

TEST_CASE("networks are one of the host, one bridge, or container networks", "[apps]") {
  const auto nets = [](const std::string& rows, const std::string& more = "") {
    return R"("cmd": "x", "networks": [)" + rows + "]" + more;
  };
  const std::string of = R"(networks of app "/w": )";
  check_apps({
      {"1.5.8", nets(R"({"mode": "container", "name": "a"}, {"mode": "container", "name": "b"})"), ""},
      {"1.5.8", nets(R"({"mode": "container/bridge"}, {"mode": "container", "name": "b"})"),
       "2:26 " + of + "one of mode container/bridge stands alone"},
      {"1.5.8", nets(R"({"mode": "container/bridge"}, {"mode": "container/bridge"})"),
       "2:26 " + of + "one of mode container/bridge stands alone"},
      {"1.5.8", nets(R"({"mode": "container"})"),
       "~2:26 " + of + "one of mode container needs a name, or Marathon its flag default_network_name"},
      {"1.5.8", nets(R"({"mode": "container", "name": "a"}, {"name": "a"})"),
       R"(2:71 networks of app "/w" has the name "a" twice)"},
      {"1.5.8", nets(R"({"mode": "host", "labels": {"a": "b"}})"), "2:43 " + of + "one of mode host has no labels"},
      {"1.5.8", R"("container": {"docker": {"image": "a"}}, "networks": [{"name": "a"}, {"name": "b"}])",
       "2:70 " + of + "a container of type DOCKER takes one"},
      {"1.5.8",
       nets(R"({"name": "a"}, {"name": "b"})",
            R"(, "container": {"type": "MESOS", "portMappings": [{"containerPort": 80, "hostPort": 0}]})"),
       R"(2:105 container.portMappings of app "/w": with several networks a hostPort needs one of networkNames)"},
      {"1.5.8",
       nets(R"({"name": "a"}, {"name": "b"})",
            R"(, "container": {"type": "MESOS", "portMappings": [{"hostPort": 0, "networkNames": ["a"]}]})"),
       ""},
      {"1.5.8",
       nets(R"({"name": "a"})",
            R"(, "container": {"type": "MESOS", "portMappings": [{"hostPort": 0, "networkNames": ["b"]}]})"),
       R"(2:123 container.portMappings[].networkNames of app "/w" names "b", which is not among networks)"},
      {"1.5.8", R"("container": {"docker": {"image": "a", "network": "NONE"}})",
       R"(2:51 NONE container.docker.network of app "/w" is gone since Marathon 1.5, and this is 1.5.8)"},
      {"1.4.9", R"("container": {"docker": {"image": "a", "network": "NONE"}})", ""},
      {"1.5.8", R"("container": {"type": "MESOS", "docker": {"image": "a", "network": "BRIDGE"}})",
       R"(2:57 container.docker.network of app "/w" goes with containers of type DOCKER)"},
      {"1.4.9", R"("container": {"type": "MESOS", "docker": {"image": "a", "network": "BRIDGE"}})",
       R"(~2:57 container.docker.network of app "/w" goes with containers of type DOCKER, and has no effect)"},
      {"1.5.8", R"("container": {"docker": {"image": "a"}}, "ipAddress": {"discovery": {"ports": [{"name": "a"}]}})",
       R"(2:56 ipAddress.discovery of app "/w" works in containers of type MESOS only)"},
  });
}

TEST_CASE("ports have names that Marathon takes, and numbers where they are required", "[apps]") {
  const std::string none =
      R"(~2:13 requirePorts of app "/w" has no effect, since no port has a number: Marathon chooses them)";
  check_apps({
      {"1.5.8", R"("cmd": "x", "requirePorts": true)", none},
      {"1.1.1", R"("cmd": "x", "requirePorts": true, "ports": [0, 0])", none},
      {"1.1.1", R"("cmd": "x", "requirePorts": true, "ports": [0, 80])", ""},
      {"1.5.8", R"("cmd": "x", "requirePorts": true, "portDefinitions": [{"port": 80}])", ""},
      {"1.5.8", R"("cmd": "x", "requirePorts": false)", ""},
      {"1.5.8", R"("cmd": "x", "requirePorts": true, "networks": [{"mode": "container/bridge"}])",
       R"(~2:13 requirePorts of app "/w" has no effect without the network of the host)"},
      {"1.1.1", R"("cmd": "x", "portDefinitions": [{"name": "Web"}])",
       R"(2:42 bad name "Web" in portDefinitions of app "/w": lower-case letters, digits and "-" inside)"},
      {"1.4.9", R"("cmd": "x", "portDefinitions": [{"name": "-web"}])", ""},
      {"1.5.8", R"("cmd": "x", "portDefinitions": [{"name": "-web"}])",
       R"(2:42 bad name "-web" in portDefinitions of app "/w": lower-case letters, digits and "-" inside)"},
      {"1.5.8", R"("cmd": "x", "portDefinitions": [{"name": "web-1"}])", ""},
  });
}

TEST_CASE("checks ask for what is there", "[apps]") {
  const std::string of = R"(healthChecks of app "/w": )", ready = R"(readinessChecks of app "/w": )";
  check_apps({
      {"1.5.8", R"("cmd": "x", "healthChecks": [{"protocol": "COMMAND", "command": {"value": "a"}}])", ""},
      {"1.5.8", R"("cmd": "x", "healthChecks": [{"protocol": "COMMAND", "command": {"value": "a"}, "path": "/"}])",
       "2:81 " + of + "path does not go with protocol COMMAND"},
      {"1.1.1", R"("cmd": "x", "healthChecks": [{"protocol": "COMMAND", "command": {"value": "a"}, "path": "/"}])",
       "~2:81 " + of + "path does not go with protocol COMMAND"},
      {"1.5.8", R"("cmd": "x", "healthChecks": [{"command": {"value": "a"}}])",
       "2:31 " + of + "a command needs protocol: COMMAND"},
      {"1.1.1", R"("cmd": "x", "healthChecks": [{"command": {"value": "a"}}])",
       "~2:31 " + of + "a command needs protocol: COMMAND, and is passed over without"},
      {"1.5.8", R"("cmd": "x", "healthChecks": [{"portIndex": 0, "port": 80}])",
       "~2:31 " + of + "portIndex has no effect beside port"},
      {"1.5.8", R"("cmd": "x", "healthChecks": [{"protocol": "TCP", "path": "/"}])",
       "~2:50 " + of + "path has no effect with protocol TCP"},
      {"1.8.222", R"("cmd": "x", "healthChecks": [{"ipProtocol": "IPv6"}])",
       "2:45 " + of + "IPv6 works for checks made by Mesos in containers of type DOCKER only"},
      {"1.5.8", R"("cmd": "x", "readinessChecks": [{"portName": "api"}], "portDefinitions": [{"name": "api"}])", ""},
      {"1.5.8", R"("cmd": "x", "readinessChecks": [{"portName": "apu"}], "portDefinitions": [{"name": "api"}])",
       "2:46 " + ready + R"(portName "apu" is the name of no port, did you mean "api"?)"},
      {"1.5.8", R"("cmd": "x", "readinessChecks": [{"portName": "default"}])", ""},
      {"1.1.1", R"("cmd": "x", "readinessChecks": [{"portName": "default"}])",
       "2:46 " + ready + R"(portName "default" is the name of no port)"},
      {"1.5.8", R"("cmd": "x", "readinessChecks": [{}], "ports": [80])",
       "2:33 " + ready + R"(portName "http-api", which it is where nothing is said, is the name of no port)"},
      {"1.5.8",
       R"("cmd": "x", "readinessChecks": [{"portName": "a", "intervalSeconds": 10}], "portDefinitions": [{"name": "a"}])",
       "2:33 " + ready + "timeoutSeconds (10) must be less than intervalSeconds (10)"},
      {"1.8.222", R"("container": {"docker": {"image": "a"}}, "check": {"exec": {"command": {"shell": "a"}}})",
       R"(2:42 check of app "/w" works in containers of type MESOS only)"},
  });
}

TEST_CASE("an app that runs once is replaced after its end", "[apps]") {
  const std::string label = R"("labels": {"MARATHON_SINGLE_INSTANCE_APP": "true"})";
  const std::string with = R"( with the label MARATHON_SINGLE_INSTANCE_APP)";
  check_apps({
      {"1.5.8", R"("cmd": "x", "upgradeStrategy": {"minimumHealthCapacity": 0, "maximumOverCapacity": 0}, )" + label,
       ""},
      {"1.5.8", R"("cmd": "x", "upgradeStrategy": {"minimumHealthCapacity": 0, "maximumOverCapacity": 1}, )" + label,
       R"(2:84 upgradeStrategy.maximumOverCapacity of app "/w" must be 0)" + with},
      {"1.1.1", R"("cmd": "x", )" + label,
       R"(2:24 upgradeStrategy of app "/w" must be {minimumHealthCapacity: 0, maximumOverCapacity: 0})" + with},
      {"0.15.3", R"("cmd": "x", )" + label, ""},
      {"1.5.8", R"("cmd": "x", "labels": {"MARATHON_SINGLE_INSTANCE_APP": "false"})", ""},
  });
}

TEST_CASE("what a map cannot be without, and words that Marathon cannot read", "[apps]") {
  check_apps({
      {"1.5.8", R"("cmd": "x", "secrets": {"a": {}})", R"(2:25 secret "a" of app "/w" needs a source)"},
      {"1.5.8", R"("container": {"docker": {"image": "a", "parameters": [{"key": "a"}]}})",
       R"(2:55 container.docker.parameters[] of app "/w" needs value)"},
      {"1.5.8", R"("container": {"docker": {"image": "a", "pullConfig": {"secret": "a"}}})",
       R"(2:40 container.docker.pullConfig of app "/w" works in containers of type MESOS only)"},
      {"1.5.8", R"("cmd": "x", "acceptedResourceRoles": ["a b"])",
       R"(2:39 bad role "a b" in acceptedResourceRoles of app "/w")"},
      {"1.1.1", R"("cmd": "x", "acceptedResourceRoles": ["a b"])", ""},
      {"1.5.8", R"("cmd": "x", "fetch": [{"uri": "http://a/b c"}])",
       R"(2:31 bad uri "http://a/b c" in fetch of app "/w": blanks and the like are written as %20)"},
      {"1.5.8", R"("cmd": "x", "uris": ["http://a/b|c"])",
       R"(2:22 bad uri "http://a/b|c" in uris of app "/w": blanks and the like are written as %20)"},
      {"1.5.8", R"("cmd": "x", "fetch": [{"uri": "http://[::1]:80/b%20c?d=e&f#g"}])", ""},
      {"1.10.26", R"("cmd": "x", "resourceLimits": {"cpus": "unlimited", "mem": 128})", ""},
      {"1.10.26", R"("cmd": "x", "cpus": 2, "resourceLimits": {"cpus": 1})",
       R"(2:51 resourceLimits.cpus of app "/w" must be unlimited or a number from cpus (2), not 1)"},
      {"1.10.26", R"("cmd": "x", "resourceLimits": {"mem": "none"})",
       R"(2:39 resourceLimits.mem of app "/w" must be unlimited or a number from mem (128), not "none")"},
      {"1.6.322", R"("cmd": "x", "constraints": [["rack", "IS", "a{b}"]])",
       R"(2:44 IS in constraints of app "/w" takes letters, digits and _ / . -, not "a{b}")"},
  });
}

TEST_CASE("apps that Marathon does not take beside each other", "[apps]") {
  struct Two {
    std::string marathon, one, other, says;
  };
  const auto port = [](const std::string& number) {
    return "cmd: x, container: {docker: {image: a, network: BRIDGE, portMappings: [{containerPort: 1, servicePort: " +
           number + "}]}}";
  };
  const std::string disk = "cmd: x, container: {type: MESOS, volumes: [{external: {name: d, provider: dvdi}}]}";
  for (const Two& row : std::vector<Two>{
           {"", "id: /web, cmd: x", "id: /webs/a, cmd: x", ""},
           {"", "id: /web, cmd: x", "id: /web/a, cmd: x",
            "2 the app \"/web/a\" is in a group that is an app, too: \"/web\" on line 1; Marathon takes one of the "
            "two, so rename one\n"},
           {"1.11.24", "id: a/b/c, cmd: x", "id: a, cmd: x",
            "1 the app \"/a/b/c\" is in a group that is an app, too: \"/a\" on line 2; Marathon takes one of the two, "
            "so rename one\n"},
           {"1.1.1", "id: /a, " + port("80"), "id: /b, " + port("80"),
            "2 servicePort 80 of app \"/b\" is that of app \"/a\", too, and Marathon gives it to one\n"},
           {"1.1.1", "id: /a, " + port("0"), "id: /b, " + port("0"), ""},
           {"1.3.0", "id: /a, " + port("80"), "id: /b, " + port("80"), ""},
           {"", "id: /a, " + port("80"), "id: /b, " + port("80"), ""},
           {"1.5.8", "id: /a, " + disk, "id: /b, " + disk,
            "2 external volume \"d\" of app \"/b\" is that of app \"/a\", too, and Marathon gives it to one\n"},
       }) {
    INFO(row.one << " | " << row.other);
    Mistakes mistakes;
    const Tree tree = parse_yaml("- {" + row.one + "}\n- {" + row.other + "}\n", "i.yml", mistakes);
    check_apps_apart(read_apps(tree, Reader(mistakes), ""), Version::parse(row.marathon), mistakes);
    std::string out;
    for (const Mistake& m : mistakes.in_file_order()) out += std::to_string(m.mark.line) + " " + m.text + "\n";
    CHECK(out == row.says);
  }
}
