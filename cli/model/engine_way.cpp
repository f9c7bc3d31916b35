#include "model/engine_way.hpp"

#include <sstream>

#include "model/cut.hpp"
#include "model/shell_words.hpp"

namespace cctl {
namespace {

struct Place {
  const char *path, *what;
};

constexpr const char* kSocket = "/var/run/docker.sock";
// A container that mounts one of these while it is not there makes Docker make a directory of that name.
constexpr Place kDirectories[] = {{"/etc/docker/daemon.json", "its settings"}};
// What a killed engine leaves: the next takes any process of that number for one that lives.
constexpr Place kPidFiles[] = {{"/var/run/docker.pid", "the number of its process"},
                               {"/var/run/docker/containerd/containerd.pid", "the number of its containerd's process"}};

// Only what is no link is looked at: the engine replaces a link and a file itself.
constexpr const char* kWay = R"sh(
way_place() {
  [ -d "$1" ] && [ ! -h "$1" ] || return 0
  left=$(ls -A "$1") || left=-
  if [ -n "$left" ]; then [ -n "$2" ] || echo "way full $1 it is not empty"; return 0; fi
  if [ "$way_clears" != 1 ]; then echo "way empty $1"; return 0; fi
  if why=$(rmdir "$1" 2>&1); then echo "way removed $1"; else [ -n "$2" ] || echo "way full $1 ${why##*: }"; fi
}
way_pid() {
  way_place "$1"
  [ -f "$1" ] && [ ! -h "$1" ] || return 0
  p=; read -r p < "$1"
  case $p in '' | *[!0-9]*) return 0 ;; esac
  c=; read -r c < "/proc/$p/comm" || return 0
  ended=
  while read -r k v rest; do [ "$k $v" != 'State: Z' ] || ended=yes; done < "/proc/$p/status"
  case $c in docker* | containerd* | exe) [ "$ended" = yes ] || return 0 ;; esac
  if [ "$way_clears" = 1 ] && rm -f "$1"; then echo "way dropped $1 $p $c"; else echo "way stale $1 $p $c"; fi
}
)sh";

std::string place_of(const std::string& path) {
  for (const auto& place : kDirectories)
    if (path == place.path) return place.what;
  for (const auto& place : kPidFiles)
    if (path == place.path) return place.what;
  return "its socket";
}

}  // namespace

std::string EngineObstacle::in_words() const {
  if (kind == Kind::stale_pid) return path + " names process " + detail + ", which is no engine";
  const std::string why = kind == Kind::directory && !detail.empty() ? " (" + detail + ")" : "";
  return path + " is a directory, in the place of " + place_of(path) + why;
}

std::string EngineObstacle::cure() const {
  const std::string word = shell_word(path);
  if (kind == Kind::stale_pid) return "rm " + word;
  if (kind == Kind::empty_directory) return "rmdir " + word;
  return "mv " + word + " " + word + ".old";
}

std::string engine_way_script(bool clear, const std::string& socket) {
  std::string out = std::string("way_clears=") + (clear ? "1" : "0") + kWay;
  out += "way_place " + shell_word(socket) + "\n";
  if (socket != kSocket) out += std::string("way_place ") + kSocket + " maybe\n";
  for (const auto& place : kDirectories) out += std::string("way_place ") + place.path + "\n";
  for (const auto& place : kPidFiles) out += std::string("way_pid ") + place.path + "\n";
  return out;
}

std::vector<EngineObstacle> engine_way_from(const std::string& answer) {
  using Kind = EngineObstacle::Kind;
  std::vector<EngineObstacle> out;
  std::istringstream lines(answer);
  for (std::string line; out.size() < limits::listed && std::getline(lines, line);) {
    std::istringstream words(line);
    std::string way, state;
    EngineObstacle one;
    if (!(words >> way >> state >> one.path) || way != "way") continue;
    std::getline(words >> std::ws, one.detail);
    one.path = cut_text(one.path), one.detail = cut_text(one.detail);
    if (state == "full")
      one.kind = Kind::directory;
    else if (state == "empty" || state == "removed")
      one.kind = Kind::empty_directory;
    else if (state == "stale" || state == "dropped")
      one.kind = Kind::stale_pid;
    else
      continue;
    one.cleared = state == "removed" || state == "dropped";
    out.push_back(std::move(one));
  }
  return out;
}

std::string cleared_in_words(const std::vector<EngineObstacle>& way) {
  std::string out;
  for (const auto& o : way) {
    if (!o.cleared) continue;
    out += out.empty() ? "removed " : ", and ";
    out += o.kind == EngineObstacle::Kind::stale_pid
               ? o.path + ", which named process " + o.detail + " and no engine"
               : "the empty directory " + o.path + ", which was in the place of " + place_of(o.path);
  }
  return out;
}

std::string standing_in_words(const std::vector<EngineObstacle>& way) {
  std::string out;
  for (const auto& o : way) {
    if (o.cleared) continue;
    out += (out.empty() ? "" : "; ") + o.in_words() + ", and it does not start with that: " + o.cure();
  }
  return out;
}

}  // namespace cctl
