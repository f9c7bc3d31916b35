#include "model/shell_words.hpp"

namespace cctl {

std::string shell_word(const std::string& word) {
  if (!word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                              "_-+=:,./@%") == std::string::npos)
    return word;
  std::string out = "'";
  for (char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string shell_line(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : " ") + shell_word(word);
  return out;
}

std::string docker_line(const std::string& docker_host, const std::vector<std::string>& words) {
  return (docker_host.empty() ? "docker" : "docker -H " + shell_word(docker_host)) + " " + shell_line(words);
}

}  // namespace cctl
