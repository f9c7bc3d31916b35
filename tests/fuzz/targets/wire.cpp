#include "fuzz.hpp"
#include "model/error.hpp"
#include "model/jump.hpp"
#include "remote/dns.hpp"
#include "remote/http_text.hpp"
#include "remote/key_blob.hpp"
#include "remote/known_hosts.hpp"
#include "remote/ssh_words.hpp"

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

// The words of `ssh -G`, what stands in them, and what an inventory says of jumps.
FUZZ(ssh_config) {
  const SshWords words = parse_words(text);
  const std::string value = first(words, "identityfile");
  split_files(value, [](const std::string& path) { return path.size() % 2 == 0; });
  try {
    expand_file("IdentityFile", value, Tokens{});
  } catch (const Error&) {
    // A token or a variable that nobody knows.
  }
  parse_jump(text);
}

// What an agent answers, and what key files hold.
FUZZ(keys) {
  if (const auto keys = parse_identities(text))
    for (const auto& key : *keys) plain_blob(key.blob);
  blob_type(text);
  plain_blob(text);
  blob_of_public(text);
  blob_of_private(text);
}
