// Public keys and certificates as bytes, and the order in which keys are offered.
#include "remote/key_blob.hpp"

#include "catch.hpp"
#include "openssh.hpp"
#include "remote/offers.hpp"

using namespace cctl;
using namespace cctl::test;

TEST_CASE("the key inside of a certificate, and the public half of a private key") {
  const TempDir dir;
  make_key(dir / "ca");
  for (const std::string type : {"ed25519", "rsa", "ecdsa"}) {
    INFO(type);
    const auto key = make_key(dir / type, type, "secret");
    ran({"ssh-keygen", "-q", "-s", dir / "ca", "-I", "x", "-n", "root", key + ".pub"});
    const auto blob = blob_of_public(read_file(key + ".pub"));
    const auto certificate = blob_of_public(read_file(key + "-cert.pub"));
    REQUIRE(blob);
    REQUIRE(certificate);
    CHECK(is_certificate(*certificate));
    CHECK(!is_certificate(*blob));
    CHECK(plain_blob(*certificate) == blob);
    CHECK(plain_blob(*blob) == blob);
    CHECK(blob_of_private(read_file(key)) == blob);  // without its passphrase
    // Cut short anywhere it is no key, and no crash.
    for (std::size_t size = 0; size < certificate->size(); ++size) (void)plain_blob(certificate->substr(0, size));
  }
  for (const std::string text :
       {"", "ssh-ed25519", "ssh-rsa AAAA", "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAA x", "-----BEGIN"}) {
    INFO(text);
    CHECK(!blob_of_public(text));
    CHECK(!blob_of_private(text));
  }
}

TEST_CASE("answers of agents") {
  const AgentKey key{field("ssh-ed25519") + field("x"), "me"};
  const auto keys = parse_identities(identities_body(key));
  REQUIRE(keys);
  REQUIRE(keys->size() == 1);
  CHECK(keys->front().blob == key.blob);
  CHECK(keys->front().comment == "me");
  const auto body = identities_body(key);
  for (std::size_t size = 0; size < body.size(); ++size)
    CHECK(!parse_identities(std::string_view(body).substr(0, size)));
  CHECK(parse_identities(u32(0))->empty());
}

TEST_CASE("which of an agent's keys are offered, and in which order") {
  const auto plain = [](const std::string& name) { return field("ssh-ed25519") + field(name); };
  const auto certificate = [](const std::string& name) {
    return field("ssh-ed25519-cert-v01@openssh.com") + field("nonce") + field(name) + field("rest");
  };
  const auto file = [](const std::string& blob, const std::string& cert = "") {
    KeyFile out;
    out.blob = blob;
    out.certificate = cert;
    return out;
  };
  const std::vector<AgentKey> agent = {
      {plain("a"), "a"}, {certificate("b"), "cb"}, {plain("b"), "b"}, {plain("c"), "c"}};
  struct Row {
    std::vector<KeyFile> files;
    std::vector<std::string> certificates;
    bool only_these;
    std::set<std::string> offered;
    std::string wanted;  // comments of the keys that sign, + where a certificate is shown
  };
  const std::vector<Row> rows = {
      {{}, {}, false, {}, "a cb+ b c"},
      {{}, {}, true, {}, ""},
      {{file(plain("c"))}, {}, false, {}, "c a cb+ b"},
      {{file(plain("c"))}, {}, true, {}, "c"},
      {{file(plain("b"))}, {}, true, {}, "cb+ b"},
      {{file(certificate("b"))}, {}, true, {}, "cb+ b"},
      {{file(plain("c"), certificate("c"))}, {}, true, {}, "c+ c"},
      {{file(plain("c"))}, {certificate("c")}, true, {plain("c")}, "c+"},
      {{file(plain("x"))}, {certificate("x")}, true, {}, ""},
      {{file("")}, {}, true, {}, ""},
      {{}, {}, false, {plain("a"), plain("c")}, "cb+ b"},
  };
  for (const auto& row : rows) {
    INFO(row.wanted);
    std::string got;
    for (const auto& offer : agent_offers(agent, row.files, row.certificates, row.only_these, row.offered))
      got += (got.empty() ? "" : " ") + offer.shown.comment + (is_certificate(offer.shown.blob) ? "+" : "");
    CHECK(got == row.wanted);
  }
}
