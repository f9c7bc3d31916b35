#include "prepare/facts.hpp"

namespace cctl {

// Each line of the answer is "fact NAME VALUE"; whatever else a login shell or a program prints is not.
const char* const kFactsScript = R"sh(exec 2>/dev/null
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
say() { printf 'fact %s\n' "$*"; }
lines() { while IFS= read -r line; do say "$1 $line"; done; }
ip= items=' '
while read -r what value; do
  case $what in
    ip) ip=$value ;;
    item) items="$items$value " ;;
    sysctl) v=$(tr '\t' ' ' < "/proc/sys/$(echo "$value" | tr ./ /.)") && say sysctl "$value" "$v" ;;
  esac
done
asked() { case $items in *" $1 "*) return 0 ;; esac; return 1; }
( ID= VERSION_ID=; . /etc/os-release; say os "$ID $VERSION_ID" )
packages=
for p in apt-get dnf yum; do
  if command -v $p >/dev/null; then packages=$p; say packages $p; break; fi
done
if [ -d /run/systemd/system ]; then
  say init systemd
  for s in firewalld nftables iptables ufw; do systemctl -q is-active $s && say service $s; done
  systemctl cat systemd-timesyncd.service >/dev/null && say timesyncd yes
elif command -v service >/dev/null; then
  say init service
fi
if command -v dockerd >/dev/null || command -v dockerd-current >/dev/null; then
  say docker installed
elif asked docker && [ "$packages" != apt-get ] && [ -n "$packages" ]; then
  for p in docker moby-engine docker-ce; do
    if $packages -q list available $p >/dev/null; then say docker_package $p; break; fi
  done
fi
if asked selinux; then
  say selinux "$(getenforce)"
  sed -n 's/^SELINUX=//p' /etc/selinux/config | lines selinux_at_boot
fi
if asked firewall; then
  if [ "$(firewall-cmd --state)" = running ]; then
    dev=$(ip -o -4 addr show | while read -r n d f a rest; do [ "${a%%/*}" = "$ip" ] && echo "$d"; done | head -n 1)
    zone=$(firewall-cmd --get-zone-of-interface="$dev") || zone=$(firewall-cmd --get-default-zone)
    say firewalld "$zone"
    say target "$(firewall-cmd --permanent --zone="$zone" --get-target)"
    say open_now "$(firewall-cmd --zone="$zone" --list-ports) $(firewall-cmd --zone="$zone" --list-protocols)"
    say open_at_boot "$(firewall-cmd --permanent --zone="$zone" --list-ports)" \
      "$(firewall-cmd --permanent --zone="$zone" --list-protocols)"
  elif LC_ALL=C ufw status | grep -q '^Status: active'; then
    LC_ALL=C ufw status | lines ufw
  else
    iptables -S INPUT | lines iptables
    nft list ruleset | lines nft
  fi
fi
host=; read -r host < /proc/sys/kernel/hostname
say hostname "$host"
say own_address "$(getent ahostsv4 "$host" | while read -r a rest; do echo "$a"; break; done)"
for f in /proc/[0-9]*/comm; do
  c=; read -r c < "$f"
  case $c in chronyd|ntpd|openntpd|ntpd-rs|systemd-timesyn*) say clock "$c"; break ;; esac
done
say end
)sh";

}  // namespace cctl
