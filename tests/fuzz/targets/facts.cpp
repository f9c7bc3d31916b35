#include "fuzz.hpp"
#include "look/look.hpp"

using namespace cctl;

FUZZ(facts) {
  LookRequest request;
  request.facts = {&fact::uid,          &fact::arch,       &fact::os,           &fact::kernel,
                   &fact::hostname,     &fact::machine_id, &fact::container,    &fact::packages,
                   &fact::init,         &fact::memory,     &fact::cgroups,      &fact::selinux,
                   &fact::sysctls,      &fact::disks,      &fact::resolved,     &fact::addresses,
                   &fact::routes,       &fact::neighbours, &fact::links,        &fact::nameservers,
                   &fact::programs,     &fact::sockets,    &fact::engine,       &fact::time_services,
                   &fact::engine_off,   &fact::firewall,   &fact::loop_storage, &fact::engine_package,
                   &fact::forward_rules};
  request.sysctls = {"vm.swappiness", "net.ipv4.ip_forward"};
  request.disks = {"/var/lib/docker", "/var/lib/x"};
  read_look(text, request, "@@");
}

FUZZ(observation) {
  LookRequest request;
  request.cluster = "x";
  request.paths = {"/etc/a", "/etc/b", "/proc/sys/net/ipv4/ip_forward"};
  request.content_paths = {"/etc/b"};
  request.listed = {"/etc", "/srv"};
  ask_observation(request);
  read_look(text, request, "=mark");
}
