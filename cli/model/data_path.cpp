#include "model/data_path.hpp"

#include <re2/re2.h>

#include <algorithm>

namespace cctl {
namespace {

// The system's own, whole: what is in them belongs to others.
const char* const shared[] = {"/bin",
                              "/home",
                              "/lib",
                              "/lib32",
                              "/lib64",
                              "/media",
                              "/mnt",
                              "/opt",
                              "/root",
                              "/run",
                              "/sbin",
                              "/srv",
                              "/tmp",
                              "/usr",
                              "/var",
                              "/var/lib",
                              "/var/log",
                              "/var/cache",
                              "/var/lib/docker",
                              "/var/run",
                              "/var/lib/clusterctl"};
// And these with all that is in them.
const char* const kept[] = {"/boot", "/dev", "/etc", "/proc", "/sys", "/var/lib/docker", "/var/lib/clusterctl"};

std::string with_slash(std::string path) {
  if (!path.ends_with('/')) path += '/';
  return path;
}

}  // namespace

std::string why_no_path(const std::string& text) {
  static const RE2 path(R"((/[^/:"'\\ ]+)+/?)", RE2::Latin1), dots(R"((?s)(.*/)?\.\.?(/.*)?)", RE2::Latin1);
  const bool good = RE2::FullMatch(text, path) && !RE2::FullMatch(text, dots) &&
                    std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  return good ? "" : "an absolute path, as /var/lib/x, without blanks and colons";
}

std::string why_no_data_directory(const std::string& text) {
  const std::string fault = why_no_path(text), path = with_slash(text);
  if (!fault.empty()) return fault;
  const bool whole =
      std::any_of(std::begin(shared), std::end(shared), [&](const char* other) { return path == with_slash(other); });
  const bool inside = std::any_of(std::begin(kept), std::end(kept),
                                  [&](const char* other) { return path.starts_with(with_slash(other)); });
  return whole || inside ? "a directory of its own, as /var/lib/x: it is given an owner, and may be purged" : "";
}

bool overlap(const std::string& a, const std::string& b) {
  return with_slash(a).starts_with(with_slash(b)) || with_slash(b).starts_with(with_slash(a));
}

}  // namespace cctl
