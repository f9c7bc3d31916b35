// JSON that comes from outside: hosts, registries, engines, files. Read within limits, and asked without ever throwing:
// what is not there, or of another kind, is nothing. Pure.
#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cctl {

struct OutsideLimits {
  std::size_t bytes = 32 << 20;
  std::size_t values = 2'000'000;  // each takes memory of its own, however short it is written
  int depth = 200;                 // copying, comparing and printing go down by recursion
  bool repeated_keys = true;       // the last one counts; false: the same key twice in an object is a fault
};

template <class Json>
struct Outside {
  Json value;            // null when there is a fault
  std::string fault;     // in our words, with nothing of the text: it may hold a password
  std::size_t byte = 0;  // from 1: where the text was found to be no JSON; 0: that is not the fault
  explicit operator bool() const { return fault.empty(); }
};
using OutsideJson = Outside<nlohmann::json>;
using OutsideOrdered = Outside<nlohmann::ordered_json>;

OutsideJson parse_outside(std::string_view text, const OutsideLimits& limits = {});
// With the keys in the order of the text. Looking one up takes as long as there are keys: build an index for many.
OutsideOrdered parse_outside_ordered(std::string_view text, const OutsideLimits& limits = {});

// The getters give null, an empty text, list or object where `of` is no object, or what it has there is of another
// kind.
const nlohmann::json& value_in(const nlohmann::json& of, std::string_view key);
const nlohmann::json& list_in(const nlohmann::json& of, std::string_view key);
const nlohmann::json& object_in(const nlohmann::json& of, std::string_view key);
std::string text_in(const nlohmann::json& of, std::string_view key, const std::string& otherwise = "");
std::vector<std::string> texts_in(const nlohmann::json& of, std::string_view key);  // without what is no text
bool flag_in(const nlohmann::json& of, std::string_view key, bool otherwise = false);
// A whole number that fits; 3.0 is none, nor is "3".
std::optional<long long> whole_in(const nlohmann::json& of, std::string_view key);
double number_in(const nlohmann::json& of, std::string_view key, double otherwise = 0);

}  // namespace cctl
