#include "plan/moment.hpp"

#include <cstdlib>
#include <ctime>
#include <iomanip>
#include <locale>
#include <sstream>

namespace cctl {
namespace {

// What is left of the text behind the time; nothing: it is no such time.
std::optional<std::string> behind(const std::string& text, const char* form, std::tm& time) {
  std::istringstream in(text);
  in.imbue(std::locale::classic());
  if (!(in >> std::get_time(&time, form))) return std::nullopt;
  std::string rest;
  std::getline(in, rest);
  return rest;
}

}  // namespace

std::optional<double> moment_of(const std::string& text) {
  std::tm time{};
  if (const auto rest = behind(text, "%Y-%m-%dT%H:%M:%S", time)) {
    if (rest->empty() || rest->back() != 'Z') return std::nullopt;
    const std::string fraction = rest->substr(0, rest->size() - 1);
    const bool digits = fraction.empty() || (fraction.size() > 1 && fraction[0] == '.' &&
                                             fraction.find_first_not_of("0123456789", 1) == std::string::npos);
    if (!digits) return std::nullopt;
    return static_cast<double>(timegm(&time)) + (fraction.empty() ? 0 : std::strtod(fraction.c_str(), nullptr));
  }
  time = {};
  if (behind(text, "%a, %d %b %Y %H:%M:%S", time) == " GMT") return static_cast<double>(timegm(&time));
  return std::nullopt;
}

}  // namespace cctl
