#include "remote/observe.hpp"

#include <sstream>

#include "model/base64.hpp"
#include "model/cut.hpp"
#include "model/host_number.hpp"
#include "model/manifest_json.hpp"
#include "model/prepared_json.hpp"
#include "model/walk_script.hpp"
#include "plan/spec_json.hpp"
#include "remote/shell.hpp"

namespace cctl {
namespace {

constexpr long long largest_content = 1024 * 1024;
constexpr const char* largest_manifest = "16777216";  // one that is cut is told as damaged

// Kernel settings look like empty files: their values are asked for by a section of their own.
bool is_setting(const std::string& path) {
  return path.starts_with("/proc/sys/");
}

std::vector<std::string> all_paths(const ObserveRequest& request, bool settings) {
  auto paths = request.paths;
  paths.insert(request.content_paths.begin(), request.content_paths.end());
  std::erase_if(paths, [&](const std::string& path) { return is_setting(path) != settings; });
  return {paths.begin(), paths.end()};
}

// One section per mark; what a login shell prints before the first is skipped.
std::map<std::string, std::vector<std::string>> sections(const std::string& answer, const std::string& mark) {
  std::map<std::string, std::vector<std::string>> result;
  std::vector<std::string>* current = nullptr;
  std::istringstream lines(of_few_lines(answer));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(mark + " ")) {
      current = &result[line.substr(mark.size() + 1)];
    } else if (current) {
      current->push_back(line);
    }
  }
  return result;
}

std::string bytes_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line;
  return from_base64(text).value_or("");
}

// "0 f 1 agent.json": of the first directory, a file that is not empty.
void read_entries(const std::vector<std::string>& lines, const ObserveRequest& request, ObservedHost& host) {
  const std::vector<std::string> directories(request.listed.begin(), request.listed.end());
  for (const auto& line : lines) {
    std::istringstream words(line);
    std::size_t index = 0;
    char kind = 0, full = 0;
    if (!(words >> index >> kind >> full) || index >= directories.size()) continue;
    std::string name;
    std::getline(words.ignore(1), name);
    if (kind == '?') {
      host.files[directories[index]].exists = host.files[directories[index]].unread = true;
      continue;
    }
    if (kind == '!') {
      host.files[directories[index]].barred = cut_text(name);
      continue;
    }
    host.entries[directories[index]].push_back({cut_text(name), kind, full == '0'});
  }
}

// A file in a directory of others is one section: "SIZE MODE OWNER", then its bytes.
void read_theirs(const std::vector<std::string>& lines, ObservedFile& file) {
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
char read_found(const std::string& line, const std::string& path, ObservedHost& host) {
  auto& file = host.files[path];
  const auto space = line.find(' ');
  const char kind = space == std::string::npos || space + 1 >= line.size() ? '?' : line[space + 1];
  const std::string text = line.size() > space + 3 ? cut_text(line.substr(space + 3)) : "";
  file.exists = kind != 'b';
  file.is_directory = kind == 'd';
  if (kind == 'l') file.link = text.empty() ? "somebody" : text;
  if (kind == 'b') file.barred = text;
  return kind;
}

// Each directory on the way to these, parents first.
std::string ways_to(const std::vector<std::string>& paths, const std::set<std::string>& listed) {
  std::set<std::string> all(listed.begin(), listed.end());
  for (const auto& path : paths)
    for (auto& directory : above(path)) all.insert(std::move(directory));
  for (const auto& path : listed)
    for (auto& directory : above(path)) all.insert(std::move(directory));
  std::string text = " /";
  for (const auto& directory : all) text += " " + shell_quoted(directory);
  return text;
}

}  // namespace

std::string observe_script(const ObserveRequest& request, const std::string& mark) {
  const auto paths = all_paths(request, false);
  std::string list, wanted;
  for (const auto& path : paths) {
    list += " " + shell_quoted(path);
    wanted += request.content_paths.count(path) ? " 1" : " 0";
  }
  const auto manifest = shell_quoted(manifest_path(request.cluster)),
             prepared = shell_quoted(prepared_path(request.cluster));
  // Processes cost more than anything else here, so that each tool runs once for all files and the shell does the rest.
  std::string text = "exec 2>/dev/null\nm() { echo \"" + mark + " $1\"; }\n";
  text += kWalkFunctions;
  text += "m engine\nPATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin; command -v dockerd || command -v dockerd-current\n";
  // One that may be there, in a directory that we may not search, is not a missing one.
  text += "m manifest\nif [ -r " + manifest + " ]; then head -c " + std::string(largest_manifest) + " " + manifest +
          " | base64; elif [ -e " + manifest + " ] || { d=" + shell_quoted(manifest_directory(request.cluster)) +
          "; [ -d \"$d\" ] && ! [ -x \"$d\" ]; }; then echo -; fi\n";
  // Asked of the kernel: trying the lock would be in the way of a run that begins.
  text += "m holder\nd=" + shell_quoted(manifest_directory(request.cluster)) +
          "\nif i=$(stat -c %i \"$d/lock\") && grep -q \"FLOCK .*:$i \" /proc/locks; then head -c 400 \"$d/holder\" | "
          "head -n 1; fi\n";
  text += "m prepared\n[ -r " + prepared + " ] && head -c " + std::string(largest_manifest) + " " + prepared +
          " | base64\n";
  // dash reads byte by byte, and the kernel gives a number only to a first read: its first digit. Lists come with tabs.
  text += "m settings\nfor f in";
  for (const auto& path : all_paths(request, true)) text += " " + shell_quoted(path);
  text += "; do if v=$(tr '\\t' ' ' < \"$f\"); then echo \"=$v\"; else echo -; fi; done\n";
  // In directories that are root's alone all is asked at once; in those of others one by one, and no link is followed.
  std::string lending;
  for (const auto& path : request.lent) lending += " " + shell_quoted(path);
  const auto know = "know" + ways_to(paths, request.listed) + "\n";
  text += know;
  if (!lending.empty()) text += "lend" + lending + "\n" + know;
  // Names, kinds and whether there is a byte in it; a link is an entry like any other, and nobody follows it.
  text += "m entries\ni=0\nfor d in";
  for (const auto& path : request.listed) text += " " + shell_quoted(path);
  text +=
      "; do n=0; into \"$d\"; case $? in 3) echo \"$i ! 1 $barred\" ;; 0) for x in ./* ./.[!.]* ./..?*; do e=1\n"
      "if [ -h \"$x\" ]; then t=l; elif [ -d \"$x\" ]; then t=d\n"
      "elif [ -f \"$x\" ]; then t=f; [ -s \"$x\" ] || e=0; elif [ -e \"$x\" ]; then t=o; else continue; fi\n"
      "case $x in *'\n'*) continue;; esac; n=1; echo \"$i $t $e ${x##*/}\"; done\n"
      "[ $n = 1 ] || ls -A . >/dev/null || echo \"$i ? 1 .\" ;;\n"
      "*) [ ! -d \"$d\" ] || echo \"$i ? 1 .\" ;; esac; i=$((i+1)); done\n";
  // Docker makes an empty directory where a file that it is to mount is missing.
  text +=
      "empty() { into \"$1\" && for x in ./* ./.[!.]*; do if [ -e \"$x\" ] || [ -h \"$x\" ]; then return 1; fi; "
      "done; }\n";
  text += "m found\nset --" + list + "\ni=0\nk=\n";
  // Readable files rotate to the end of the list, so that what remains are those.
  text += "for w in" + (wanted.empty() ? " " : wanted) +
          "; do p=$1; shift; reach \"$p\"\n"
          "case $? in 4) echo \"$i l $layer\" ;; 3) echo \"$i b $barred\" ;; 1) [ $hops = 0 ] || echo \"$i o\" ;; 0)\n"
          "if [ -f \"./$entry\" ] && [ -n \"$foreign\" ]; then echo \"$i t\"; m \"theirs $i\"; slurp " +
          std::to_string(largest_content / 65536) +
          "; m found\n"
          "elif [ -f \"./$entry\" ] && [ -r \"./$entry\" ]; then echo \"$i f\"; k=\"$k $w\"; "
          "set -- \"$@\" \"${here%/}/$entry\"\n"
          "elif [ -d \"./$entry\" ]; then [ $w = 1 ] && empty \"${here%/}/$entry\" || echo \"$i d\"\n"
          "elif [ -e \"./$entry\" ] || [ $hops != 0 ]; then echo \"$i o\"; fi ;; esac\ni=$((i+1)); done\n";
  text += "m stat\nif [ $# -gt 0 ]; then s=$(stat -L -c '%s %a %u:%g' -- \"$@\"); echo \"$s\"\n";
  text += "m sha\nsha256sum -- \"$@\"\n";
  text +=
      "m content\nset -f\nsize=; for x in $s; do case $x in *:*) ;; *) size=\"$size $x\";; esac; done\n"
      // Sizes and modes alternate; the words of k say which contents are wanted.
      "set -- \"$@\"\nt=$#\nj=0\nfor x in $size; do j=$((j+1)); [ $((j%2)) = 1 ] || continue\n"
      "w=${k# }; w=${w%% *}; k=${k# }; k=${k#\"$w\"}; p=$1; shift\n"
      "if [ \"$w\" = 1 ] && [ \"$x\" -lt " +
      std::to_string(largest_content) +
      " ]; then set -- \"$@\" \"$p\"; fi; done\n"
      "[ $# -gt 0 ] && cat -- \"$@\" | base64\nfi\nm end\n";
  return text;
}

void read_observation(const std::string& answer, const ObserveRequest& request, const std::string& mark,
                      ObservedHost& host) {
  auto part = sections(answer, mark);
  if (!part.count("end")) throw Error("the host's answer is not whole: " + answer.substr(0, 200));
  host.files.clear();
  host.entries.clear();
  host.docker_installed = !part["engine"].empty();
  host.manifest = manifest_from_json(bytes_of(part["manifest"]));
  if (part["manifest"] == std::vector<std::string>{"-"}) host.manifest.damaged = true;
  if (!part["holder"].empty()) host.holder = cut_text(part["holder"].front());
  host.prepared = prepared_from_json(bytes_of(part["prepared"]));

  read_entries(part["entries"], request, host);
  const auto settings = all_paths(request, true);
  const auto& values = part["settings"];
  for (std::size_t i = 0; i < settings.size() && i < values.size(); ++i) {
    auto& file = host.files[settings[i]];
    file.exists = values[i].starts_with('=');
    if (!file.exists) continue;
    file.content = values[i].substr(1) + "\n";
    file.digest = sha256_hex(file.content);
    file.mode = "0644";
    file.owner = "0:0";
  }
  const auto paths = all_paths(request, false);
  for (const auto& path : paths)
    if (auto& file = host.files[path]; request.content_paths.count(path)) file.unread = true;
  std::vector<std::string> readable;
  for (const auto& line : part["found"]) {
    const auto index = static_cast<std::size_t>(host_number(line));
    if (index >= paths.size()) throw Error("the host's answer makes no sense: " + cut_text(line));
    const char kind = read_found(line, paths[index], host);
    if (kind == 't') read_theirs(part["theirs " + std::to_string(index)], host.files[paths[index]]);
    if (kind == 'f') readable.push_back(paths[index]);
  }
  const auto& stats = part["stat"];
  const auto& sums = part["sha"];
  if (readable.empty()) return;
  if (stats.size() != readable.size() || sums.size() != readable.size()) throw FilesChanging();
  const auto contents = bytes_of(part["content"]);
  std::size_t at = 0;
  for (std::size_t i = 0; i < readable.size(); ++i) {
    auto& file = host.files[readable[i]];
    std::istringstream words(stats[i]);
    std::string size, mode;
    words >> size >> mode >> file.owner;
    file.mode = "0" + cut_text(mode), file.owner = cut_text(file.owner);
    // A name with a newline makes sha256sum put a backslash first.
    file.digest = sums[i].substr(sums[i].starts_with('\\') ? 1 : 0, 64);
    if (!request.content_paths.count(readable[i]) || host_number(size) >= largest_content) continue;
    file.unread = false;
    file.content = contents.substr(std::min(at, contents.size()), static_cast<std::size_t>(host_number(size)));
    at += static_cast<std::size_t>(host_number(size));
    if (sha256_hex(file.content) != file.digest) throw FilesChanging();
  }
}

}  // namespace cctl
