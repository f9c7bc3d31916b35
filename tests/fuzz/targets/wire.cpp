#include <sstream>

#include "fuzz.hpp"
#include "remote/dns.hpp"
#include "remote/http_text.hpp"
#include "remote/known_hosts.hpp"
#include "remote/ssh_config.hpp"

using namespace cctl;

FUZZ(http_text) {
  HttpReader reader;
  const std::size_t piece = 1 + 97 * fuzz::choice(text, 50);
  for (std::size_t at = 0; at < text.size(); at += piece) {
    reader.feed(std::string_view(text).substr(at, piece));
    while (reader.next()) {
    }
  }
}

FUZZ(dns) {
  dns_answer(text, 0x1234);
  dns_query(text, 7);
}

FUZZ(known_hosts) {
  const KnownHostsFile file = parse_known_hosts(text, "known_hosts");
  for (const char* host : {"a.example", "192.168.2.71", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"})
    check_key(keys_of(file, known_host_name(host, 22)), "ssh-ed25519", "AAAA");
}

// The words of `ssh -G`, and what an inventory says of jumps.
FUZZ(ssh_config) {
  SshWords words;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto space = line.find(' ');
    if (space != std::string::npos) words[line.substr(0, space)].push_back(line.substr(space + 1));
  }
  const SshSettings settings;
  settle("a", "192.168.2.71", settings, words);
  std::string address;
  hop_settings(text, settings, address);
}
