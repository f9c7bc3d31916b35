#include "model/cut.hpp"

#include <algorithm>

#include "model/error.hpp"
#include "model/secrets.hpp"

namespace cctl {

std::string head_of(std::string_view text, std::size_t most) {
  constexpr std::size_t longest_secret = 64 * 1024;
  const std::string shown = without_known_secrets(std::string(text.substr(0, most + longest_secret)));
  std::size_t end = std::min(most, shown.size());
  while (end > 0 && end < shown.size() && (static_cast<unsigned char>(shown[end]) & 0xC0) == 0x80) --end;
  return shown.substr(0, end);
}

std::string shortened(const std::string& text, std::size_t most) {
  return text.size() > most ? head_of(text, most) + "..." : text;
}

std::string cut_text(std::string text, std::size_t most) {
  return text.size() <= most ? text : head_of(text, most) + "... (" + std::to_string(text.size()) + " bytes)";
}

std::string first_few(const std::vector<std::string>& texts, std::string_view between) {
  std::string out;
  for (std::size_t i = 0; i < std::min(texts.size(), limits::listed); ++i) {
    if (i > 0) out += between;
    out += cut_text(texts[i]);
  }
  if (texts.size() > limits::listed) out += " and " + std::to_string(texts.size() - limits::listed) + " more";
  return out;
}

const std::string& of_few_lines(const std::string& answer) {
  if (static_cast<std::size_t>(std::count(answer.begin(), answer.end(), '\n')) > limits::lines)
    throw Error("the host's answer has more than " + std::to_string(limits::lines) + " lines", 3);
  return answer;
}

}  // namespace cctl
