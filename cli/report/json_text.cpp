#include "report/json_text.hpp"

#include <fmt/chrono.h>

#include <nlohmann/json.hpp>

#include "model/secrets.hpp"

namespace cctl {
namespace {

using nlohmann::json;

json without_known(json value) {
  if (value.is_string()) return without_known_secrets(value.get<std::string>());
  if (value.is_structured())
    for (auto& item : value) item = without_known(std::move(item));
  return value;
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
