#include "model/ssh_command.hpp"

#include "model/jump.hpp"
#include "model/shell_words.hpp"

namespace cctl {
namespace {

using Words = std::vector<std::string>;

void add(Words& words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
}

// What the whole way has in common. -F none reads no configuration, but known_hosts all the same.
void add_files(Words& words, const SshSettings& ssh) {
  if (ssh.config) add(words, {"-F", *ssh.config});
  if (ssh.known_hosts) add(words, {"-o", "UserKnownHostsFile=" + *ssh.known_hosts});
  if (ssh.host_key == HostKeyPolicy::accept_new) add(words, {"-o", "StrictHostKeyChecking=accept-new"});
}

// A command inside of another one's option: what ssh would fill in is left for the inner ssh.
std::string inside(const std::string& command) {
  std::string out;
  for (const char c : command) out += c == '%' ? std::string("%%") : std::string(1, c);
  return out;
}

// -J carries neither key nor files: a hop is then an ssh of its own that hands its stream on.
std::string way_through(const std::vector<JumpHop>& hops, std::size_t count, const SshSettings& ssh) {
  const auto& hop = hops[count - 1];
  Words words{"ssh"};
  add_files(words, ssh);
  if (hop.port) add(words, {"-p", std::to_string(*hop.port)});
  if (const auto& key = hop.key ? hop.key : ssh.key) add(words, {"-i", *key});
  if (count > 1) add(words, {"-o", "ProxyCommand=" + inside(way_through(hops, count - 1, ssh))});
  add(words, {"-W", "[%h]:%p", hop.user ? *hop.user + "@" + hop.host : hop.host});
  return shell_line(words);
}

bool needs_more_than_names(const SshSettings& ssh) {
  if (ssh.key || ssh.config || ssh.known_hosts || ssh.host_key == HostKeyPolicy::accept_new) return true;
  for (const auto& hop : *ssh.jump)
    if (hop.key) return true;
  return false;
}

}  // namespace

std::string ssh_command(const Host& host, const std::string& options) {
  const auto& ssh = host.ssh;
  Words words;
  add_files(words, ssh);
  if (ssh.port) add(words, {"-p", std::to_string(*ssh.port)});
  if (ssh.key) add(words, {"-i", *ssh.key, "-o", "IdentitiesOnly=yes"});
  if (ssh.agent == false) add(words, {"-o", "IdentityAgent=none"});
  if (ssh.jump && ssh.jump->empty()) add(words, {"-o", "ProxyJump=none"});
  if (ssh.jump && !ssh.jump->empty()) {
    std::string names;
    for (const auto& hop : *ssh.jump) names += (names.empty() ? "" : ",") + to_text(hop);
    if (needs_more_than_names(ssh))
      add(words, {"-o", "ProxyCommand=" + way_through(*ssh.jump, ssh.jump->size(), ssh)});
    else
      add(words, {"-J", names});
  }
  words.push_back(ssh.user ? *ssh.user + "@" + host.address : host.address);
  return "ssh " + (options.empty() ? "" : options + " ") + shell_line(words);
}

}  // namespace cctl
