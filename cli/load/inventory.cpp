#include "load/inventory.hpp"

#include <algorithm>
#include <filesystem>

#include "load/apps.hpp"
#include "load/prepare.hpp"
#include "load/ssh.hpp"
#include "load/text_file.hpp"
#include "load/tree_json.hpp"
#include "model/image_name.hpp"
#include "model/ip_network.hpp"
#include "model/ipv4.hpp"
#include "model/lower_case.hpp"
#include "model/version.hpp"

namespace cctl {

namespace {

const std::vector<std::string> groups = {"masters", "slaves", "lbs", "hosts"};

class InventoryReader {
 public:
  InventoryReader(const std::string& path, Mistakes& mistakes)
      : r_(mistakes), directory_(std::filesystem::path(path).parent_path().string()) {
    inventory().file = path;
  }

  ReadInventory read(const Tree& tree) {
    SshSettings everywhere;
    std::map<std::string, SshSettings> group_ssh;
    std::vector<Key> keys = {
        {"cluster", r_.text(inventory().cluster, is_cluster), true},
        {"ssh", [&](const Tree& t) { everywhere = read_ssh(t, r_, directory_); }},
        {"versions", [&](const Tree& t) { read_versions(t); }},
        {"groups", [&](const Tree& t) { read_groups(t, group_ssh); }},
        {"place", [&](const Tree& t) { read_place(t); }},
        {"components", [&](const Tree& t) { keep_overrides("", t); }},
        {"images", [&](const Tree& t) { read_images(t); }},
        {"style", r_.word(inventory().style, {"env", "files"})},
        {"docker", [&](const Tree& t) { read_input(t); }},
        {"apps", [&](const Tree& t) { keep_apps(t); }},
        {"prepare", [&](const Tree& t) { read_prepare(t, r_, inventory()); }},
    };
    for (const std::string& group : groups)
      keys.push_back({group, [&, group](const Tree& t) { read_hosts(t, group); }});
    for (const Tree& item : tree.items) inventory().key_marks[item.key] = item.key_mark;
    r_.map(tree, keys);
    for (Host& host : inventory().hosts) {
      host.ssh.merge_over(group_ssh[host.group]);
      host.ssh.merge_over(everywhere);
    }
    check_hosts(tree);
    return std::move(out_);
  }

 private:
  Inventory& inventory() { return out_.inventory; }

  void read_versions(const Tree& tree) {
    inventory().versions_given = !tree.items.empty();
    r_.each(tree, [&](const Tree& item) {
      const auto text = r_.scalar(item, is_version);
      out_.version_key_marks[item.key] = item.key_mark;
      if (!text) return;
      inventory().versions[item.key] = Version::parse(*text)->text;
      inventory().version_marks[item.key] = item.mark;
    });
  }

  void read_groups(const Tree& tree, std::map<std::string, SshSettings>& ssh) {
    std::vector<Key> keys;
    for (const std::string& group : groups)
      keys.push_back({group, [&, group](const Tree& item) {
                        inventory().ssh_marks[group] = item.key_mark;
                        r_.map(item, {{"ssh", [&](const Tree& t) { ssh[group] = read_ssh(t, r_, directory_); }}});
                      }});
    r_.map(tree, keys);
  }

  // Words of a login, and maps of what can only be a component's, told where they stand.
  void misplaced(const Tree& host, std::vector<Key>& keys) const {
    std::vector<std::string> known;
    for (const Key& key : keys) known.push_back(key.name);
    const auto add = [&](const Tree& item, const std::string& where) {
      keys.push_back({item.key, [this, where](const Tree& t) {
                        r_.mistakes.error(
                            t.key_mark, fmt::format("{} of a host stands below {}: {{{}: ...}}{}", quote(t.key), where,
                                                    t.key, where == "ssh" ? "" : "}"));
                      }});
    };
    for (const Tree& item : host.items) {
      if (std::find(known.begin(), known.end(), item.key) != known.end()) continue;
      if (is_ssh_word(item.key))
        add(item, "ssh");
      else if (item.kind == Tree::Kind::map && nearest(item.key, known).empty())
        add(item, "components: {COMPONENT");
    }
  }

  void read_hosts(const Tree& tree, const std::string& group) {
    r_.items(tree, [&](const Tree& item) {
      if (item.kind != Tree::Kind::map)
        return r_.mistakes.error(item.mark, "a host is a map, as {name: host1, address: 192.168.2.71}");
      Host host;
      host.group = group;
      host.mark = item.mark;
      const Tree* components = nullptr;
      std::vector<Key> keys = {
          {"name", r_.text(host.name, is_host_name), true},
          {"address", r_.text(host.address, is_address), true},
          {"ip", r_.text(host.ip, is_ip)},
          {"ssh", [&](const Tree& t) { host.ssh = read_ssh(t, r_, directory_); }},
          {"components", [&](const Tree& t) { components = &t; }},
      };
      misplaced(item, keys);
      r_.map(item, keys);
      if (const Tree* name = item.find("name")) host.mark = name->mark;
      if (components) keep_overrides(host.name, *components);
      check_ip(item, host);
      inventory().hosts.push_back(host);
      entries_.push_back(&item);
    });
  }

  void check_ip(const Tree& item, Host& host) {
    if (!host.ip.empty() || item.find("ip")) return;
    host.ip = host.address;
    const Tree* address = item.find("address");
    if (is_ipv6(host.address)) {
      host.ip.clear();
      r_.mistakes.error(address->mark, fmt::format("components bind and advertise an IPv4 address: add `ip:` beside {}",
                                                   quote(host.address)));
    } else if (!host.address.empty() && !is_ipv4(host.address))
      r_.mistakes.warning(address->mark, fmt::format("components bind and advertise an IPv4 address, and {} is a name: "
                                                     "add `ip:`",
                                                     quote(host.address)));
  }

  // Read once the playbooks are known.
  void keep_overrides(const std::string& host, const Tree& tree) { out_.overrides.push_back({host, &tree}); }

  void read_place(const Tree& tree) {
    r_.each(tree, [&](const Tree& item) {
      std::vector<std::string>& hosts = inventory().place[item.key];
      inventory().place_marks[item.key] = item.key_mark;
      if (item.items.empty() && (item.kind == Tree::Kind::list || item.kind == Tree::Kind::null))
        r_.mistakes.error(item.key_mark, fmt::format("{} is placed on no host: to leave it out, say `enabled: false` "
                                                     "under components",
                                                     quote(item.key)));
      r_.items(item, [&](const Tree& word) {
        const auto name = r_.scalar(word, any_word);
        if (!name) return;
        if (std::find(hosts.begin(), hosts.end(), *name) != hosts.end())
          return r_.mistakes.error(word.mark, fmt::format("{} stands here twice", quote(*name)));
        hosts.push_back(*name);
        out_.placed_host_marks[item.key].push_back(word.mark);
      });
    });
  }

  void read_images(const Tree& tree) {
    r_.each(tree, [&](const Tree& item) {
      if (item.key == "registry") return r_.text(inventory().images.registry, is_registry)(item);
      inventory().image_marks[item.key] = item.key_mark;
      const auto image = r_.scalar(item, is_image);
      if (!image) return;
      inventory().images.overrides[item.key] = *image;
      if (!has_tag(*image))
        r_.mistakes.warning(item.mark,
                            fmt::format("{} has no tag, which means latest: what this line runs changes with "
                                        "its registry; say a tag or a digest",
                                        quote(*image)));
    });
  }

  // What they mean, the release of who runs them says.
  void keep_apps(const Tree& tree) {
    out_.apps = read_apps(tree, r_, directory_);
    for (const ReadApp& read : out_.apps) inventory().apps.push_back(read.app);
  }

  // Settings that are handed on whole; what they mean, their reader says.
  void read_input(const Tree& tree) {
    if (tree.kind != Tree::Kind::map)
      return r_.mistakes.error(tree.mark, fmt::format("{} is a map of settings", tree.key));
    inventory().inputs[tree.key] = json_of(tree);
    out_.inputs[tree.key] = &tree;
  }

  // Names, addresses with their ports, and ips are each given once; a name is what `place` and --limit go by.
  void check_hosts(const Tree& tree) {
    if (tree.kind == Tree::Kind::map && inventory().hosts.empty() && !r_.mistakes.any_error())
      r_.mistakes.error(tree.mark, "there are no hosts: list them under masters, slaves, lbs or hosts");
    std::map<std::string, const Host*> names, addresses, ips;
    const auto twice = [&](auto& known, const std::string& what, const std::string& value, std::size_t i,
                           const std::string& same) {
      const Host& host = inventory().hosts[i];
      if (host.name.empty() || value.empty()) return false;
      // Names of hosts are the same in any case: to DNS, and to Consul.
      const auto [first, is_new] = known.try_emplace(lower_case(same), &host);
      const Tree* field = entries_[i]->find(what);
      if (!is_new)
        r_.mistakes.error(field ? field->mark : host.mark,
                          fmt::format("the {} {} is already that of {} on line {}", what, quote(value),
                                      first->second->name, first->second->mark.line));
      return !is_new;
    };
    for (std::size_t i = 0; i < inventory().hosts.size(); ++i) {
      const Host& host = inventory().hosts[i];
      constexpr std::size_t longest = 64;  // Linux takes no longer one
      if (inventory().prepare.hostname == PrepareMode::apply && host.name.size() > longest)
        r_.mistakes.error(host.mark,
                          fmt::format("the name of a host has at most {} characters where it becomes its host "
                                      "name (prepare: hostname), and this one has {}",
                                      longest, host.name.size()));
      const bool same_name = twice(names, "name", host.name, i, host.name);
      const bool same_address = !host.address.empty() && twice(addresses, "address", address_of(host, host.address), i,
                                                               address_of(host, shortest(host.address)));
      if (!same_name && !same_address) twice(ips, "ip", host.ip, i, host.ip);
      const Tree* field = entries_[i]->find(entries_[i]->find("ip") ? "ip" : "address");
      const auto ip = ipv4(host.ip);
      const bool loopback = (ip && is_loopback(*ip)) || is_localhost(lower_case(host.ip));
      // A name and an address are asked for in the same place (--limit), and mean one host there.
      for (const Host& other : inventory().hosts)
        if (&other != &host && !host.name.empty() && (host.name == other.address || host.name == other.ip))
          r_.mistakes.error(host.mark, fmt::format("the name {} is the address of {} on line {}", quote(host.name),
                                                   other.name, other.mark.line));
      if (inventory().hosts.size() > 1 && loopback && field)
        r_.mistakes.error(field->mark, fmt::format("{} is every host's own loopback: the others cannot reach {} there, "
                                                   "add `ip:`",
                                                   quote(host.ip), host.name));
    }
  }

  static bool is_localhost(const std::string& name) {
    return name == "localhost" || name.starts_with("localhost.") || name.ends_with(".localhost");
  }

  // By which one that is written in two ways is known.
  static std::string shortest(const std::string& address) {
    const auto zone = std::min(address.find('%'), address.size());
    const std::string plain = shortest_ip(address.substr(0, zone));
    return plain.empty() ? address : plain + address.substr(zone);
  }

  static std::string address_of(const Host& host, const std::string& address) {
    const int port = host.ssh.port.value_or(22);
    if (port == 22) return address;
    return is_ipv6(address) ? fmt::format("[{}]:{}", address, port) : fmt::format("{}:{}", address, port);
  }

  Reader r_;
  std::string directory_;
  ReadInventory out_;
  std::vector<const Tree*> entries_;  // of the hosts, for their marks
};

}  // namespace

ReadInventory read_inventory(const Tree& tree, const std::string& path, Mistakes& mistakes) {
  return InventoryReader(path, mistakes).read(tree);
}

}  // namespace cctl
