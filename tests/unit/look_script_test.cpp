// Snippets of facts, run by the shells that hosts have, in a root that is made up.
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "look/clock.hpp"
#include "look/look.hpp"
#include "model/plain_echo.hpp"
#include "model/process_group.hpp"
#include "model/shell_words.hpp"

using namespace cctl;
namespace fs = std::filesystem;

namespace {

const std::array<const char*, 3> shells = {"dash", "busybox sh", "bash"};

// Files below a directory, to which every path of a script that begins with one of these is bent.
class Root {
 public:
  Root() {
    char name[] = "/tmp/cctl-look-XXXXXX";
    path_ = mkdtemp(name);
    fs::create_directories(path_ + "/bin");
    for (const char* tool : {"awk", "base64",    "cat",  "dd",   "find", "grep", "head",  "id",   "ls",   "readlink",
                             "sed", "sha256sum", "sort", "stat", "tail", "tr",   "uname", "dash", "bash", "busybox"})
      for (const char* from : {"/usr/bin/", "/bin/"})
        if (fs::exists(from + std::string(tool)) && !fs::exists(path_ + "/bin/" + tool))
          fs::create_symlink(from + std::string(tool), path_ + "/bin/" + tool);
  }
  ~Root() { fs::remove_all(path_); }
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;

  // A name that ends in a slash is a directory, a content that begins with "->" a link; below /bin it is a program.
  void add(const std::string& name, const std::string& content) const {
    const std::string path = path_ + name;
    if (name.ends_with('/')) {
      fs::create_directories(path);
      return;
    }
    fs::create_directories(fs::path(path).parent_path());
    if (content.starts_with("->"))
      fs::create_symlink(content.substr(2), path);
    else
      std::ofstream(path, std::ios::binary) << content;
    if (name.starts_with("/bin/")) fs::permissions(path, fs::perms::all);
  }

  Looked look(const LookRequest& request, const std::string& shell) const {
    std::string script = plain_echo + look_script(request, "@@");
    for (const char* from : {"/etc/", "/proc/", "/sys/", "/run/", "/var/", "/lib/", "/usr/lib/", "/.dockerenv"})
      bend(script, from);
    const std::string sbin = ":/usr/local/sbin:/usr/sbin:/sbin";  // of this machine
    script.erase(script.find(sbin), sbin.size());
    std::ofstream(path_ + "/script") << script;
    const std::string line = "env -i PATH=" + path_ + "/bin " + shell + " " + path_ + "/script";
    FILE* pipe = popen(line.c_str(), "r");
    REQUIRE(pipe);
    std::string answer;
    std::array<char, 4096> part{};
    for (std::size_t n = 0; (n = fread(part.data(), 1, part.size(), pipe)) > 0;) answer.append(part.data(), n);
    CHECK(pclose(pipe) == 0);
    for (auto at = answer.find(path_); at != answer.npos; at = answer.find(path_, at)) answer.erase(at, path_.size());
    return read_look(answer, request, "@@");
  }

 private:
  void bend(std::string& script, const std::string& from) const {
    for (auto at = script.find(from); at != script.npos; at = script.find(from, at + path_.size() + from.size()))
      if (at == 0 || !std::isalnum(static_cast<unsigned char>(script[at - 1])))
        script.insert(at, path_);
      else
        at -= path_.size();
  }
  std::string path_;
};

std::string joined(const TextLines& lines) {
  std::string out;
  for (const auto& line : lines) out += (out.empty() ? "" : "|") + line;
  return out;
}

using Files = std::map<std::string, std::string>;

struct ScriptRow {
  const Fact* fact;
  Files files;
  std::string (*says)(const Looked&);
  std::string wanted;
  std::string by_busybox = wanted;
};

std::string os_of(const Looked& l) {
  return joined({l.facts.os, l.facts.os_version, l.facts.os_like});
}
std::string time_of(const Looked& l) {
  const auto* runs = running_time_service(l.facts);
  return joined({runs ? runs->program : "none", joined(l.facts.time_services)});
}
std::string selinux_of(const Looked& l) {
  return l.facts.selinux + "," + l.facts.selinux_at_boot;
}
std::string engine_of(const Looked& l) {
  const Facts& f = l.facts;
  if (!f.unsaid.empty()) return *f.unsaid.begin();
  return std::string(f.docker_runs ? "runs " : "stopped ") + f.daemon_json_path + " " + f.daemon_json.value_or("-") +
         " " + std::to_string(f.docker_files) + " " + joined(f.docker_flags);
}
std::string installed_of(const Looked& l) {
  return l.facts.docker_installed && l.host.docker_installed ? "installed" : "missing";
}
std::string firewall_of(const Looked& l) {
  const Facts& f = l.facts;
  std::string out = f.firewalld ? "firewalld " + f.zone + (f.zone_open ? " open" : "") + " now " + f.open_now +
                                      " boot " + f.open_at_boot
                                : "";
  if (f.ufw) out += "ufw " + joined(f.ufw_rules);
  if (!f.iptables.empty()) out += "iptables " + joined(f.iptables);
  for (const auto& c : f.chains) out += " " + c.family + " " + c.table + " " + c.name + " " + c.policy;
  return out + (f.services.empty() ? "" : " service " + *f.services.begin());
}

// A program of that name on this machine's disk.
const std::string& engine_on_disk() {
  static const struct OnDisk {
    std::string directory = "/tmp/cctl-look-program." + std::to_string(::getpid()), path = directory + "/dockerd";
    OnDisk() {
      fs::create_directory(directory);
      std::ofstream(path) << "";
    }
    ~OnDisk() { fs::remove_all(directory); }
  } on_disk;
  return on_disk.path;
}

// A process that is root's own engine, as far as a file system without a kernel behind it can tell.
Files engine_files(const std::string& exe, const std::string& uid, const std::string& command) {
  return {{"/proc/self/ns/pid", "->pid:[1]"},
          {"/proc/41/ns/pid", "->pid:[1]"},
          {"/proc/41/comm", "dockerd\n"},
          {"/proc/41/exe", "->" + exe},
          {"/proc/41/cmdline", command},
          {"/proc/41/limits", "Max open files  1024  4096  files\n"},
          {"/proc/41/status", "Name:\tdockerd\nUid:\t" + uid + "\t" + uid + "\t0\t0\n"}};
}

Files with(Files files, const Files& more) {
  files.insert(more.begin(), more.end());
  return files;
}

const char* const kRunning =
    "#!/bin/sh\ncase \"$*\" in --state) echo running ;; *interface*) exit 1 ;; *default-zone) echo public ;;\n"
    "*target) echo default ;; *permanent*ports) echo 80/tcp ;; *list-ports) echo 81/tcp 82/udp ;; *) echo ;; esac\n";

std::vector<ScriptRow> rows() {
  const std::string in_container = std::string(32, 'a') + std::string(32, '1');
  const std::string flags("dockerd\0-H\0fd://\0--config-file\0/etc/other.json\0", 47);
  return {
      {&fact::os, {{"/etc/os-release", "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME='x y'\n"}}, os_of, "debian|12|"},
      {&fact::os, {}, os_of, ""},
      {&fact::sshd,
       {{"/bin/sshd",
         "#!/bin/sh\n[ \"$1\" = -T ] && echo port 22 && echo maxsessions 3 && echo maxstartups 10:30:100\n"}},
       [](const Looked& l) { return std::to_string(l.facts.max_sessions); },
       "3"},
      {&fact::sshd,
       {},
       [](const Looked& l) {
         return joined({l.facts.unsaid.begin(), l.facts.unsaid.end()});
       },
       "sshd"},
      {&fact::kernel,
       {{"/proc/sys/kernel/osrelease", "6.1.0\n"}},
       [](const Looked& l) { return l.facts.kernel; },
       "6.1.0"},
      {&fact::kernel,
       {},
       [](const Looked& l) {
         return joined({l.facts.unsaid.begin(), l.facts.unsaid.end()});
       },
       "kernel"},
      {&fact::hostname,
       {{"/proc/sys/kernel/hostname", "h1\n"}},
       [](const Looked& l) { return l.facts.hostname; },
       "h1"},
      {&fact::machine_id, {{"/etc/machine-id", "abc\n"}}, [](const Looked& l) { return l.facts.machine_id; }, "abc"},
      {&fact::machine_id, {}, [](const Looked& l) { return l.facts.machine_id; }, ""},
      {&fact::container, {{"/.dockerenv", ""}}, [](const Looked& l) { return std::to_string(l.facts.container); }, "1"},
      {&fact::container, {}, [](const Looked& l) { return std::to_string(l.facts.container); }, "0"},
      {&fact::packages, {{"/bin/yum", ""}, {"/bin/dnf", ""}}, [](const Looked& l) { return l.facts.packages; }, "dnf"},
      {&fact::packages, {}, [](const Looked& l) { return l.facts.packages; }, ""},
      {&fact::init,
       {{"/run/systemd/system/", ""}, {"/bin/service", ""}},
       [](const Looked& l) { return l.facts.init; },
       "systemd"},
      {&fact::init, {{"/bin/service", ""}}, [](const Looked& l) { return l.facts.init; }, "service"},
      {&fact::init, {}, [](const Looked& l) { return l.facts.init; }, ""},
      {&fact::memory,
       {{"/proc/meminfo", "MemTotal: 2 kB\nMemFree: 1 kB\nSwapTotal: 1 kB\n"}},
       [](const Looked& l) { return std::to_string(l.facts.memory) + " " + std::to_string(l.facts.swap); },
       "2048 1024"},
      {&fact::memory,
       {},
       [](const Looked& l) {
         return joined({l.facts.unsaid.begin(), l.facts.unsaid.end()});
       },
       "memory"},
      {&fact::cgroups,
       {{"/proc/mounts", "cgroup /c cgroup rw,cpu,cpuacct 0 0\ncgroup2 /u cgroup2 rw 0 0\ntmpfs /t tmpfs rw 0 0\n"}},
       [](const Looked& l) {
         return std::to_string(l.facts.cgroup_v1.count("cpuacct")) + std::to_string(l.facts.cgroup_v2);
       },
       "11"},
      {&fact::selinux,
       {{"/sys/fs/selinux/enforce", "1"}, {"/etc/selinux/config", "# SELINUX=x\nSELINUX=permissive\nSELINUXTYPE=y\n"}},
       selinux_of,
       "Enforcing,permissive"},
      {&fact::selinux, {{"/sys/fs/selinux/enforce", "0"}}, selinux_of, "Permissive,"},
      {&fact::selinux,
       {{"/bin/getenforce", "#!/bin/sh\necho Disabled\n"}, {"/etc/selinux/config", "SELINUX=disabled\n"}},
       selinux_of,
       "Disabled,disabled"},
      {&fact::selinux, {}, selinux_of, ","},
      {&fact::resolved,
       {{"/proc/sys/kernel/hostname", "h1\n"}, {"/bin/getent", "#!/bin/sh\necho \"10.0.0.1 STREAM $2\"\n"}},
       [](const Looked& l) { return joined(l.facts.resolved); },
       "10.0.0.1"},
      {&fact::resolved,
       {{"/proc/sys/kernel/hostname", "h1\n"}, {"/etc/hosts", "# 9.9.9.9 h1\n::1 h1\n10.0.0.7 x h1\n"}},
       [](const Looked& l) { return joined(l.facts.resolved); },
       "10.0.0.7"},
      {&fact::addresses,
       {{"/proc/net/fib_trie", "  |-- 10.0.0.5\n     /32 host LOCAL\n  |-- 10.0.0.9\n     /32 link UNICAST\n"}},
       [](const Looked& l) {
         return joined({l.facts.addresses.begin(), l.facts.addresses.end()});
       },
       "10.0.0.5"},
      {&fact::links,
       {{"/sys/class/net/eth0/address", "aa:bb\n"}, {"/sys/class/net/eth0/mtu", "1450\n"}},
       [](const Looked& l) {
         return l.facts.links.at(0).name + " " + l.facts.links.at(0).mac + " " +
                std::to_string(l.facts.links.at(0).mtu);
       },
       "eth0 aa:bb 1450"},
      {&fact::nameservers,
       {{"/etc/resolv.conf", "search x\nnameserver 10.0.0.2\n"}},
       [](const Looked& l) { return joined(l.facts.nameservers); },
       "10.0.0.2"},
      {&fact::programs,
       {{"/proc/1/comm", "systemd\n"}, {"/proc/12/comm", "web server\n"}, {"/proc/x/comm", "no\n"}},
       [](const Looked& l) {
         return joined({l.facts.programs.begin(), l.facts.programs.end()});
       },
       "systemd|web server"},
      // A name is one line, whatever a shell's echo makes of it.
      {&fact::programs,
       {{"/proc/1/comm", "a\\n@@ os\n"}, {"/proc/2/comm", "a\\c\n"}, {"/proc/3/comm", "-n x\\0101\n"}},
       [](const Looked& l) {
         return joined({l.facts.programs.begin(), l.facts.programs.end()});
       },
       "-n x\\0101|a\\c|a\\n@@ os"},
      {&fact::time_services, {{"/etc/init.d/chrony", ""}}, time_of, "none|chrony"},
      {&fact::time_services, {}, time_of, "none|"},
      {&fact::engine, engine_files(engine_on_disk(), "0", flags), engine_of,
       "runs /etc/other.json - 1024 dockerd|-H|fd://|--config-file|/etc/other.json"},
      // Its dd follows links: nothing is read by it.
      {&fact::engine_settings,
       with(engine_files("/usr/bin/dockerd (deleted)", "0", std::string("dockerd\0", 8)),
            {{"/etc/docker/daemon.json", "{}"}}),
       engine_of, "runs /etc/docker/daemon.json {} 1024 dockerd", "engine_settings"},
      {&fact::engine, engine_files(engine_on_disk(), "1000", flags), engine_of,
       "stopped /etc/docker/daemon.json - -1 "},
      {&fact::engine, engine_files("/tmp/evil", "0", flags), engine_of, "stopped /etc/docker/daemon.json - -1 "},
      // Another file than that of its name here, as a container's own is.
      {&fact::engine, engine_files("/proc/41/dockerd", "0", flags), engine_of, "stopped /etc/docker/daemon.json - -1 "},
      // In a container, whose processes may have the host's numbers; and where the host is one itself.
      {&fact::engine,
       with(engine_files(engine_on_disk(), "0", flags),
            {{"/proc/41/cgroup", "0::/system.slice/docker-" + in_container + ".scope\n"}}),
       engine_of, "stopped /etc/docker/daemon.json - -1 "},
      {&fact::engine,
       with(engine_files(engine_on_disk(), "0", flags), {{"/proc/41/cgroup", "4:pids:/docker/" + in_container + "\n"},
                                                         {"/proc/self/cgroup", "0::/system.slice/ssh.service\n"}}),
       engine_of, "stopped /etc/docker/daemon.json - -1 "},
      {&fact::engine,
       with(engine_files(engine_on_disk(), "0", flags),
            {{"/proc/41/cgroup", "4:pids:/docker/" + in_container + "/docker\n"},
             {"/proc/self/cgroup", "4:pids:/docker/" + in_container + "\n"}}),
       engine_of, "runs /etc/other.json - 1024 dockerd|-H|fd://|--config-file|/etc/other.json"},
      {&fact::engine_installed, {{"/bin/dockerd", ""}}, installed_of, "installed"},
      {&fact::engine_installed, {{"/bin/dockerd-current", ""}}, installed_of, "installed"},
      {&fact::engine_installed, {{"/bin/docker", ""}, {"/etc/init.d/docker", ""}}, installed_of, "installed"},
      {&fact::engine_installed, {{"/bin/docker", ""}}, installed_of, "missing"},  // a client alone
      {&fact::engine_installed, {}, installed_of, "missing"},
      {&fact::engine_package,
       {{"/bin/yum", "#!/bin/sh\n[ \"$4\" = moby-engine ]\n"}},
       [](const Looked& l) { return l.facts.docker_package; },
       "moby-engine"},
      {&fact::engine_package,
       {{"/bin/yum", ""}, {"/bin/dockerd", ""}},
       [](const Looked& l) { return l.facts.docker_package; },
       ""},
      {&fact::engine_off,
       {{"/proc/1/comm", "init\n"}, {"/var/log/docker.log", "level=fatal msg=\"no such setting\"\n"}},
       [](const Looked& l) { return l.host.engine_off ? "off: " + l.host.engine_log : "not known"; },
       "off: no such setting"},
      {&fact::engine_off, with(engine_files(engine_on_disk(), "0", flags), {{"/proc/1/comm", "init\n"}}),
       [](const Looked& l) { return std::string(l.host.engine_off ? "off" : "not known"); }, "not known"},
      {&fact::engine_off,
       {},
       [](const Looked& l) { return std::string(l.host.engine_off ? "off" : "not known"); },
       "not known"},
      {&fact::loop_storage,
       {{"/var/lib/docker/devicemapper/devicemapper/data", ""}},
       [](const Looked& l) { return std::to_string(l.facts.loop_storage); },
       "1"},
      {&fact::firewall,
       {{"/bin/firewall-cmd", kRunning}, {"/bin/ip", "#!/bin/sh\necho '2: eth0 inet 10.0.0.1/24 x'\n"}},
       firewall_of,
       "firewalld public now 81/tcp 82/udp boot 80/tcp"},
      {&fact::firewall,
       {{"/bin/ufw", "#!/bin/sh\necho 'Status: active'\necho '80/tcp   ALLOW   Anywhere'\n"}},
       firewall_of,
       "ufw Status: active|80/tcp   ALLOW   Anywhere"},
      {&fact::firewall,
       {{"/bin/iptables",
         "#!/bin/sh\necho '-P INPUT DROP'\necho '-A INPUT -m comment --comment \"a\\\\tb\" -j ACCEPT'\n"}},
       firewall_of,
       "iptables -P INPUT DROP|-A INPUT -m comment --comment \"a\\tb\" -j ACCEPT"},
      {&fact::firewall,
       {{"/run/systemd/system/", ""},
        {"/bin/systemctl", "#!/bin/sh\n[ \"$3\" = nftables ]\n"},
        {"/bin/nft",
         "#!/bin/sh\necho 'table inet f {'; echo 'chain in {'; echo 'type filter hook input priority 0; policy drop;'; "
         "echo '}'; echo '}'\n"}},
       firewall_of,
       " inet f in drop service nftables"},
      {&fact::forward_rules,
       {{"/bin/iptables", "#!/bin/sh\necho \"-P $2 DROP\"\n"}},
       [](const Looked& l) { return joined(l.facts.forward_rules); },
       "-P FORWARD DROP"},
      {&fact::sysctls,
       {{"/proc/sys/net/range", "1\t2\n"}, {"/proc/sys/many", "3\n4\n"}},
       [](const Looked& l) {
         std::string out;
         for (const auto& [name, value] : l.facts.sysctls) out += name + "=" + value + " ";
         return out + l.host.files.at("/proc/sys/net/range").content +
                std::to_string(l.host.files.at("/proc/sys/none").exists);
       },
       "many=3 net.range=1 2 1 2\n0"},
  };
}

}  // namespace

TEST_CASE("each fact is asked of the shells that hosts have", "[look]") {
  for (const ScriptRow& row : rows()) {
    const Root root;
    for (const auto& [name, content] : row.files) root.add(name, content);
    LookRequest request;
    request.facts = {row.fact};
    request.ip = "10.0.0.1";
    request.sysctls = {"net.range", "many", "none"};
    request.paths = {"/proc/sys/net/range", "/proc/sys/none"};
    for (const char* shell : shells) {
      INFO(row.fact->name << " by " << shell << ", wanted " << row.wanted);
      CHECK(row.says(root.look(request, shell)) == (shell == shells[1] ? row.by_busybox : row.wanted));
    }
  }
}

TEST_CASE("all facts are asked in one script, each once", "[look]") {
  LookRequest request;
  request.facts = {&fact::sockets, &fact::programs, &fact::sockets, &fact::os};
  const std::string script = look_script(request, "@1");
  for (const char* name : {"\nm programs\n", "\nm sockets\n", "\nm os\n"}) {
    INFO(name);
    CHECK(script.find(name) != std::string::npos);
    CHECK(script.find(name) == script.rfind(name));
  }
  CHECK(script.find("\nm programs\n") < script.find("\nm sockets\n"));  // whose names it uses
}

TEST_CASE("who listens is told with the program's name, by this machine's own kernel", "[look]") {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(::listen(listener, 1) == 0);
  REQUIRE(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  // Another program, with an open file whose name ends as the socket is called.
  struct stat socket = {};
  REQUIRE(::fstat(listener, &socket) == 0);
  const std::string called = "socket:[" + std::to_string(socket.st_ino) + "]";
  const std::string decoy = "/tmp/cctl-look-decoy." + std::to_string(::getpid()) + " " + called;
  const int open_file = ::open(decoy.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  const ProcessGroup other({"sleep", "600"}, {open_file, open_file, open_file});
  LookRequest request;
  request.facts = {&fact::sockets, &fact::addresses, &fact::disks,     &fact::uid,
                   &fact::arch,    &fact::routes,    &fact::neighbours};
  request.disks = {"/tmp", "/nowhere/at/all"};
  const std::string file = "/tmp/cctl-look-script." + std::to_string(::getpid());
  std::ofstream(file) << look_script(request, "@@");
  FILE* pipe = popen(("sh " + file).c_str(), "r");
  std::string answer;
  std::array<char, 4096> part{};
  for (std::size_t n = 0; (n = fread(part.data(), 1, part.size(), pipe)) > 0;) answer.append(part.data(), n);
  pclose(pipe);
  ::close(listener);
  ::close(open_file);
  fs::remove(file);
  fs::remove(decoy);
  std::size_t holders = 0;
  for (auto at = answer.find(called); at != answer.npos; at = answer.find(called, at + 1)) ++holders;
  CHECK(holders == 1);
  const Facts facts = read_look(answer, request, "@@").facts;
  CHECK(facts.unsaid.empty());
  CHECK(facts.uid == static_cast<int>(::geteuid()));
  CHECK(facts.addresses.count("127.0.0.1") == 1);
  CHECK(facts.disks.at("/nowhere/at/all").total > 0);  // of what it would be made on
  const auto found = std::find_if(facts.sockets.begin(), facts.sockets.end(),
                                  [&](const Socket& s) { return s.port == ntohs(address.sin_port) && !s.udp; });
  REQUIRE(found != facts.sockets.end());
  CHECK(found->address == "127.0.0.1");
  CHECK(found->holder == "unit_tests");
}
