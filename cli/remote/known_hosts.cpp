#include "remote/known_hosts.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <sstream>
#include <thread>

#include "model/base64.hpp"
#include "model/error.hpp"
#include "model/local_file.hpp"
#include "model/local_way.hpp"
#include "model/lower_case.hpp"
#include "model/read_local.hpp"

namespace cctl {
namespace {

// `*` is any run of characters, `?` any one. Only the last star is ever gone back to, so that many of them cost no
// more.
bool wildcard(const char* pattern, const char* text) {
  const char *behind_star = nullptr, *from = nullptr;
  while (*text) {
    if (*pattern == '*') {
      behind_star = ++pattern;
      from = text;
    } else if (*pattern && (*pattern == '?' || *pattern == *text)) {
      ++pattern;
      ++text;
    } else if (behind_star) {
      pattern = behind_star;
      text = ++from;
    } else {
      return false;
    }
  }
  while (*pattern == '*') ++pattern;
  return !*pattern;
}

bool hashed_match(const std::string& pattern, const std::string& name) {
  const auto bar = pattern.find('|', 3);
  if (bar == std::string::npos) return false;
  const auto salt = from_base64(pattern.substr(3, bar - 3));
  const auto hash = from_base64(pattern.substr(bar + 1));
  if (!salt || !hash) return false;
  unsigned char made[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha1(), salt->data(), static_cast<int>(salt->size()), reinterpret_cast<const unsigned char*>(name.data()),
       name.size(), made, &size);
  return hash->size() == size && std::memcmp(hash->data(), made, size) == 0;
}

bool matches(const std::string& patterns, const std::string& name) {
  if (patterns.starts_with("|1|")) return hashed_match(patterns, name);
  bool found = false;
  std::istringstream list(patterns);
  for (std::string pattern; std::getline(list, pattern, ',');) {
    const bool negated = pattern.starts_with('!');
    if (!wildcard(lower_case(pattern).c_str() + (negated ? 1 : 0), name.c_str())) continue;
    if (negated) return false;
    found = true;
  }
  return found;
}

// Runs of ours write one after the other. Whoever may read the file can lock it for ever, so that what ssh does has to
// do then: it takes no lock, and its line is one write, too.
void take_turns(int fd) {
  constexpr int most_tries = 100;
  for (int tries = 0; tries < most_tries && ::flock(fd, LOCK_EX | LOCK_NB) != 0; ++tries) {
    if (errno != EWOULDBLOCK && errno != EINTR) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

// Half a line would be what the next one is appended to. Not where others have written behind it.
void take_back(int fd, off_t before, ssize_t written) {
  struct stat about = {};
  if (::fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size == before + written &&
      ::ftruncate(fd, before) != 0)
    return;
}

}  // namespace

KnownHostsFile parse_known_hosts(const std::string& text, const std::string& file) {
  KnownHostsFile result;
  std::istringstream lines(text);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::istringstream words(line);
    KnownKey key;
    std::string marker;
    if (!(words >> key.patterns) || key.patterns.starts_with('#')) continue;
    if (key.patterns.starts_with('@')) {
      marker = key.patterns;
      if (!(words >> key.patterns)) continue;
    }
    if (!(words >> key.type >> key.key)) continue;
    if (!marker.empty() && marker != "@revoked" && marker != "@cert-authority") continue;
    key.revoked = marker == "@revoked";
    key.authority = marker == "@cert-authority";
    key.file = file;
    key.line = number;
    const auto index = result.keys.size();
    if (key.patterns.find_first_of("*?!") != std::string::npos || key.patterns.starts_with("|1|")) {
      result.others.push_back(index);
    } else {
      std::istringstream names(lower_case(key.patterns));
      for (std::string name; std::getline(names, name, ',');) result.plain.emplace(name, index);
    }
    result.keys.push_back(std::move(key));
  }
  return result;
}

KnownHostsFile read_known_hosts(const std::string& file) {
  constexpr std::size_t longest = 64 << 20;
  const LocalText read = read_private(file, longest);
  if (read) return parse_known_hosts(read.text, file);
  KnownHostsFile unread;
  if (read.error != ENOENT && read.error != ENOTDIR) unread.fault = file + " cannot be read: " + read.fault;
  return unread;
}

std::string known_host_name(const std::string& host, int port) {
  return port == 22 ? lower_case(host) : "[" + lower_case(host) + "]:" + std::to_string(port);
}

std::vector<const KnownKey*> keys_of(const KnownHostsFile& file, const std::string& name) {
  std::vector<const KnownKey*> found;
  const auto [first, last] = file.plain.equal_range(name);
  for (auto it = first; it != last; ++it) found.push_back(&file.keys[it->second]);
  for (const auto index : file.others)
    if (matches(file.keys[index].patterns, name)) found.push_back(&file.keys[index]);
  return found;
}

KeyCheck check_key(const KnownLines& lines, const std::string& type, const std::string& key) {
  KeyCheck result;
  for (const auto* line : lines) {
    if (line->revoked) {
      if (line->key == key) return {KeyVerdict::revoked, line, nullptr};
    } else if (line->authority) {
      if (!result.authority) result.authority = line;
    } else if (line->key == key) {
      result.verdict = KeyVerdict::known;
      result.line = line;
    } else if (result.verdict == KeyVerdict::unknown ||
               (result.verdict == KeyVerdict::changed && result.line->type != type && line->type == type)) {
      result.verdict = KeyVerdict::changed;
      result.line = line;
    }
  }
  return result;
}

KeyCheck check_key(const KnownLines& with_port, const KnownLines& bare, const std::string& type,
                   const std::string& key) {
  auto result = check_key(with_port, type, key);
  if (result.verdict != KeyVerdict::unknown) return result;
  const auto without = check_key(bare, type, key);
  if (without.verdict == KeyVerdict::known || without.verdict == KeyVerdict::revoked) return without;
  if (!result.authority) result.authority = without.authority;
  return result;
}

KnownHostsFile append_known_host(const std::string& file, const std::string& name, const std::string& type,
                                 const std::string& key) {
  const OpenFile opened(append_local(file, true));
  const int fd = opened.get();
  take_turns(fd);
  struct stat about = {};
  const bool kept = ::fstat(fd, &about) == 0 && S_ISREG(about.st_mode);  // /dev/null keeps nothing
  if (kept) {
    KnownHostsFile has = read_known_hosts(file);
    if (!has.fault.empty()) throw Error(has.fault);
    if (check_key(keys_of(has, name), type, key).verdict != KeyVerdict::unknown) return has;
  }
  // A last line without its end would swallow ours.
  char last = '\n';
  if (about.st_size > 0 && ::pread(fd, &last, 1, about.st_size - 1) != 1) last = '\n';
  const std::string line = (last == '\n' ? "" : "\n") + name + " " + type + " " + key + "\n";
  const auto written = ::write(fd, line.data(), line.size());
  const int error = written < 0 ? errno : ENOSPC;
  if (written > 0 && written < static_cast<ssize_t>(line.size())) take_back(fd, about.st_size, written);
  if (written != static_cast<ssize_t>(line.size())) throw Error(file + " cannot be written: " + std::strerror(error));
  return kept ? read_known_hosts(file) : KnownHostsFile{};
}

}  // namespace cctl
