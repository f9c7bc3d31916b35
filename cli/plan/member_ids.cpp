#include "plan/member_ids.hpp"

#include <charconv>
#include <set>

namespace cctl {
namespace {

// The id in a file's content, or 0 when there is none: blanks around a number, nothing else.
int id_of(const std::string& content) {
  const auto first = content.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return 0;
  const auto last = content.find_last_not_of(" \t\r\n") + 1;
  int id = 0;
  const auto [end, error] = std::from_chars(content.data() + first, content.data() + last, id);
  return error == std::errc() && end == content.data() + last ? id : 0;
}

}  // namespace

MemberIdResult assign_member_ids(const std::vector<std::string>& hosts,
                                 const std::map<std::string, std::string>& on_disk, int min, int max) {
  MemberIdResult out;
  std::map<int, std::string> taken;
  for (const auto& host : hosts) {
    const auto found = on_disk.find(host);
    if (found == on_disk.end()) continue;
    const int id = id_of(found->second);
    if (id < min || id > max) {
      out.problems.push_back("the id on the disk of \"" + host + "\" is not a number from " + std::to_string(min) +
                             " to " + std::to_string(max));
      continue;
    }
    const auto [other, fresh] = taken.emplace(id, host);
    if (!fresh)
      out.problems.push_back("id " + std::to_string(id) + " is on the disks of both \"" + other->second + "\" and \"" +
                             host + "\"");
    out.ids[host] = id;
  }
  int next = min;
  for (const auto& host : hosts) {
    if (out.ids.count(host)) continue;
    while (taken.count(next)) ++next;
    if (next > max) {
      out.problems.push_back("no id is left for \"" + host + "\" (at most " + std::to_string(max) + ")");
      break;
    }
    taken.emplace(next, host);
    out.ids[host] = next;
  }
  return out;
}

}  // namespace cctl
