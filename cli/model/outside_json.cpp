#include "model/outside_json.hpp"

#include <limits>
#include <map>
#include <type_traits>
#include <utility>

namespace cctl {
namespace {

using nlohmann::json;

// Builds the value while the text is read, so that a limit ends the reading where it is passed.
template <class Json>
class Builder final : public nlohmann::json_sax<Json> {
  using typename nlohmann::json_sax<Json>::number_integer_t;
  using typename nlohmann::json_sax<Json>::number_unsigned_t;
  using typename nlohmann::json_sax<Json>::number_float_t;
  using typename nlohmann::json_sax<Json>::string_t;
  using typename nlohmann::json_sax<Json>::binary_t;

 public:
  explicit Builder(const OutsideLimits& limits) : limits_(limits) {}

  bool null() override { return put(Json()) != nullptr; }
  bool boolean(bool v) override { return put(Json(v)) != nullptr; }
  bool number_integer(number_integer_t v) override { return put(Json(v)) != nullptr; }
  bool number_unsigned(number_unsigned_t v) override { return put(Json(v)) != nullptr; }
  bool number_float(number_float_t v, const string_t& /*written*/) override { return put(Json(v)) != nullptr; }
  bool string(string_t& v) override { return put(Json(std::move(v))) != nullptr; }
  bool binary(binary_t& /*v*/) override { return stop("it is no JSON"); }
  bool start_object(std::size_t /*count*/) override { return open(Json::object()); }
  bool start_array(std::size_t /*count*/) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    auto& object = open_.back()->template get_ref<typename Json::object_t&>();
    bool fresh = false;
    if constexpr (std::is_same_v<Json, nlohmann::ordered_json>) {
      const auto [at, added] = places_.back().try_emplace(name, object.size());
      fresh = added;
      if (fresh) object.emplace_back(std::move(name), Json());
      slot_ = &(object.begin() + static_cast<std::ptrdiff_t>(at->second))->second;
    } else {
      const auto [at, added] = object.try_emplace(std::move(name));
      fresh = added;
      slot_ = &at->second;
    }
    if (!fresh && !limits_.repeated_keys) return stop("it has the same key twice in one object");
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*e*/) override {
    result.byte = position;
    return stop("it is no JSON: byte " + std::to_string(position));
  }

  Outside<Json> result;

 private:
  bool stop(std::string why) {
    if (result.fault.empty()) result.fault = std::move(why);
    return false;
  }

  // Where the value went; null: there are too many.
  Json* put(Json value) {
    if (++count_ > limits_.values) {
      stop("it has more than " + std::to_string(limits_.values) + " values");
      return nullptr;
    }
    Json* place = &result.value;
    if (!open_.empty()) {
      if (open_.back()->is_array()) {
        auto& list = open_.back()->template get_ref<typename Json::array_t&>();
        list.push_back(std::move(value));
        return &list.back();
      }
      place = slot_;
    }
    *place = std::move(value);
    return place;
  }

  bool open(Json value) {
    if (open_.size() >= static_cast<std::size_t>(limits_.depth))
      return stop("it is deeper than " + std::to_string(limits_.depth) + " levels");
    Json* place = put(std::move(value));
    if (place) open_.push_back(place), places_.emplace_back();
    return place != nullptr;
  }

  bool close() {
    open_.pop_back();
    places_.pop_back();
    return true;
  }

  const OutsideLimits& limits_;
  std::size_t count_ = 0;
  std::vector<Json*> open_;  // nothing is added to a list or object while one inside it is open
  Json* slot_ = nullptr;     // of the key read last
  std::vector<std::map<std::string, std::size_t>> places_;  // where the keys of each open object are, ordered alone
};

template <class Json>
Outside<Json> read(std::string_view text, const OutsideLimits& limits) {
  if (text.size() > limits.bytes) return {{}, "it is longer than " + std::to_string(limits.bytes) + " bytes", 0};
  // The parser takes a NUL for the end, and what follows for nothing.
  if (const auto at = text.find('\0'); at != std::string_view::npos)
    return {{}, "it is no JSON: byte " + std::to_string(at + 1), at + 1};
  Builder<Json> builder(limits);
  if (Json::sax_parse(text.begin(), text.end(), &builder)) return std::move(builder.result);
  return {{}, builder.result.fault.empty() ? "it is no JSON" : builder.result.fault, builder.result.byte};
}

const json& nothing() {
  static const json value;
  return value;
}

const json& empty_list() {
  static const json value = json::array();
  return value;
}

const json& empty_object() {
  static const json value = json::object();
  return value;
}

}  // namespace

OutsideJson parse_outside(std::string_view text, const OutsideLimits& limits) {
  return read<json>(text, limits);
}

OutsideOrdered parse_outside_ordered(std::string_view text, const OutsideLimits& limits) {
  return read<nlohmann::ordered_json>(text, limits);
}

const json& value_in(const json& of, std::string_view key) {
  if (!of.is_object()) return nothing();
  const auto found = of.find(key);
  return found == of.end() ? nothing() : *found;
}

const json& list_in(const json& of, std::string_view key) {
  const json& found = value_in(of, key);
  return found.is_array() ? found : empty_list();
}

const json& object_in(const json& of, std::string_view key) {
  const json& found = value_in(of, key);
  return found.is_object() ? found : empty_object();
}

std::string text_in(const json& of, std::string_view key, const std::string& otherwise) {
  const json& found = value_in(of, key);
  return found.is_string() ? found.get_ref<const std::string&>() : otherwise;
}

std::vector<std::string> texts_in(const json& of, std::string_view key) {
  std::vector<std::string> out;
  for (const json& one : list_in(of, key))
    if (one.is_string()) out.push_back(one.get_ref<const std::string&>());
  return out;
}

bool flag_in(const json& of, std::string_view key, bool otherwise) {
  const json& found = value_in(of, key);
  return found.is_boolean() ? found.get<bool>() : otherwise;
}

std::optional<long long> whole_in(const json& of, std::string_view key) {
  const json& found = value_in(of, key);
  if (!found.is_number_integer()) return std::nullopt;
  if (found.is_number_unsigned() &&
      found.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<long long>::max()))
    return std::nullopt;
  return found.get<long long>();
}

double number_in(const json& of, std::string_view key, double otherwise) {
  const json& found = value_in(of, key);
  return found.is_number() ? found.get<double>() : otherwise;
}

}  // namespace cctl
