// How a script gets into a directory of a host without being led astray: shell functions that other scripts begin with.
#pragma once

namespace cctl {

// into PATH [make]: changes into a directory. With "make" what is missing is made (mode 0755). A symbolic link is
// followed where nobody but root could have laid it; in any other directory it ends the walk with status 3; 1: it is
// not there. The reason is on standard error, of status 3 in $barred, too. Afterwards "." is the directory, whatever
// others do to its name, $here its path, $foreign is empty where nobody but root can change what lies in it, $made
// where it was there before. lend
// DIRECTORY...: in these, and in whatever they lead to now, containers may write: all in them counts as laid by others,
// whoever owns it. Called first, parents first; lends: whether "." is such a one. know DIRECTORY...: looks at many at
// once, parents before what is in them, so that going into those that are root's alone takes no process. owned: 0 where
// "." is root's and nobody else may write to it, 2 where others may and the sticky bit is set. reach PATH: goes into
// the directory that holds what PATH leads to by links of root's alone; there it is "./$entry", and no link. 4: it is a
// link itself, in a directory of others; $layer laid it. slurp N: of the file "./$entry" its "SIZE MODE UID:GID", and
// in base64 its first N times 64 KiB. No link is followed, and nobody waited for at the end of a pipe.
extern const char* const kWalkFunctions;

}  // namespace cctl
