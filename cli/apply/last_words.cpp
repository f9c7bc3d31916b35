#include "apply/last_words.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <set>

#include "model/secrets.hpp"

namespace cctl {
namespace {

constexpr std::size_t kHead = 220, kTail = 70;  // characters of a long line that are kept

bool finds(const std::string& line, const RE2& what) {
  // Long lines are lists of paths: what they are shows at their beginning.
  return RE2::PartialMatch(line.substr(0, 400), what);
}

// When and by whom it was said: the same thing is said again at every restart.
std::string without_stamp(const std::string& line) {
  static const RE2 stamp(
      R"(^(\[?\d{4}[-/]\d\d[-/]\d\d[T ,]\d\d:\d\d:\d\d[^ \]]*\]?|[IWEF]\d{4} [\d:.]+ +\d+|[IWEF]\d{8} [\d:.]+ +\d+) *)",
      RE2::Latin1);
  std::string rest = line;
  RE2::Replace(&rest, stamp, "");
  return rest;
}

// Frames of stacks, rules, and what programs print of themselves at every start.
bool is_noise(const std::string& line) {
  static const RE2 noise(
      R"(^\s+at [\w.$<>/@]+\(|^\s*\.\.\. \d+ (more|common frames)|^\s*@\s+0x[0-9a-f]+|^[-=*\s]*$|)"
      R"((Client|Server) environment:|java\.(class|library)\.path=|^\*\*\* (Aborted|SIG)|^\s*0x[0-9a-f]+ )",
      RE2::Latin1);
  return finds(line, noise);
}

// What programs advise: some of it costs data, and none of it says what happened.
bool begins_advice(const std::string& line) {
  static const RE2 advice(
      R"(^(To remedy this|To restart this agent with|Step \d+:|If recovery failed due to|If you use the Docker))",
      RE2::Latin1);
  return finds(line, advice);
}

bool begins_message(const std::string& line) {
  return without_stamp(line) != line;
}

bool tells(const std::string& line) {
  static const RE2 reason(
      R"(^[EF]\d{4,8} |EXIT with status|^(Exception in|Caused by: )|\b\w*(Exception|Error)\b: |\bpanic: |)"
      R"(\b(ERROR|FATAL|SEVERE|ALERT|EMERG|CRITICAL)\b|\b[Ee]rror: |\bfatal: |^Fail(ed|ure) |: [Ff]ailed to |\bFailed to |\bError \w+ing\b)"
      R"(|level=(error|fatal)|[Cc]annot |not found$|[Pp]ermission denied|No such file or directory|Address already in use)",
      RE2::Latin1);
  return finds(line, reason);
}

// What is hidden in it is hidden first: a part of a secret would not be known any more.
std::string cut(const std::string& whole) {
  if (whole.size() <= kHead + kTail + 5) return whole;
  const std::string line = without_secrets(whole);
  if (line.size() <= kHead + kTail + 5) return line;
  return line.substr(0, kHead) + " ... " + line.substr(line.size() - kTail);
}

// Without noise, advice, and what is said again further down.
std::vector<std::string> worth_reading(const std::vector<std::string>& log) {
  std::vector<std::string> kept;
  bool advice = false;
  for (const auto& line : log) {
    advice = begins_advice(line) || (advice && !begins_message(line) && !tells(line));
    if (!advice && !is_noise(line)) kept.push_back(line);
  }
  std::set<std::string> said;
  std::vector<std::string> out;
  for (auto line = kept.rbegin(); line != kept.rend(); ++line)
    if (said.insert(without_stamp(*line)).second) out.push_back(*line);
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace

std::vector<std::string> last_words(const std::vector<std::string>& log, std::size_t most) {
  const std::vector<std::string> lines = worth_reading(log);
  std::vector<bool> chosen(lines.size());
  std::size_t left = most;
  auto choose = [&](std::size_t limit, bool only_telling) {
    for (std::size_t i = lines.size(); i-- > 0 && limit > 0 && left > 0;)
      if (!chosen[i] && (!only_telling || tells(lines[i]))) chosen[i] = true, --limit, --left;
  };
  choose(most * 2 / 3, true);
  choose(left, false);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (chosen[i]) out.push_back(cut(lines[i]));
  return out;
}

}  // namespace cctl
