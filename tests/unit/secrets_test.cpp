// What is hidden of texts, commands and the lines of an inventory.
#include "model/secrets.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "load/load.hpp"
#include "load/shown_lines.hpp"
#include "load/text_file.hpp"
#include "load/tree.hpp"
#include "model/base64.hpp"
#include "plan/spec_json.hpp"

using namespace cctl;
using Catch::Matchers::Contains;

TEST_CASE("names that say secret, also written without a gap or with a number behind them", "[secrets]") {
  for (const char* name :
       {"PGPASSWORD",    "APIKEY",           "DBPASS",        "MYSQL_ROOT_PASSWORD1",
        "AUTHORIZATION", "x.secretkey",      "accessToken",   "ACCESSTOKEN",
        "clientsecret",  "SSHPASS",          "DBPWD",         "passwords",
        "privatekey",    "TOKEN2",           "ldap_bindpass", "credentials",
        "DBPassword",    "--password-value", "secret_phrase", "zookeeper.DigestAuthenticationProvider.superDigest",
        "GITHUB_PAT",    "SIGNING_SALT",     "jwt",           "BEARER",
        "SUPER_DIGEST",  "superdigest",      "DB_PW",         "passcode"})
    CHECK(is_secret_name(name));
  for (const char* name : {"keyspace",  "authenticate", "MONKEY",
                           "tokenizer", "compass",      "bypass",
                           "hockey",    "turkey",       "secretary",
                           "passive",   "PATH",         "keepalive",
                           "author",    "8080",         "offer_timeout",
                           "digest",    "image.digest", "path",
                           "pattern",   "salted",       "DigestAuthenticationProvider"})
    CHECK_FALSE(is_secret_name(name));
}

TEST_CASE("a secret in a text is hidden as a whole", "[secrets]") {
  keep_secret("known9,SECOND half");
  keep_secret("known9,SECOND half, and longer");
  keep_secret("it's SECOND");
  struct Row {
    const char *text, *shown;
  };
  const Row rows[] = {
      {"A_PASSWORD=known9,SECOND half", "A_PASSWORD=[redacted]"},
      {"said known9,SECOND half, and longer.", "said [redacted]."},
      {R"(x 'it'\''s SECOND' y)", "x '[redacted]' y"},
      {"A_PASSWORD=first9,SECOND", "A_PASSWORD=[redacted]"},
      {"'B_PASSWORD=first9 SECOND' -e C=1", "'B_PASSWORD=[redacted]' -e C=1"},
      {"\"B_PASSWORD=first9 SECOND\"", "\"B_PASSWORD=[redacted]\""},
      {"password='it''s SECOND' x", "password=[redacted] x"},
      {R"(password="a\"SECOND" x)", "password=[redacted] x"},
      {"password=\"never closed SECOND", "password=[redacted]"},
      {"Authorization: Bearer SECOND", "Authorization: [redacted]"},
      {"secret_phrase = one SECOND", "secret_phrase = [redacted]"},
      {"-Dx.secretkey=SECOND -Xmx1g", "-Dx.secretkey=[redacted] -Xmx1g"},
      {"-Dkey=SECOND -Xmx1g", "-Dkey=[redacted] -Xmx1g"},
      {"-Dzookeeper.DigestAuthenticationProvider.superDigest=super:SECOND= -Xmx1g",
       "-Dzookeeper.DigestAuthenticationProvider.superDigest=[redacted] -Xmx1g"},
      {R"(x={"password":"a SECOND"})", R"(x={"password":[redacted]})"},
      {"mongodb://bob:a/SECOND@h/db", "mongodb://[redacted]@h/db"},
      {"mongodb://bob:a@SECOND@h/db", "mongodb://[redacted]@h/db"},
      {"zk://me:pw@h:2181/mesos", "zk://[redacted]@h:2181/mesos"},
      {"docker://h:5000/x@sha256:0", "docker://h:5000/x@sha256:0"},
      {"http://h:8080/a@b", "http://h:8080/a@b"},
      {"zk://a:2181,b:2181/mesos", "zk://a:2181,b:2181/mesos"},
      {"--token SECOND --x 1", "--token [redacted] --x 1"},
      {"authentication failed: no such user", "authentication failed: no such user"},
  };
  for (const Row& row : rows) CHECK(without_secrets(row.text) == row.shown);
  CHECK(file_line_without_secrets("password: one SECOND") == "password: [redacted]");
  CHECK(file_line_without_secrets("auth_pass SECOND") == "auth_pass [redacted]");
  CHECK(file_line_without_secrets(R"(  "encrypt": "k==",)") == R"(  "encrypt": [redacted],)");
}

TEST_CASE("a command hides what a name says is secret, whatever is in it", "[secrets]") {
  struct Row {
    std::vector<std::string> words;
    const char* shown;
  };
  const Row rows[] = {
      {{"-e", "A_PASSWORD=x,SECOND"}, "-e A_PASSWORD=[redacted]"},
      {{"-e", "A_PASSWORD=x SECOND"}, "-e A_PASSWORD=[redacted]"},
      {{"-e", "A_PASSWORD=x'SECOND"}, "-e A_PASSWORD=[redacted]"},
      {{"-e", "A_PASSWORD=x\"SECOND"}, "-e A_PASSWORD=[redacted]"},
      {{"-e", "A_PASSWORD=x\nSECOND"}, "-e A_PASSWORD=[redacted]"},
      {{"-e", "A_PASSWORD={\"a\": [\"SECOND\"]}"}, "-e A_PASSWORD=[redacted]"},
      {{"-e", "A_PASSWORD="}, "-e A_PASSWORD="},
      {{"-e", "CONF={\"token\": \"SECOND\"}"}, "-e 'CONF={\"token\":\"[redacted]\"}'"},
      {{"-e", "OPTS=-Da.password=SECOND -Xmx1g"}, "-e 'OPTS=-Da.password=[redacted] -Xmx1g'"},
      {{"--http_password=x SECOND"}, "--http_password=[redacted]"},
      {{"--token", "x SECOND", "--port", "1"}, "--token [redacted] --port 1"},
      {{"--auth", "--port", "1"}, "--auth --port 1"},
      {{"-Dx.secretkey=x SECOND"}, "-Dx.secretkey=[redacted]"},
      {{"a b", "c"}, "'a b' c"},
  };
  for (const Row& row : rows) CHECK(line_without_secrets(row.words) == row.shown);
  ContainerSpec spec;
  spec.name = "n";
  spec.image = "x:1";
  spec.env = {{"A_PASSWORD", "x' SECOND"}};
  CHECK_THAT(line_without_secrets(docker_run_words(spec)), !Contains("SECOND"));
  CHECK_THAT(docker_run_line(spec), Contains("SECOND"));
}

namespace {

struct Line {
  const char *what, *text;
};

// Whatever of these is told or shown, TAIL is not.
const Line secret_texts[] = {
    {"behind a blank", "env:\n  MY_PASSWORD: correct horse TAIL: staple\n"},
    {"a second colon", "env:\n  MY_PASSWORD: Zs3cret: TAIL\n"},
    {"an anchor", "vars:\n  encrypt: &k TAIL x: y\n"},
    {"a tag", "vars:\n  encrypt: !!str TAIL : oops: x\n"},
    {"a path, as keys may look", "env:\n  MY_PASSWORD: /TAIL: oops\n"},
    {"the next line", "env:\n  MY_PASSWORD:\n    TAIL: [oops\n"},
    {"a word on the next line", "env:\n  MY_PASSWORD:\n    TAIL\n    x: y\n"},
    {"quotes with an escape", "env:\n  MY_PASSWORD: \"ab\\\"TAIL\" oops\n"},
    {"single quotes", "vars:\n  encrypt: 'a''TAIL'\n  encrypt: 'b''TAIL'\n"},
    {"quotes over lines", "env: {MY_PASSWORD: \n    \"abc\n    TAIL\", B: }oops\n"},
    {"quotes over lines, not indented", "env: {MY_PASSWORD: \"abc\nTAIL\", B: }oops\n"},
    {"text below a bar, with a tab", "env:\n  MY_PASSWORD: |\n    line1\n\t\tTAIL\n"},
    {"a tab as indent", "env:\n  MY_PASSWORD:\n\tTAIL: x\n"},
    {"a key of its own", "env:\n  ? MY_PASSWORD\n  : TAIL : : [\n"},
    {"list items", "tokens:\n- TAIL: a: b\n"},
    {"list items, indented", "tokens:\n  - a\n  - TAIL: a: b\n"},
    {"keys twice", "credentials:\n  TAIL: 1\n  TAIL: 2\n"},
    {"in braces", "env: {A: b, MY_PASSWORD: x TAIL: y}\n"},
    {"a name in quotes", "env:\n  \"MY_PASSWORD\": x TAIL: y\n  'MY_TOKEN' : x: TAIL\n"},
    {"a flag", "args: --token TAIL: x: y\n"},
    {"a flag in a list", "args: [\"run\", \"--password\", \"TAIL\", 5]\n"},
    {"a flag in a list of other quotes", "argz: ['--token','TAIL-x']\n"},
    {"a flag in a list of none", "args: [--api-key, TAIL, b]\n"},
    {"a property", "opts: -Dx.secretkey=TAIL a: b\n"},
    {"an address", "url: mongodb://bob:a/TAIL@h: x: y\n"},
    {"left of its key", "env:\n  MY_PASSWORD: x\n  TAIL\n  y: z\n"},
};

}  // namespace

TEST_CASE("what a name says is secret inside of a value", "[secrets]") {
  struct Row {
    std::string text;
    std::vector<std::string> secrets;
  };
  const Row rows[] = {
      {"-Dzookeeper.DigestAuthenticationProvider.superDigest=super:D1gest+/AbC=", {"super:D1gest+/AbC="}},
      {"-Xmx1g -Dx.password=JvmPw-88 -Dy=z", {"JvmPw-88"}},
      {"run --password argSecretZ9 --user a", {"argSecretZ9"}},
      {"run --password 'a b c' x", {"a b c"}},
      {"DB_PASSWORD=x1 OTHER=y", {"x1"}},
      {"url?api_key=Zz-9&b=c", {"Zz-9&b=c"}},
      {"nothing here: a=b --user c", {}},
      {"", {}},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(secrets_within(row.text) == row.secrets);
  }
  CHECK(without_secrets(R"(["run","--password","argSecretZ9","--user","a"])") ==
        R"(["run","--password","[redacted]","--user","a"])");
}

TEST_CASE("each line of a secret of several is one", "[secrets]") {
  keep_secret("LINEONE-abc123XYZ\nLINETWO-def456UVW\nshort\n");
  CHECK(without_known_secrets("key LINEONE-abc123XYZ") == "key [redacted]");
  CHECK(without_known_secrets("LINETWO-def456UVW.") == "[redacted].");
  CHECK(without_known_secrets("a short one") == "a short one");
}

TEST_CASE("no mistake shows or tells the value of a secret's key", "[secrets]") {
  const auto file = std::filesystem::temp_directory_path() / "cctl-secrets-test.yml";
  for (const Line& row : secret_texts) {
    INFO(row.what);
    std::ofstream(file) << row.text;
    Mistakes mistakes;
    const std::string text = row.text;
    parse_yaml(text, file.string(), mistakes);
    for (const Mistake& one : mistakes.in_file_order()) CHECK_THAT(one.text, !Contains("TAIL"));
    // Whatever finds fault with any of its lines.
    std::vector<Mistake> every = mistakes.in_file_order();
    for (int line = 1; line <= static_cast<int>(std::count(text.begin(), text.end(), '\n')); ++line)
      every.push_back({{file.string(), line, 1}, "x"});
    CHECK_THAT(describe(every), !Contains("TAIL"));
  }
  std::filesystem::remove(file);
}

TEST_CASE("lines beside secrets are shown, at their width", "[secrets]") {
  const std::string text =
      "cluster: c\nssh: {key: ~/.ssh/id, user: a}\npassword: prompt\nenv:\n  MY_PASSWORD: \xC3\xA4 b\n  OTHER: 1\n"
      "credentials:\n  - {principal: a}\nmasters:\n- {name: a}\ntls_key_file: /etc/k\nx: [a, b]\n";
  const std::vector<std::string_view> lines = lines_of(text);
  CHECK(lines_of_secrets(lines) ==
        std::vector<bool>{false, false, false, false, false, false, false, true, false, false, false, false});
  CHECK(with_stars(lines[1]) == lines[1]);
  CHECK(with_stars(lines[2]) == lines[2]);
  CHECK(with_stars(lines[4]) == "  MY_PASSWORD: ***");
  CHECK(with_stars(lines[10]) == lines[10]);
  CHECK(with_stars("  {name: a, token: b, c: d}") == "  {name: a, token: " + std::string(8, '*'));
}

TEST_CASE("a secret is hidden in base64, too, wherever it begins there", "[secrets]") {
  const std::string secrets[] = {"N0t-the-Door-Bell", "hunter-2",    "four", "w\xc3\xb6rter sind L\xc3\xa4nger",
                                 "\?\?\?>>>~~~",      "x y\nz w v u"};
  for (const std::string& secret : secrets) {
    keep_secret(secret);
    for (const std::string before : {"", "u", "me", "mia", "a-long-user:", "user:", "x:y:"})
      for (const std::string behind : {"", "@", ":x", "\n", " and more"}) {
        const std::string text = to_base64(before + secret + behind);
        if (secret.size() == 4 && before.size() % 3 == 1) continue;  // four characters might be anything
        for (const std::string around : {"", "Authorization: Basic ", "{\"auth\":\"", "(", "x=", "- "}) {
          INFO(secret << " in " << around << text);
          const std::string shown = without_known_secrets(around + text + " end");
          CHECK(shown.find("[redacted]") != std::string::npos);
          CHECK(shown.ends_with(" end"));
          CHECK(shown.starts_with(around));
          // Of what is left nothing has a bit of it: only what stands before it and behind it.
          const std::string left = shown.substr(around.size(), shown.size() - around.size() - 4);
          const std::string first = left.substr(0, left.find("[redacted]"));
          CHECK(from_base64(first + std::string((4 - first.size() % 4) % 4, '=')).value_or("").size() <= before.size());
          CHECK(first.size() * 6 <= before.size() * 8);
          const std::string last = left.substr(left.find("[redacted]") + 10);
          const auto sextets = std::count_if(last.begin(), last.end(), [](char c) { return c != '='; });
          CHECK(sextets * 6 < static_cast<long>(behind.size()) * 8 + 6);  // its last one is filled up
        }
      }
  }
  // As URLs have it.
  CHECK(without_known_secrets("?auth=Pz8_Pj4-fn5-").find("Pj4") == std::string::npos);
  // What is no secret stays, a digest as well.
  const std::string digest =
      "sha256:" + std::string(64, 'a') + " aHVudGVyIGlzIG5vdCBpdA== Zm91 " + to_base64("nothing of it");
  CHECK(without_known_secrets(digest) == digest);
}
