#include "plan/closed_files.hpp"

#include <re2/re2.h>

#include <sstream>

#include "model/secrets.hpp"

namespace cctl {

std::optional<std::string> owner_for(const std::string& container_user) {
  static const RE2 numbers(R"((\d{1,9})(?::(\d{1,9}))?)");
  std::string user, group;
  if (container_user == "root" || container_user == "root:root") return "0:0";
  if (!RE2::FullMatch(container_user, numbers, &user, &group)) return {};
  return user + ":" + (group.empty() ? "0" : group);
}

bool holds_secret(const std::string& content) {
  static const RE2 password(R"(://[^/@\s:"]*:[^/@\s"]+@)", RE2::Latin1);
  if (RE2::PartialMatch(content, password) || without_secrets(content) != content) return true;
  std::istringstream lines(content);
  for (std::string line; std::getline(lines, line);)
    if (file_line_without_secrets(line) != line) return true;
  return false;
}

void close_secrets(std::vector<FileSpec>& files, const std::string& reader) {
  for (FileSpec& file : files) {
    const bool open = file.mode.size() > 2 && !file.mode.ends_with("00");
    if (!open || file.in_place || !holds_secret(file.content)) continue;
    file.mode.replace(file.mode.size() - 2, 2, "00");
    file.owner = reader;
  }
}

}  // namespace cctl
