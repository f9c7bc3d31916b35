// What strangers say may be long, deep and strange: whatever reads it ends, in time that grows with the length, and
// without going down by recursion.
#include <functional>

#include "catch.hpp"
#include "load/shown_lines.hpp"
#include "look/look.hpp"
#include "model/base64.hpp"
#include "model/error.hpp"
#include "model/manifest_json.hpp"
#include "model/prepared_json.hpp"
#include "model/secrets.hpp"
#include "model/var_kind.hpp"
#include "model/visible.hpp"
#include "plan/app_fit.hpp"
#include "plan/app_state.hpp"
#include "plan/app_stuck.hpp"
#include "plan/app_words.hpp"
#include "plan/engine_words.hpp"
#include "plan/extract.hpp"
#include "plan/spec_changes.hpp"
#include "plan/task_ports.hpp"
#include "prepare/openings.hpp"
#include "report/words.hpp"

using namespace cctl;

namespace {

constexpr std::size_t kLong = 400'000;

std::string many(const std::string& part) {
  std::string out;
  while (out.size() < kLong) out += part;
  return out;
}

std::string extracted(const std::string& text, const Extract& what) {
  Answer answer;
  answer.status = 200;
  answer.body = text;
  return extract(what, answer).value_or("");
}

// Without an end mark it is an Error, which is an answer.
std::size_t facts_in(const std::string& text) {
  try {
    LookRequest request;
    request.facts = {&fact::sockets, &fact::firewall, &fact::files};
    return read_look(text + "\n@@ end\n", request, "@@").facts.sockets.size();
  } catch (const Error&) {
    return 0;
  }
}

Extract by_regex() {
  Extract out;
  out.regex = "^(taken|kept|refused.*)";
  return out;
}

Extract by_list() {
  Extract out;
  out.list = "/slaves";
  out.item = "/id";
  return out;
}

Extract by_field() {
  Extract out;
  out.field = "Mode";
  return out;
}

}  // namespace

TEST_CASE("long inputs end") {
  const std::vector<std::pair<const char*, std::string>> inputs = {
      {"one letter", many("a")},
      {"digits", many("1")},
      {"blanks", many(" ")},
      {"newlines", many("\n")},
      {"zeros", std::string(kLong, '\0')},
      {"lists in lists", many("[")},
      {"objects in objects", many("{\"a\":")},
      {"closed lists", many("[").substr(0, kLong / 2) + many("]").substr(0, kLong / 2)},
      {"quotes", many("\"")},
      {"single quotes", many("'")},
      {"backslashes", many("\\")},
      {"names and values", many("password=x ")},
      {"addresses with passwords", many("http://u:p@h/")},
      {"half an address", "http://" + many("u:")},
      {"dots", many("a.")},
      {"slashes", many("/a")},
      {"up and up", many("/..")},
      {"dashes", many("-1")},
      {"ranges", "[" + many("1-2,") + "]"},
      {"ports", many("ports:[1-2];")},
      {"half of ports", many("ports(")},
      {"stamps", many("2026-01-02T03:04:05Z ")},
      {"lines with a reason", many("I0101 00:00:00.0 1 x] Error: no\n")},
      {"stack frames", many("\tat a.b.C(D.java:1)\n")},
      {"a long reason", "Error: " + many("x")},
      {"key and value of a log", "level=error msg=\"" + many("\\\"") + "\""},
      {"marks", many("@@ id\n")},
      {"sections", many("@@ sockets\ntcp 0100007F:0016 1\n")},
      {"bytes that are no text", many("\xff\xfe\xc3")},
      {"half letters", many("\xe2\x80")},
      {"marks of direction", many("\xe2\x80\xae")},
      {"commas", many(",")},
      {"semicolons", many("; ")},
      {"escape sequences", many("\x1b[31m")},
  };
  REQUIRE(inputs.size() >= 31);
  // What comes back is no longer than what went in, but for what makes bytes visible.
  const std::vector<std::pair<const char*, std::function<std::size_t(const std::string&)>>> readers = {
      {"without_secrets", [](const std::string& t) { return without_secrets(t).size(); }},
      {"file_line_without_secrets", [](const std::string& t) { return file_line_without_secrets(t).size(); }},
      {"with_stars", [](const std::string& t) { return with_stars(t).size(); }},
      {"visible", [](const std::string& t) { return visible(t).size(); }},
      {"for_terminal", [](const std::string& t) { return for_terminal(t).size(); }},
      {"folded", [](const std::string& t) { return folded(one_line(t), 80, 4).size(); }},
      {"age", [](const std::string& t) { return age(t).size(); }},
      {"engine_last_word", [](const std::string& t) { return engine_last_word(t).size(); }},
      {"manifest", [](const std::string& t) { return manifest_from_json(t).files.size(); }},
      {"prepared", [](const std::string& t) { return prepared_from_json(t).done.size(); }},
      {"check facts", facts_in},
      {"app_states", [](const std::string& t) { return app_states(t).size(); }},
      {"app_stuck", [](const std::string& t) { return app_stuck("/a", t, t).size(); }},
      {"app_too_large", [](const std::string& t) { return app_too_large(t, t).size(); }},
      {"sandbox_of", [](const std::string& t) { return sandbox_of(t, "t").size(); }},
      {"last_lines_of", [](const std::string& t) { return last_lines_of(t).size(); }},
      {"task_ports_of", [](const std::string& t) { return task_ports_of(t).has_value() ? 1U : 0U; }},
      {"spec_changes", [](const std::string& t) { return spec_changes(t, "{}").size(); }},
      {"extract by regex", [](const std::string& t) { return extracted(t, by_regex()).size(); }},
      {"extract of a list", [](const std::string& t) { return extracted(t, by_list()).size(); }},
      {"extract of a field", [](const std::string& t) { return extracted(t, by_field()).size(); }},
      {"ufw", [](const std::string& t) { return read_ufw({t}).open.size(); }},
      {"iptables", [](const std::string& t) { return read_iptables({t}).open.size(); }},
      {"base64", [](const std::string& t) { return from_base64(t).value_or("").size(); }},
  };
  for (const auto& [reader, read] : readers)
    for (const auto& [name, text] : inputs) {
      INFO(reader << ", " << name);
      CHECK(read(text) <= 16 * text.size());
    }
  for (const char* kind : {"line",
                           "path",
                           "data directory",
                           "domain",
                           "network",
                           "url",
                           "registry",
                           "mirror",
                           "image",
                           "ranges",
                           "port ranges",
                           "resource",
                           "attribute",
                           "words",
                           "semicolon addresses",
                           "quoted addresses",
                           "secret",
                           "label",
                           "search domain",
                           "interface",
                           "duration"})
    for (const auto& [name, text] : inputs) {
      INFO(kind << ", " << name);
      CHECK(why_not_of_kind(kind, text).size() < 1000);
    }
}
