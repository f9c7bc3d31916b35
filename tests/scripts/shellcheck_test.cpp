// Every shell script that is written in C++, rendered and read by shellcheck as the POSIX sh that it is.
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "apply/ask_checks.hpp"
#include "apply/scripts.hpp"
#include "catch.hpp"
#include "look/look.hpp"
#include "model/engine_way.hpp"
#include "model/walk_script.hpp"
#include "prepare/preparation.hpp"
#include "prepare/rules.hpp"
#include "remote/from_host.hpp"
#include "sandbox/guard.hpp"
#include "source_dir.hpp"

using namespace cctl;
namespace fs = std::filesystem;

namespace {

struct Rendered {
  std::string name, text;
};

// What shellcheck says and is meant, in lines that have these words.
struct Meant {
  const char *code, *words, *why;
};
const Meant meant[] = {
    {"SC1007", "", "a= b= are two empty values"},
    {"SC1091", ". /etc/os-release", "a file of the host"},
    {"SC2015", "", "what stands behind || is done when any of the words before it fails"},
    {"SC2034", "", "words of a line that are passed over, and what functions leave for those who want it"},
    {"SC2046", "owned() { safe $(stat", "a word for each of user, group and mode"},
    {"SC2046", "ip -4 -o addr show up scope global", "a word for each address"},
    {"SC2046", "/proc/self/cgroup $(echo \"$h\" | awk", "a word for each file"},
    {"SC2086", "do iptables -w $rule; done", "the words of a rule"},
    {"SC2174", "mkdir -p -m 0700 \"$dir\"", "what is above it is not the cluster's alone"},
    {"SC2317", "", "it takes what follows a function that always leaves for unreachable"},
};

FileSpec file(const std::string& path, bool in_place, bool absent, bool once) {
  FileSpec out;
  out.path = path;
  out.content = "it's $here\n";
  out.in_place = in_place;
  out.absent = absent;
  out.once = once;
  return out;
}

// Each way to write a file or a directory once.
std::string a_put_script() {
  std::vector<FileSpec> files;
  for (const bool in_place : {false, true})
    for (const bool absent : {false, true})
      for (const bool once : {false, true})
        files.push_back(file("/etc/a " + std::to_string(files.size()), in_place, absent, once));
  DirectorySpec plain, data, config;
  plain.path = "/srv/plain";
  data.path = "/srv/data";
  data.ours = data.data = true;
  config.path = "/srv/config";
  config.ours = config.config = true;
  return put_script({plain, data, config}, files, {"/srv/data"}, "123");
}

CheckInput with_faults() {
  CheckInput input;
  Facts& facts = input.facts["h1"];
  facts.docker_installed = true;
  facts.time_services = {"chrony"};
  facts.sysctls["net.ipv4.ip_forward"] = "0";
  Instance i;
  i.host = "h1";
  i.checks["sysctl"] = {{"net.ipv4.ip_forward", "1"}};
  input.desired.instances.push_back(i);
  return input;
}

// The script behind "sh -c" of what mends it.
std::string fix_script(const std::string& check) {
  const auto commands = fix_of({check, "h1", Verdicted::fail, "", ""}, with_faults()).commands;
  return commands.empty() || commands.back().size() < 3 ? "" : commands.back()[2];
}

// All that anybody asks of a host.
std::string whole_look() {
  LookRequest request;
  request.cluster = "it's here";
  request.lent = {"/srv/lent"};
  request.content_paths = {"/etc/it's here", "/proc/sys/vm/swappiness"};
  request.listed = {"/etc/it's here"};
  ask_observation(request);
  std::set<std::string> checks;
  for (const auto& kind : check_kinds()) checks.insert(kind.name);
  ask_checks(checks, {}, "h1", request);
  Prepare all;
  for (PrepareMode* mode :
       {&all.docker, &all.selinux, &all.firewall, &all.sysctls, &all.hostname, &all.hosts_file, &all.time})
    *mode = PrepareMode::check;
  ask_preparation(all, "10.0.0.1", request);
  request.facts.push_back(&fact::engine_off);
  return look_script(request, "@1");
}

// The script behind "sh -c" that takes a rule out of nftables again.
std::string forget_script() {
  Facts facts;
  facts.chains = {{"inet", "filter", "input", "drop", {}}};
  HostWish wish;
  wish.prepare.firewall = PrepareMode::apply;
  wish.openings = {{"tcp", 80, 80}};
  for (const HostCommand& command : rule_firewall(facts, wish).undo)
    if (command.size() > 2 && command[0] == "sh") return command[2];
  return "";
}

std::vector<Rendered> scripts() {
  return {{"walk", kWalkFunctions},
          {"survey", survey_script()},
          {"clear", clear_script()},
          {"lease", lease_script("/var/lib/it's here", "me")},
          {"put", a_put_script()},
          {"look", whole_look()},
          {"listen", kListenScript},
          {"talk", talk_script()},
          {"forget", forget_script()},
          {"engine's way", engine_way_script(true, "/run/docker's.sock")},
          {"fix docker", fix_script("docker.running")},
          {"fix sysctl", fix_script("sysctl")},
          {"guard", guard_script("CHAIN", {{{"198.18.7.0/24", "br-7"}}, "127.0.0.1:49153", {1000}})},
          {"unguard", unguard_script("CHAIN")}};
}

bool is_meant(const std::string& finding, const std::string& line) {
  return std::any_of(std::begin(meant), std::end(meant), [&](const Meant& m) {
    return finding.ends_with("[" + std::string(m.code) + "]") && line.find(m.words) != std::string::npos;
  });
}

// What shellcheck says of it, each with its line of the script; empty: nothing.
std::string findings(const Rendered& script, const fs::path& at) {
  const std::string file = (at / "script").string(), said = (at / "said").string();
  std::ofstream(file) << script.text;
  const int status = std::system(("shellcheck -s sh -f gcc " + file + " > " + said + " 2>&1").c_str());
  if (WEXITSTATUS(status) > 1) return "shellcheck cannot be run: install it (packages.txt)";
  std::vector<std::string> lines;
  std::istringstream text(script.text);
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  std::string out;
  std::ifstream answer(said);
  for (std::string finding; std::getline(answer, finding);) {
    finding.erase(0, file.size() + 1);
    const std::string& line = lines.at(std::stoul(finding) - 1);
    if (!is_meant(finding, line)) out += finding + "\n  " + line + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("shellcheck finds nothing in the scripts that are made in C++") {
  char name[] = "/tmp/cctl-shellcheck-XXXXXX";
  const fs::path at = mkdtemp(name);
  for (const Rendered& script : scripts()) {
    INFO(script.name);
    CHECK_FALSE(script.text.empty());
    CHECK(findings(script, at) == "");
  }
  fs::remove_all(at);
}

TEST_CASE("a script that is added in C++ is added here") {
  std::string all;
  for (const Rendered& script : scripts()) all += script.text;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(test::source_dir) / "cli")) {
    if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
    std::stringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const std::string source = text.str(), begin = "R\"sh(", end = ")sh\"";
    for (auto from = source.find(begin); from != std::string::npos; from = source.find(begin, from)) {
      from += begin.size();
      const std::string literal = source.substr(from, source.find(end, from) - from);
      INFO(entry.path().string() + ": " + literal.substr(0, 100));
      CHECK(all.find(literal) != std::string::npos);
    }
  }
}
