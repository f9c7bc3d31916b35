#include "remote/ssh_config.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <sstream>

#include "model/absence.hpp"
#include "model/jump.hpp"
#include "remote/known_hosts.hpp"
#include "remote/ssh_directives.hpp"

namespace cctl {
namespace {

bool is_there(const std::string& file) {
  return ::access(file.c_str(), F_OK) == 0;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);)
    if (!part.empty()) parts.push_back(part);
  return parts;
}

// Settling one target: the same few things are needed everywhere.
class Settling {
 public:
  Settling(const Wanted& wanted, const SshAnswer& answer)
      : settings_(wanted.settings), spare_key_(wanted.spare_key), answer_(answer) {
    target_.label = wanted.label;
    tokens_.given = wanted.address;
  }

  Target run() {
    settle_address();
    settle_keys();
    settle_agent();
    settle_host_key();
    settle_way();
    settle_algorithms();
    target_.password_file = settings_.password_file.value_or("");
    target_.password_prompt = settings_.password_prompt.value_or(false);
    target_.become = settings_.become == "sudo" && target_.user != "root";
    target_.warnings = not_followed(answer_.words, answer_.usual, answer_.places);
    if (!answer_.fault.empty()) target_.warnings.push_back(answer_.fault);
    return std::move(target_);
  }

 private:
  std::string said(const std::string& name) const { return first(answer_.words, name); }
  bool is_configured(const std::string& name) const { return configured(answer_.words, answer_.usual, name); }
  std::vector<std::string> all(const std::string& name) const {
    const auto found = answer_.words.find(name);
    return found == answer_.words.end() ? std::vector<std::string>{} : found->second;
  }

  void settle_address() {
    const auto name = said("hostname");
    target_.address = name.empty() ? tokens_.given : name;
    const auto port = said("port");
    if (!port.empty()) std::from_chars(port.data(), port.data() + port.size(), target_.port);
    if (settings_.port) target_.port = *settings_.port;
    const auto user = said("user");
    target_.user = settings_.user.value_or(user.empty() ? local_user() : user);
    if (target_.user.empty())
      throw NoAccess("there is no user to log in as: the user id " + std::to_string(::getuid()) +
                     " has no entry in /etc/passwd; say it with `ssh: {user: NAME}`");
    if (is_configured("bindaddress")) target_.bind_address = said("bindaddress");
    if (is_configured("addressfamily")) target_.family = said("addressfamily");
    char host[256] = "";
    ::gethostname(host, sizeof host - 1);
    tokens_.home = home_directory();
    tokens_.host = target_.address;
    tokens_.user = target_.user;
    tokens_.local_user = local_user();
    tokens_.local_host = host;
    tokens_.key_name = said("hostkeyalias");
    tokens_.jump = said("proxyjump");
    tokens_.port = target_.port;
    tokens_.uid = ::getuid();
  }

  void settle_keys() {
    const bool allowed =
        settings_.key || (said("pubkeyauthentication") != "false" && said("pubkeyauthentication") != "no");
    target_.only_these = settings_.key.has_value() || said("identitiesonly") == "yes" || !allowed;
    target_.kerberos = said("gssapiauthentication") == "yes";
    if (!allowed) return;
    if (settings_.key) {
      if (!is_there(*settings_.key)) throw NoAccess("the key " + *settings_.key + " is not there");
      target_.keys = {*settings_.key};
    } else if (is_configured("identityfile")) {
      for (const auto& file : all("identityfile"))
        if (file != "none") target_.keys.push_back(expand_file("IdentityFile", file, tokens_));
    } else {
      if (spare_key_) target_.keys = {*spare_key_};
      for (const char* name : {"id_ed25519", "id_ecdsa", "id_rsa"})
        if (const auto file = tokens_.home + "/.ssh/" + name; is_there(file)) target_.spare_keys.push_back(file);
    }
    for (const auto& file : all("certificatefile"))
      if (file != "none") target_.certificates.push_back(expand_file("CertificateFile", file, tokens_));
  }

  void settle_agent() {
    const char* usual = std::getenv("SSH_AUTH_SOCK");
    target_.agent_socket = usual ? usual : "";
    const auto configured = said("identityagent");
    if (configured == "none") {
      target_.agent_socket.clear();
    } else if (configured.starts_with('$') && !configured.starts_with("${")) {
      const char* named = std::getenv(configured.c_str() + 1);
      target_.agent_socket = named ? named : "";
    } else if (!configured.empty() && configured != "SSH_AUTH_SOCK") {
      target_.agent_socket = expand_file("IdentityAgent", configured, tokens_);
    }
    const bool pointless = target_.only_these && target_.keys.empty() && target_.spare_keys.empty();
    target_.use_agent = settings_.agent.value_or(true) && !target_.agent_socket.empty() && !pointless;
  }

  std::vector<std::string> files(const std::string& directive, const std::string& keyword) const {
    std::vector<std::string> out;
    const auto expanded = [&](const std::string& file) { return expand_file(directive, file, tokens_); };
    // A run of words that is no name at all need not be one with good tokens.
    const auto exists = [&](const std::string& file) {
      try {
        return is_there(expanded(file));
      } catch (const Error&) {
        return false;
      }
    };
    for (const auto& file : split_files(said(keyword), exists))
      if (file != "none") out.push_back(expanded(file));
    return out;
  }

  void settle_host_key() {
    const auto checking = said("stricthostkeychecking");
    const bool lax = checking == "accept-new" || checking == "no" || checking == "off" || checking == "false";
    target_.host_key = settings_.host_key.value_or(lax ? HostKeyPolicy::accept_new : HostKeyPolicy::strict);
    target_.key_name = tokens_.key_name;
    if (const auto revoked = said("revokedhostkeys"); !revoked.empty() && revoked != "none")
      target_.revoked_keys = expand_file("RevokedHostKeys", revoked, tokens_);
    auto& known = target_.known_hosts;
    if (settings_.known_hosts)
      known = {*settings_.known_hosts};
    else if (is_configured("userknownhostsfile"))
      known = files("UserKnownHostsFile", "userknownhostsfile");
    else
      known = {tokens_.home + "/.ssh/known_hosts", tokens_.home + "/.ssh/known_hosts2"};
    if (!known.empty()) target_.new_keys = known.front();
    if (settings_.known_hosts) return;
    const auto global = is_configured("globalknownhostsfile")
                            ? files("GlobalKnownHostsFile", "globalknownhostsfile")
                            : std::vector<std::string>{"/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"};
    known.insert(known.end(), global.begin(), global.end());
  }

  void settle_way() {
    if (settings_.jump) {
      target_.jumps = *settings_.jump;
      return;
    }
    const auto command = said("proxycommand");
    const auto jump = said("proxyjump");
    if (!jump.empty() && jump != "none") {
      const auto hops = parse_jump(expand_tokens("ProxyJump", jump, tokens_, "hnpr"));
      if (!hops) throw NoAccess("ProxyJump " + jump + " is not [user@]host[:port], comma separated");
      target_.jumps = *hops;
    } else if (!command.empty() && command != "none") {
      if (said("proxyusefdpass") == "yes")
        throw NoAccess("ProxyUseFdpass is not supported; a ProxyCommand that hands its streams on is");
      target_.proxy_command = expand_tokens("ProxyCommand", command, tokens_, "hnpr");
    }
  }

  void settle_algorithms() {
    if (is_configured("hostkeyalgorithms")) target_.host_key_types = split(said("hostkeyalgorithms"), ',');
    for (const char* name : {"ciphers", "macs", "kexalgorithms", "pubkeyacceptedalgorithms", "requiredrsasize"})
      if (is_configured(name)) target_.algorithms.emplace_back(name, said(name));
  }

  const SshSettings& settings_;
  const std::optional<std::string>& spare_key_;
  const SshAnswer& answer_;
  Tokens tokens_;
  Target target_;
};

}  // namespace

Target settle(const Wanted& wanted, const SshAnswer& answer) {
  return Settling(wanted, answer).run();
}

Wanted as_wanted(const JumpHop& hop, const Wanted& behind) {
  Wanted wanted{"jump " + hop.host, hop.host, behind.settings, {}};
  auto& settings = wanted.settings;
  settings.user = hop.user;
  settings.port = hop.port;
  settings.key = hop.key;
  settings.password_file = hop.password_file;
  settings.password_prompt = hop.password_prompt;
  settings.become.reset();
  settings.jump.reset();
  wanted.spare_key = behind.settings.key ? behind.settings.key : behind.spare_key;
  return wanted;
}

}  // namespace cctl
