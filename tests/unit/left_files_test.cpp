// What is told of files that we wrote for components which the inventory no longer has.
#include "plan/left_files.hpp"

#include "catch.hpp"

using namespace cctl;

namespace {

Instance with_file(const std::string& host, const std::string& component, const std::string& path) {
  Instance out;
  out.host = host;
  out.component = component;
  out.files.push_back({});
  out.files.back().path = path;
  return out;
}

}  // namespace

TEST_CASE("a file is left that we wrote and nobody wants") {
  Desired desired;
  desired.cluster = "c";
  desired.owned = {{"docker-daemon", "/etc/docker/daemon.json", false, false, "docker"},
                   {"kernel", "/etc/sysctl.d/60.conf", false, false, "sysctls"},
                   {"bind", "/etc/bind/named.conf", false, false, ""},
                   {"bind", "/etc/bind", true, false, ""},
                   {"zookeeper", "/etc/zookeeper/conf/zoo.cfg", false, false, ""},
                   {"other", "/etc/zookeeper/conf/zoo.cfg", false, false, ""}};
  ObservedHost host;
  host.name = "s1";
  const auto wrote = [&](const char* path, Merge merge = Merge::none) { host.manifest.files[path].merge = merge; };
  SECTION("nothing written") {
    CHECK(left_files(desired, host).empty());
  }
  SECTION("a part of somebody's file") {
    wrote("/etc/docker/daemon.json", Merge::json);
    CHECK(left_files(desired, host) ==
          std::vector<std::string>{
              "s1: /etc/docker/daemon.json is as docker-daemon left it, which the inventory no longer has: an empty "
              "`docker: {}` in the inventory takes our part out of it"});
    desired.instances.push_back(with_file("s1", "docker-daemon", "/etc/docker/daemon.json"));
    CHECK(left_files(desired, host).empty());
    desired.instances[0].host = "s2";
    CHECK(left_files(desired, host).size() == 1);
  }
  SECTION("a file of ours") {
    wrote("/etc/sysctl.d/60.conf");
    CHECK(left_files(desired, host) ==
          std::vector<std::string>{"s1: /etc/sysctl.d/60.conf is as kernel left it, which the inventory no longer has: "
                                   "clusterctl down puts back what stood there"});
  }
  SECTION("a stray tells of its own") {
    wrote("/etc/bind/named.conf");
    CHECK(left_files(desired, host).size() == 1);
    host.containers.push_back({});
    host.containers[0].labels[label::component] = "bind";
    CHECK(left_files(desired, host).empty());
  }
  SECTION("one of two that may have it is there") {
    wrote("/etc/zookeeper/conf/zoo.cfg");
    CHECK(left_files(desired, host).size() == 1);
    desired.instances.push_back(with_file("s1", "other", "/x"));
    CHECK(left_files(desired, host).empty());
  }
  SECTION("what no playbook knows is told elsewhere") {
    wrote("/etc/passwd");
    CHECK(left_files(desired, host).empty());
  }
}
