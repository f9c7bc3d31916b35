// known_hosts lines, without a server.
#include "remote/known_hosts.hpp"
#include "catch.hpp"

using namespace cctl;

namespace {

KeyVerdict verdict(const std::string& text, const std::string& name, const std::string& key = "AAAA") {
  const auto file = parse_known_hosts(text, "kh");
  return check_key(keys_of(file, name), "ssh-ed25519", key).verdict;
}

}  // namespace

TEST_CASE("which lines of known_hosts speak of a host") {
  CHECK(verdict("web ssh-ed25519 AAAA\n", "web") == KeyVerdict::known);
  CHECK(verdict("web,10.0.0.1 ssh-ed25519 AAAA comment\n", "10.0.0.1") == KeyVerdict::known);
  CHECK(verdict("WEB ssh-ed25519 AAAA\n", "web") == KeyVerdict::known);
  CHECK(verdict("web ssh-ed25519 BBBB\n", "web") == KeyVerdict::changed);
  CHECK(verdict("web ssh-rsa BBBB\n", "web") == KeyVerdict::changed);
  CHECK(verdict("web ssh-ed25519 BBBB\nweb ssh-ed25519 AAAA\n", "web") == KeyVerdict::known);
  CHECK(verdict("[web]:2222 ssh-ed25519 AAAA\n", "web") == KeyVerdict::unknown);
  CHECK(verdict("[web]:2222 ssh-ed25519 AAAA\n", known_host_name("Web", 2222)) == KeyVerdict::known);
  CHECK(verdict("*.example,!bad.example ssh-ed25519 AAAA\n", "good.example") == KeyVerdict::known);
  CHECK(verdict("*.example,!bad.example ssh-ed25519 AAAA\n", "bad.example") == KeyVerdict::unknown);
  CHECK(verdict("w?b ssh-ed25519 AAAA\n", "web") == KeyVerdict::known);
  CHECK(verdict("# web ssh-ed25519 AAAA\nweb ssh-ed25519\n\n", "web") == KeyVerdict::unknown);
  CHECK(verdict("@cert-authority * ssh-ed25519 AAAA\n", "web") == KeyVerdict::unknown);
  CHECK(verdict("web ssh-ed25519 AAAA\n@revoked web ssh-ed25519 AAAA\n", "web") == KeyVerdict::revoked);
  CHECK(verdict("@revoked web ssh-ed25519 BBBB\nweb ssh-ed25519 AAAA\n", "web") == KeyVerdict::known);
  CHECK(verdict("|1|bad|line ssh-ed25519 AAAA\n|1| ssh-ed25519 AAAA\n", "web") == KeyVerdict::unknown);
  const auto file = parse_known_hosts("\n\nweb ssh-ed25519 AAAA\n", "kh");
  CHECK(keys_of(file, "web").at(0)->line == 3);
}

TEST_CASE("many stars cost no more than one") {
  std::string stars, letters;
  for (int i = 0; i < 5000; ++i) stars += "*a", letters += "a";
  CHECK(verdict(stars + "b ssh-ed25519 AAAA\n", letters + "c") == KeyVerdict::unknown);
  CHECK(verdict(stars + " ssh-ed25519 AAAA\n", letters) == KeyVerdict::known);
}

TEST_CASE("a port is looked up with its name, then without") {
  const auto verdict = [](const std::string& text) {
    const auto file = parse_known_hosts(text, "kh");
    return check_key(keys_of(file, "[web]:2222"), keys_of(file, "web"), "ssh-ed25519", "AAAA");
  };
  CHECK(verdict("web ssh-ed25519 AAAA\n").verdict == KeyVerdict::known);
  CHECK(verdict("web ssh-ed25519 BBBB\n").verdict == KeyVerdict::unknown);
  CHECK(verdict("web ssh-ed25519 AAAA\n[web]:2222 ssh-ed25519 BBBB\n").verdict == KeyVerdict::changed);
  CHECK(verdict("web ssh-ed25519 BBBB\n[web]:2222 ssh-ed25519 AAAA\n").verdict == KeyVerdict::known);
  CHECK(verdict("@revoked web ssh-ed25519 AAAA\n").verdict == KeyVerdict::revoked);
  CHECK(verdict("").authority == nullptr);
  CHECK(verdict("@cert-authority w* ssh-ed25519 AAAA\n").verdict == KeyVerdict::unknown);
  CHECK(verdict("@cert-authority w* ssh-ed25519 AAAA\n").authority->line == 1);
  CHECK(verdict("@cert-authority *,!web ssh-ed25519 AAAA\n").authority->line == 1);  // [web]:2222 is another name
  // The line that is named is one of the same kind, where there is one.
  CHECK(verdict("[web]:2222 ssh-rsa CCCC\n[web]:2222 ssh-ed25519 BBBB\n").line->line == 2);
}
