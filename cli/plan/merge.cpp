#include "plan/merge.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "model/error.hpp"

namespace cctl {
namespace {

using json = nlohmann::ordered_json;

bool is_blank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

json object_of(const std::string& text) {
  if (is_blank(text)) return json::object();
  try {
    json out = json::parse(text);
    if (!out.is_object()) throw Error("is no JSON object");
    return out;
  } catch (const json::exception& e) {
    const std::string what = e.what();
    const auto at = what.find("parse error");
    throw Error("does not parse as JSON: " + (at == std::string::npos ? what : what.substr(at)));
  }
}

void add(json& into, const json& part) {
  for (const auto& [key, value] : part.items()) {
    json& at = into[key];
    if (value.is_object() && at.is_object()) {
      add(at, value);
    } else if (value.is_array() && at.is_array()) {
      json list = value;
      for (const auto& element : at)
        if (std::find(value.begin(), value.end(), element) == value.end()) list.push_back(element);
      at = std::move(list);
    } else {
      at = value;
    }
  }
}

void take_out(json& from, const json& part, const json& before) {
  for (const auto& [key, value] : part.items()) {
    if (!from.contains(key)) continue;
    const bool was = before.contains(key);
    if (value.is_object() && from[key].is_object()) {
      take_out(from[key], value, was && before[key].is_object() ? before[key] : json::object());
      if (from[key].empty() && !was) from.erase(key);
    } else if (value.is_array() && from[key].is_array()) {
      json left = json::array();
      for (const auto& element : from[key]) {
        const bool ours = std::find(value.begin(), value.end(), element) != value.end();
        const bool theirs = was && std::find(before[key].begin(), before[key].end(), element) != before[key].end();
        if (!ours || theirs) left.push_back(element);
      }
      if (left.empty() && !was)
        from.erase(key);
      else
        from[key] = std::move(left);
    } else if (from[key] == value) {
      if (was)
        from[key] = before[key];
      else
        from.erase(key);
    }
  }
}

std::string written(const json& object) {
  return object.dump(4) + "\n";
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

std::string without_lines(const std::string& text, const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines_of(text))
    if (std::find(lines.begin(), lines.end(), line) == lines.end()) out += line + "\n";
  return out;
}

}  // namespace

std::string merged(Merge how, const std::string& now, const std::string& part) {
  switch (how) {
    case Merge::none:
      return part;
    case Merge::json: {
      const json before = object_of(now);
      json after = before;
      add(after, object_of(part));
      return after == before && !is_blank(now) ? now : written(after);
    }
    case Merge::first_lines:
      return now.starts_with(part) ? now : part + without_lines(now, lines_of(part));
  }
  return part;
}

std::string unmerged(Merge how, const std::string& now, const std::string& part, const std::string& before) {
  switch (how) {
    case Merge::none:
      return before;
    case Merge::json: {
      json left = object_of(now);
      take_out(left, object_of(part), object_of(before));
      return written(left);
    }
    case Merge::first_lines: {
      // A line of ours that stood there before stays.
      std::vector<std::string> ours;
      const auto theirs = lines_of(before);
      for (const auto& line : lines_of(part))
        if (std::find(theirs.begin(), theirs.end(), line) == theirs.end()) ours.push_back(line);
      return without_lines(now, ours);
    }
  }
  return before;
}

std::vector<std::string> changed_of(const std::map<std::string, std::string>& keys, const std::string& before,
                                    const std::string& after) {
  const json a = object_of(before), b = object_of(after);
  std::vector<std::string> out;
  for (const auto& [key, usual] : keys) {
    const auto value = [&key = key, &usual = usual](const json& in) {  // clang 14 cannot take them from the binding
      const json* at = &in;
      for (std::size_t from = 0; from <= key.size();) {
        const auto dot = std::min(key.find('.', from), key.size());
        const std::string name = key.substr(from, dot - from);
        if (!at->is_object() || !at->contains(name)) return usual;
        at = &(*at)[name];
        from = dot + 1;
      }
      return at->is_string() ? at->get<std::string>() : at->dump();
    };
    if (value(a) != value(b)) out.push_back(key);
  }
  return out;
}

std::vector<std::string> changed_keys(const std::string& before, const std::string& after) {
  const json a = object_of(before), b = object_of(after);
  std::vector<std::string> out;
  for (const auto& [key, value] : b.items())
    if (!a.contains(key) || a[key] != value) out.push_back(key);
  for (const auto& [key, value] : a.items())
    if (!b.contains(key)) out.push_back(key);
  return out;
}

}  // namespace cctl
