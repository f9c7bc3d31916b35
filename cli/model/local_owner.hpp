// Who else may change what lies on this machine.
#pragma once
#include <string>

struct stat;

namespace cctl {

// Root or ourselves.
bool is_trusted(unsigned user);
// Whether others than its owner may change what it is, or what is in it: everybody, or a group that is not root's nor
// the user's own alone.
bool others_write(const struct stat& what);
// Why what was read there may be somebody else's words, with the command that mends it: the file is another's, or
// others may write to it or exchange it. Empty: root, ourselves or who called sudo have written it.
std::string foreign_hand(const std::string& path, const struct stat& file);

}  // namespace cctl
