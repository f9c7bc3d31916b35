#include "model/mesos_kind.hpp"

#include <nlohmann/json.hpp>

#include "model/kind_words.hpp"
#include "model/program_kind.hpp"

namespace cctl::kind {
namespace {

constexpr const char* a_number = "([0-9]+([.][0-9]*)?|[.][0-9]+)";

// In nanoseconds.
double length_of(const std::string& duration) {
  static const std::pair<const char*, double> units[] = {{"ns", 1},         {"us", 1e3},        {"ms", 1e6},
                                                         {"secs", 1e9},     {"mins", 60e9},     {"hrs", 3600e9},
                                                         {"days", 86400e9}, {"weeks", 604800e9}};
  const auto end = duration.find_first_not_of("-0123456789.");
  for (const auto& [name, each] : units)
    if (duration.substr(end) == name) return std::stod(duration) * each;
  return 0;
}

const std::string from = "mesos duration from ", to = " to ";

}  // namespace

std::string why_no_own_name(const std::string& text) {
  return when(!fits(text, "[A-Za-z0-9._:%-]{1,253}"), "the name or address of a host, without blanks");
}

std::string why_no_json_object(const std::string& text) {
  if (text.starts_with('/') || text.starts_with("file://")) return "";
  const bool no_exceptions = false;
  const auto value = nlohmann::json::parse(text, nullptr, no_exceptions);
  return when(!value.is_object(), "an object of JSON, or file:// and the path of one");
}

std::string why_no_mesos_weights(const std::string& text) {
  const std::string pair = std::string("[^=,]+=") + a_number;
  return when(!fits(text, (pair + "(," + pair + ")*").c_str()), "roles with their weights, as prod=2,test=0.5");
}

std::string why_no_mesos_rate(const std::string& text) {
  const auto slash = text.find('/');
  const bool good = slash != std::string::npos && fits(text.substr(0, slash), "[0-9]{1,9}") &&
                    why_no_mesos_duration(text.substr(slash + 1)).empty();
  return when(!good, "a number of slaves and a time, as 1/10mins");
}

std::string why_no_percentage(const std::string& text) {
  const std::string number = text.ends_with('%') ? text.substr(0, text.size() - 1) : text;
  const bool good = fits(number, a_number) && number.size() < 30 && std::stod(number) <= 100;
  return when(!good, "a percentage, as 50%, at most 100%");
}

std::string why_no_mesos_alternatives(const std::string& text) {
  const std::string one = std::string("[^:;|]+:") + a_number, all = one + "(;" + one + ")*";
  return when(!fits(text, (all + "([|]" + all + ")*").c_str()), "amounts of resources, as cpus:0.01|mem:32");
}

bool is_mesos_duration_from(const std::string& kind) {
  return kind.starts_with(from);
}

std::string why_no_mesos_duration_from(const std::string& kind, const std::string& text) {
  if (const std::string why = why_no_mesos_duration(text); !why.empty()) return why;
  const std::string range = kind.substr(from.size());
  const std::string least = range.substr(0, range.find(to));
  const std::string most = least == range ? "" : range.substr(least.size() + to.size());
  if (length_of(text) >= length_of(least) && (most.empty() || length_of(text) <= length_of(most))) return "";
  return "at least " + least + (most.empty() ? "" : ", and at most " + most);
}

}  // namespace cctl::kind
