// How a script gets into a directory of a host without being led astray: shell functions that other scripts begin with.
#pragma once

namespace cctl {

// into PATH [make]: changes into a directory. With "make" what is missing is made (mode 0755). A symbolic link is
// followed where nobody but root could have laid it; in any other directory it ends the walk with status 3; 1: it is
// not there. The reason is on standard error. Afterwards "." is the directory, whatever others do to its name, $here
// its path, $foreign is empty where nobody but root can change what lies in it, $made where it was there before. owned:
// 0 where "." is root's and nobody else may write to it, 2 where others may and the sticky bit is set.
extern const char* const kWalkFunctions;

}  // namespace cctl
