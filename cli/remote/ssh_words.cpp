#include "remote/ssh_words.hpp"

#include <openssl/evp.h>
#include <pwd.h>

#include <cstdlib>
#include <sstream>

#include "model/absence.hpp"

namespace cctl {
namespace {

// %C: one name for a connection.
std::string connection_hash(const Tokens& tokens) {
  const auto text = tokens.local_host + tokens.host + std::to_string(tokens.port) + tokens.user;
  unsigned char hash[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), hash, &size, EVP_sha1(), nullptr);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += "0123456789abcdef"[hash[i] >> 4];
    hex += "0123456789abcdef"[hash[i] & 15];
  }
  return hex;
}

std::string meaning(char token, const Tokens& tokens) {
  switch (token) {
    case 'C':
      return connection_hash(tokens);
    case 'L':
      return tokens.local_host.substr(0, tokens.local_host.find('.'));
    case 'd':
      return tokens.home;
    case 'h':
      return tokens.host;
    case 'i':
      return std::to_string(tokens.uid);
    case 'j':
      return tokens.jump;
    case 'k':
      return tokens.key_name.empty() ? tokens.given : tokens.key_name;
    case 'l':
      return tokens.local_host;
    case 'n':
      return tokens.given;
    case 'p':
      return std::to_string(tokens.port);
    case 'r':
      return tokens.user;
    default:
      return tokens.local_user;
  }
}

std::string without_tilde(const std::string& text, const std::string& home) {
  if (!text.starts_with('~')) return text;
  const auto slash = std::min(text.find('/'), text.size());
  if (slash == 1) return home + text.substr(slash);
  const auto* entry = ::getpwnam(text.substr(1, slash - 1).c_str());
  return entry ? entry->pw_dir + text.substr(slash) : text;
}

bool starts_a_path(const std::string& word) {
  return word.starts_with('/') || word.starts_with('~') || word.starts_with('%') || word.starts_with("${") ||
         word == "none";
}

}  // namespace

SshWords parse_words(const std::string& text) {
  SshWords words;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto space = line.find(' ');
    if (space != std::string::npos) words[line.substr(0, space)].push_back(line.substr(space + 1));
  }
  return words;
}

std::string first(const SshWords& words, const std::string& name) {
  const auto found = words.find(name);
  return found == words.end() || found->second.empty() ? "" : found->second.front();
}

std::vector<std::string> split_files(const std::string& text, const std::function<bool(const std::string&)>& exists) {
  std::vector<std::string> words;
  std::istringstream in(text);
  for (std::string word; std::getline(in, word, ' ');) words.push_back(word);
  std::vector<std::string> files;
  for (std::size_t begin = 0; begin < words.size();) {
    std::string name, longest;
    std::size_t end = begin, longest_end = begin, next_start = words.size();
    for (; end < words.size(); ++end) {
      if (end > begin && starts_a_path(words[end])) next_start = std::min(next_start, end);
      name += (end > begin ? " " : "") + words[end];
      if (!exists(name)) continue;
      longest = name;
      longest_end = end + 1;
    }
    if (longest.empty()) {
      for (std::size_t i = begin; i < next_start; ++i) longest += (i > begin ? " " : "") + words[i];
      longest_end = next_start;
    }
    if (!longest.empty()) files.push_back(longest);
    begin = longest_end;
  }
  return files;
}

std::string expand_tokens(const std::string& directive, const std::string& text, const Tokens& tokens,
                          const std::string& known) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const auto token = i + 1 < text.size() ? std::string(1, text[++i]) : "";
    if (token == "%")
      out += '%';
    else if (token.empty() || known.find(token) == std::string::npos)
      throw NoAccess(directive + " " + text + ": %" + token + " means nothing there");
    else
      out += meaning(token[0], tokens);
  }
  return out;
}

std::string expand_file(const std::string& directive, const std::string& text, const Tokens& tokens) {
  const auto path = without_tilde(text, tokens.home);
  std::string out;
  for (std::size_t i = 0; i < path.size();) {
    if (path.compare(i, 2, "${") == 0) {
      const auto close = path.find('}', i);
      if (close == std::string::npos) throw NoAccess(directive + " " + text + ": \"${\" without its \"}\"");
      const auto name = path.substr(i + 2, close - i - 2);
      const char* value = std::getenv(name.c_str());
      if (!value) throw NoAccess(directive + " " + text + ": the environment has no " + name);
      out += value;
      i = close + 1;
    } else {
      const auto next = std::min(path.find("${", i + 1), path.size());
      out += expand_tokens(directive, path.substr(i, next - i), tokens);
      i = next;
    }
  }
  return out;
}

}  // namespace cctl
