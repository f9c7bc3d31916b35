#include "remote/ssh_config.hpp"

#include <glob.h>
#include <pwd.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "model/error.hpp"
#include "model/lower_case.hpp"
#include "remote/process.hpp"

namespace cctl {
namespace {

std::string home() {
  if (const char* dir = std::getenv("HOME"); dir && *dir) return dir;
  const auto* entry = ::getpwuid(::getuid());
  return entry ? entry->pw_dir : "/";
}

std::string local_user() {
  const auto* entry = ::getpwuid(::getuid());
  return entry ? entry->pw_name : "root";
}

std::string expanded(const std::string& path) {
  if (path == "~" || path.starts_with("~/")) return home() + path.substr(1);
  return path;
}

// Whether a configuration file says anything that we honour; starting ssh costs more than the whole login.
bool says_something(const std::string& pattern) {
  static const std::set<std::string> ours = {"hostname",
                                             "user",
                                             "port",
                                             "identityfile",
                                             "identitiesonly",
                                             "identityagent",
                                             "proxyjump",
                                             "userknownhostsfile",
                                             "globalknownhostsfile",
                                             "hostkeyalias",
                                             "stricthostkeychecking",
                                             "proxycommand"};
  glob_t found{};
  bool result = false;
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    for (std::size_t i = 0; i < found.gl_pathc && !result; ++i) {
      std::ifstream in(found.gl_pathv[i]);
      for (std::string line; !result && std::getline(in, line);) {
        const auto begin = line.find_first_not_of(" \t");
        if (begin == std::string::npos) continue;
        const auto word = lower_case(line.substr(begin, line.find_first_of(" \t=\r", begin) - begin));
        const auto rest = line.substr(begin);
        const bool own_include = word == "include" && rest.find("/etc/ssh/ssh_config.d/") != std::string::npos;
        result = ours.count(word) || (word == "include" && !own_include);
      }
    }
  }
  ::globfree(&found);
  return result;
}

bool worth_asking(const SshSettings& settings) {
  if (settings.config) return true;
  return says_something(home() + "/.ssh/config") || says_something("/etc/ssh/ssh_config") ||
         says_something("/etc/ssh/ssh_config.d/*.conf");
}

std::string first(const SshWords& words, const std::string& name) {
  const auto found = words.find(name);
  return found == words.end() || found->second.empty() ? "" : found->second.front();
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);)
    if (!part.empty()) parts.push_back(part);
  return parts;
}

void settle_keys(Target& target, const SshSettings& settings, const SshWords& words) {
  std::vector<std::string> wanted;
  if (settings.key) {
    wanted = {expanded(*settings.key)};
  } else if (const auto found = words.find("identityfile"); found != words.end()) {
    for (const auto& file : found->second) wanted.push_back(expanded(file));
  } else {
    for (const char* name : {"id_ed25519", "id_ecdsa", "id_rsa"}) wanted.push_back(home() + "/.ssh/" + name);
  }
  target.key_configured = settings.key.has_value() || first(words, "identitiesonly") == "yes";
  for (const auto& file : wanted)
    if (::access(file.c_str(), F_OK) == 0) target.keys.push_back(file);
  if (settings.key && target.keys.empty()) throw Unreachable("the key " + wanted.front() + " is not there");
  const char* agent = std::getenv("SSH_AUTH_SOCK");
  target.agent_socket = agent ? agent : "";
  const auto configured = first(words, "identityagent");
  if (configured == "none") target.agent_socket.clear();
  if (!configured.empty() && configured != "none" && configured != "SSH_AUTH_SOCK")
    target.agent_socket = expanded(configured);
  target.use_agent = settings.agent.value_or(true) && !target.agent_socket.empty();
}

void settle_host_key(Target& target, const SshSettings& settings, const SshWords& words) {
  const auto checking = first(words, "stricthostkeychecking");
  const bool lax = checking == "accept-new" || checking == "no" || checking == "off" || checking == "false";
  target.host_key = settings.host_key.value_or(lax ? HostKeyPolicy::accept_new : HostKeyPolicy::strict);
  if (settings.known_hosts) {
    target.known_hosts = {expanded(*settings.known_hosts)};
    return;
  }
  for (const char* name : {"userknownhostsfile", "globalknownhostsfile"})
    for (const auto& file : split(first(words, name), ' ')) target.known_hosts.push_back(expanded(file));
  if (target.known_hosts.empty())
    target.known_hosts = {home() + "/.ssh/known_hosts", home() + "/.ssh/known_hosts2", "/etc/ssh/ssh_known_hosts"};
}

}  // namespace

SshWords ask_openssh(const std::string& program, const std::string& address, const SshSettings& settings) {
  if (program.empty() || settings.config == "none" || !worth_asking(settings)) return {};
  std::vector<std::string> command{program, "-G"};
  if (settings.config) command.insert(command.end(), {"-F", expanded(*settings.config)});
  if (settings.user) command.insert(command.end(), {"-l", *settings.user});
  if (settings.port) command.insert(command.end(), {"-p", std::to_string(*settings.port)});
  command.insert(command.end(), {"--", address});
  const auto answer = run_process(command, std::chrono::seconds(3));
  if (answer.exit_status == 127) return {};
  if (answer.exit_status != 0) throw Unreachable("ssh -G refuses its configuration: " + answer.err);
  SshWords words;
  std::istringstream lines(answer.out);
  for (std::string line; std::getline(lines, line);) {
    const auto space = line.find(' ');
    if (space != std::string::npos) words[line.substr(0, space)].push_back(line.substr(space + 1));
  }
  return words;
}

Target settle(const std::string& label, const std::string& address, const SshSettings& settings,
              const SshWords& words) {
  Target target;
  target.label = label;
  const auto name = first(words, "hostname");
  target.address = name.empty() ? address : name;
  const auto port = first(words, "port");
  if (!port.empty()) std::from_chars(port.data(), port.data() + port.size(), target.port);
  if (settings.port) target.port = *settings.port;
  const auto user = first(words, "user");
  target.user = settings.user.value_or(user.empty() ? local_user() : user);
  settle_keys(target, settings, words);
  settle_host_key(target, settings, words);
  const auto alias = first(words, "hostkeyalias");
  target.key_name = alias;
  target.password_file = expanded(settings.password_file.value_or(""));
  target.password_prompt = settings.password_prompt.value_or(false);
  auto jump = settings.jump.value_or(first(words, "proxyjump"));
  if (jump == "none") jump.clear();
  target.jumps = split(jump, ',');
  if (jump.empty() && !first(words, "proxycommand").empty() && first(words, "proxycommand") != "none")
    throw Unreachable("ProxyCommand is not supported; use ProxyJump or `jump:`");
  target.become = settings.become == "sudo" && target.user != "root";
  target.config = settings.config.value_or("");
  return target;
}

SshSettings hop_settings(const std::string& hop, const SshSettings& behind, std::string& address) {
  SshSettings result = behind;
  result.user.reset();
  result.port.reset();
  result.become.reset();
  result.jump = "none";
  address = hop;
  if (const auto at = address.rfind('@'); at != std::string::npos) {
    result.user = address.substr(0, at);
    address.erase(0, at + 1);
  }
  // "[v6]:port", "host:port", or a bare IPv6 address, which has several colons.
  const auto colon = address.rfind(':');
  const bool bracket = address.starts_with('[');
  if (colon != std::string::npos && (bracket ? address[colon - 1] == ']' : address.find(':') == colon)) {
    int port = 0;
    std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
    if (port <= 0 || port > 65535) throw Unreachable("the jump host " + hop + " has no valid port");
    result.port = port;
    address.erase(colon);
  }
  if (bracket && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  return result;
}

}  // namespace cctl
