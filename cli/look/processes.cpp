// What runs: programs, who listens where, what keeps the clock.
#include "look/clock.hpp"
#include "look/fact.hpp"
#include "look/text.hpp"
#include "model/host_number.hpp"

namespace cctl {
namespace {

// "812 web server"
bool read_programs(const Answered& told, Looked& out) {
  for (const auto& line : told.lines) {
    const auto [number, name] = Named(line);
    if (name.empty()) continue;
    out.facts.processes[number] = name;
    out.facts.programs.insert(name);
  }
  return !out.facts.programs.empty();
}

std::string dotted(unsigned address) {
  return std::to_string(address >> 24) + "." + std::to_string(address >> 16 & 255) + "." +
         std::to_string(address >> 8 & 255) + "." + std::to_string(address & 255);
}

// "0100007F:0035" or the same with 32 digits.
void read_address(const std::string& text, Socket& out) {
  const auto colon = text.find(':');
  const std::string host = text.substr(0, colon);
  out.port = colon == std::string::npos ? 0 : static_cast<int>(host_number(text.substr(colon + 1), 16));
  const bool v6 = host.size() == 32;
  const std::string mapped = "0000000000000000FFFF0000";
  if (v6 && host.starts_with(mapped))
    out.address = dotted(from_kernel(host.substr(24)));
  else if (v6)
    out.address = host.find_first_not_of('0') == std::string::npos ? "*" : "v6";
  else
    out.address = from_kernel(host) == 0 ? "*" : dotted(from_kernel(host));
}

// "holder PID socket:[INODE]", "container PID ID", "tcp ADDRESS INODE"; "read": there is such a table.
bool read_sockets(const Answered& told, Looked& out) {
  bool said = false;
  std::map<std::string, std::string> containers, holders;  // by process; by socket, its process
  for (const auto& line : told.lines) {
    const auto w = words_in(line);
    said = said || line_at(w, 0) == "read";
    if (w.size() != 3) continue;
    if (w[0] == "holder") holders.emplace(w[2], w[1]);
    if (w[0] == "container") containers[w[1]] = cut_text(w[2]);
  }
  for (const auto& line : told.lines) {
    const auto w = words_in(line);
    const bool udp = line_at(w, 0).starts_with("udp");
    if (w.size() != 3 || !(udp || w[0].starts_with("tcp"))) continue;
    Socket socket;
    socket.udp = udp;
    read_address(w[1], socket);
    if (const auto holder = holders.find("socket:[" + w[2] + "]"); holder != holders.end())
      socket.holder = out.facts.processes[holder->second], socket.container = containers[holder->second];
    out.facts.sockets.push_back(std::move(socket));
  }
  return said;
}

TextLines services_asked(const LookRequest&) {
  TextLines out;
  for (const auto& one : time_services()) out.insert(out.end(), one.services.begin(), one.services.end());
  return out;
}

}  // namespace

const std::vector<TimeService>& time_services() {
  static const std::vector<TimeService> all = {
      {"chronyd", {"chrony", "chronyd"}}, {"ntpd", {"ntpsec", "ntp", "ntpd"}},        {"openntpd", {"openntpd"}},
      {"ntpd-rs", {"ntpd-rs"}},           {"systemd-timesyn", {"systemd-timesyncd"}}, {"vmtoolsd", {}, true},
      {"VBoxService", {}, true},
  };
  return all;
}

const TimeService* running_time_service(const Facts& facts) {
  for (const auto& one : time_services())
    if (facts.programs.count(one.program)) return &one;
  return nullptr;
}

namespace fact {

// Anybody may call a program dockerd: the engine is root's, of that name on this disk too, and in no container but the
// one that the look is in itself; a container may share the numbers of processes. It leaves the engine's directory in
// /proc as $dockerd.
const Fact programs = {"programs", R"sh(containers() { grep -oE '[0-9a-f]{64}' "$1/cgroup" 2>/dev/null; }
is_engine() {
  root=
  while read -r k u e rest; do
    if [ "$k" = Uid: ]; then root=$u$e; fi
  done < "$1/status"
  [ "$root" = 00 ] || return 1
  exe=$(readlink "$1/exe")
  case $exe in
    */dockerd|*/dockerd-current|*/docker-daemon|*/docker)
      there=$(stat -L -c %d:%i -- "$1/exe" 2>/dev/null)
      [ -n "$there" ] && [ "$there" = "$(stat -L -c %d:%i -- "$exe" 2>/dev/null)" ] || return 1 ;;
    */dockerd' (deleted)') ;;
    '') [ "$me" != 0 ]; return ;;  # only root sees that of others
    *) return 1 ;;
  esac
  [ "$(readlink "$1/ns/pid")" = "$(readlink /proc/self/ns/pid)" ] || return 1
  own=$(containers /proc/self)
  for id in $(containers "$1"); do
    case $own in *$id*) ;; *) return 1 ;; esac
  done
}
dockerd=
for p in /proc/[0-9]*; do
  c=; read -r c < "$p/comm" || continue
  echo "${p#/proc/} $c"
  case $c in dockerd*|docker-daemon) if is_engine "$p"; then dockerd=$p; fi ;; esac
done
)sh",
                       read_programs};
// A name of an open file may hold ends of lines, which ls -q tells as one, and may end as a socket is called: that is
// all that a socket's line has behind its arrow. Processes of the look itself are in a container where the login is:
// those are not told.
const Fact sockets = {.name = "sockets",
                      .snippet = R"sh([ ! -r /proc/net/tcp ] || echo read
s=$(for f in tcp tcp6 udp udp6; do
  awk -v f=$f 'NR > 1 && ($4 == "0A" || $4 == "07") {print f, $2, $10}' /proc/net/$f
done)
echo "$s"
h=$({ echo "$s"; ls -lnq /proc/[0-9]*/fd; } | awk '/^(tcp|udp)/ {want["socket:[" $3 "]"] = 1; next}
  /^\/proc\// {split($1, p, "/"); pid = p[3]; next} NF == 11 && $10 == "->" && $NF in want {print "holder", pid, $NF}')
echo "$h"
awk '{
  n = split($0, p, "/"); id = p[n]; sub(/^(docker|libpod|cri-containerd)-/, "", id); sub(/\.scope$/, "", id)
  if (length(id) != 64 || id ~ /[^0-9a-f]/) next
  split(FILENAME, f, "/")
  if (f[3] == "self") own[id] = 1; else if (!(id in own) && !seen[f[3]]++) print "container", f[3], id
}' /proc/self/cgroup $(echo "$h" | awk 'NF == 3 && !seen[$2]++ {print "/proc/" $2 "/cgroup"}')
)sh",
                      .read = read_sockets,
                      .after = {&programs}};
const Fact time_services = {"time_services", R"sh(for s; do
  for f in /etc/init.d/$s /lib/systemd/system/$s.service /usr/lib/systemd/system/$s.service; do
    if [ -e "$f" ]; then echo "$s"; break; fi
  done
done
)sh",
                            read_lines<&Facts::time_services>, services_asked};

}  // namespace fact
}  // namespace cctl
