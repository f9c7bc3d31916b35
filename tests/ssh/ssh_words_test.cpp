// Values of OpenSSH's configuration, without ssh.
#include "remote/ssh_words.hpp"

#include <algorithm>
#include <cstdlib>

#include "catch.hpp"
#include "model/error.hpp"
#include "remote/ssh_directives.hpp"

using namespace cctl;
using cctl::test::Contains;

namespace {

const Tokens tokens{"/home/me", "10.0.0.1", "web", "ops", "me", "laptop.example", "alias", "b,c", 2222, 1000};

}  // namespace

TEST_CASE("tokens") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"%d/.ssh/%n-%h", "/home/me/.ssh/web-10.0.0.1"},
      {"%r@%h:%p", "ops@10.0.0.1:2222"},
      {"%u %i %l %L", "me 1000 laptop.example laptop"},
      {"%k %j", "alias b,c"},
      {"100%%", "100%"},
      {"", ""},
      // printf '%s' laptop.example10.0.0.12222ops | sha1sum
      {"%C", "21665d9c041003cc46bc38b16415ea16e9864422"},
  };
  for (const auto& [text, wanted] : rows) {
    INFO(text);
    CHECK(expand_tokens("X", text, tokens) == wanted);
  }
  CHECK_THROWS_WITH(expand_tokens("IdentityFile", "a%", tokens), Contains("IdentityFile a%: % means nothing there"));
  CHECK_THROWS_WITH(expand_tokens("ProxyCommand", "nc %d", tokens, "hnpr"), Contains("%d means nothing there"));
}

TEST_CASE("files with a home directory and variables") {
  ::setenv("CCTL_TEST_DIR", "/keys/50%h", 1);
  CHECK(expand_file("X", "~/.ssh/x", tokens) == "/home/me/.ssh/x");
  CHECK(expand_file("X", "~", tokens) == "/home/me");
  CHECK(expand_file("X", "~root/x", tokens) == "/root/x");
  CHECK(expand_file("X", "~nobody-of-that-name/x", tokens) == "~nobody-of-that-name/x");
  CHECK(expand_file("X", "${CCTL_TEST_DIR}/%n", tokens) ==
        "/keys/50%h/web");  // what a variable holds is taken as it is
  CHECK(expand_file("X", "$HOME/x", tokens) == "$HOME/x");
  CHECK_THROWS_WITH(expand_file("X", "${CCTL_NOT_SET}", tokens), Contains("the environment has no CCTL_NOT_SET"));
  CHECK_THROWS_WITH(expand_file("X", "${CCTL", tokens), Contains("without its"));
}

TEST_CASE("lists of files without their quotes") {
  const std::vector<std::string> there = {"/a b", "/c", "known_hosts", "/x y/z  w"};
  const auto exists = [&](const std::string& file) {
    return std::find(there.begin(), there.end(), file) != there.end();
  };
  using Files = std::vector<std::string>;
  CHECK(split_files("/c", exists) == Files{"/c"});
  CHECK(split_files("/a b /c", exists) == Files{"/a b", "/c"});
  CHECK(split_files("/c /a b", exists) == Files{"/c", "/a b"});
  CHECK(split_files("/x y/z  w /c", exists) == Files{"/x y/z  w", "/c"});
  CHECK(split_files("/new one/known hosts /c ~/d", exists) == Files{"/new one/known hosts", "/c", "~/d"});
  CHECK(split_files("%d/one ${HOME}/two three", exists) == Files{"%d/one", "${HOME}/two three"});
  CHECK(split_files("known_hosts /c", exists) == Files{"known_hosts", "/c"});
  CHECK(split_files("none", exists) == Files{"none"});
  CHECK(split_files("", exists).empty());
}

TEST_CASE("what is configured, and what of it is not followed") {
  const auto usual = parse_words("connecttimeout none\nsecuritykeyprovider internal\ncompression no\n");
  const auto words = parse_words(
      "connecttimeout 7\nsecuritykeyprovider internal\ncompression yes\npkcs11provider none\nlocalcommand x\n"
      "knownhostscommand /bin/x y\n");
  CHECK(configured(words, usual, "connecttimeout"));
  CHECK(!configured(words, usual, "securitykeyprovider"));
  CHECK(!configured(words, usual, "port"));
  const auto said = not_followed(words, usual, {{"knownhostscommand", "/etc/ssh/ssh_config:3"}});
  REQUIRE(said.size() == 2);
  CHECK_THAT(said[0], Contains("ConnectTimeout of OpenSSH's configuration is not followed"));
  CHECK_THAT(said[1], Contains("/etc/ssh/ssh_config:3: KnownHostsCommand"));
  CHECK(not_followed(parse_words("localcommand x\npermitlocalcommand yes\n"), {}, {}).size() == 1);
  CHECK(first(words, "knownhostscommand") == "/bin/x y");
  CHECK(matters("identityfile"));
  CHECK(matters("something-of-tomorrow"));
  CHECK(!matters("sendenv"));
}
