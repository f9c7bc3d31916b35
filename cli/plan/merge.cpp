#include "plan/merge.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string_view>

#include "model/error.hpp"
#include "model/outside_json.hpp"

namespace cctl {
namespace {

using nlohmann::ordered_json;

// A file of settings: enough for every real one, and little enough to be printed with each value on a line of its own.
constexpr OutsideLimits kLimits{.bytes = 4 << 20, .values = 50'000};

bool is_blank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

std::string place_of(const std::string& text, std::size_t byte) {
  const std::string before = text.substr(0, byte - 1);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto begin = before.rfind('\n');
  const auto column = begin == std::string::npos ? byte : byte - begin - 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

// Nothing of the text is told: it may hold a password.
std::string fault_of(const std::string& text, const OutsideOrdered& read) {
  if (read.byte > 0) return "does not parse as JSON: " + place_of(text, read.byte);
  if (!read) return read.fault.starts_with("it ") ? read.fault.substr(3) : read.fault;
  return read.value.is_object() ? "" : "is no JSON object";
}

ordered_json object_of(const std::string& text) {
  if (is_blank(text)) return ordered_json::object();
  OutsideOrdered read = parse_outside_ordered(text, kLimits);
  if (const auto fault = fault_of(text, read); !fault.empty()) throw Error(fault);
  return std::move(read.value);
}

// The values of an object by their keys, which it would itself look for one after the other.
using Index = std::map<std::string_view, const ordered_json*>;

Index index_of(const ordered_json& object) {
  Index out;
  for (const auto& [key, value] : object.get_ref<const ordered_json::object_t&>()) out.emplace(key, &value);
  return out;
}

const ordered_json* in(const Index& index, const std::string& key) {
  const auto found = index.find(key);
  return found == index.end() ? nullptr : found->second;
}

// For a key that is known to be new.
void append(ordered_json& object, const std::string& key, ordered_json value) {
  object.get_ref<ordered_json::object_t&>().emplace_back(key, std::move(value));
}

std::set<std::string> printed(const ordered_json& list) {
  std::set<std::string> out;
  for (const auto& element : list) out.insert(element.dump());
  return out;
}

// Ours over theirs: objects and lists hold both, ours before theirs in a list; of anything else ours counts.
ordered_json joined(const ordered_json& theirs, const ordered_json& ours) {
  if (theirs.is_object() && ours.is_object()) {
    ordered_json out = ordered_json::object();
    const Index added = index_of(ours), there = index_of(theirs);
    for (const auto& [key, value] : theirs.items()) {
      const ordered_json* our = in(added, key);
      append(out, key, our ? joined(value, *our) : value);
    }
    for (const auto& [key, value] : ours.items())
      if (!in(there, key)) append(out, key, value);
    return out;
  }
  ordered_json out = ours;
  if (!theirs.is_array() || !ours.is_array()) return out;
  const auto known = printed(ours);
  for (const auto& element : theirs)
    if (!known.count(element.dump())) out.push_back(element);
  return out;
}

ordered_json without(const ordered_json& from, const ordered_json& part, const ordered_json& before) {
  ordered_json out = ordered_json::object();
  const Index ours = index_of(part), theirs = index_of(before);
  for (const auto& [key, value] : from.items()) {
    const ordered_json *our = in(ours, key), *was = in(theirs, key);
    if (our && our->is_object() && value.is_object()) {
      ordered_json left = without(value, *our, was && was->is_object() ? *was : ordered_json::object());
      if (was || !left.empty()) append(out, key, std::move(left));
    } else if (our && our->is_array() && value.is_array()) {
      const auto added = printed(*our), found = was && was->is_array() ? printed(*was) : std::set<std::string>{};
      ordered_json left = ordered_json::array();
      for (const auto& element : value)
        if (const auto text = element.dump(); !added.count(text) || found.count(text)) left.push_back(element);
      if (was || !left.empty()) append(out, key, std::move(left));
    } else if (!our || *our != value) {
      append(out, key, value);
    } else if (was) {
      append(out, key, *was);
    }
  }
  return out;
}

std::string written(const ordered_json& object) {
  return object.dump(4) + "\n";
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

std::string without_lines(const std::string& text, const std::vector<std::string>& lines) {
  const std::set<std::string> known(lines.begin(), lines.end());
  std::string out;
  for (const auto& line : lines_of(text))
    if (!known.count(line)) out += line + "\n";
  return out;
}

}  // namespace

std::string merged(Merge how, const std::string& now, const std::string& part) {
  switch (how) {
    case Merge::none:
      return part;
    case Merge::json: {
      const ordered_json before = object_of(now);
      const ordered_json after = joined(before, object_of(part));
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
    case Merge::json:
      return written(without(object_of(now), object_of(part), object_of(before)));
    case Merge::first_lines: {
      // A line of ours that stood there before stays.
      std::vector<std::string> ours;
      const auto lines = lines_of(before);
      const std::set<std::string> theirs(lines.begin(), lines.end());
      for (const auto& line : lines_of(part))
        if (!theirs.count(line)) ours.push_back(line);
      return without_lines(now, ours);
    }
  }
  return before;
}

std::vector<std::string> changed_of(const std::map<std::string, std::string>& keys, const std::string& before,
                                    const std::string& after) {
  const ordered_json a = object_of(before), b = object_of(after);
  std::vector<std::string> out;
  for (const auto& [key, usual] : keys) {
    const auto value = [&key = key,
                        &usual = usual](const ordered_json& in) {  // clang 14 cannot take them from the binding
      const ordered_json* at = &in;
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
  const ordered_json a = object_of(before), b = object_of(after);
  const Index was = index_of(a), is = index_of(b);
  std::vector<std::string> out;
  for (const auto& [key, value] : b.items())
    if (const ordered_json* old = in(was, key); !old || *old != value) out.push_back(key);
  for (const auto& [key, value] : a.items())
    if (!in(is, key)) out.push_back(key);
  return out;
}

std::string why_unreadable(const std::string& text) {
  return is_blank(text) ? "" : fault_of(text, parse_outside_ordered(text, kLimits));
}

}  // namespace cctl
