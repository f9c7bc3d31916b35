#include "report/json_text.hpp"

#include <fmt/chrono.h>

#include <nlohmann/json.hpp>

#include "model/secrets.hpp"

namespace cctl {
namespace {

using nlohmann::json;

// The names that documents have of their own are words; others may come from anywhere. Two that are hidden are told
// apart.
std::string name_without_known(const std::string& name, const json& taken) {
  if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos) return name;
  const std::string hidden = without_known_secrets(name);
  std::string out = hidden;
  for (int n = 2; taken.contains(out); ++n) out = fmt::format("{} {}", hidden, n);
  return out;
}

json without_known(json value) {
  if (value.is_string()) return without_known_secrets(value.get<std::string>());
  if (value.is_array())
    for (auto& item : value) item = without_known(std::move(item));
  if (!value.is_object()) return value;
  json out = json::object();
  for (auto& [name, item] : value.items()) out[name_without_known(name, out)] = without_known(std::move(item));
  return out;
}

std::string text_of(const json& value, int indent) {
  return without_known(value).dump(indent, ' ', true, json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string json_text(const json& document) {
  return text_of(document, 2);
}

std::string event_line(json event, std::chrono::system_clock::time_point time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  event["time"] =
      fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(static_cast<std::time_t>(ms / 1000)), ms % 1000);
  return text_of(event, -1);
}

}  // namespace cctl
