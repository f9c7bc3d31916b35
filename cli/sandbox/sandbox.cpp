#include "sandbox/sandbox.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>

#include "model/error.hpp"
#include "model/local_file.hpp"
#include "model/read_local.hpp"
#include "sandbox/docker.hpp"
#include "sandbox/guard.hpp"
#include "sandbox/inventory_text.hpp"

namespace cctl {
namespace {

namespace fs = std::filesystem;

std::string content_of(const std::string& path) {
  constexpr std::size_t longest = 16 << 20;
  LocalText read = read_local(path, longest);
  if (!read) throw Error(path + " cannot be read: " + read.fault);
  return std::move(read.text);
}

// A /24 that no network of the engine uses; the first try depends on the directory, so that it seldom moves.
std::string free_subnet(const Layout& layout) {
  std::set<std::string> used;
  for (const LocalNetwork& network : networks()) {
    if (network.name == layout.network()) return network.subnet.substr(0, network.subnet.rfind('.'));
    used.insert(network.subnet);
  }
  const int first = static_cast<int>(std::stoul(layout.id, nullptr, 16) % 127);
  for (int i = 0; i < 127; ++i) {
    const std::string subnet = fmt::format("198.18.{}", 1 + (first + i) % 127);
    if (!used.count(subnet + ".0/24")) return subnet;
  }
  throw Error(
      "every subnet of 198.18.1.0 to 198.18.127.0 is in use; clusterctl sandbox down --dir DIR removes a sandbox");
}

// A node that is made anew has a new host key; what is known of its address is forgotten.
void forget_host_key(const Layout& layout, const std::string& address) {
  if (!fs::exists(layout.known_hosts_file())) return;
  std::istringstream lines(content_of(layout.known_hosts_file()));
  std::string kept, line;
  while (std::getline(lines, line)) {
    if (line.rfind(address + " ", 0) != 0 && line.rfind(address + ",", 0) != 0) kept += line + "\n";
  }
  write_local(layout.known_hosts_file(), kept);
}

// The row of images/recipes.txt that makes an image: "component=version", or "" when there is none.
std::string recipe_for(const std::string& recipes, const std::string& repository, const std::string& version) {
  std::istringstream lines(recipes);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string component, recipe_version, image;
    if (line.starts_with('#') || !(words >> component >> recipe_version >> image)) continue;
    if (image == repository && (recipe_version == version || recipe_version == "*")) return component + "=" + version;
  }
  return "";
}

// The version that recipes.txt has of a part of the sandbox itself: "node=1".
std::string own_part(const std::string& recipes, const std::string& component, std::string* image) {
  std::istringstream lines(recipes);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name, version, repository;
    if (!(words >> name >> version >> repository) || name != component) continue;
    *image = repository + ":" + version;
    return name + "=" + version;
  }
  throw Error("images/recipes.txt has no line for " + component);
}

void build(const std::string& data_dir, const std::vector<std::string>& args, const Say& say) {
  std::vector<std::string> argv = {data_dir + "/images/build"};
  argv.insert(argv.end(), args.begin(), args.end());
  if (run_program(argv, {.on_line = say, .time = std::chrono::hours(2)}).status != 0)
    throw Error("an image of the sandbox could not be built; the lines above say why");
}

void run_node(const Layout& layout, const SandboxNode& node, const std::string& image, const std::string& key) {
  docker({"run",
          "--detach",
          "--name",
          node.container,
          "--hostname",
          node.name,
          "--label",
          layout.label(),
          "--label",
          "clusterctl.sandbox.dir=" + layout.dir,
          "--label",
          "clusterctl.sandbox.role=" + node.role,
          "--network",
          layout.network(),
          "--ip",
          node.address,
          "--cap-add",
          "ALL",
          "--cap-drop",
          "SYS_RESOURCE",
          "--security-opt",
          "seccomp=unconfined",
          "--security-opt",
          "apparmor=unconfined",
          "--cgroupns",
          "private",
          "--env",
          "AUTHORIZED_KEY=" + key,
          "--env",
          "REGISTRIES=" + layout.registry(),
          image});
}

void need_network(const Layout& layout, const std::string& name, const std::vector<std::string>& more) {
  const auto all = networks();
  if (std::any_of(all.begin(), all.end(), [&](const LocalNetwork& network) { return network.name == name; })) return;
  std::vector<std::string> args = {"network", "create", "--label", layout.label()};
  args.insert(args.end(), more.begin(), more.end());
  args.push_back(name);
  docker(args);
}

// The port of loopback that the registry is published on, whether it runs or not; empty: there is none that stays.
std::string registry_port(const Layout& layout) {
  const std::string form = "{{with index .HostConfig.PortBindings \"5000/tcp\"}}{{(index . 0).HostPort}}{{end}}";
  const ProgramResult said = try_docker({"container", "inspect", "--format", form, layout.registry_container()});
  const std::string port = said.status == 0 ? said.out.substr(0, said.out.find('\n')) : "";
  return port == "0" ? "" : port;
}

// Takes a port of loopback for a moment, 0 for any; empty: somebody else has it.
std::string taken_port(int wanted) {
  const int file = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  at.sin_port = htons(static_cast<std::uint16_t>(wanted));
  socklen_t size = sizeof at;
  auto* place = reinterpret_cast<sockaddr*>(&at);
  const bool had = file >= 0 && ::bind(file, place, size) == 0 && ::getsockname(file, place, &size) == 0;
  if (file >= 0) ::close(file);
  return had ? std::to_string(ntohs(at.sin_port)) : "";
}

std::string free_port() {
  std::string port = taken_port(0);
  if (port.empty()) throw Error("127.0.0.1 has no port left for the sandbox's registry");
  return port;
}

// In two networks: published on loopback, where every engine may push without TLS, from one that nothing else is in;
// and at a fixed address for the nodes.
void run_registry(const Layout& layout, const std::string& image, const std::string& port) {
  docker({"run", "--detach", "--name", layout.registry_container(), "--hostname", "registry", "--label", layout.label(),
          "--label", "clusterctl.sandbox.dir=" + layout.dir, "--label", "clusterctl.sandbox.role=registry", "--network",
          layout.push_network(), "--publish", "127.0.0.1:" + port + ":5000", image});
  docker({"network", "connect", "--ip", layout.subnet + ".2", layout.network(), layout.registry_container()});
}

// One that cannot be had again where it was is made anew: its port is another user's now, or was the engine's choice,
// which nobody knows beforehand.
void remove_lost_registry(const Layout& layout, std::map<std::string, std::string>& there, const Say& say) {
  const auto at = there.find(layout.registry_container());
  if (at == there.end() || at->second == "running" || at->second == "paused") return;
  const std::string port = registry_port(layout);
  if (!port.empty() && !taken_port(std::atoi(port.c_str())).empty()) return;
  docker({"rm", "--force", "--volumes", at->first});
  there.erase(at);
  say("registry removed, its port is not to be had again");
}

}  // namespace

void need_engine(const std::string& data_dir, const Say& say) {
  if (try_docker({"version", "--format", "{{.Server.Version}}"}).status == 0) return;
  const ProgramResult result = run_program({data_dir + "/images/engine", "start"}, {.on_line = say});
  if (result.status != 0)
    throw Error("the sandbox needs a Docker engine on this machine, and none could be started", 3);
}

void prepare(Layout& layout, const SandboxOptions& options, bool reshaped, const Say& say) {
  make_local_directory(layout.dir);
  const std::string subnet = free_subnet(layout);
  const bool moved = layout.existed && subnet != layout.subnet;
  layout.subnet = subnet;
  if (!fs::exists(layout.key_file())) {
    const ProgramResult made =
        run_program({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", layout.prefix(), "-f", layout.key_file()});
    if (made.status != 0) throw Error("ssh-keygen made no key: " + made.err);
  }
  const std::string text = sandbox_inventory(content_of(options.data_dir + "/images/sandbox.yml"), layout, options);
  const std::string file = layout.inventory_file();
  if (!fs::exists(file) || reshaped || moved) {
    if (fs::exists(file) && content_of(file) != text) {
      fs::rename(file, file + ".old");
      say(file + " is written anew; the old one is " + file + ".old");
    }
    write_local(file, text);
  }
  write_layout(layout);
}

void start_nodes(const Layout& layout, const std::string& data_dir, const Say& say) {
  const std::string recipes = content_of(data_dir + "/images/recipes.txt");
  std::string node_image, registry_image;
  std::vector<std::string> parts = {own_part(recipes, "node", &node_image)};
  const std::string registry_part = own_part(recipes, "docker-registry", &registry_image);
  if (layout.images == "recipes") parts.push_back(registry_part);
  build(data_dir, parts, say);

  std::map<std::string, std::string> there;  // container -> state
  for (const LocalContainer& container : containers_with(layout.label())) there[container.name] = container.state;
  std::vector<std::string> closed = {"--subnet", layout.subnet + ".0/24"};
  if (layout.images == "recipes") {
    closed.push_back("--internal");  // no way out, and nobody beyond this machine in
    need_network(layout, layout.push_network(), {});
  }
  need_network(layout, layout.network(), closed);
  // Starts what is stopped and makes what is missing.
  const auto ensure = [&](const std::string& container, const std::string& name, const std::function<void()>& run) {
    const auto at = there.find(container);
    if (at == there.end()) {
      run();
      say(name + " made");
    } else if (at->second != "running") {
      docker({at->second == "paused" ? "unpause" : "start", container});
      say(name + " was " + at->second + ", started again");
    }
    there.erase(container);
  };
  // The rules come first: who connects before them could change what the registry has.
  if (layout.images == "recipes") {
    remove_lost_registry(layout, there, say);
    const bool runs = there.count(layout.registry_container()) > 0 && there[layout.registry_container()] == "running";
    const std::string port = there.count(layout.registry_container()) > 0 ? registry_port(layout) : free_port();
    guard(layout, node_image, runs ? push_address(layout) : "127.0.0.1:" + port, say);
    ensure(layout.registry_container(), "registry", [&] { run_registry(layout, registry_image, port); });
  } else {
    guard(layout, node_image, "", say);
  }
  const std::string key = content_of(layout.key_file() + ".pub");
  for (const SandboxNode& node : layout.nodes()) {
    ensure(node.container, node.name + " " + node.address, [&] {
      forget_host_key(layout, node.address);
      run_node(layout, node, node_image, key);
    });
  }
  for (const auto& [container, state] : there) {
    docker({"rm", "--force", "--volumes", container});
    say(container + " removed, no longer wanted");
  }
}

void fill_registry(const Layout& layout, const std::string& data_dir, const std::vector<std::string>& images,
                   const std::vector<std::string>& also, const Say& say) {
  if (layout.images != "recipes") return;
  const std::string recipes = content_of(data_dir + "/images/recipes.txt");
  std::vector<std::string> args = {"--registry", push_address(layout)};
  args.insert(args.end(), also.begin(), also.end());
  const std::string ours = layout.registry() + "/";
  for (const std::string& image : images) {
    if (image.rfind(ours, 0) != 0) continue;  // not from the sandbox's registry: the nodes fetch it themselves
    const std::size_t colon = image.rfind(':');
    const std::string repository = image.substr(ours.size(), colon - ours.size()), version = image.substr(colon + 1);
    const std::string recipe = recipe_for(recipes, repository, version);
    if (recipe.empty()) {
      throw Error(
          fmt::format("no recipe makes {}:{}; images/build --list shows what can be built", repository, version), 2);
    }
    if (std::find(args.begin(), args.end(), recipe) == args.end()) args.push_back(recipe);
  }
  if (args.size() > 2) build(data_dir, args, say);
}

}  // namespace cctl
