// Hosts on one machine: node containers with sshd and an engine of their own, and a registry. See images/README.md.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "sandbox/layout.hpp"

namespace cctl {

using Say = std::function<void(const std::string& line)>;

// A Docker engine answers afterwards, or Error says why none can be started.
void need_engine(const std::string& data_dir, const Say& say);
// Subnet, directory, key and inventory. `reshaped`: an inventory that is there is written anew (the old one kept as
// .old).
void prepare(Layout& layout, const SandboxOptions& options, bool reshaped, const Say& say);
// Network, registry and nodes run afterwards; nodes that are no longer in the layout are gone.
void start_nodes(const Layout& layout, const std::string& data_dir, const Say& say);
// The images, full references with the sandbox's registry, and `also` ("webapp=1") are in the registry afterwards.
void fill_registry(const Layout& layout, const std::string& data_dir, const std::vector<std::string>& images,
                   const std::vector<std::string>& also, const Say& say);
// Every node's sshd and engine answer afterwards: an engine that has ended is started again.
void wait_for_nodes(const Layout& layout, const Say& say);

// Removes every container, volume and network of the sandbox; what remains in DIR is its inventory and key.
void remove_sandbox(const Layout& layout, const Say& say);

struct NodeState {
  SandboxNode node;
  std::string state;  // running, exited, missing
};
std::vector<NodeState> sandbox_state(const Layout& layout);
// Why a node is of no use, with its log and the next command. Pure.
std::string node_trouble(const Layout& layout, const NodeState& node, bool engine_lost, const std::string& log);

// Where this machine pushes to the sandbox's registry: a port of 127.0.0.1, which engines trust without TLS.
std::string push_address(const Layout& layout);

}  // namespace cctl
