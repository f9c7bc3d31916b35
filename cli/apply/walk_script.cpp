#include "apply/walk_script.hpp"

namespace cctl {

// Where others may write, a name can become a link between a look and a use. So each such step is judged by where it
// led: the kernel's own path of "." is the one wanted, or the walk ends. A directory that is root's alone, below others
// that are, stays so, and is asked once. In one with the sticky bit (/tmp) what is root's stays where it is.
const char* const kWalkFunctions = R"sh(unset CDPATH
me=$(id -u) known=
owned() {
  set -- $(stat -c '%u %g %a' .)
  [ "$1" = 0 ] || [ "$1" = "$me" ] || return 1
  case $3 in
    [1357]???) return 2 ;;
    *[2367]) return 1 ;;
    *[2367]?) [ "$2" = 0 ] || return 1 ;;
  esac
}
judge() {
  [ "$foreign" != yes ] || return 0
  case $known in *"|$here|"*) foreign=; return 0 ;; esac
  owned
  case $? in 0) foreign= known="$known|$here|" ;; 2) foreign=sticky ;; *) foreign=yes ;; esac
}
into() {
  case $1 in /*) cd / || return 1 ;; esac
  here=$(pwd -P) rest=$1 links=0 foreign= made=
  while [ -n "$rest" ]; do
    name=${rest%%/*}
    case $rest in */*) rest=${rest#*/} ;; *) rest= ;; esac
    case $name in '' | .) continue ;; esac
    judge
    if [ "$name" = .. ]; then
      cd -P .. || return 1
      here=$(pwd -P)
      continue
    fi
    if [ -z "$foreign" ] && [ -h "./$name" ]; then
      links=$((links + 1))
      [ $links -lt 40 ] || { echo "too many links on the way to $1" >&2; return 3; }
      to=$(readlink "./$name"; echo .) to=${to%??}
      case $to in /*) cd / && here=/ || return 1 ;; esac
      rest=$to/$rest
      continue
    fi
    if [ "$2" = make ] && [ ! -e "./$name" ] && [ ! -h "./$name" ]; then
      (umask 022; mkdir "./$name") && made=yes || return 1
    fi
    cd -P "./$name" 2>/dev/null || { echo "no directory ${here%/}/$name" >&2; return 1; }
    was=${here%/}/$name here=$(pwd -P)
    [ "$here" = "$was" ] || { echo "$was is a link, in a directory that is not root's alone" >&2; return 3; }
  done
  judge
}
)sh";

}  // namespace cctl
