// The shape of a sandbox: how many hosts of each role, their names and addresses. Kept in DIR/sandbox.json.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cctl {

struct SandboxOptions {
  std::string dir = "sandbox";
  std::string data_dir;                         // holds images/
  std::optional<int> masters, slaves, lbs;      // unset: as the sandbox is, else 3, 2 and 0
  std::map<std::string, std::string> versions;  // over the template's
  std::vector<std::string> only;                // version keys to keep; empty: all
  std::vector<std::string> known;               // every version key that a playbook has
  std::vector<std::string> also;                // more for the registry: "webapp=1"
  std::string images;                           // recipes or upstream; empty: as the sandbox is
};

struct SandboxNode {
  std::string name, role, address;
  std::string container;  // name in the local engine
};

struct Layout {
  std::string dir;      // absolute
  std::string id;       // from dir: sandboxes in other directories never clash
  std::string cluster;  // from the directory's name
  std::string subnet;   // "198.18.7", of 198.18.1 to 198.18.127
  std::string images = "recipes";
  int masters = 3, slaves = 2, lbs = 0;
  bool existed = false;  // read from DIR/sandbox.json

  std::string prefix() const { return "cctl-sandbox-" + id; }
  std::string label() const { return "clusterctl.sandbox=" + id; }
  std::string network() const { return prefix(); }
  std::string push_network() const { return prefix() + "-push"; }
  std::string guard_chain() const { return "CCTL-" + id; }
  std::string registry_container() const { return prefix() + "-registry"; }
  std::string registry() const { return subnet + ".2:5000"; }
  std::string inventory_file() const { return dir + "/inventory.yml"; }
  std::string key_file() const { return dir + "/id_ed25519"; }
  std::string known_hosts_file() const { return dir + "/known_hosts"; }
  std::vector<SandboxNode> nodes() const;
};

// Throws Error where a link leads there that somebody else can have laid.
Layout read_layout(const std::string& dir);
void write_layout(const Layout& layout);
// Applies the options that were given; true when the shape is another one than before.
bool reshape(Layout& layout, const SandboxOptions& options);

}  // namespace cctl
