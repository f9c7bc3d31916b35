// The shell script that puts files in place, all or none.
#include <set>

#include "model/base64.hpp"
#include "model/walk_script.hpp"
#include "remote/shell.hpp"

namespace cctl {
namespace {

// What is written in place has no room beside it: a mounted file, /proc/sys.
constexpr const char* elsewhere = "/tmp";

struct Place {
  std::string directory, name;
};

Place place_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (!path.starts_with('/')) throw Error("\"" + path + "\" is no absolute path");
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

// Base64 in lines of 76, as some decoders want it.
std::string wrapped(const std::string& bytes) {
  const auto text = to_base64(bytes);
  std::string lines;
  for (std::size_t i = 0; i < text.size(); i += 76) lines += text.substr(i, 76) + "\n";
  return lines;
}

// The functions that the rest is told with. Staging is a directory of ours beside the target, which others can neither
// write to nor carry elsewhere: only its name is theirs to change, and that is not used once we are in it. Owner and
// mode are set there; the rename into place follows no link. Root of a container could do all of that: for what it may
// write to, staging is above, where it cannot reach. `stage DIR` goes in: $to is where DIR is from there, $at where its
// files' two sides are, `K.new` and `K.old`.
std::string functions(const std::string& nonce) {
  return std::string(kWalkFunctions) + "ours=.cctl-" + nonce + R"sh(
most=256
room() {
  into "$1" "$2" || return
  aside=
  lends || return 0
  inner=$here
  while [ "$foreign" = yes ]; do
    up=${here%/*}
    into "${up:-/}" || return
  done
  aside=${here%/}/$ours
  into "$inner"
}
ours() {
  [ "$(pwd -P)" = "$was" ] && owned || { echo "somebody else has put $was there" >&2; return 3; }
}
stage() {
  room "$1" make || return
  if [ -n "$aside" ]; then
    at=$aside to=. was=$aside
    [ -d "$at" ] || mkdir -m 0700 "$at" || return
    (cd -P "$at" && ours)
    return
  fi
  at=. to=.. was=${here%/}/$ours
  [ -d "./$ours" ] || mkdir -m 0700 "./$ours" || return
  cd -P "./$ours" && ours || return
  here=$was
}
unstage() { room "$1" 2>/dev/null && rm -rf "${aside:-./$ours}"; }
own() {
  into "$1" make || why "cannot make directory $1"
  if [ -n "$made" ]; then
    chown "$2" . && chmod "$3" . || why "cannot make directory $1"
  else
    # Somebody made room, as for a disk of its own: an empty one is given to whom it is for, one with files is theirs.
    [ -n "$(ls -A .)" ] || chown "$2" . || why "cannot give away directory $1"
    case $4 in
      config) chown "$2" . && chmod "$3" . ;;
      data) chmod "$(printf '%o' $((0$(stat -c %a .) & 0$3)))" . ;;
    esac || why "cannot close directory $1"
  fi
}
# SELinux marks what is made beside a target as it has marked that; what comes from above is marked so by us.
dress() { [ -z "$aside" ] || [ ! -e /sys/fs/selinux/enforce ] || chcon --reference=. "$at/$1.new" 2>/dev/null || :; }
keep() {
  if [ ! -e "$to/$2" ] && [ ! -h "$to/$2" ]; then k=fresh; return; fi
  k=kept
  if [ -n "$foreign" ]; then
    # A link that others laid is nothing that comes back, nor is a pipe or a device.
    { [ -f "$to/$2" ] && [ ! -h "$to/$2" ]; } || { k=fresh; return; }
    ln -P -- "$to/$2" "$at/$1.old" 2>/dev/null || copy "$@"
    return
  fi
  ln -P -- "$to/$2" "$at/$1.old" 2>/dev/null && return
  [ -f "$to/$2" ] || [ -h "$to/$2" ] || why "cannot keep what is no file: $3"
  timeout 60 cp -pP -- "$to/$2" "$at/$1.old" || why "cannot keep a copy of $3"
}
# On a disk of its own it is read, and may be another thing by then: never waited for, never without an end.
copy() {
  stood=$(stat -c '%u:%g %a %s' -- "$to/$2") || why "cannot keep a copy of $3"
  size=${stood##* } mode=${stood#* }
  [ "$size" -le $((most * 65536)) ] || why "$3 is larger than $((most / 16)) MiB"
  timeout 60 dd iflag=nofollow,nonblock if="$to/$2" of="$at/$1.old" bs=65536 count=$((most + 1)) 2>/dev/null &&
    [ "$(stat -c %s -- "$at/$1.old")" = "$size" ] && chown "${stood%% *}" "$at/$1.old" &&
    chmod "$(printf '%o' $((0${mode% *} & 0777)))" "$at/$1.old" || why "cannot keep a copy of $3"
}
)sh";
}

}  // namespace

std::string put_script(const std::vector<DirectorySpec>& directories, const std::vector<FileSpec>& files,
                       const std::set<std::string>& lent, const std::string& nonce) {
  // The body is one group, so that a script cut off on its way runs not at all. Numbered variables: s says whether file
  // k has been replaced, and whether there was one before.
  std::string lending;
  for (const auto& path : lent) lending += " " + shell_quoted(path);
  if (!lent.empty()) lending = "lend" + lending + "\n";
  std::string text = "{ umask 077\n" + functions(nonce) + lending + "why() { echo \"$1\" >&2; undo; exit 1; }\n";
  std::set<std::string> stages;
  std::string undo, staging, swapping;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto& file = files[i];
    const auto k = std::to_string(i);
    const auto [directory, name] = place_of(file.path);
    const auto path = shell_quoted(file.path), at = "\"$to\"/" + shell_quoted(name), s = "s" + k;
    const auto room = shell_quoted(file.in_place ? elsewhere : directory);
    stages.insert(file.in_place ? elsewhere : directory);
    const auto enter = "stage " + room + " || why \"cannot write beside \"" + path + "\n";
    text += s + "=\n";
    const auto back = file.in_place ? "cat \"$at\"/" + k + ".old > " + path : "mv -fT \"$at\"/" + k + ".old " + at;
    const auto gone = "rm -f " + (file.in_place ? path : at);
    undo += "if [ -n \"$" + s + "\" ] && stage " + room + "; then case $" + s + " in kept) " + back + ";; fresh) " +
            gone + ";; esac; fi\n";
    if (file.in_place)
      staging += "into " + shell_quoted(directory) + " make && reach " + path +
                 " && [ -z \"$foreign\" ] || why \"will not write into a directory that is " + "not root's alone: \"" +
                 path + "\n";
    staging += enter;
    if (!file.absent) {
      const auto there = file.in_place ? path : at;
      staging += "[ ! -d " + there + " ] || rmdir " + there + " 2>/dev/null || why \"is a directory: \"" + path + "\n";
      staging += "base64 -d > \"$at\"/" + k + ".new <<'END_" + nonce + "' || why \"cannot write beside \"" + path +
                 "\n" + wrapped(file.content) + "END_" + nonce + "\n";
      staging += "chown " + shell_quoted(file.owner) + " \"$at\"/" + k + ".new && chmod " + shell_quoted(file.mode) +
                 " \"$at\"/" + k + ".new || why \"cannot set owner or mode of \"" + path + "\ndress " + k + "\n";
    }
    swapping += enter;
    const auto there = file.in_place ? path : at;
    if (file.once) swapping += "if [ ! -e " + there + " ] || { [ -n \"$foreign\" ] && [ -h " + there + " ]; }; then\n";
    if (file.in_place)
      swapping += "if [ -e " + path + " ]; then k=kept; timeout 60 cp -p " + path + " \"$at\"/" + k +
                  ".old || why \"cannot keep a " + "copy of \"" + path + "; else k=fresh; fi\n";
    else
      swapping += "keep " + k + " " + shell_quoted(name) + " " + path + "\n";
    swapping += (file.absent     ? gone
                 : file.in_place ? "cat \"$at\"/" + k + ".new > " + path
                                 : "mv -fT \"$at\"/" + k + ".new " + at) +
                " || why \"cannot replace \"" + path + "; " + s + "=$k\n";
    if (file.once) swapping += "fi\n";
  }
  std::string clean;
  for (const auto& directory : stages) clean += "unstage " + shell_quoted(directory) + "\n";
  text += "undo() { :\n" + undo + clean + "}\n";
  for (const auto& directory : directories)
    text += "own " + shell_quoted(directory.path) + " " + shell_quoted(directory.owner) + " " +
            shell_quoted(directory.mode) +
            (!directory.ours    ? ""
             : directory.data   ? " data"
             : directory.config ? " config"
                                : "") +
            "\n";
  return text + staging + swapping + clean + "exit 0\n}\n";
}

}  // namespace cctl
