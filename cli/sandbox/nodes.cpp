// What becomes of nodes that run: waited for, looked at, removed.
#include <fmt/format.h>

#include <chrono>
#include <sstream>
#include <thread>

#include "model/engine_way.hpp"
#include "model/error.hpp"
#include "model/local_file.hpp"
#include "model/read_local.hpp"
#include "model/shell_words.hpp"
#include "sandbox/docker.hpp"
#include "sandbox/guard.hpp"
#include "sandbox/sandbox.hpp"

namespace cctl {
namespace {

constexpr auto node_timeout = std::chrono::seconds(60);
constexpr auto between_looks = std::chrono::milliseconds(200);

bool answers(const SandboxNode& node) {
  return try_docker({"exec", node.container, "sh", "-c", "pidof sshd >/dev/null && docker version"}).status == 0;
}

// A node starts its sshd once its engine runs: one that has the first alone has lost the other.
bool has_lost_engine(const SandboxNode& node) {
  return try_docker({"exec", node.container, "sh", "-c", "pidof sshd >/dev/null && ! pidof dockerd >/dev/null"})
             .status == 0;
}

std::string last_lines_of(const std::string& text) {
  std::size_t at = text.size();
  for (int lines = 0; at > 0 && lines <= 20; --at) lines += text[at - 1] == '\n';
  return text.substr(at == 0 ? 0 : at + 1);
}

// A node that has ended is not asked: its file is taken out of it.
std::string engine_log(const Layout& layout, const SandboxNode& node) {
  const std::string copy = layout.dir + "/" + node.name + "-docker.log";
  if (try_docker({"cp", node.container + ":/var/log/docker.log", copy}).status != 0) return "";
  constexpr std::size_t longest = 64 << 20;
  const LocalText log = read_local(copy, longest);
  remove_local(copy);
  return last_lines_of(log.text);
}

std::string state_of(const std::vector<LocalContainer>& all, const std::string& container) {
  for (const LocalContainer& one : all) {
    if (one.name == container) return one.state;
  }
  return "missing";
}

}  // namespace

std::string node_trouble(const Layout& layout, const NodeState& node, bool engine_lost, const std::string& log) {
  const std::string anew = fmt::format(
      "clusterctl sandbox down --dir {0} and clusterctl sandbox up --dir {0} make it anew", shell_word(layout.dir));
  if (engine_lost)
    return fmt::format(
        "the Docker engine of node {} does not start; its log:\n{}next: clusterctl up {} where it is settings of an "
        "inventory that keep it from starting, or {}",
        node.node.name, log, shell_word(layout.inventory_file()), anew);
  return fmt::format("node {} is {}, and its sshd and Docker engine do not both answer; its log:\n{}next: {}",
                     node.node.name, node.state, log, anew);
}

void wait_for_nodes(const Layout& layout, const Say& say) {
  const auto deadline = std::chrono::steady_clock::now() + node_timeout;
  for (const SandboxNode& node : layout.nodes()) {
    bool engine_started = false, node_started = false;
    while (!answers(node)) {
      const bool lost = has_lost_engine(node);
      if (lost && !engine_started) {
        const ProgramResult way =
            try_docker({"exec", node.container, "sh", "-c", engine_way_script(true, "/var/run/docker.sock")});
        const auto found = engine_way_from(way.out);
        if (const auto cleared = cleared_in_words(found); !cleared.empty()) say(node.name + ": " + cleared);
        if (const auto stands = standing_in_words(found); !stands.empty()) say(node.name + ": " + stands);
        say(node.name + ": its Docker engine has ended, started again");
        try_docker({"exec", node.container, "service", "docker", "start"});
        engine_started = true;
        continue;
      }
      const std::string state = state_of(containers_with(layout.label()), node.container);
      // One that has ended keeps its disk: it is started as a machine is, once.
      if (state == "exited" && !node_started) {
        say(node.name + " has ended, started again");
        try_docker({"start", node.container});
        node_started = true;
        continue;
      }
      if (lost || state != "running" || std::chrono::steady_clock::now() > deadline) {
        const ProgramResult said = try_docker({"logs", "--tail", "20", node.container});
        throw Error(
            node_trouble(layout, {node, state}, lost, (lost ? "" : said.out + said.err) + engine_log(layout, node)));
      }
      std::this_thread::sleep_for(between_looks);
    }
  }
  say(fmt::format("all {} answer", layout.nodes().size()));
}

std::vector<NodeState> sandbox_state(const Layout& layout) {
  std::vector<NodeState> out;
  const auto all = containers_with(layout.label());
  for (const SandboxNode& node : layout.nodes()) out.push_back({node, state_of(all, node.container)});
  if (layout.images == "recipes") {
    const SandboxNode registry{"registry", "registry", layout.subnet + ".2", layout.registry_container()};
    out.push_back({registry, state_of(all, registry.container)});
  }
  return out;
}

std::string push_address(const Layout& layout) {
  const std::string published = docker({"port", layout.registry_container(), "5000/tcp"});
  return published.substr(0, published.find('\n'));
}

namespace {
// The names under which the machine's engine pushed to the sandbox's registry; the images themselves are kept.
void forget_registry(const Layout& layout) {
  const auto published = try_docker({"port", layout.registry_container(), "5000/tcp"});
  const std::string registry = published.out.substr(0, published.out.find('\n'));
  if (registry.empty()) return;
  const auto all = try_docker({"images", "--digests", "--format", "{{.Repository}} {{.Tag}} {{.Digest}}"});
  std::vector<std::string> args = {"rmi"};
  std::istringstream lines(all.out);
  for (std::string repository, tag, digest; lines >> repository >> tag >> digest;) {
    if (!repository.starts_with(registry + "/")) continue;
    if (tag != "<none>") args.push_back(repository + ":" + tag);
    if (digest != "<none>") args.push_back(repository + "@" + digest);
  }
  if (args.size() > 1) try_docker(args);
}
}  // namespace

void remove_sandbox(const Layout& layout, const Say& say) {
  const auto all = containers_with(layout.label());
  // A paused container keeps its node from ending.
  for (const SandboxNode& node : layout.nodes())
    try_docker({"exec", node.container, "sh", "-c", "docker ps -q --filter status=paused | xargs -r docker unpause"});
  forget_registry(layout);
  std::vector<std::string> args = {"rm", "--force", "--volumes"};
  for (const LocalContainer& container : all) args.push_back(container.name);
  if (!all.empty()) docker(args);
  const bool network = !docker({"network", "ls", "--quiet", "--filter", "label=" + layout.label()}).empty();
  for (const LocalNetwork& one : networks())
    if (one.name == layout.network() || one.name == layout.push_network()) docker({"network", "rm", one.name});
  for (const LocalContainer& container : all) {
    if (container.name == layout.registry_container()) continue;
    unguard(layout, container.image);
    break;
  }
  const std::string inventory = layout.inventory_file();
  for (const std::string& file : {layout.dir + "/sandbox.json", inventory, inventory + ".old", layout.key_file(),
                                  layout.key_file() + ".pub", layout.known_hosts_file()}) {
    remove_local(file);
  }
  remove_local(layout.dir);  // only when nothing of the user's is in it
  say(fmt::format("removed {} containers{}", all.size(), network ? " and the network" : ""));
}

}  // namespace cctl
