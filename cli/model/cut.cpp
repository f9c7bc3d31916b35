#include "model/cut.hpp"

#include <algorithm>

#include "model/error.hpp"
#include "model/secrets.hpp"

namespace cctl {

std::string cut_text(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  constexpr std::size_t longest_secret = 64 * 1024;
  const std::string all = std::to_string(text.size());
  text = without_known_secrets(text.substr(0, most + longest_secret));
  std::size_t end = std::min(most, text.size());
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "... (" + all + " bytes)";
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
