// The machine: system, kernel, memory, limits, disks.
#include <sstream>

#include "look/fact.hpp"
#include "look/text.hpp"
#include "model/host_number.hpp"
#include "model/sysctl.hpp"
#include "plan/spec_json.hpp"

namespace cctl {

namespace {

bool read_uid(const Answered& told, Looked& out) {
  if (line_at(told.lines, 0).empty()) return false;
  out.facts.uid = static_cast<int>(host_number(told.lines[0]));
  return true;
}

bool read_sshd(const Answered& told, Looked& out) {
  if (line_at(told.lines, 0).empty()) return false;
  out.facts.max_sessions = static_cast<int>(host_number(told.lines[0]));
  return true;
}

bool read_os(const Answered& told, Looked& out) {
  out.facts.os = line_at(told.lines, 0);
  out.facts.os_version = line_at(told.lines, 1);
  out.facts.os_like = line_at(told.lines, 2);
  return true;
}

bool read_memory(const Answered& told, Looked& out) {
  bool said = false;
  for (const auto& line : told.lines) {
    const bool swap = line.starts_with("Swap");
    (swap ? out.facts.swap : out.facts.memory) = in_bytes(host_number(line_at(words_in(line), 1)), 1024);
    said = said || !swap;
  }
  return said;
}

bool read_cgroups(const Answered& told, Looked& out) {
  for (const auto& line : told.lines) {
    const auto w = words_in(line);
    if (line_at(w, 0) == "cgroup2") out.facts.cgroup_v2 = true;
    if (line_at(w, 0) != "cgroup") continue;
    std::istringstream options(line_at(w, 2));
    for (std::string word; std::getline(options, word, ',');)
      out.facts.cgroup_v1.emplace(cut_text(word), line_at(w, 1));
  }
  return true;
}

bool read_selinux(const Answered& told, Looked& out) {
  out.facts.selinux = trimmed_blanks(line_at(told.lines, 0));
  if (told.lines.size() > 1) out.facts.selinux_at_boot = trimmed_blanks(cut_text(told.lines.back()));
  return true;
}

TextLines settings_asked(const LookRequest& request) {
  TextLines out;
  for (const auto& name : request.sysctls) out.push_back(sysctl_path(name));
  for (const auto* paths : {&request.paths, &request.content_paths})
    for (const auto& path : *paths)
      if (is_setting(path)) out.push_back(path);
  return out;
}

// "/proc/sys/vm/swappiness=60"
bool read_settings(const Answered& told, Looked& out) {
  std::map<std::string, std::string> values;
  for (const auto& line : told.lines)
    if (const auto equals = line.find('='); equals != std::string::npos)
      values.emplace(line.substr(0, equals), line.substr(equals + 1));
  for (const auto& name : told.asked.sysctls)
    if (const auto value = values.find(sysctl_path(name)); value != values.end())
      out.facts.sysctls[name] = cut_text(trimmed_blanks(value->second));
  for (const auto* paths : {&told.asked.paths, &told.asked.content_paths})
    for (const auto& path : *paths) {
      if (!is_setting(path)) continue;
      ObservedFile& file = out.host.files[path];
      const auto value = values.find(path);
      file.exists = value != values.end();
      if (!file.exists) continue;
      file.content = value->second + "\n";
      file.digest = sha256_hex(file.content);
      file.mode = "0644";
      file.owner = "0:0";
    }
  return true;
}

TextLines disks_asked(const LookRequest& request) {
  return {request.disks.begin(), request.disks.end()};
}

// "2 d BLOCKS FREE SIZE INODES FREE TYPE" of the third disk; "2 o OWNER ID,ID," where it is there and not empty.
bool read_disks(const Answered& told, Looked& out) {
  const TextLines asked = disks_asked(told.asked);
  for (const auto& line : told.lines) {
    const auto w = words_in(line);
    const auto index = static_cast<std::size_t>(host_number(line_at(w, 0)));
    if (index >= asked.size()) continue;
    if (w.size() >= 8 && w[1] == "d") {  // a type that stat does not know has two words
      DiskFacts& disk = out.facts.disks[asked[index]];
      const long long block = host_number(w[4]);
      disk.total = in_bytes(host_number(w[2]), block), disk.free = in_bytes(host_number(w[3]), block);
      disk.inodes = host_number(w[5]), disk.inodes_free = host_number(w[6]);
      disk.type = line_at(w, 7);
    } else if (w.size() >= 3 && w[1] == "o") {
      DiskFacts& disk = out.facts.disks[asked[index]];
      disk.owner = host_number(w[2]);
      std::istringstream ids(line_at(w, 3));
      for (std::string id; std::getline(ids, id, ',');) disk.inside.insert(host_number(id));
    }
  }
  return true;
}

}  // namespace

namespace fact {

const Fact uid = {"uid", "echo \"$me\"\n", read_uid};
// As its configuration stands for who logs in; sudo tells who that was.
const Fact sshd = {"sshd", R"sh(sshd -T -C "user=${SUDO_USER:-root},host=localhost,addr=127.0.0.1" 2>/dev/null |
  while read -r k v; do if [ "$k" = maxsessions ]; then echo "$v"; fi; done
)sh",
                   read_sshd};
const Fact arch = {"arch", "uname -m\n", read_text<&Facts::arch, true>};
const Fact os = {"os",
                 R"sh(( ID= VERSION_ID= ID_LIKE=; . /etc/os-release; echo "$ID"; echo "$VERSION_ID"; echo "$ID_LIKE" )
)sh",
                 read_os};
const Fact kernel = {"kernel", "v=; read -r v < /proc/sys/kernel/osrelease; echo \"$v\"\n",
                     read_text<&Facts::kernel, true>};
const Fact hostname = {"hostname", "host=; read -r host < /proc/sys/kernel/hostname; echo \"$host\"\n",
                       read_text<&Facts::hostname>};
const Fact machine_id = {"machine_id", "v=; read -r v < /etc/machine-id; echo \"$v\"\n", read_text<&Facts::machine_id>};
const Fact container = {"container", R"sh(if [ -e /.dockerenv ] || [ -e /run/.containerenv ]; then echo container; fi
)sh",
                        read_yes<&Facts::container>};
const Fact packages = {"packages", R"sh(packages=
for p in apt-get dnf yum; do
  if command -v $p >/dev/null; then packages=$p; echo $p; break; fi
done
)sh",
                       read_text<&Facts::packages>};
const Fact init = {"init", R"sh(if [ -d /run/systemd/system ]; then echo systemd
elif command -v service >/dev/null; then echo service; fi
)sh",
                   read_text<&Facts::init>};
const Fact memory = {"memory", "grep -e MemTotal -e SwapTotal /proc/meminfo\n", read_memory};
const Fact cgroups = {"cgroups", R"sh(while read -r device dir type options rest; do
  case $type in cgroup|cgroup2) echo "$type $dir $options" ;; esac
done < /proc/mounts
)sh",
                      read_cgroups};
// What is enforced now, and what /etc/selinux/config says of the next boot.
const Fact selinux = {"selinux", R"sh(v=; read -r v < /sys/fs/selinux/enforce
case $v in 1) echo Enforcing ;; 0) echo Permissive ;; *) getenforce || echo ;; esac
sed -n 's/^SELINUX=//p' /etc/selinux/config
)sh",
                      read_selinux};
// dash reads byte by byte, and the kernel gives a number only to a first read: its first digit. Lists come with tabs.
const Fact sysctls = {"sysctls", R"sh(for p; do v=$(tr '\t' ' ' < "$p") && echo "$p=$v"; done
)sh",
                      read_settings, settings_asked};
const Fact disks = {"disks", R"sh(i=-1
for p; do
  i=$((i+1)) q=$p; while into "$q"; is=$?; [ $is = 1 ] && [ "$q" != / ]; do q=${q%/*}; q=${q:-/}; done
  [ $is = 0 ] || continue
  echo "$i d $(stat -f -c '%b %a %S %c %d %T' .)"
  if [ "$q" = "$p" ] && [ -n "$(ls -A .)" ]; then
    echo "$i o $(stat -c %u .) $(find . -mindepth 1 -maxdepth 2 ! -name lost+found -exec stat -c %u {} + |
      sort -u | tr '\n' ,)"
  fi
done
)sh",
                    read_disks, disks_asked};

}  // namespace fact
}  // namespace cctl
