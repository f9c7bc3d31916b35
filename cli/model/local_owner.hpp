// Who else may change what lies on this machine.
#pragma once
#include <string>

struct stat;

namespace cctl {

using Trusts = bool (*)(unsigned user);
// Root or ourselves.
bool is_trusted(unsigned user);
// Or who called sudo: files of theirs are read by root, where HOME is still theirs.
bool is_believed(unsigned user);
// Whether others than its owner may change what is open there, or what is in it: everybody, a group that is not root's
// nor the user's own alone, or any that a list of who may (an ACL) could name.
bool others_write(int open, const struct stat& what);
// Why what was read of an open file may be somebody else's words, with the command that mends it: it is another's, or
// others may write to it or, in its directory, exchange it. Empty: root, ourselves or who called sudo have written it.
std::string foreign_hand(const std::string& path, int file, int directory);
// Why an open file may be none that was meant there: it has a second name, which others than those that are trusted
// could give it in that directory, whoever owns it. Empty: nobody could.
std::string second_name(int file, int directory, Trusts trusts);

}  // namespace cctl
