#include "remote/ssh_directives.hpp"

#include <set>

namespace cctl {
namespace {

struct Ignored {
  const char* name;     // as it is written
  const char* keyword;  // as `ssh -G` prints it
  const char* instead;
};

// Change where or how ssh connects, and are not followed.
constexpr Ignored ignored[] = {
    {"BindInterface", "bindinterface", "BindAddress is"},
    {"ConnectTimeout", "connecttimeout", "--ssh-timeout says it"},
    {"ConnectionAttempts", "connectionattempts", "each address is tried once"},
    {"GSSAPIDelegateCredentials", "gssapidelegatecredentials", "there is no Kerberos here"},
    {"HostbasedAuthentication", "hostbasedauthentication", "keys, agents and passwords are"},
    {"KnownHostsCommand", "knownhostscommand", "host keys come from files alone"},
    {"LocalCommand", "localcommand", "nothing is run here after a login"},
    {"NoHostAuthenticationForLocalhost", "nohostauthenticationforlocalhost", "every host key is checked"},
    {"PKCS11Provider", "pkcs11provider", "an ssh-agent can hold the token's keys: ssh-add -s PROVIDER"},
    {"PreferredAuthentications", "preferredauthentications", "keys come first, then a password of the inventory"},
    {"SecurityKeyProvider", "securitykeyprovider", "an ssh-agent can hold such keys"},
    {"Tunnel", "tunnel", "no device is tunnelled"},
    {"VerifyHostKeyDNS", "verifyhostkeydns", "host keys come from files alone"},
};

// Make no difference to what is done here. Kerberos is named when a login fails, since Debian turns it on everywhere.
const std::set<std::string>& harmless() {
  static const std::set<std::string> words = {"host",
                                              "match",
                                              "addkeystoagent",
                                              "batchmode",
                                              "checkhostip",
                                              "clearallforwardings",
                                              "compression",
                                              "controlmaster",
                                              "controlpath",
                                              "controlpersist",
                                              "dynamicforward",
                                              "enableescapecommandline",
                                              "escapechar",
                                              "exitonforwardfailure",
                                              "fingerprinthash",
                                              "forkafterauthentication",
                                              "forwardagent",
                                              "forwardx11",
                                              "forwardx11timeout",
                                              "forwardx11trusted",
                                              "gatewayports",
                                              "gssapiauthentication",
                                              "hashknownhosts",
                                              "ipqos",
                                              "localforward",
                                              "loglevel",
                                              "logverbose",
                                              "numberofpasswordprompts",
                                              "obscurekeystroketiming",
                                              "permitremoteopen",
                                              "rekeylimit",
                                              "remotecommand",
                                              "remoteforward",
                                              "requesttty",
                                              "sendenv",
                                              "serveralivecountmax",
                                              "serveraliveinterval",
                                              "sessiontype",
                                              "setenv",
                                              "stdinnull",
                                              "streamlocalbindmask",
                                              "streamlocalbindunlink",
                                              "syslogfacility",
                                              "tcpkeepalive",
                                              "updatehostkeys",
                                              "visualhostkey",
                                              "xauthlocation"};
  return words;
}

}  // namespace

bool matters(const std::string& directive) {
  return !harmless().count(directive);
}

bool configured(const SshWords& words, const SshWords& usual, const std::string& directive) {
  const auto said = words.find(directive);
  if (said == words.end()) return false;
  const auto without = usual.find(directive);
  return without == usual.end() || without->second != said->second;
}

std::vector<std::string> not_followed(const SshWords& words, const SshWords& usual,
                                      const std::map<std::string, std::string>& places) {
  std::vector<std::string> out;
  for (const auto& one : ignored) {
    if (!configured(words, usual, one.keyword) || first(words, one.keyword) == "none") continue;
    if (std::string(one.keyword) == "localcommand" && first(words, "permitlocalcommand") != "yes") continue;
    const auto place = places.find(one.keyword);
    out.push_back((place == places.end() ? std::string() : place->second + ": ") + one.name +
                  " of OpenSSH's configuration is not followed: " + one.instead);
  }
  return out;
}

}  // namespace cctl
