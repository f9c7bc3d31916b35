// Reading answers that may hold anything: what is not there, or of another kind, is nothing.
#pragma once
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace cctl {

inline nlohmann::json json_at(const nlohmann::json& of, const std::string& pointer) {
  const nlohmann::json::json_pointer path(pointer);
  return of.contains(path) ? of.at(path) : nlohmann::json();
}

inline std::string text_at(const nlohmann::json& of, const std::string& pointer, const std::string& otherwise = "") {
  const auto found = json_at(of, pointer);
  return found.is_string() ? found.get<std::string>() : otherwise;
}

inline double number_at(const nlohmann::json& of, const std::string& pointer) {
  const auto found = json_at(of, pointer);
  return found.is_number() ? found.get<double>() : 0;
}

inline int count_at(const nlohmann::json& of, const std::string& pointer) {
  return static_cast<int>(std::clamp(number_at(of, pointer), -1e9, 1e9));
}

// The elements of a list; none where there is no list.
inline nlohmann::json list_at(const nlohmann::json& of, const std::string& pointer) {
  auto found = json_at(of, pointer);
  return found.is_array() ? found : nlohmann::json::array();
}

}  // namespace cctl
