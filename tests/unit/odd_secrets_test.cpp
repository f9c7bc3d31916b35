// Secrets that are pieces of what the program itself says, and tokens that are none: what they may hide.
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "model/secrets.hpp"
#include "report/json_text.hpp"
#include "report/run_json.hpp"

using namespace cctl;

TEST_CASE("a secret that is a piece of JSON's syntax, or a word of the program's, breaks no document", "[secrets]") {
  const char* odd[] = {R"("schema":)",
                       "\":",
                       R"(\n"},)",
                       R"(x987": [)",
                       R"("a1", "b2")",
                       "},\n  {",
                       "sha256",
                       "sha256:",
                       "zookeeper:",
                       "https://elsewhere:443",
                       "a",
                       "\""};
  for (const char* secret : odd) keep_secret(secret);
  const std::string said = "x sha256:0 zookeeper: https://elsewhere:443 x987\": [";
  for (const std::string& text :
       {error_json_text(said, 1, {}), json_text({{"schema", "clusterctl.x/1"}, {"said", said}})}) {
    REQUIRE(nlohmann::json::accept(text));
    CHECK(text.find("\"schema\": \"clusterctl.") != std::string::npos);
    CHECK(text.find("x sha256:0 zookeeper: https://elsewhere:443 [redacted]") != std::string::npos);
  }
  // Names that stand in a document are hidden as values are, and told apart.
  keep_secret("s3cr3t-one9");
  keep_secret("s3cr3t-two9");
  keep_secret("exit_code");
  const auto hidden =
      nlohmann::json::parse(json_text({{"key s3cr3t-one9", 1}, {"key s3cr3t-two9", 2}, {"exit_code", 3}}));
  CHECK(hidden == nlohmann::json{{"key [redacted]", 1}, {"key [redacted] 2", 2}, {"exit_code", 3}});
}

TEST_CASE("what a stranger calls his token hides nothing that is no token", "[secrets]") {
  struct Row {
    std::string token, said, shown;
  };
  const std::string jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln-_9";
  for (const Row& row : std::vector<Row>{
           {"https://elsewhere.localhost:5000", "goes to https://elsewhere.localhost:5000", ""},
           {"elsewhere.localhost.of.some.domain", "goes to https://elsewhere.localhost.of.some.domain", ""},
           {std::string(64, 'c'), "sha256:" + std::string(64, 'c'), ""},
           {"3f2a9c3f2a9c3f2a9c3f2a9c3f2a9c3f2a9c3f2a", "sha256:3f2a9c3f2a9c3f2a9c3f2a9c3f2a9c3f2a9c3f2a", ""},
           {"library/Zookeeper:3.8.0-with-more", "library/Zookeeper:3.8.0-with-more", ""},
           {"the-login-of", "the-login-of X", ""},
           {"the-login-of", "Authorization: Bearer the-login-of", "Authorization: [redacted]"},
           {jwt, "it said " + jwt, "it said [redacted]"},
           {jwt, "Bearer " + jwt, "[redacted]"},
           {"djE6Y29tcG9zZTphYmMxMjM0NTY=", "it said djE6Y29tcG9zZTphYmMxMjM0NTY=", "it said [redacted]"}}) {
    CAPTURE(row.token);
    keep_token(row.token);
    CHECK(without_known_secrets(row.said) == (row.shown.empty() ? row.said : row.shown));
  }
}
