#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "model/secrets.hpp"
#include "model/visible.hpp"
#include "report/apps.hpp"
#include "report/check.hpp"
#include "report/failure.hpp"
#include "report/plan_text.hpp"
#include "report/progress.hpp"
#include "report/run_json.hpp"
#include "report/status.hpp"
#include "report/table.hpp"
#include "report/words.hpp"

using namespace cctl;

namespace {

struct Hostile {
  std::string said, shown;
};

const std::vector<Hostile>& hostile() {
  static const std::vector<Hostile> all = {
      {"a\x1b[31mred", "a\\x1b[31mred"},
      {"a\x1b]0;title\x07", "a\\x1b]0;title\\x07"},
      {"a\x1b[2J\x1b[1A", "a\\x1b[2J\\x1b[1A"},
      {"a\nerror: b", "a; error: b"},
      {"a\tb", "a b"},
      {"a\rb", "a\\x0db"},
      {"a\r\nb", "a; b"},
      {"a\r", "a"},
      {"a\n\r\n", "a"},
      {"a\x08\x7f", "a\\x08\\x7f"},
      {std::string("a\0b", 3), "a\\x00b"},
      {"a\xC2\x9B"
       "31m",
       "a\\u009b31m"},
      {"a\xE2\x80\xAE"
       "txt",
       "a\\u202etxt"},
      {"a\xE2\x81\xA6", "a\\u2066"},
      {"a\xE2\x80\x8E\xE2\x80\x8F", "a\\u200e\\u200f"},
      {"a\xD8\x9C", "a\\u061c"},
      {"a\xE2\x80\x8B\xEF\xBB\xBF", "a\\u200b\\ufeff"},
      {"a\xF3\xA0\x81\x81", "a\\U000e0041"},
      {"a\xE2\x80\xA8", "a\\u2028"},
      {"a\xff\xc3(", "a\\xff\\xc3("},
      {"a\xC0\x80\xED\xA0\x80", "a\\xc0\\x80\\xed\\xa0\\x80"},
      {"a\xE2\x80", "a\\xe2\\x80"},
      {"gr\xC3\xB6\xC3\x9F"
       "e \xE2\x9C\x93",
       "gr\xC3\xB6\xC3\x9F"
       "e \xE2\x9C\x93"},
  };
  return all;
}

Plan plan_with(const std::string& text) {
  Plan plan;
  plan.cluster = text;
  plan.first().desired.inventory_file = text;
  Wave wave{1, text, "zookeeper", RollOrder::parallel, false, {}, {}, std::chrono::seconds(60)};
  Step step;
  step.host = text, step.component = text, step.action = Action::prepare, step.reason = text;
  step.subject = Preparation{{{"echo", text}}, {}};
  FileChange change;
  change.wanted.path = "/etc/" + text, change.wanted.content = text, change.exists = true;
  step.files = {change};
  Step pull;
  pull.host = text, pull.action = Action::pull, pull.subject = Pull{text};
  wave.steps = {step, pull};
  plan.first().waves = {wave};
  plan.strays = {{text, text, text}};
  plan.foreign = plan.warnings = {text};
  plan.refusals = {{8, text}};
  return plan;
}

Status status_with(const std::string& text) {
  Status status;
  status.cluster = status.inventory = status.cause = text;
  status.health = "degraded";
  status.hosts = {{text, text, text, false}, {"m1", "192.0.2.1", "", true}};
  StatusInstance instance;
  instance.host = "m1";
  instance.component = instance.version = instance.drift = instance.seen = text;
  instance.state = "running", instance.health = "unhealthy";
  status.instances = {instance};
  status.wanting = status.foreign = {text};
  status.strays = {{text, text, text}};
  return status;
}

std::string progress_of(const std::string& mode, const std::string& text) {
  std::string out;
  const auto progress = make_progress(mode, Look{false, 200}, [&](const std::string& told) { out += told; });
  Step step;
  step.host = step.component = step.reason = text;
  progress->note(text);
  progress->wave_started({1, text, text, RollOrder::parallel, false, {}, {}, std::chrono::seconds(1)});
  progress->step_started(step);
  progress->waiting({text, text, text, text, std::chrono::milliseconds(1), std::chrono::milliseconds(9)});
  progress->step_ended(step, {text, text, "create", Outcome::failed, text, std::chrono::milliseconds(1)});
  return out;
}

Report report_with(const std::string& text) {
  Report report;
  report.exit = Exit::failed;
  report.steps = {{text, text, "create", Outcome::failed, text, {}},
                  {text, text, "create", Outcome::skipped, text, {}}};
  report.failures = {{text, text, text, text, text, {text}, text, text}};
  return report;
}

AppState app_with(const std::string& text) {
  AppState app;
  app.id = app.version = app.image = text;
  app.deployments = {text};
  return app;
}

PlanTextOptions plan_options() {
  PlanTextOptions options;
  options.verbose = true;
  options.left = [](int, int) { return std::string("none"); };
  options.aim = [](const std::string& advice) { return advice; };
  options.run_words = [](const ContainerSpec& spec) { return std::vector<std::string>{spec.name}; };
  return options;
}

// What each sink writes of one text.
std::vector<std::pair<const char*, std::string>> sinks_of(const std::string& text, const Look& look = {}) {
  const std::vector<Finding> findings = {{"ports.free", text, Verdicted::fail, text, text}};
  return {{"table", table({{{text, Color::red}, {text}}}, look)},
          {"line", one_line(text)},
          {"plan", plan_text(plan_with(text), look, plan_options())},
          {"status", status_text(status_with(text), look)},
          {"health", one_line(health_line(status_with(text), look))},
          {"checks", check_text(text, findings, look, true)},
          {"apps", apps_text({app_with(text)}, look)},
          {"report", report_text(report_with(text), look)},
          {"plain progress", progress_of("plain", text)},
          {"moving progress", progress_of("tty", text)}};
}

std::vector<std::pair<const char*, std::string>> documents_of(const std::string& text) {
  RunDocument run{text, text, text, report_with(text), 1, status_with(text)};
  return {{"plan", plan_json_text(plan_with(text))},
          {"status", status_json_text(status_with(text))},
          {"checks", check_json_text(text, {{"ports.free", text, Verdicted::fail, text, text}})},
          {"apps", apps_json_text(text, {app_with(text)}, {{text, text, "failed", text, 7}}, {text})},
          {"run", run_json_text(run)},
          {"error", error_json_text(text, 2, {{{text, 1, 1}, text}})}};
}

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
}

}  // namespace

TEST_CASE("what others say is made visible, once and for all", "[sinks]") {
  for (const Hostile& row : hostile()) {
    CAPTURE(row.shown);
    CHECK(visible(row.said) == row.shown);
    CHECK(visible(row.shown) == row.shown);
    CHECK(for_terminal(row.shown) == row.shown);
  }
}

TEST_CASE("each range of what is unseen is written out from its first to its last, and nothing beside it", "[sinks]") {
  struct Row {
    char32_t first, last;
    const char* what;
  };
  const Row rows[] = {
      {0x00, 0x1F, "C0"},
      {0x7F, 0x9F, "DEL and C1"},
      {0xAD, 0xAD, "soft hyphen"},
      {0x34F, 0x34F, "grapheme joiner"},
      {0x600, 0x605, "Arabic number signs"},
      {0x61C, 0x61C, "Arabic letter mark"},
      {0x6DD, 0x6DD, "end of ayah"},
      {0x70F, 0x70F, "Syriac abbreviation"},
      {0x890, 0x891, "Arabic pound marks"},
      {0x8E2, 0x8E2, "disputed end of ayah"},
      {0x115F, 0x1160, "Hangul fillers"},
      {0x17B4, 0x17B5, "Khmer inherent vowels"},
      {0x180B, 0x180F, "Mongolian variation selectors"},
      {0x200B, 0x200F, "zero width, marks of direction"},
      {0x2028, 0x202E, "line separator to override"},
      {0x2060, 0x206F, "joiner, isolates, shapes"},
      {0x3164, 0x3164, "Hangul filler"},
      {0xFE00, 0xFE0F, "variation selectors"},
      {0xFEFF, 0xFEFF, "byte order mark"},
      {0xFFA0, 0xFFA0, "halfwidth filler"},
      {0xFFF0, 0xFFFB, "unassigned, annotation"},
      {0x110BD, 0x110BD, "Kaithi number sign"},
      {0x110CD, 0x110CD, "Kaithi number sign above"},
      {0x13430, 0x1343F, "hieroglyph format"},
      {0x1BCA0, 0x1BCA3, "shorthand format"},
      {0x1D173, 0x1D17A, "musical format"},
      {0xE0000, 0xE0FFF, "tags, more variation selectors"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(is_unseen(row.first));
    CHECK(is_unseen(row.last));
    if (row.first > 0) CHECK_FALSE(is_unseen(row.first - 1));
    CHECK_FALSE(is_unseen(row.last + 1));
  }
  CHECK(visible("a\xF3\xA0\x84\x80z") == "a\\U000e0100z");
  CHECK(visible("\xE2\x9C\x94\xEF\xB8\x8F") == "\xE2\x9C\x94\\ufe0f");
}

TEST_CASE("no sink passes on what a terminal would obey", "[sinks]") {
  for (const Hostile& row : hostile())
    for (const auto& [name, text] : sinks_of(row.said)) {
      CAPTURE(name, row.shown);
      CHECK(text.find(row.shown) != std::string::npos);
      // As a terminal gets it: only what is drawn over begins with commands, and they are ours.
      std::string bytes = for_terminal(text);
      for (const std::string command : {"\x1b[1A\x1b[J", "\x1b[2A\x1b[J"})
        for (std::size_t at = bytes.find(command); at != std::string::npos; at = bytes.find(command))
          bytes.erase(at, command.size());
      CHECK(visible(bytes.substr(0, bytes.find('\n'))) == bytes.substr(0, bytes.find('\n')));
      for (const std::string& line : lines_of(bytes)) CHECK(visible(line) == line);
      CHECK(bytes.find("\nerror: b") == std::string::npos);
    }
}

TEST_CASE("the door lets lines and colours of ours pass, and nobody else's", "[sinks]") {
  const Look look{true, 80};
  CHECK(for_terminal(look.paint(Color::red, "x") + "\n\ty") == "\x1b[31mx\x1b[0m\n\ty");
  CHECK(visible(look.paint(Color::red, "x")) == look.paint(Color::red, "x"));
  CHECK(without_own(look.paint(Color::red, "x")) == "x");
  CHECK(for_terminal("\x1b[31mx\x1b[0m") == "\\x1b[31mx\\x1b[0m");
  CHECK(for_terminal(own_sequence("[3A") + own_sequence("[J")) == "\x1b[3A\x1b[J");
  CHECK(for_terminal("\x1b" + std::string(16, '0') + "[31m") == "\\x1b0000000000000000[31m");
  for (const auto& [name, text] : sinks_of("a\x1b[0m", look)) {
    CAPTURE(name);
    CHECK(for_terminal(text).find("a\\x1b[0m") != std::string::npos);
  }
}

TEST_CASE("JSON stays JSON, of plain letters", "[sinks]") {
  for (const Hostile& row : hostile()) {
    for (const auto& [name, text] : documents_of(row.said)) {
      CAPTURE(name, row.shown);
      CHECK(is_ascii(text));
      CHECK(nlohmann::json::accept(text));
    }
    for (const std::string& line : lines_of(progress_of("json", row.said))) {
      CHECK(is_ascii(line));
      CHECK(nlohmann::json::accept(line));
    }
  }
}

TEST_CASE("a secret that is known is in no document", "[sinks]") {
  keep_secret("s3cr3t\"of\\sinks");
  for (const char* no_secret : {"mesos", "/etc/mesos/credentials", "8080", "true", "Changes"}) keep_secret(no_secret);
  CHECK(without_known_secrets("mesos of /etc/mesos/credentials on 8080 true Changes") ==
        "mesos of /etc/mesos/credentials on 8080 true Changes");
  CHECK(without_known_secrets("a s3cr3t\"of\\sinks, {\"x\": \"s3cr3t\\\"of\\\\sinks\"}") ==
        "a [redacted], {\"x\": \"[redacted]\"}");
  for (const auto& [name, text] : documents_of("it was s3cr3t\"of\\sinks")) {
    CAPTURE(name);
    CHECK(text.find("s3cr3t") == std::string::npos);
    CHECK(text.find("it was [redacted]") != std::string::npos);
  }
}

TEST_CASE("what a container said last is shown without what names itself a secret", "[sinks]") {
  Report report = report_with("x");
  report.failures.front().log = {"starting with --http_auth_token abc123 --zk zk://me:pw@h/m"};
  for (const std::string& text : {report_text(report, {}), run_json_text({"up", "c", "i", report, 1, {}})}) {
    CHECK(text.find("abc123") == std::string::npos);
    CHECK(text.find("me:pw") == std::string::npos);
  }
}

TEST_CASE("a file's difference shows no secret", "[sinks]") {
  struct Row {
    const char *path, *before, *after;
  };
  const Row rows[] = {
      {"/etc/consul.d/secrets.json", "{\"acl\": {\"agent\": \"old-leak\"}}", "{\"acl\": {\"agent\": \"new-leak\"}}"},
      {"/etc/keepalived/keepalived.conf", "  auth_pass \"old-leak\"\n", "  auth_pass new-leak\n"},
      {"/etc/mesos-slave.files/http_credentials", "me old-leak", "me new-leak"},
      {"/etc/marathon/conf/mesos_authentication_secret", "old-leak", "new-leak"},
      {"/etc/default/x", "DB_PASSWORD=old-leak\n", "DB_PASSWORD='new-leak'\n"},
      {"/etc/default/y", "ARGS=\"--auth_token old-leak\"\n", "ARGS=\"--auth_token=new-leak\"\n"},
      {"/etc/docker/daemon.json", "{\n \"proxy\": \"http://me:old-leak@h\"\n}",
       "{\n \"proxy\": \"http://me:new-leak@h\"\n}"}};
  for (const Row& row : rows) {
    Plan plan = plan_with("x");
    FileChange& change = plan.first().waves.front().steps.front().files.front();
    change.wanted.path = row.path, change.before = row.before, change.wanted.content = row.after;
    const std::string text = plan_text(plan, {}, plan_options());
    CAPTURE(row.path, text);
    CHECK(text.find("leak") == std::string::npos);
    CHECK(text.find(row.path) != std::string::npos);
    CHECK(plan_json_text(plan).find("leak") == std::string::npos);
  }
}
