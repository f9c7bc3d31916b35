#include "model/walk_script.hpp"

namespace cctl {

// Where others may write, a name can become a link between a look and a use. So each such step is judged by where it
// led: the kernel's own path of "." is the one wanted, or the walk ends. A directory that is root's alone, below others
// that are, stays so, and is asked once; where a group may write, an access list may let in anybody, whose group it
// ever is. In one with the sticky bit (/tmp) what is root's stays where it is. Root of a container is root's number on
// the host: of what a container may write to, owners tell nothing.
const char* const kWalkFunctions = R"sh(unset CDPATH
me=$(id -u) known= lent=
safe() {
  [ "$1" = 0 ] || [ "$1" = "$me" ] || return 1
  case $2 in
    [1357]???) return 2 ;;
    *[2367] | *[2367]?) return 1 ;;
  esac
}
owned() { safe $(stat -c '%u %a' .); }
know() {
  while read -r kind user mode way; do
    [ "${kind%???}" = 4 ] && safe "$user" "$mode" || continue
    case $lent in *"|$way|"*) continue ;; esac
    up=${way%/*}
    case $way in /) ;; *) case $known in *"|${up:-/}|"*) ;; *) continue ;; esac ;; esac
    known="$known|$way|"
  done <<ALL
$(stat -c '%f %u %a %n' -- "$@" 2>/dev/null)
ALL
}
lends() {
  up=$here
  while [ -n "${up#/}" ]; do
    case $lent in *"|$up|"*) return 0 ;; esac
    up=${up%/*}
  done
  return 1
}
lend() {
  for lending; do
    while case $lending in ?*/) ;; *) false ;; esac; do lending=${lending%/}; done
    into "$lending" 2>/dev/null && lent="$lent|$here|"
    lent="$lent|$lending|"
  done
  known=
}
judge() {
  [ "$foreign" != yes ] || return 0
  whose="a directory that is not root's alone"
  if lends; then foreign=yes whose='a directory that a container may write to'; return 0; fi
  case $known in *"|$here|"*) foreign=; return 0 ;; esac
  owned
  case $? in 0) foreign= known="$known|$here|" ;; 2) foreign=sticky ;; *) foreign=yes ;; esac
}
layer_of() {
  layer=$(stat -c '%U (uid %u)' -- "$1")
  case $layer in 'UNKNOWN ('*) layer=${layer#* \(} layer=${layer%\)} ;; esac
}
bar() {
  barred=$1
  echo "$1" >&2
  return 3
}
into() {
  barred= links=0 foreign= made=
  case $known in *"|$1|"*) cd -P -- "$1" && here=$1; return ;; esac
  case $1 in /*) cd / || return 1 ;; esac
  here=$(pwd -P) rest=$1
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
      [ $links -lt 40 ] || { bar "too many links on the way to $1"; return; }
      to=$(readlink "./$name"; echo .) to=${to%??}
      case $to in /*) cd / && here=/ || return 1 ;; esac
      rest=$to/$rest
      continue
    fi
    if [ "$2" = make ] && [ ! -e "./$name" ] && [ ! -h "./$name" ]; then
      (umask 022; mkdir "./$name") && made=yes || return 1
    fi
    laid=
    if [ -h "./$name" ]; then
      layer_of "./$name"
      laid=", laid by $layer"
    fi
    was=${here%/}/$name
    cd -P "./$name" 2>/dev/null || {
      [ -z "$laid" ] || { bar "$was is a link, in $whose$laid"; return; }
      echo "no directory $was" >&2
      return 1
    }
    here=$(pwd -P)
    [ "$here" = "$was" ] || { bar "$was is a link, in $whose$laid"; return; }
  done
  judge
}
reach() {
  aim=$1 hops=0
  while :; do
    way=${aim%/*} entry=${aim##*/}
    into "${way:-/}" || return
    [ -h "./$entry" ] || return 0
    if [ -n "$foreign" ]; then
      layer_of "./$entry"
      barred="$1 is a link, in $whose, laid by $layer"
      echo "$barred" >&2
      return 4
    fi
    hops=$((hops + 1))
    [ "$hops" -lt 40 ] || { bar "too many links on the way to $1"; return; }
    to=$(readlink "./$entry"; echo .) to=${to%??}
    while case $to in ?*/) ;; *) false ;; esac; do to=${to%/}; done
    case $to in /*) aim=$to ;; *) aim=${here%/}/$to ;; esac
  done
}
slurp() {
  stat -c '%s %a %u:%g' -- "./$entry" &&
    dd iflag=nofollow,nonblock if="./$entry" bs=65536 count="$1" 2>/dev/null | base64
}
)sh";

}  // namespace cctl
