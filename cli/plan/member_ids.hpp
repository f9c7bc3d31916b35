// Which member has which id. Ids already on a disk win, new members take the lowest free ones in the inventory's order.
// Pure.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace cctl {

struct MemberIdResult {
  std::map<std::string, int> ids;     // host -> id
  std::vector<std::string> problems;  // `myid 2 is on the disks of both "a" and "b"`
};

// `on_disk`: host -> id file's content, for hosts that have one.
MemberIdResult assign_member_ids(const std::vector<std::string>& hosts,
                                 const std::map<std::string, std::string>& on_disk, int min, int max);

}  // namespace cctl
