#include "check/facts.hpp"

#include <arpa/inet.h>

#include <sstream>

#include "model/base64.hpp"
#include "model/cut.hpp"
#include "model/error.hpp"
#include "model/host_number.hpp"
#include "model/sysctl.hpp"

namespace cctl {
namespace {

using Lines = std::vector<std::string>;

Lines words(const std::string& line) {
  Lines out;
  std::istringstream in(line);
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

std::map<std::string, Lines> sections(const std::string& answer) {
  std::map<std::string, Lines> out;
  Lines* current = nullptr;
  std::istringstream in(of_few_lines(answer));
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("@@ "))
      current = &out[line.substr(3)];
    else if (current)
      current->push_back(line);
  }
  return out;
}

std::string at(const Lines& lines, std::size_t i) {
  return i < lines.size() ? cut_text(lines[i]) : "";
}

std::string dotted(unsigned address) {
  return std::to_string(address >> 24) + "." + std::to_string(address >> 16 & 255) + "." +
         std::to_string(address >> 8 & 255) + "." + std::to_string(address & 255);
}

// The kernel prints addresses of /proc/net as numbers of the machine: bytes turned round on x86 and ARM.
unsigned from_kernel(const std::string& hex) {
  return ntohl(static_cast<unsigned>(host_number(hex, 16)));
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

void read_sockets(const std::map<std::string, Lines>& part, CheckFacts& out) {
  const auto lines = [&](const char* name) {
    const auto found = part.find(name);
    return found == part.end() ? Lines{} : found->second;
  };
  std::map<std::string, std::string> programs, containers, holders;  // by process; by socket, its process
  for (const auto& line : lines("programs")) {
    const auto blank = line.find(' ');
    if (blank == std::string::npos) continue;
    const std::string program = cut_text(line.substr(blank + 1));
    programs[line.substr(0, blank)] = program;
    out.programs.insert(program);
  }
  for (const auto& line : lines("holders")) {
    const auto w = words(line);
    if (w.size() == 2) holders.emplace(w[1], w[0]);
  }
  for (const auto& line : lines("containers")) {
    const auto w = words(line);
    if (w.size() == 2) containers[w[0]] = cut_text(w[1]);
  }
  for (const auto& line : lines("sockets")) {
    const auto w = words(line);
    if (w.size() != 3) continue;
    Socket socket;
    socket.udp = w[0].starts_with("udp");
    read_address(w[1], socket);
    if (const auto holder = holders.find("socket:[" + w[2] + "]"); holder != holders.end())
      socket.holder = programs[holder->second], socket.container = containers[holder->second];
    out.sockets.push_back(std::move(socket));
  }
}

void read_network(std::map<std::string, Lines>& part, CheckFacts& out) {
  out.resolved = part["resolved"];
  out.addresses.insert(part["addresses"].begin(), part["addresses"].end());
  for (const auto& line : part["routes"]) {
    const auto w = words(line);
    if (w.size() < 8 || w[0] == "Iface") continue;
    out.routes.push_back({at(w, 0), from_kernel(w[1]), from_kernel(w[7]), from_kernel(w[2]) == 0});
  }
  for (const auto& line : part["neighbours"]) {
    const auto w = words(line);  // address, hardware type, flags, MAC: a flag of 2 says that somebody answered
    if (w.size() >= 4 && host_number(w[2].substr(w[2].find('x') + 1), 16) & 2) out.neighbours[w[0]] = at(w, 3);
  }
  for (const auto& line : part["links"]) {
    const auto w = words(line);
    if (w.size() >= 2) out.links.push_back({at(w, 0), at(w, 2), static_cast<int>(host_number(w[1]))});
  }
  for (const auto& line : part["resolv"])
    if (const auto w = words(line); w.size() >= 2) out.nameservers.push_back(at(w, 1));
  out.forward_rules = part["forward"];
}

void read_asked(const Lines& lines, CheckFacts& out) {
  for (const auto& line : lines) {
    const auto w = words(line);
    if (w.size() >= 2 && w[0] == "s") {
      std::string value;
      for (std::size_t i = 2; i < w.size(); ++i) value += (i > 2 ? " " : "") + w[i];
      out.sysctls[sysctl_name(w[1])] = cut_text(value);
    } else if (w.size() >= 8 && w[0] == "d") {
      DiskFacts& disk = out.disks[cut_text(w.back())];  // a type that stat does not know has two words
      const long long block = host_number(w[3]);
      disk.total = in_bytes(host_number(w[1]), block), disk.free = in_bytes(host_number(w[2]), block);
      disk.inodes = host_number(w[4]), disk.inodes_free = host_number(w[5]);
      disk.type = at(w, 6);
    } else if (w.size() >= 3 && w[0] == "o") {
      DiskFacts& disk = out.disks[w.back()];
      disk.owner = host_number(w[1]);
      std::istringstream ids(w.size() > 3 ? w[2] : "");
      for (std::string id; std::getline(ids, id, ',');) disk.inside.insert(host_number(id));
    } else if (w.size() >= 3 && w[0] == "r") {
      out.contents[w[2]] = from_base64(w[1]).value_or("");
    }
  }
}

void read_docker(std::map<std::string, Lines>& part, CheckFacts& out) {
  const Lines& docker = part["docker"];
  out.docker_installed = at(docker, 0) == "installed";
  out.docker_runs = at(docker, 1) == "runs";
  out.daemon_json_path = at(docker, 2);
  if (at(docker, 3).starts_with('=')) out.daemon_json = from_base64(docker[3].substr(1)).value_or("");
  if (docker.size() > 4) out.docker_files = docker[4] == "unlimited" ? 1LL << 40 : host_number(docker[4]);
  out.docker_flags = part["flags"];
  out.loop_storage = !part["storage"].empty();
}

}  // namespace

CheckFacts check_facts_from(const std::string& answer) {
  auto part = sections(answer);
  if (!part.count("end")) throw Error("the host's answer is not whole: " + answer.substr(0, 200));
  CheckFacts out;
  if (!at(part["id"], 0).empty()) out.uid = static_cast<int>(host_number(part["id"][0]));
  out.arch = at(part["id"], 1);
  out.os = at(part["os"], 0);
  out.os_version = at(part["os"], 1);
  out.os_like = at(part["os"], 2);
  out.kernel = at(part["kernel"], 0);
  out.hostname = at(part["kernel"], 1);
  out.machine_id = at(part["kernel"], 2);
  out.container = at(part["kernel"], 3) == "container";
  for (const auto& line : part["memory"]) {
    const auto w = words(line);
    (line.starts_with("Swap") ? out.swap : out.memory) = in_bytes(host_number(at(w, 1)), 1024);
  }
  for (const auto& line : part["mounts"]) {
    const auto w = words(line);
    if (at(w, 0) == "cgroup2") out.cgroup_v2 = true;
    if (at(w, 0) != "cgroup") continue;
    std::istringstream options(at(w, 2));
    for (std::string word; std::getline(options, word, ',');) out.cgroup_v1.emplace(cut_text(word), at(w, 1));
  }
  out.selinux_enforcing = at(part["selinux"], 0) == "1";
  out.time_services = part["time"];
  read_sockets(part, out);
  read_network(part, out);
  read_docker(part, out);
  read_asked(part["asked"], out);
  return out;
}

}  // namespace cctl
