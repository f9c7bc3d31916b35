#include "plan/extract.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "model/cut.hpp"
#include "model/joined.hpp"
#include "model/outside_json.hpp"

namespace cctl {
namespace {

using nlohmann::json;

std::string trimmed(std::string text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::optional<std::string> text_of(const json& value) {
  if (value.is_null()) return std::nullopt;
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) {
    auto text = value.dump();
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return text;
  }
  return value.dump();
}

// "." is the whole answer: a JSON pointer to the root would be the empty text, which means "not said".
const json* at(const json& root, const std::string& pointer) {
  if (pointer == ".") return &root;
  try {
    const json::json_pointer path(pointer);
    return root.contains(path) ? &root.at(path) : nullptr;
  } catch (const json::exception&) {
    return nullptr;  // not a pointer, or an index into something else
  }
}

std::optional<std::string> from_list(const Extract& what, const json& root) {
  const auto* list = at(root, what.list);
  if (!list || !list->is_array()) return std::nullopt;
  std::vector<std::string> found;
  for (const auto& element : *list) {
    const bool wanted = std::all_of(what.where.begin(), what.where.end(), [&](const auto& condition) {
      const auto* value = at(element, condition.first);
      return value && text_of(*value) == condition.second;
    });
    if (!wanted) continue;
    // One that does not say what is asked for makes the list no list of such: it is not passed over.
    const auto* item = what.item.empty() ? &element : at(element, what.item);
    auto text = item ? text_of(*item) : std::nullopt;
    if (!text) return std::nullopt;
    found.push_back(std::move(*text));
  }
  return joined(found, ",");
}

// "Mode: leader", or "zk_server_state<TAB>leader".
std::optional<std::string> from_field(const std::string& name, const std::string& body) {
  std::istringstream lines(body);
  for (std::string line; std::getline(lines, line);) {
    line = trimmed(line);
    if (!line.starts_with(name) || line.size() == name.size()) continue;
    const char next = line[name.size()];
    if (next == ':' || next == '\t' || next == '=' || next == ' ') {
      auto value = trimmed(line.substr(name.size() + 1));
      // "name = value" of consul info, too.
      if (next == ' ' && (value.starts_with(':') || value.starts_with('='))) value = trimmed(value.substr(1));
      return value;
    }
  }
  return std::nullopt;
}

std::string first_line(const std::string& text) {
  auto line = trimmed(text);
  line = trimmed(line.substr(0, line.find('\n')));
  return line.size() > 80 ? head_of(line, 77) + "..." : line;
}

std::string described(const Probe& probe, const Answer& answer) {
  switch (probe.kind) {
    case ProbeKind::tcp:
      return "open";
    case ProbeKind::http:
      return "status " + std::to_string(answer.status);
    case ProbeKind::dns:
      return answer.addresses.empty() ? "no addresses" : first_few(answer.addresses, ",");
    case ProbeKind::exec:
      return "exit " + std::to_string(answer.status) + (answer.body.empty() ? "" : ": " + first_line(answer.body));
    case ProbeKind::zk:
      return first_line(answer.body);
  }
  return "";
}

bool holds(const std::vector<std::string>& wanted, const std::optional<std::string>& value) {
  if (!value) return false;
  return std::any_of(wanted.begin(), wanted.end(),
                     [&](const std::string& one) { return one == "*" ? !value->empty() : one == *value; });
}

// An answer that cannot count, whatever it holds.
bool counts(const Probe& probe, const Answer& answer) {
  if (probe.kind == ProbeKind::exec) return answer.status == 0;
  if (probe.kind == ProbeKind::zk) return !trimmed(answer.body).empty();
  if (probe.kind != ProbeKind::http) return true;
  if (probe.status.empty()) return answer.status == 200;
  return std::find(probe.status.begin(), probe.status.end(), answer.status) != probe.status.end();
}

}  // namespace

std::optional<std::string> extract(const Extract& what, const Answer& answer) {
  if (what.answers) return joined(answer.addresses, ",");
  if (!what.field.empty()) return from_field(what.field, answer.body);
  if (!what.header.empty()) {
    const auto found = answer.headers.find(what.header);
    return found == answer.headers.end() ? std::nullopt : std::optional(found->second);
  }
  if (!what.regex.empty()) {
    RE2::Options quiet(RE2::Latin1);
    quiet.set_log_errors(false);
    std::string found;
    const bool any = RE2::PartialMatch(answer.body, RE2(what.regex, quiet), &found);
    return any ? std::optional(found) : std::nullopt;
  }
  const OutsideJson read = parse_outside(answer.body);
  if (!read) return std::nullopt;
  const json& root = read.value;
  if (!what.item.empty() || !what.where.empty() || !what.list.empty()) return from_list(what, root);
  const auto* value = at(root, what.json);
  return value ? text_of(*value) : std::nullopt;
}

ProbeResult judge(const Probe& probe, const Answer& answer) {
  ProbeResult result;
  result.name = probe.name;
  result.answered = counts(probe, answer);
  result.ok = result.answered;
  if (!result.answered) {
    result.seen = described(probe, answer);
    if (probe.kind == ProbeKind::zk) result.seen = "an empty answer";
    return result;
  }
  for (const auto& [name, what] : probe.extract)
    if (auto value = extract(what, answer)) result.values[name] = std::move(*value);
  for (const auto& [name, wanted] : probe.expect) {
    const auto found = result.values.find(name);
    const auto value = found == result.values.end() ? std::nullopt : std::optional(found->second);
    if (!holds(wanted, value)) result.ok = false;
    result.seen += (result.seen.empty() ? "" : ", ") +
                   (value ? name + " " + (value->empty() ? "(empty)" : cut_text(*value)) : "no " + name);
  }
  if (result.seen.empty() || (!result.ok && result.values.empty())) {
    const auto said = described(probe, answer);
    result.seen = result.seen.empty() ? said : result.seen + ": " + said;
  }
  return result;
}

std::string expected(const Probe& probe) {
  std::string out;
  for (const auto& [value, is] : probe.expect) {
    std::string words;
    for (const auto& one : is) words += (words.empty() ? "" : " or ") + (one.empty() ? std::string("nothing") : one);
    if (is == std::vector<std::string>{""})
      words = "no " + value;
    else
      words = value + " " + (is == std::vector<std::string>{"*"} ? "to be known" : words);
    out += (out.empty() ? "" : ", ") + words;
  }
  return out.empty() ? "an answer" : out;
}

ProbeResult no_answer(const Probe& probe, const std::string& why) {
  ProbeResult result;
  result.name = probe.name;
  result.seen = why;
  return result;
}

}  // namespace cctl
