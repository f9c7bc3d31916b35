// Files and directories: digests, modes, owners, contents, and what lies in a directory. In directories that are root's
// alone all is asked at once; in those of others one by one, and no link is followed.
#include <sstream>

#include "look/look.hpp"
#include "look/text.hpp"
#include "model/cut.hpp"
#include "model/host_number.hpp"
#include "plan/spec_json.hpp"

namespace cctl {
namespace {

constexpr long long largest_content = 1024 * 1024;

// In this order on both ways: the answer names them by their numbers.
TextLines paths_of(const LookRequest& request) {
  auto paths = request.paths;
  paths.insert(request.content_paths.begin(), request.content_paths.end());
  std::erase_if(paths, is_setting);
  return {paths.begin(), paths.end()};
}

// The limit, then a path and whether its content is wanted, and so on.
TextLines files_asked(const LookRequest& request) {
  TextLines out = {std::to_string(largest_content)};
  for (const auto& path : paths_of(request)) {
    out.emplace_back(request.content_paths.count(path) ? "1" : "0");
    out.push_back(path);
  }
  return out;
}

TextLines listed(const LookRequest& request) {
  return {request.listed.begin(), request.listed.end()};
}

// "0 f 1 agent.json": of the first directory, a file that is not empty.
bool read_entries(const Answered& told, Looked& out) {
  const TextLines directories = listed(told.asked);
  for (const auto& line : told.lines) {
    std::istringstream words(line);
    std::size_t index = 0;
    char kind = 0, full = 0;
    if (!(words >> index >> kind >> full) || index >= directories.size()) continue;
    const std::string& directory = directories[index];
    std::string name;
    std::getline(words.ignore(1), name);
    if (kind == '?')
      out.host.files[directory].exists = out.host.files[directory].unread = true;
    else if (kind == '!')
      out.host.files[directory].barred = cut_text(name);
    else
      out.host.entries[directory].push_back({cut_text(name), kind, full == '0'});
  }
  return true;
}

// A file in a directory of others is one section: "SIZE MODE OWNER", then its bytes.
void read_theirs(const TextLines& lines, ObservedFile& file) {
  std::string size;
  file.exists = file.unread = true;
  if (lines.empty()) return;
  std::istringstream(lines[0]) >> size >> file.mode >> file.owner;
  file.mode = "0" + cut_text(file.mode), file.owner = cut_text(file.owner);
  if (host_number(size) >= largest_content) return;
  file.content = bytes_of({lines.begin() + 1, lines.end()});
  file.unread = host_number(size) != static_cast<long long>(file.content.size());
  if (file.unread && !file.content.empty()) throw FilesChanging();
  if (!file.unread) file.digest = sha256_hex(file.content);
}

// "3 f": the fourth path is a file. "3 l WHO", "3 b WHY": a link of others, or one on the way.
char read_found(const std::string& line, ObservedFile& file) {
  const auto space = line.find(' ');
  const char kind = space == std::string::npos || space + 1 >= line.size() ? '?' : line[space + 1];
  const std::string text = line.size() > space + 3 ? cut_text(line.substr(space + 3)) : "";
  file.exists = kind != 'b';
  file.is_directory = kind == 'd';
  if (kind == 'l') file.link = text.empty() ? "somebody" : text;
  if (kind == 'b') file.barred = text;
  return kind;
}

// Modes, owners, digests and contents of what can be read, each in the order in which it was found.
void read_readable(const TextLines& readable, const TextLines& stats, const TextLines& sums,
                   const std::string& contents, const LookRequest& asked, ObservedHost& host) {
  if (stats.size() != readable.size() || sums.size() != readable.size()) throw FilesChanging();
  std::size_t at = 0;
  for (std::size_t i = 0; i < readable.size(); ++i) {
    auto& file = host.files[readable[i]];
    std::istringstream words(stats[i]);
    std::string size, mode;
    words >> size >> mode >> file.owner;
    file.mode = "0" + cut_text(mode), file.owner = cut_text(file.owner);
    // A name with a newline makes sha256sum put a backslash first.
    file.digest = sums[i].substr(sums[i].starts_with('\\') ? 1 : 0, 64);
    if (!asked.content_paths.count(readable[i]) || host_number(size) >= largest_content) continue;
    file.unread = false;
    file.content = contents.substr(std::min(at, contents.size()), static_cast<std::size_t>(host_number(size)));
    at += static_cast<std::size_t>(host_number(size));
    if (sha256_hex(file.content) != file.digest) throw FilesChanging();
  }
}

bool read_files(const Answered& told, Looked& out) {
  const auto part = [&](const std::string& name) -> const TextLines& {
    static const TextLines nothing;
    const auto found = told.others.find(name);
    return found == told.others.end() ? nothing : found->second;
  };
  const TextLines paths = paths_of(told.asked);
  for (const auto& path : paths) {
    auto& file = out.host.files[path];
    file.unread = told.asked.content_paths.count(path) > 0;
  }
  TextLines readable;
  for (const auto& line : told.lines) {
    const auto index = static_cast<std::size_t>(host_number(line));
    if (index >= paths.size()) throw Error("the host's answer makes no sense: " + cut_text(line));
    auto& file = out.host.files[paths[index]];
    const char kind = read_found(line, file);
    if (kind == 't') read_theirs(part("theirs " + std::to_string(index)), file);
    if (kind == 'f') readable.push_back(paths[index]);
  }
  if (!readable.empty())
    read_readable(readable, part("stat"), part("sha"), bytes_of(part("content")), told.asked, out.host);
  return true;
}

}  // namespace

namespace fact {

// Names, kinds and whether there is a byte in it; a link is an entry like any other, and nobody follows it. An end of
// a line in a name is told as "?".
const Fact entries = {"entries", R"sh(i=0
for d; do
  n=0; into "$d"
  case $? in
    3) echo "$i ! 1 $barred" ;;
    0) for x in ./* ./.[!.]* ./..?*; do
         e=1
         if [ -h "$x" ]; then t=l; elif [ -d "$x" ]; then t=d
         elif [ -f "$x" ]; then t=f; [ -s "$x" ] || e=0; elif [ -e "$x" ]; then t=o; else continue; fi
         x=${x#./}
         case $x in *'
'*) x=$(echo "$x" | tr '\n' '?'); x=${x%?} ;; esac
         n=1; echo "$i $t $e $x"
       done
       [ $n = 1 ] || ls -A . >/dev/null || echo "$i ? 1 ." ;;
    *) [ ! -d "$d" ] || echo "$i ? 1 ." ;;
  esac
  i=$((i+1))
done
)sh",
                      read_entries, listed};
// Each tool runs once for all files: readable ones come behind the last, so that what remains are those. Docker makes
// an empty directory where a file that it is to mount is missing: such a one is not there. What a name is in a
// directory of others is asked once, since it may be another by the next question: read by its name is only what is
// root's. Sizes and modes alternate in what stat says; the words of $k say which contents are wanted.
const Fact files = {"files", R"sh(empty() {
  into "$1" && for x in ./* ./.[!.]*; do if [ -e "$x" ] || [ -h "$x" ]; then return 1; fi; done
}
max=$1; shift
i=0 n=$(($#/2)) k=
while [ $i -lt $n ]; do
  w=$1 p=$2; shift 2; reach "$p"
  case $? in
    4) echo "$i l $layer" ;;
    3) echo "$i b $barred" ;;
    1) [ "$hops" = 0 ] || echo "$i o" ;;
    0) if [ -f "./$entry" ]; then
         if [ -n "$foreign" ]; then echo "$i t"; m "theirs $i"; slurp $((max/65536)); m files
         elif [ -r "./$entry" ]; then echo "$i f"; k="$k $w"; set -- "$@" "${here%/}/$entry"
         else echo "$i o"; fi
       elif [ -d "./$entry" ]; then
         { [ "$w" = 1 ] && empty "${here%/}/$entry"; } || echo "$i d"
       elif [ -e "./$entry" ] || [ "$hops" != 0 ]; then echo "$i o"; fi ;;
  esac
  i=$((i+1))
done
if [ $# -gt 0 ]; then
  m stat; s=$(stat -L -c '%s %a %u:%g' -- "$@"); echo "$s"
  m sha; sha256sum -- "$@"
  m content
  set -f
  size=; for x in $s; do case $x in *:*) ;; *) size="$size $x" ;; esac; done
  j=0
  for x in $size; do
    j=$((j+1)); [ $((j%2)) = 1 ] || continue
    w=${k# }; w=${w%% *}; k=${k# }; k=${k#"$w"}; p=$1; shift
    if [ "$w" = 1 ] && [ "$x" -lt "$max" ]; then set -- "$@" "$p"; fi
  done
  set +f
  [ $# -eq 0 ] || cat -- "$@" | base64
fi
)sh",
                    read_files, files_asked};

}  // namespace fact
}  // namespace cctl
