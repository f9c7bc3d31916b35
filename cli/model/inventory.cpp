#include "model/inventory.hpp"

#include <algorithm>

namespace cctl {

void SshSettings::merge_over(const SshSettings& lower) {
  const auto fill = [](auto& mine, const auto& theirs) {
    if (!mine) mine = theirs;
  };
  fill(user, lower.user);
  fill(port, lower.port);
  fill(key, lower.key);
  fill(agent, lower.agent);
  fill(password_file, lower.password_file);
  fill(password_prompt, lower.password_prompt);
  fill(jump, lower.jump);
  fill(become, lower.become);
  fill(host_key, lower.host_key);
  fill(known_hosts, lower.known_hosts);
  fill(config, lower.config);
  fill(docker_host, lower.docker_host);
}

std::string SshSettings::docker_socket() const {
  constexpr std::string_view scheme = "unix://";
  return docker_host && docker_host->starts_with(scheme) ? docker_host->substr(scheme.size()) : "/var/run/docker.sock";
}

const Host* Inventory::find(const std::string& name) const {
  return find_host(hosts, name);
}

const Host* find_host(const std::vector<Host>& hosts, const std::string& name) {
  const auto host = std::find_if(hosts.begin(), hosts.end(), [&](const Host& h) { return h.name == name; });
  return host == hosts.end() ? nullptr : &*host;
}

}  // namespace cctl
