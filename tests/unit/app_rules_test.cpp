// Definitions of apps held against releases of Marathon: what is refused, what is passed over, and what is fine.
#include "load/app_rules.hpp"
#include "app_support.hpp"
#include "catch.hpp"
#include "load/apps.hpp"
#include "load/tree_of_json.hpp"

using namespace cctl;
using test::check_apps;

TEST_CASE("an app runs a command, arguments or an image, and not two of the first") {
  const std::string nothing = R"(1:8 app "/w" runs nothing: it needs cmd, args, or a container with an image)";
  const std::string both = R"(2:13 args of app "/w" stands beside cmd, and Marathon takes one of the two)";
  check_apps({
      {"1.1.1", R"("cmd": "x")", ""},
      {"1.1.1", R"("args": ["x"])", ""},
      {"1.1.1", R"("container": {"docker": {"image": "a"}})", ""},
      {"1.5.8", R"("cmd": "x", "container": {"docker": {"image": "a"}})", ""},
      {"1.5.8", R"("cmd": "x", "args": [])", ""},
      {"1.5.8", R"("cmd": "x", "args": null)", ""},
      {"1.5.8", R"("cmd": null, "args": ["x"])", ""},
      {"1.5.8", R"("cmd": "x", "args": ["y"])", both},
      {"0.8.2", R"("cmd": "x", "args": ["y"])", both},
      {"", R"("cmd": "x", "args": ["y"])", both},
      {"1.1.1", R"("cpus": 0.1)", nothing},
      {"1.1.1", R"("cmd": null, "args": [], "container": null)", nothing},
      {"1.1.1", R"("cmd": "")", R"(2:8 cmd of app "/w" is empty)"},
      {"1.1.1", R"("cmd": true)", R"(2:8 cmd of app "/w" must be a text: put true in quotes)"},
      {"1.1.1", R"("args": "x")", R"(2:9 args of app "/w" must be a list, not "x")"},
      {"1.1.1", R"("args": ["x", 1])", R"(2:15 args of app "/w" must be texts: put 1 in quotes)"},
      {"1.5.8", R"("container": {"docker": {}})", R"(2:15 container.docker of app "/w" needs an image)"},
      {"1.5.8", R"("container": {"volumes": []}, "cmd": "x")",
       R"(2:1 container of app "/w" is of type DOCKER and needs docker: {image: ...})"},
      {"1.5.8", R"("container": {"type": "MESOS", "volumes": []}, "cmd": "x")", ""},
      {"1.1.1", R"("container": {"type": "MESOS", "docker": {"image": "a"}}, "cmd": "x")",
       "2:32 an image of Docker's in a container of type MESOS came with Marathon 1.3, and this is 1.1.1"},
      {"1.5.8", R"("container": {"type": "MESOS"})",
       R"(2:1 app "/w" runs nothing: its container has no image, and there is neither cmd nor args)"},
  });
}

TEST_CASE("keys that Marathon does not know are warned of, wherever they stand") {
  check_apps({
      {"1.1.1", R"("cmd": "x", "memm": 32)", R"(~2:13 unknown key "memm" of app "/w", did you mean "mem"?)"},
      {"1.1.1", R"("cmd": "x", "somethingNew": {})",
       R"(~2:13 unknown key "somethingNew" of app "/w": Marathon passes over it)"},
      {"1.1.1", R"("cmd": "x", "portMappings": [])",
       R"(~2:13 unknown key "portMappings" of app "/w": it stands in container.docker)"},
      {"1.1.1", R"("cmd": "x", "portMapping": [])",
       R"(~2:13 unknown key "portMapping" of app "/w", did you mean "portMappings" in container.docker?)"},
      {"1.5.8", R"("container": {"docker": {"image": "a"}, "portMapping": []})",
       R"(~2:41 unknown key "portMapping" of container of app "/w", did you mean "portMappings"?)"},
      {"1.5.8", R"("container": {"docker": {"image": "a", "forcePullimage": true}})",
       R"(~2:40 unknown key "forcePullimage" of container.docker of app "/w", did you mean "forcePullImage"?)"},
      {"1.5.8", R"("cmd": "x", "healthChecks": [{"protocol": "HTTP", "interval": 3}])",
       R"(~2:51 unknown key "interval" of healthChecks[] of app "/w": Marathon passes over it)"},
      {"1.4.9", R"("cmd": "x", "upgradeStrategy": {"minimumHealthCapacty": 1})",
       R"(~2:33 unknown key "minimumHealthCapacty" of upgradeStrategy of app "/w", did you mean "minimumHealthCapacity"?)"},
      {"1.5.8", R"("cmd": "x", "env": {"portMapping": "a"}, "labels": {"memm": "b"})", ""},
  });
}

TEST_CASE("fields are held against the release that brought them, or took them away") {
  const std::string later = " came with Marathon ";
  check_apps({
      {"1.1.1", R"("cmd": "x", "networks": [{"mode": "host"}])",
       R"(2:13 networks of app "/w" came with Marathon 1.5, and this is 1.1.1: there it is container.docker.network)"},
      {"1.5.0", R"("cmd": "x", "networks": [{"mode": "host"}])", ""},
      {"", R"("cmd": "x", "networks": [{"mode": "host"}])", ""},
      {"1.4.13", R"("cmd": "x", "networks": [], "secrets": {}, "gpus": 0, "tty": false, "role": null)", ""},
      {"1.1.1", R"("cmd": "x", "secrets": {"a": {"source": "b"}})",
       R"(2:13 secrets of app "/w" came with Marathon 1.3, and this is 1.1.1)"},
      {"1.1.1", R"("cmd": "x", "env": {"A": {"secret": "a"}})",
       R"(2:26 env "A" of app "/w" names a secret, and those came with Marathon 1.3: this is 1.1.1)"},
      {"1.5.8", R"("cmd": "x", "env": {"A": {"secret": "a"}}, "secrets": {"a": {"source": "b"}})", ""},
      {"1.5.8", R"("cmd": "x", "env": {"A": {"secret": "b"}}, "secrets": {"a": {"source": "b"}})",
       R"(2:26 env "A" of app "/w" names the secret "b", which is not among secrets)"},
      {"1.1.1", R"("cmd": "x", "unreachableStrategy": {"inactiveAfterSeconds": 1})",
       R"(~2:13 unreachableStrategy of app "/w" came with Marathon 1.4, and this is 1.1.1: it is passed over)"},
      {"1.3.0", R"("cmd": "x", "killSelection": "OLDEST_FIRST")",
       R"(~2:13 killSelection of app "/w" came with Marathon 1.4, and this is 1.3.0: it is passed over)"},
      {"1.4.0", R"("cmd": "x", "killSelection": "OLDEST_FIRST")", ""},
      {"0.15.3", R"("cmd": "x", "residency": {"taskLostBehavior": "WAIT_FOREVER"})",
       R"(2:13 residency of app "/w" came with Marathon 1.0, and this is 0.15.3)"},
      {"0.13.0", R"("cmd": "x", "ipAddress": {"groups": ["a"]})",
       R"(2:13 ipAddress of app "/w" came with Marathon 0.14, and this is 0.13.0)"},
      {"1.1.7", R"("cmd": "x", "gpus": 1)", R"(2:13 gpus of app "/w" came with Marathon 1.3, and this is 1.1.7)"},
      {"1.4.13", R"("cmd": "x", "tty": true)",
       R"(~2:13 tty of app "/w" came with Marathon 1.5, and this is 1.4.13: it is passed over)"},
      {"1.6.322", R"("cmd": "x", "executorResources": {"cpus": 0.1})",
       R"(~2:13 executorResources of app "/w" came with Marathon 1.6.352, and this is 1.6.322: it is passed over)"},
      {"1.7.189", R"("cmd": "x", "container": {"type": "MESOS", "linuxInfo": {"seccomp": {"unconfined": true}}})",
       R"(2:44 container.linuxInfo of app "/w" came with Marathon 1.8, and this is 1.7.189)"},
      {"0.14.0", R"("cmd": "x", "fetch": [{"uri": "http://a"}])",
       R"(2:13 fetch of app "/w" came with Marathon 0.15, and this is 0.14.0: there it is uris)"},
      {"0.15.3", R"("cmd": "x", "portDefinitions": [{"port": 80}])",
       R"(2:13 portDefinitions of app "/w" came with Marathon 1.0, and this is 0.15.3: there it is ports)"},
      {"1.4.9", R"("container": {"docker": {"image": "a"}, "portMappings": [{"containerPort": 80}]})",
       R"(2:41 container.portMappings of app "/w" came with Marathon 1.5, and this is 1.4.9: there it is container.docker.portMappings)"
       "\n"
       R"(~2:41 container.portMappings of app "/w" has no effect with the network of the host: docker: {network: BRIDGE})"},
      {"0.8.2", R"("cmd": "x", "acceptedResourceRoles": ["*"])",
       R"(2:13 acceptedResourceRoles of app "/w" came with Marathon 0.9, and this is 0.8.2)"},
      {"1.8.222", R"("cmd": "x", "role": "a")", R"(2:13 role of app "/w" came with Marathon 1.9, and this is 1.8.222)"},
      {"1.9.100", R"("cmd": "x", "resourceLimits": {"cpus": "unlimited"})",
       R"(2:13 resourceLimits of app "/w" came with Marathon 1.10, and this is 1.9.100)"},
      {"1.5.8", R"("cmd": "x", "storeUrls": ["http://a"])",
       R"(2:13 storeUrls of app "/w" is gone since Marathon 1.5, and this is 1.5.8: say fetch)"},
      {"1.5.8", R"("cmd": "x", "storeUrls": [])", ""},
      {"1.4.9", R"("cmd": "x", "storeUrls": ["http://a"])", ""},
      {"1.5.8", R"("container": {"docker": {"image": "a", "credential": {"principal": "b"}}})",
       R"(2:40 container.docker.credential of app "/w" is gone since Marathon 1.5, and this is 1.5.8: say container.docker.pullConfig)"},
      {"1.5.8", R"("cmd": "x", "uris": ["http://a"], "ports": [0])", ""},
      {"1.11.24", R"("cmd": "x", "uris": ["http://a"], "ipAddress": {"networkName": "a"})", ""},
  });
}

TEST_CASE("values are of the kinds that Marathon reads") {
  check_apps({
      {"1.1.1", R"("cmd": "x", "cpus": "0.5")", R"(2:21 cpus of app "/w" must be a number from 0, not "0.5")"},
      {"1.1.1", R"("cmd": "x", "instances": -1)",
       R"(2:26 instances of app "/w" must be a whole number from 0, not -1)"},
      {"1.1.1", R"("cmd": "x", "instances": 1.5)",
       R"(2:26 instances of app "/w" must be a whole number from 0, not 1.5)"},
      {"1.1.1", R"("cmd": "x", "instances": 2.0, "mem": 0, "disk": null)", ""},
      {"1.5.8", R"("cmd": "x", "cpus": 0)", R"(2:21 cpus of app "/w" must be more than 0)"},
      {"1.1.1", R"("cmd": "x", "ports": ["8080"])",
       R"(2:23 ports of app "/w" must be numbers of ports, 0 to 65535, not "8080")"},
      {"1.1.1", R"("cmd": "x", "ports": [8080, 0, 0, 8080])", R"(2:35 ports of app "/w" names 8080 twice)"},
      {"1.5.8",
       R"("container": {"docker": {"image": "a"}, "portMappings": [{"hostPort": 70000}]}, "networks": [{"mode": "container/bridge"}])",
       R"(2:71 container.portMappings[].hostPort of app "/w" must be a port, 0 to 65535, not 70000)"},
      {"1.1.1", R"("cmd": "x", "env": null, "labels": null)", ""},
      {"1.1.1", R"("cmd": "x", "env": {"A": 1, "B": true, "C": null, "D": "1"})",
       R"(2:26 env "A" of app "/w" must be a text: put 1 in quotes)"
       "\n"
       R"(2:34 env "B" of app "/w" must be a text: put true in quotes)"
       "\n"
       R"(2:45 env "C" of app "/w" must be a text: put null in quotes)"},
      {"1.1.1", R"("cmd": "x", "env": [])", R"(2:20 env of app "/w" must be a map, not a list)"},
      {"1.1.1", R"("cmd": "x", "labels": {"a": {}})", R"(2:29 labels "a" of app "/w" must be a text, not a map)"},
      {"1.1.1", R"("cmd": "x", "requirePorts": "yes")",
       R"(2:29 requirePorts of app "/w" must be true or false, not "yes")"},
      {"1.1.1", R"("cmd": "x", "container": [])", R"(2:26 container of app "/w" must be a map, not a list)"},
      {"1.1.1", R"("cmd": "x", "healthChecks": [7])", R"(2:30 healthChecks of app "/w" must be maps, not 7)"},
      {"1.4.9", R"("cmd": "x", "upgradeStrategy": {"maximumOverCapacity": 2})",
       R"(2:56 upgradeStrategy.maximumOverCapacity of app "/w" must be a number from 0 to 1, not 2)"},
      {"1.1.1", R"("cmd": "x", "acceptedResourceRoles": [])",
       R"(2:13 acceptedResourceRoles of app "/w" is empty: name a role, as "*", or leave it out)"},
      {"1.5.8", R"("cmd": "x", "unreachableStrategy": "off")",
       R"(2:36 unreachableStrategy of app "/w" must be a map, or disabled, not "off")"},
      {"1.5.8", R"("cmd": "x", "unreachableStrategy": "disabled")", ""},
      {"1.5.8", R"("cmd": "x", "backoffFactor": 0.5)",
       R"(2:30 backoffFactor of app "/w" must be a number from 1, not 0.5)"},
  });
}

TEST_CASE("words are Marathon's, in the release that knows them") {
  check_apps({
      {"1.1.1", R"("container": {"docker": {"image": "a", "network": "bridge"}})",
       R"(2:51 container.docker.network of app "/w" must be one of BRIDGE, HOST, NONE, USER, not "bridge", did you mean "BRIDGE"?)"},
      {"1.5.8", R"("container": {"docker": {"image": "a", "network": "bridge"}})", ""},
      {"1.1.1", R"("container": {"docker": {"image": "a", "network": "USER"}})",
       R"(2:51 USER container.docker.network of app "/w" came with Marathon 1.3, and this is 1.1.1)"},
      {"1.5.8", R"("cmd": "x", "networks": [{"mode": "bridge"}])",
       R"(2:35 networks[].mode of app "/w" must be one of container, container/bridge, host, not "bridge")"},
      {"1.3.0", R"("cmd": "x", "healthChecks": [{"protocol": "MESOS_HTTP"}])",
       R"(2:43 MESOS_HTTP healthChecks[].protocol of app "/w" came with Marathon 1.4, and this is 1.3.0)"},
      {"1.4.0", R"("cmd": "x", "healthChecks": [{"protocol": "MESOS_HTTP"}])", ""},
      {"1.1.1", R"("cmd": "x", "healthChecks": [{"protocol": "GRPC"}])",
       R"(2:43 healthChecks[].protocol of app "/w" must be one of HTTP, HTTPS, TCP, COMMAND, MESOS_HTTP, MESOS_HTTPS, MESOS_TCP, not "GRPC")"},
      {"1.1.1", R"("cmd": "x", "constraints": [["hostname", "UNIQE"]])",
       R"(2:42 unknown operator "UNIQE" in constraints of app "/w", did you mean "UNIQUE"?)"},
      {"1.1.1", R"("cmd": "x", "constraints": [["hostname", "unique"]])",
       R"(2:42 unknown operator "unique" in constraints of app "/w", did you mean "UNIQUE"?)"},
      {"1.5.8", R"("cmd": "x", "constraints": [["hostname", "unique"]])", ""},
      {"1.1.1", R"("cmd": "x", "constraints": [["rack", "MAX_PER", "2"]])",
       R"(2:38 MAX_PER constraints of app "/w" came with Marathon 1.3, and this is 1.1.1)"},
      {"1.3.0",
       R"("cmd": "x", "constraints": [["rack", "MAX_PER", "2"], ["rack", "GROUP_BY", "3"], ["rack", "GROUP_BY"]])", ""},
      {"1.5.8", R"("cmd": "x", "constraints": [["rack", "IS", "a"]])",
       R"(2:38 IS constraints of app "/w" came with Marathon 1.6, and this is 1.5.8)"},
      {"1.6.322", R"("cmd": "x", "constraints": [["rack", "IS", "a"]])", ""},
      {"1.1.1", R"("cmd": "x", "constraints": [["rack", "LIKE", "*"]])",
       R"(2:46 LIKE in constraints of app "/w" needs a regular expression, and "*" is none)"},
      {"1.1.1", R"("cmd": "x", "constraints": [["rack", "UNLIKE"]])",
       R"(2:38 UNLIKE in constraints of app "/w" needs a regular expression)"},
      {"1.1.1", R"("cmd": "x", "constraints": [["rack", "LIKE", "(?i)a.*"]])", ""},
      {"1.1.1", R"("cmd": "x", "constraints": [["rack", "LIKE", "["]])",
       R"(2:46 LIKE in constraints of app "/w" needs a regular expression, and "[" is none)"},
      {"1.1.1", R"("cmd": "x", "constraints": [["rack", "UNLIKE", "a("]])",
       R"(2:48 UNLIKE in constraints of app "/w" needs a regular expression, and "a(" is none)"},
      // Java's alone, and fine.
      {"1.1.1", R"("cmd": "x", "constraints": [["rack", "LIKE", "(?=a)a*+"]])", ""},
      {"1.1.1", R"x("cmd": "x", "constraints": [["rack", "LIKE", "(?<rack>a)"]])x", ""},
      {"1.1.1", R"x("cmd": "x", "constraints": [["rack", "LIKE", "(?<!\\()a"]])x", ""},
      {"1.1.1", R"("cmd": "x", "constraints": [["rack", "CLUSTER"]])", ""},
      {"1.5.8", R"("cmd": "x", "constraints": [["rack", "CLUSTER", "r1"]])", ""},
      {"1.5.8", R"("cmd": "x", "constraints": [["rack", "CLUSTER"]])",
       R"(2:38 CLUSTER in constraints of app "/w" needs a value)"},
      {"1.5.8", R"("cmd": "x", "constraints": [["rack", "CLUSTER", ""]])",
       R"(2:49 CLUSTER in constraints of app "/w" needs a value)"},
      {"1.5.8", R"("cmd": " ")", R"(2:8 cmd of app "/w" is empty)"},
      {"1.5.8", R"("cmd": "x", "constraints": [["hostname", "UNIQUE", "a"]])",
       R"(2:52 UNIQUE in constraints of app "/w" takes no value)"},
      {"1.5.8", R"("cmd": "x", "constraints": [["rack", "MAX_PER", "two"]])",
       R"(2:49 MAX_PER in constraints of app "/w" needs a number, in quotes)"},
  });
}

TEST_CASE("fields that do not go together, or need another") {
  check_apps({
      {"1.5.8", R"("cmd": "x", "uris": ["http://a"], "fetch": [{"uri": "http://b"}])",
       R"(2:13 uris of app "/w" stands beside fetch: Marathon takes one of the two)"},
      {"1.5.8", R"("cmd": "x", "fetch": [{"cache": true}])", R"(2:23 fetch of app "/w": one has no uri)"},
      {"1.5.8", R"("cmd": "x", "ports": [1], "portDefinitions": [{"port": 2}])",
       R"(2:13 ports of app "/w" and portDefinitions say different things: leave ports out)"},
      {"1.5.8", R"("cmd": "x", "ports": [2], "portDefinitions": [{"port": 2}])", ""},
      {"1.5.8", R"("cmd": "x", "portDefinitions": [{"port": 2, "name": "a"}, {"port": 2, "name": "a"}])",
       R"(2:68 portDefinitions of app "/w" has the port 2 twice)"
       "\n"
       R"(2:79 portDefinitions of app "/w" has the name "a" twice)"},
      {"1.5.8", R"("container": {"docker": {"image": "a", "network": "HOST"}}, "networks": [{"mode": "host"}])",
       R"(2:61 networks of app "/w" stands beside container.docker.network: Marathon takes one of the two)"},
      {"1.5.8", R"("cmd": "x", "networks": [{"mode": "host", "name": "a"}])",
       R"(2:51 networks of app "/w": one of mode host has no name)"},
      {"1.5.8", R"("cmd": "x", "networks": [{"mode": "host"}, {"mode": "container", "name": "a"}])",
       R"(2:26 networks of app "/w": one of mode host stands alone)"},
      {"1.1.1", R"("cmd": "x", "ipAddress": {"groups": ["a"]}, "ports": [1])",
       R"(2:45 ports of app "/w" stands beside ipAddress: Marathon takes one of the two)"},
      {"1.1.1", R"("container": {"docker": {"image": "a", "portMappings": [{"containerPort": 80}]}})",
       R"(~2:40 container.docker.portMappings of app "/w" has no effect with the network of the host: docker: {network: BRIDGE})"},
      {"1.1.1",
       R"("container": {"docker": {"image": "a", "network": "BRIDGE", "portMappings": [{"containerPort": 80}]}})", ""},
      {"1.5.8", R"("cmd": "x", "gpus": 1, "container": {"docker": {"image": "a"}})",
       R"(2:21 gpus of app "/w" works in containers of type MESOS only)"},
      {"1.5.8", R"("cmd": "x", "healthChecks": [{"protocol": "COMMAND"}])",
       R"(2:30 healthChecks of app "/w": a check of protocol COMMAND needs command: {value: ...})"},
      {"1.5.8", R"("cmd": "x", "healthChecks": [{"portIndex": 1}])",
       R"(2:44 healthChecks of app "/w": portIndex 1 counts from 0, and the app has 1 port)"},
      {"1.5.8", R"("cmd": "x", "ports": [0, 0], "healthChecks": [{"portIndex": 1}, {"port": 9}])", ""},
      {"1.5.8", R"("cmd": "x", "ports": [], "healthChecks": [{"path": "/"}])",
       R"(2:43 healthChecks of app "/w": the app has no port, so that a check must name its own)"},
      {"1.5.8", R"("cmd": "x", "healthChecks": [{"protocol": "MESOS_TCP"}, {"protocol": "MESOS_HTTP"}])",
       R"(2:13 healthChecks of app "/w": at most one may be made by Mesos (MESOS_HTTP, MESOS_HTTPS, MESOS_TCP))"},
      {"1.5.8", R"("container": {"docker": {"image": "a"}, "volumes": [{"containerPath": "/a", "hostPath": "/b"}]})",
       R"(2:53 container.volumes of app "/w": one has no mode, RO or RW)"},
      {"1.5.8", R"("container": {"docker": {"image": "a"}, "volumes": [{"containerPath": "/a", "mode": "RO"}]})",
       R"(2:53 container.volumes of app "/w": one has no hostPath)"},
      {"1.5.8",
       R"("container": {"docker": {"image": "a"}, "volumes": [{"containerPath": "/a", "hostPath": "/b", "mode": "RW"}]})",
       ""},
      {"1.1.1",
       R"("cmd": "x", "readinessChecks": [{}, {"portName": "http-api"}], "portDefinitions": [{"name": "http-api"}])",
       R"(2:13 readinessChecks of app "/w": Marathon takes one)"},
      {"0.15.3", R"("cmd": "x", "instances": 2, "labels": {"MARATHON_SINGLE_INSTANCE_APP": "true"})",
       R"(2:26 instances of app "/w" must be 1 or less with the label MARATHON_SINGLE_INSTANCE_APP)"},
  });
}

TEST_CASE("what is no app is named, and what is wrapped is unwrapped") {
  struct Whole {
    std::string text, says;
  };
  const std::string takes = ": apps: takes apps, as Marathon's /v2/apps does";
  for (const Whole& row : std::vector<Whole>{
           {R"({"id": "/p", "containers": []})",
            "1:14 this is a pod (Marathon's /v2/pods), known by \"containers\"" + takes},
           {R"({"id": "p", "run": {"cmd": "x"}})",
            "1:13 this is a job of Metronome (its /v1/jobs), known by \"run\"" + takes},
           {R"({"id": "p", "schedules": []})",
            "1:13 this is a job of Metronome (its /v1/jobs), known by \"schedules\"" + takes},
           {R"({"name": "p", "schedule": "R//P"})", "1:15 this is a job of Chronos, known by \"schedule\"" + takes},
           {R"({"id": "/g", "groups": []})",
            "1:14 this is a group of apps (Marathon's /v2/groups), known by \"groups\"" + takes},
           {R"({"apps": []})", "1:2 this is a group or a list of apps, known by \"apps\"" + takes},
           {R"({"apiVersion": "v1", "kind": "Pod"})",
            "1:2 this is an object of Kubernetes, known by \"apiVersion\"" + takes},
           {R"([{"id": "/a"}])", "1:1 a list of apps is not taken: write each of them as an app of its own"},
           {R"({"app": {"id": "/w", "cmd": "x"}})",
            "~1:2 what Marathon answers about an app: the definition under app is taken"},
           {R"({"app": {"id": "/w", "cmd": "x", "version": "v", "tasksRunning": 1, "tasks": []}})",
            "~1:2 what Marathon answers about an app: the definition under app is taken\n"
            "~1:69 left out, since Marathon answers it and is not told: tasks, tasksRunning, version"},
           {R"({"id": "/w", "cmd": "x", "cmd": "y"})",
            "~1:26 duplicate key \"cmd\", first on line 1: the last one counts"},
           {R"({"id": "/w/tasks", "cmd": "x"})", "1:8 bad id \"/w/tasks\": from Marathon 1.8 on none ends with tasks"},
           {R"({"id": 7, "cmd": "x"})", "1:8 bad id \"7\": an app's id is a text"},
           {R"({"id": null, "cmd": "x"})", "1:8 bad id \"\": an app's id is a text"}}) {
    INFO(row.text);
    CHECK(test::told_of_app("1.8.222", row.text) == row.says);
  }
  Mistakes mistakes;
  const test::Scratch scratch;
  const auto inner =
      read_app_file(scratch.file("a.json", R"({"app": {"id": "w", "cmd": "x", "version": "v"}})"), mistakes);
  REQUIRE(inner);
  CHECK(inner->app.json == R"({"id":"/w","cmd":"x"})");
}

TEST_CASE("YAML is held against the same rules, at its own places") {
  CHECK(test::told_of_app("1.1.1", "id: /w\ncmd: x\nnetworks:\n  - mode: host\n", true) ==
        "3:1 networks of app \"/w\" came with Marathon 1.5, and this is 1.1.1: there it is container.docker.network");
  CHECK(test::told_of_app("1.1.1", "id: /w\ncmd: 7\nenv: {A: 7}\n", true) ==
        "2:6 cmd of app \"/w\" must be a text: put 7 in quotes\n"
        "3:10 env \"A\" of app \"/w\" must be a text: put 7 in quotes");
}

TEST_CASE("JSON has a mark on every node") {
  Mistakes mistakes;
  const Tree tree =
      parse_json("{\n  \"a\": [1, \"ä\", {\"b\": -2.5e3}],\n  \"c\" :null , \"d\":\ttrue}", "f", mistakes);
  CHECK(mistakes.in_file_order().empty());
  REQUIRE(tree.items.size() == 3);
  const Tree& list = tree.items[0];
  CHECK(list.key_mark.line == 2);
  CHECK(list.key_mark.column == 3);
  REQUIRE(list.items.size() == 3);
  CHECK(list.items[0].mark.column == 9);
  CHECK(list.items[1].mark.column == 12);
  CHECK_FALSE(list.items[1].plain);
  CHECK(list.items[2].mark.column == 17);
  CHECK(list.items[2].items[0].mark.column == 23);
  CHECK(list.items[2].items[0].text == "-2.5e3");
  CHECK(tree.items[1].kind == Tree::Kind::null);
  CHECK(tree.items[1].mark.column == 8);
  CHECK(tree.items[2].mark.line == 3);
  CHECK(tree.items[2].text == "true");
  struct Bad {
    std::string text, says;
  };
  for (const Bad& row :
       std::vector<Bad>{{"{\"a\": 1", "not JSON: syntax error while parsing object - unexpected end of input"},
                        {"{\"a\": \"\xff\"}", "not JSON: syntax error"},
                        {"{} x", "not JSON: syntax error"},
                        {std::string(101, '['), "nested 100 levels deep or more"}}) {
    Mistakes told;
    parse_json(row.text, "f", told);
    const std::vector<Mistake> found = told.in_file_order();
    REQUIRE(found.size() == 1);
    const Mistake& m = found[0];
    CHECK(m.mark.line == 1);
    CHECK(m.mark.column > 1);
    CHECK(m.text.substr(0, row.says.size()) == row.says);
  }
}
