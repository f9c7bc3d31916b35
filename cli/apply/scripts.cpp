#include "apply/scripts.hpp"

#include <algorithm>
#include <sstream>

#include "model/base64.hpp"
#include "model/cut.hpp"
#include "model/error.hpp"
#include "model/path.hpp"
#include "model/walk_script.hpp"

namespace cctl {

namespace {

// at PATH: into the directory that holds it, $name is what it is called there.
constexpr const char* kAt = R"sh(at() {
  directory=${1%/*} entry=${1##*/}
  into "${directory:-/}"
}
)sh";

// Bytes are for the way back, and kept in the manifest: what is too large for that is told, not cut. A link that others
// laid is nothing that would be put back.
constexpr const char* kSurvey = R"sh(most=256
look() {
  reach "$1" 2>/dev/null
  case $? in 0) ;; 3) echo "$barred" >&2; exit 1 ;; *) echo -; return ;; esac
  [ -f "./$entry" ] || { echo -; return; }
  told=$(slurp $((most + 1))) || exit 1
  about=${told%%"
"*}
  [ "${about%% *}" -le $((most * 65536)) ] || { echo "$1 is larger than $((most / 16)) MiB" >&2; exit 1; }
  echo "$about"
  case $told in *"
"*) printf '%s' "${told#*"
"}" | tr -d '\n' ;; esac
  echo
}
enters() {
  into "$1" 2>/dev/null
  case $? in 0) echo + ;; 3) echo "$barred" >&2; exit 1 ;; *) echo - ;; esac
}
while IFS= read -r line; do
  path=${line#??}
  case $line in
    f*) look "$path" ;;
    d*) enters "$path" ;;
    w*) lend "$path" ;;
  esac
done)sh";

// Of a tree that is a link, or has mount points, what they lead to is emptied; they themselves are somebody else's and
// stay.
constexpr const char* kClear = R"sh(failed=0
# What is in a directory that is gone is gone; one that cannot be entered safely is told.
enter() {
  gone=$(at "$1" 2>&1) || { [ $? = 3 ] && { echo "$gone" >&2; failed=1; }; return 1; }
  at "$1"
}
clear_tree() {
  enter "$1" || return 0
  [ -e "./$entry" ] || return 0
  if [ -h "./$entry" ]; then
    into "$1" || return 1
    case $here in
      /*/?*) find . -mindepth 1 -maxdepth 1 -exec rm -rf -- {} + ;;
      *) echo "will not empty what the link $1 leads to" >&2; return 1 ;;
    esac
    return
  fi
  why=$(rm -rf -- "./$entry" 2>&1) && return
  [ -d "./$entry" ] && [ -z "$(find "./$entry" ! -type d)" ] && return
  echo "$why" >&2
  return 1
}
while IFS= read -r line; do
  path=${line#??}
  case $line in
    w*) lend "$path" ;;
    f*) ! enter "$path" || rm -f -- "./$entry" || failed=1 ;;
    t*) clear_tree "$path" || failed=1 ;;
    d*) if enter "$path" && [ -d "./$entry" ] && ! rmdir -- "./$entry" 2>/dev/null; then printf '%s\n' "$path"; fi ;;
  esac
done
exit $failed)sh";

}  // namespace

const std::string& survey_script() {
  static const std::string text = std::string(kWalkFunctions) + kAt + kSurvey;
  return text;
}

const std::string& clear_script() {
  static const std::string text = std::string(kWalkFunctions) + kAt + kClear;
  return text;
}

namespace {

// A line of input; what would be read as something else is refused.
void add_line(std::string& input, char kind, const std::string& path) {
  if (path.size() < 2 || path[0] != '/' || path.find('\n') != std::string::npos)
    throw Error("\"" + path + "\" is no path to read, write or remove");
  input += std::string(1, kind) + " " + path + "\n";
}

// Whole trees are only removed from the second level down: never /etc or /var.
void add_tree(std::string& input, const std::string& path) {
  if (above(path).empty() || path.find("/..") != std::string::npos) throw Error("will not remove the tree " + path);
  add_line(input, 't', path);
}

// Sorted, so that parents come before what is in them.
std::string lend_input(const std::set<std::string>& lent) {
  std::string input;
  for (const auto& path : lent) add_line(input, 'w', path);
  return input;
}

SurveyedFile file_from(std::istringstream& lines) {
  SurveyedFile file;
  std::string line;
  if (!std::getline(lines, line)) throw Error("an answer about files ended early");
  if (line == "-") return file;
  std::istringstream words(line);
  std::size_t size = 0;
  std::string bytes;
  if (!(words >> size >> file.mode >> file.owner) || !std::getline(lines, bytes))
    throw Error("cannot read the answer \"" + cut_text(line) + "\" about files");
  const auto decoded = from_base64(bytes);
  // The kernel's own files have no size.
  if (!decoded || (size > 0 && decoded->size() != size)) throw Error("cannot read the bytes of a file");
  file.exists = true;
  file.mode.insert(0, file.mode[0] == '0' ? "" : "0");
  file.bytes = *decoded;
  return file;
}

}  // namespace

std::string survey_input(const std::vector<std::string>& files, const std::vector<std::string>& directories,
                         const std::set<std::string>& lent) {
  std::string input = lend_input(lent);
  for (const auto& path : files) add_line(input, 'f', path);
  for (const auto& path : directories) add_line(input, 'd', path);
  return input;
}

Survey survey_from(const std::string& answer, std::size_t files, std::size_t directories) {
  Survey out;
  std::istringstream lines(answer);
  while (out.files.size() < files) out.files.push_back(file_from(lines));
  for (std::string line; out.directories.size() < directories;) {
    if (!std::getline(lines, line)) throw Error("an answer about directories ended early");
    out.directories.push_back(line == "+");
  }
  return out;
}

std::string clear_input(const std::vector<std::string>& files, const std::vector<std::string>& trees,
                        const std::vector<std::string>& directories, const std::set<std::string>& lent) {
  if (files.empty() && trees.empty() && directories.empty()) return "";
  std::string input = lend_input(lent);
  for (const auto& path : files) add_line(input, 'f', path);
  for (const auto& path : trees) add_tree(input, path);
  for (const auto& path : directories) add_line(input, 'd', path);
  return input;
}

std::vector<std::string> kept_from(const std::string& answer) {
  std::vector<std::string> out;
  std::istringstream lines(answer);
  for (std::string line; std::getline(lines, line);) out.push_back(line);
  return out;
}

// The lock is the process: what it starts must not inherit descriptor 9, or would keep the lock after it. A file that
// was removed between its opening and its locking is nobody's lock any more.
std::string lease_script(const std::string& directory, const std::string& holder) {
  std::string line = holder;
  std::replace(line.begin(), line.end(), '\n', ' ');
  return "dir=" + shell_quoted(directory) + R"sh(
tries=0
while :; do
  mkdir -p -m 0700 "$dir" && cd "$dir" && exec 9>>lock || exit 1
  if ! flock -n 9; then
    echo "busy $(cat holder 2>/dev/null)"
    exit
  fi
  [ "$(stat -L -c %d:%i /proc/self/fd/9)" = "$(stat -c %d:%i lock 2>/dev/null)" ] && break
  tries=$((tries + 1))
  [ $tries -lt 5 ] || exit 1
  cd /
done
printf '%s\n' )sh" +
         shell_quoted(line) + R"sh( > holder
echo held
while timeout 30 sh -c 'read -r beat' 9>&-; do echo; done
left=$(echo .[!.]* *)
if [ "$left" = '.[!.]* holder lock' ]; then
  rm -f holder lock
  cd / && rmdir "$dir" && rmdir "${dir%/*}" 2>/dev/null || :
fi)sh";
}

std::string shell_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string command_of(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : " ") + shell_quoted(word);
  return out;
}

}  // namespace cctl
