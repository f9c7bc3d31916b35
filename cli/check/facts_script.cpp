#include "check/facts.hpp"
#include "model/walk_script.hpp"

#include "model/sysctl.hpp"

namespace cctl {
namespace {

// Sections begin with "@@ NAME"; contents of files travel as base64, so that none can look like one. Processes cost
// more than anything else here: the shell reads what it can itself; but numbers below /proc/sys only answer to one
// read, and dash reads byte by byte.
constexpr const char* kLook = R"sh(exec 2>/dev/null
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
m() { echo "@@ $1"; }
m id; id -u; uname -m
m os; ( ID= VERSION_ID= ID_LIKE=; . /etc/os-release; echo "$ID"; echo "$VERSION_ID"; echo "$ID_LIKE" )
m kernel
v=; read -r v < /proc/sys/kernel/osrelease; echo "$v"
h=; read -r h < /proc/sys/kernel/hostname; echo "$h"
v=; read -r v < /etc/machine-id; echo "$v"
if [ -e /.dockerenv ] || [ -e /run/.containerenv ]; then echo container; else echo machine; fi
m resolved
if command -v getent >/dev/null; then getent ahostsv4 "$h" | awk '{print $1}'
else awk -v h="$h" '$1 !~ /[#:]/ {for (i = 2; i <= NF; i++) if ($i == h) print $1}' /etc/hosts; fi
m addresses; awk '/\|--/ {a = $2} /32 host LOCAL/ {print a}' /proc/net/fib_trie
m routes; cat /proc/net/route
m neighbours; cat /proc/net/arp
m links
for d in /sys/class/net/*; do
  a=; read -r a < "$d/address"; v=; read -r v < "$d/mtu"; echo "${d##*/} $v $a"
done
m memory; grep -e MemTotal -e SwapTotal /proc/meminfo
m mounts
while read -r device dir type options rest; do
  case $type in cgroup|cgroup2) echo "$type $dir $options" ;; esac
done < /proc/mounts
m sockets
s=$(for f in tcp tcp6 udp udp6; do
  awk -v f=$f 'NR > 1 && ($4 == "0A" || $4 == "07") {print f, $2, $10}' /proc/net/$f
done)
echo "$s"
m holders
h=$({ echo "$s"; ls -l /proc/[0-9]*/fd; } | awk '/^(tcp|udp)/ {want["socket:[" $3 "]"] = 1; next}
  /^\/proc\// {split($1, p, "/"); pid = p[3]; next} $NF in want {print pid, $NF}')
echo "$h"
m containers
awk '{
  n = split($0, p, "/"); id = p[n]; sub(/^(docker|libpod|cri-containerd)-/, "", id); sub(/\.scope$/, "", id)
  if (length(id) != 64 || id ~ /[^0-9a-f]/) next
  split(FILENAME, f, "/")
  if (f[3] == "self") own[id] = 1; else if (!(id in own) && !seen[f[3]]++) print f[3], id
}' /proc/self/cgroup $(echo "$h" | awk '!seen[$1]++ && NF == 2 {print "/proc/" $1 "/cgroup"}')
m programs
# Anybody may call a program dockerd: the engine is root's, of that name on disk too, and in no container.
engine() {
  case $(readlink "$1/exe") in
    */dockerd|*/dockerd-current|*/docker-daemon|*/docker|*/dockerd' (deleted)')
      [ "$(readlink "$1/ns/pid")" = "$(readlink /proc/self/ns/pid)" ] || return 1 ;;
    '') [ "$(id -u)" != 0 ] || return 1 ;;  # only root sees that of others
    *) return 1 ;;
  esac
  while read -r k u e rest; do
    if [ "$k" = Uid: ]; then [ "$u$e" = 00 ]; return; fi
  done < "$1/status"
  return 1
}
d=
for p in /proc/[0-9]*; do
  c=; read -r c < "$p/comm" || continue
  echo "${p#/proc/} $c"
  case $c in dockerd*|docker-daemon) if engine "$p"; then d=$p; fi ;; esac
done
m docker
if command -v dockerd >/dev/null || command -v docker >/dev/null; then echo installed; else echo missing; fi
if [ -n "$d" ]; then echo runs; else echo stopped; fi
f=/etc/docker/daemon.json
a=
if [ -n "$d" ]; then
  a=$(tr '\0' '\n' < "$d/cmdline")
  g=$(echo "$a" | awk '/^--config-file=/ {print substr($0, 15)} p {print; p = 0} $0 == "--config-file" {p = 1}')
  [ -z "$g" ] || f=$g
fi
echo "$f"
if reach "$f" && [ -f "./$entry" ]; then echo "=$(slurp 16 | tail -n +2 | tr -d '\n')"; else echo -; fi
[ -z "$d" ] || awk '/^Max open files/ {print $4}' "$d/limits"
m flags; echo "$a"
m storage; [ ! -e /var/lib/docker/devicemapper/devicemapper/data ] || echo loop
m selinux; v=; read -r v < /sys/fs/selinux/enforce && echo "$v"
m time
for s in chrony chronyd ntpsec ntp ntpd openntpd systemd-timesyncd; do
  for f in /etc/init.d/$s /lib/systemd/system/$s.service /usr/lib/systemd/system/$s.service; do
    if [ -e "$f" ]; then echo $s; break; fi
  done
done
m forward; iptables -S FORWARD
m resolv; grep '^nameserver' /etc/resolv.conf
m asked
while IFS= read -r line; do
  p=${line#??}
  case $line in
    w*) lend "$p" ;;
    s*) v=$(cat "/proc/sys/$p") && echo "s $p $v" ;;
    d*) q=$p; while into "$q"; is=$?; [ $is = 1 ] && [ "$q" != / ]; do q=${q%/*}; q=${q:-/}; done
        [ $is = 0 ] || continue
        echo "d $(stat -f -c '%b %a %S %c %d %T' .) $p"
        if [ "$q" = "$p" ] && [ -n "$(ls -A .)" ]; then
          echo "o $(stat -c %u .) $(find . -mindepth 1 -maxdepth 2 ! -name lost+found -exec stat -c %u {} + |
            sort -u | tr '\n' ,) $p"
        fi ;;
    r*) if reach "$p" && [ -f "./$entry" ]; then
          v=$(dd iflag=nofollow,nonblock if="./$entry" bs=4096 count=1 | base64 | tr -d '\n'); echo "r $v $p"
        fi ;;
  esac
done
m end
)sh";

}  // namespace

const std::string& check_script() {
  static const std::string text = std::string(kWalkFunctions) + kLook;
  return text;
}

std::string facts_input(const FactsRequest& request) {
  std::string out;
  const std::string root = sysctl_path("");
  for (const std::string& name : request.sysctls) out += "s " + sysctl_path(name).substr(root.size()) + "\n";
  for (const auto& path : request.lent) out += "w " + path + "\n";
  for (const auto& path : request.disks) out += "d " + path + "\n";
  for (const auto& path : request.files) out += "r " + path + "\n";
  return out;
}

}  // namespace cctl
