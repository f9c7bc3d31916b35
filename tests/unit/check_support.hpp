// Hosts for the tests of checks: in order, unless a test spoils something.
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "check/checks.hpp"
#include "check/rules.hpp"
#include "kind.hpp"

namespace cctl::check_test {

inline Facts good_facts(int n) {
  const std::string digit = std::to_string(n), ip = "10.0.0." + digit;
  Facts f;
  f.uid = 0;
  f.max_sessions = 10;
  f.probes_asked = "";
  f.arch = "x86_64";
  f.kernel = "6.1.0";
  f.os = "debian";
  f.os_version = "12";
  f.hostname = "h" + digit;
  f.machine_id = "id" + digit;
  f.resolved = {ip};
  f.addresses = {ip, "127.0.0.1"};
  f.routes = {{"eth0", *ipv4("10.0.0.0"), *ipv4("255.255.255.0"), true},
              {"docker0", *ipv4("172.17.0.0"), *ipv4("255.255.0.0"), true}};
  f.links = {{"eth0", "02:00:00:00:00:0" + digit, 1500}};
  f.memory = 8LL << 30;
  f.cgroup_v1 = {{"cpu", "/c"}, {"memory", "/m"}, {"freezer", "/f"}};
  f.programs = {"chronyd"};
  f.docker_installed = f.docker_runs = true;
  f.docker_flags = {"/usr/bin/dockerd"};
  f.docker_files = 1 << 20;
  f.daemon_json_path = "/etc/docker/daemon.json";
  f.daemon_json = R"({"live-restore": true})";
  f.nameservers = {"10.0.0.1"};
  f.disks["/var/lib/docker"] = {100LL << 30, 50LL << 30, 1000, 500, "ext2/ext3", -1, {}};
  return f;
}

// Hosts h1..hN with one instance "web" each, on port 8080, nothing running yet.
inline CheckInput good(int hosts = 2) {
  CheckInput out;
  out.desired.cluster = "c";
  ComponentPlan web;
  web.component = "web";
  out.desired.components = {web};
  for (int n = 1; n <= hosts; ++n) {
    Host host;
    host.name = "h" + std::to_string(n);
    host.group = "masters";
    host.address = host.ip = "10.0.0." + std::to_string(n);
    out.desired.hosts.push_back(host);
    Instance i;
    i.host = host.name;
    i.component = "web";
    test::as<Container>(i).spec.name = "cctl-c-web";
    test::as<Container>(i).spec.image = "web:1";
    i.ports = {{"http", 8080}};
    out.desired.instances.push_back(i);
    ObservedHost& seen = out.observed.hosts[host.name];
    seen.name = host.name;
    seen.reachable = true;
    seen.engine_version = "20.10.24+dfsg1";
    out.facts[host.name] = good_facts(n);
  }
  return out;
}

inline std::vector<Finding> check(const CheckInput& input, const std::string& name) {
  return make_checks(input, {name});
}

// What one check says, its worst finding first: "failed h1: TEXT".
inline std::string says(const CheckInput& input, const std::string& name) {
  auto found = check(input, name);
  if (found.empty()) return "nothing";
  const auto rank = [](Verdicted v) {
    return v == Verdicted::fail ? 0 : v == Verdicted::warn ? 1 : v == Verdicted::skipped ? 2 : 3;
  };
  std::stable_sort(found.begin(), found.end(),
                   [&](const Finding& a, const Finding& b) { return rank(a.verdict) < rank(b.verdict); });
  const Finding& f = found.front();
  return std::string(to_text(f.verdict)) + (f.host.empty() ? "" : " " + f.host) + ": " + f.text;
}

inline bool starts(const std::string& text, const std::string& with) {
  return text.rfind(with, 0) == 0;
}

}  // namespace cctl::check_test
