#include "plan/engine_words.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "model/cut.hpp"
#include "model/log_options.hpp"
#include "model/mistake.hpp"
#include "model/outside_json.hpp"
#include "model/var_kind.hpp"

namespace cctl {
namespace {

using nlohmann::json;

std::string without_scheme(const std::string& text) {
  const auto at = text.find("://");
  return at == std::string::npos ? text : text.substr(at + 3);
}

// Somewhere in it, as a text or as a key; the engine ends its mirrors with a slash.
bool mentions(const json& in, const std::string& text) {
  if (in.is_string()) return in == text || in == text + "/";
  if (in.is_object() && (in.contains(text) || in.contains(without_scheme(text)))) return true;
  return in.is_structured() &&
         std::any_of(in.begin(), in.end(), [&](const json& inner) { return mentions(inner, text); });
}

// Networks are shown in another spelling than they were said in.
bool is_network(const std::string& text) {
  return text.find('/') != std::string::npos && text.find("://") == std::string::npos &&
         text.find('=') == std::string::npos;
}

bool shows(const json& in, const json& value) {
  if (!value.is_array()) return in == value;
  return std::all_of(value.begin(), value.end(), [&](const json& item) {
    return !item.is_string() || is_network(item.get<std::string>()) || mentions(in, item.get<std::string>());
  });
}

const std::string kLogOptionsOf = "log options of ";

std::string why_bad_options(const json& all, const std::string& driver_key, const std::string& options_key) {
  std::map<std::string, std::string> options;
  if (const auto found = all.find(options_key); found != all.end() && found->is_object())
    for (const auto& [name, value] : found->items())
      if (value.is_string()) options[name] = value.get<std::string>();
  const auto driver = all.find(driver_key);
  // What the file does not say may stand in the flags of the engine.
  const std::string name = driver != all.end() && driver->is_string() ? driver->get<std::string>() : "";
  const bool whole = all.contains(options_key);
  const auto faults = log_option_faults(name, options, whole);
  return faults.empty() ? "" : options_key + ": " + faults.front().text;
}

// What systemd says of it, and not the engine itself.
bool is_of_init(const std::string& line) {
  return line.starts_with("docker.service:") || line.starts_with("docker.socket:") ||
         line.starts_with("Failed to start") || line.starts_with("Starting ") || line.starts_with("Stopp") ||
         line.starts_with("Started ") || line.starts_with("Dependency failed") || line.starts_with("Closed ");
}

// msg of `time="..." level=error msg="..."`, or of the same as JSON.
std::string message_of(const std::string& line) {
  if (const auto said = text_in(parse_outside(line).value, "msg"); !said.empty()) return said;
  const std::string begin = " msg=\"";
  const auto at = line.find(begin);
  if (at == std::string::npos) return line;
  std::string out;
  for (auto i = at + begin.size(); i < line.size() && line[i] != '"'; ++i) {
    if (line[i] == '\\' && i + 1 < line.size()) ++i;
    out += line[i];
  }
  return out;
}

}  // namespace

std::vector<std::string> not_taken_in(const std::string& settings, const std::string& info,
                                      const std::map<std::string, std::string>& shown) {
  std::vector<std::string> out;
  const json wanted = parse_outside(settings).value, has = parse_outside(info).value;
  if (!wanted.is_object() || !has.is_object()) return out;
  for (const auto& [key, pointer] : shown) {
    const auto value = wanted.find(key);
    const json::json_pointer at(pointer);
    if (value == wanted.end() || !has.contains(at)) continue;
    if (!shows(has.at(at), *value)) out.push_back(key);
  }
  return out;
}

std::string why_unasked(const ObservedHost& host) {
  if (host.engine_error.empty() || !host.docker_installed) return "";
  return host.engine_off ? "its engine does not run" : "its engine could not be asked";
}

std::string engine_last_word(const std::string& log) {
  static const RE2 telling(
      R"re(level=(error|fatal)|"level":"(error|fatal)"|unable to configure|failed to start daemon|^panic: |invalid )re",
      RE2::Latin1);
  std::string last, tells;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos || is_of_init(line)) continue;
    last = line;
    // What was said in an earlier life of it is not why it does not run.
    if (line.find("Daemon shutdown complete") != std::string::npos || line.find("Starting up") != std::string::npos)
      tells.clear();
    if (RE2::PartialMatch(line.substr(0, 400), telling)) tells = line;
  }
  constexpr std::size_t longest = 300;
  const std::string said = message_of(tells.empty() ? last : tells);
  return shortened(said, longest);
}

std::string why_not_named(const std::string& settings, const std::string& ours,
                          const std::map<std::string, std::string>& named) {
  const json all = parse_outside(settings).value, part = parse_outside(ours).value;
  if (!all.is_object()) return "";
  for (const auto& [key, where] : named) {
    if (where.starts_with(kLogOptionsOf)) {
      const std::string driver = where.substr(kLogOptionsOf.size());
      if (!part.is_object() || (!part.contains(key) && !part.contains(driver))) continue;
      if (auto why = why_bad_options(all, driver, key); !why.empty()) return why;
      continue;
    }
    const auto value = all.find(key);
    if (value == all.end() || !value->is_string()) continue;
    std::vector<std::string> words = words_of_kind("one of " + where);
    const std::string map = words.empty() ? "" : words.front();
    if (!words.empty()) words.erase(words.begin());
    if (const auto in = all.find(map); in != all.end() && in->is_object())
      for (const auto& [name, value_there] : in->items()) words.push_back(name);
    const std::string word = value->get<std::string>();
    if (!word.empty() && !fits_any(word, words))
      return key + " \"" + word + "\" is none of its " + map + did_you_mean(word, words);
  }
  return "";
}

}  // namespace cctl
