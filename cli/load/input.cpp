#include "load/input.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "load/text_file.hpp"
#include "load/tree_json.hpp"
#include "model/ip_network.hpp"
#include "model/ipv4.hpp"
#include "model/log_options.hpp"
#include "model/storage_options.hpp"
#include "model/var_kind.hpp"

namespace cctl {

namespace {

const std::vector<std::string> own_kinds = {"boolean", "number", "text", "list", "maps", "texts", "map", "any"};
const std::string log_options_of = "log options of ";  // log options of log-driver
const std::string not_beside = ", not beside ";  // network, not beside bridge; boolean, not beside iptables: false
const std::string within = ", within ";          // address, within bip
const std::string storage_options_of = "storage options of ";  // storage options of storage-driver
const std::string one_of_them = ", one of them ";              // list of engine address, one of them fd://, unix:///...
const std::string docker_socket = "<docker_socket>";           // in such a word: where the host's engine is asked
const std::string of_no_host = " of no host", best_of_no_host = " best of no host";

std::string without_words_of_hosts(const std::string& kind) {
  for (const auto& words : {best_of_no_host, of_no_host})
    if (kind.ends_with(words)) return kind.substr(0, kind.size() - words.size());
  return kind;
}

class InputCheck {
 public:
  InputCheck(const Playbook& playbook, const std::vector<Host>& hosts, Mistakes& mistakes)
      : kinds_(playbook.input_kinds), hosts_(hosts), r_(mistakes) {}

  void check(const Tree& tree) const {
    if (kinds_.empty()) return;
    inside(tree, "", tree.key);
    read_by_engines(tree);
  }

 private:
  // The keys that stand below `above` ("log-opts."): those named, and "*" for all others.
  std::vector<std::string> known_below(const std::string& above) const {
    std::vector<std::string> out;
    for (const auto& [name, kind] : kinds_)
      if (name.starts_with(above) && name.find('.', above.size()) == std::string::npos)
        out.push_back(name.substr(above.size()));
    return out;
  }

  void inside(const Tree& map, const std::string& above, const std::string& owner) const {
    const std::vector<std::string> known = known_below(above);
    if (known.empty()) return;
    for (const Tree& item : map.items) {
      auto kind = kinds_.find(above + item.key);
      if (kind == kinds_.end()) kind = kinds_.find(above + "*");
      if (kind == kinds_.end())
        r_.mistakes.error(item.key_mark, fmt::format("unknown setting {} of {}{}", quote(item.key), owner,
                                                     did_you_mean(item.key, known)));
      else
        beside(item, map, kind->second, kind->first, owner);
    }
  }

  // What it means with the keys that stand beside it.
  void beside(const Tree& item, const Tree& map, const std::string& whole, const std::string& name,
              const std::string& owner) const {
    const auto network = whole.find(within);
    const auto cut = std::min({whole.find(not_beside), network, whole.size()});
    const std::string kind = whole.substr(0, cut);
    value(item, kind, name, owner);
    if (network != std::string::npos)
      inside_network(item, map.find(whole.substr(network + within.size())), owner);
    else if (cut < whole.size())
      alone(item, map, whole.substr(cut + not_beside.size()), owner);
    if (kind.starts_with(storage_options_of))
      storage_options(item, map.find(kind.substr(storage_options_of.size())), owner);
    if (kind.starts_with(log_options_of)) log_options(item, map.find(kind.substr(log_options_of.size())), owner);
  }

  // "bridge": that key stands there; "iptables: false": it and this one have that value.
  void alone(const Tree& item, const Tree& map, const std::string& other, const std::string& owner) const {
    const auto colon = other.find(": ");
    const Tree* found = map.find(other.substr(0, colon));
    if (!found || found->kind != Tree::Kind::text || found->text.empty()) return;
    const std::string both = colon == std::string::npos ? "" : other.substr(colon + 2);
    if (!both.empty() && (found->text != both || item.text != both)) return;
    r_.mistakes.error(item.key_mark, fmt::format("{}{} of {} does not go with {}", item.key,
                                                 both.empty() ? "" : ": " + both, owner, other));
  }

  void inside_network(const Tree& item, const Tree* network, const std::string& owner) const {
    const auto address = ipv4(item.text), base = network ? ipv4(network->text) : std::nullopt;
    const int prefix =
        network ? std::atoi(network->text.c_str() + std::min(network->text.find('/'), network->text.size() - 1) + 1)
                : 0;
    if (!address || !base || prefix < 1 || prefix > 32) return;
    const unsigned mask = ~0U << (32 - prefix);
    if ((*address & mask) != (*base & mask))
      r_.mistakes.error(item.mark, fmt::format("{} {} of {} is outside of {} {}", item.key, quote(item.text), owner,
                                               network->key, network->text));
  }

  // Where no driver is said, the engine takes the one that it has.
  void storage_options(const Tree& item, const Tree* driver, const std::string& owner) const {
    for (const Tree& option : item.items)
      if (const std::string why = why_no_storage_option(driver ? driver->text : "", option.text); !why.empty())
        r_.mistakes.error(option.mark,
                          fmt::format("bad {} {} of {}: it is {}", item.key, quote(option.text), owner, why));
  }

  // Where no driver is said, the host's own file may have one.
  void log_options(const Tree& item, const Tree* driver, const std::string& owner) const {
    std::map<std::string, std::string> options;
    for (const Tree& option : item.items)
      if (option.kind == Tree::Kind::text) options[option.key] = option.text;
    const bool whole = false;
    for (const auto& fault : log_option_faults(driver ? driver->text : "", options, whole)) {
      const Tree* at = item.find(fault.option);
      r_.mistakes.error(at ? at->key_mark : item.mark, fmt::format("{} of {}: {}", item.key, owner, fault.text));
    }
  }

  // The kernel refuses it when a container starts.
  void ulimit(const Tree& item, const std::string& owner) const {
    const auto number = [&](const char* key) {
      return item.find(key) ? std::atoll(item.find(key)->text.c_str()) : 0LL;
    };
    const auto wrong = [&](const std::string& why) {
      r_.mistakes.error(item.key_mark, fmt::format("bad {} of {}: {}: no container would start", item.key, owner, why));
    };
    const Tree* name = item.find("Name");
    if (!name) return wrong("it needs a Name");
    // -1 is without end.
    const auto size = [](long long n) { return n < 0 ? std::numeric_limits<long long>::max() : n; };
    if (size(number("Soft")) > size(number("Hard")))
      return wrong(fmt::format("its Soft {} is larger than its Hard {}", number("Soft"), number("Hard")));
    if (name->text == "nofile" && number("Hard") < 0) wrong("the kernel gives no process files without end");
  }

  // Networks of `size` are cut out of `base`.
  void address_pool(const Tree& item, const std::string& owner) const {
    const Tree *base = item.find("base"), *size = item.find("size");
    if (!base || !size)
      return r_.mistakes.error(item.mark,
                               fmt::format("an item of {} of {} needs a {}", item.key, owner, base ? "size" : "base"));
    const auto slash = base->text.find('/');
    if (slash == std::string::npos) return;
    const int prefix = std::atoi(base->text.c_str() + slash + 1), wanted = std::atoi(size->text.c_str());
    if (wanted < prefix)
      r_.mistakes.error(size->mark, fmt::format("bad size {} of {}: no network of /{} fits into {}", size->text, owner,
                                                wanted, base->text));
  }

  void value(const Tree& item, const std::string& whole, const std::string& name, const std::string& owner) const {
    const std::string kind = without_words_of_hosts(whole);
    if (kind.size() < whole.size()) no_host_in(item, whole.ends_with(best_of_no_host), owner);
    if (const std::string why = why_refused(kind); !why.empty())
      return r_.mistakes.error(item.key_mark, fmt::format("{} cannot stand in {}: {}", quote(item.key), owner, why));
    if (kind == "any" || !is(item, shape_of(kind), owner)) return;
    if (kind == "texts") {
      for (const Tree& part : item.items) is(part, "text", item.key);
    } else if (shape_of(kind) == "map") {
      inside(item, name + ".", item.key);
      if (kind == "ulimit") ulimit(item, owner);
      if (kind == "address pool") address_pool(item, owner);
    } else if (kind == "list" || kind == "maps" || kind.starts_with(storage_options_of)) {
      for (const Tree& part : item.items)
        if (is(part, kind == "maps" ? "map" : "text", owner) && kind == "maps") inside(part, name + ".", item.key);
    } else if (kind.starts_with(list_of)) {
      const auto with = std::min(kind.find(one_of_them), kind.size());
      const std::string each = kind.substr(list_of.size(), with - list_of.size());
      for (const Tree& part : item.items) value(part, each, name, owner);
      if (with < kind.size()) has_one(item, words_of_kind("one of " + kind.substr(with + one_of_them.size())), owner);
      if (each == "label") one_value_each(item, owner);
    } else if (const std::string why = why_not_of_kind(kind, item.text);
               !why.empty() && std::find(own_kinds.begin(), own_kinds.end(), kind) == own_kinds.end()) {
      r_.mistakes.error(item.mark, fmt::format("bad {} {} of {}: it is {}", item.key, quote(item.text), owner, why));
    }
  }

  void no_host_in(const Tree& item, bool may_work, const std::string& owner) const {
    for (const Host& host : hosts_) {
      const std::string& in = network_holds(item.text, host.ip) ? host.ip : host.address;
      if (!network_holds(item.text, in)) continue;
      const std::string found =
          fmt::format("{} {} of {} has {} ({}) in it", item.key, quote(item.text), owner, quote(host.name), in);
      if (may_work) return r_.mistakes.warning(item.mark, found + ": a network that is cut out there takes it away");
      return r_.mistakes.error(
          item.mark,
          fmt::format("bad {}: no host would reach another in it any more; take a network of no host", found));
    }
  }

  // What the list is of no use without, on any host.
  void has_one(const Tree& list, const std::vector<std::string>& words, const std::string& owner) const {
    for (const Host& host : hosts_) {
      std::vector<std::string> needed = words;
      for (std::string& word : needed)
        if (const auto at = word.find(docker_socket); at != std::string::npos)
          word.replace(at, docker_socket.size(), host.ssh.docker_socket());
      const bool found = std::any_of(list.items.begin(), list.items.end(), [&](const Tree& item) {
        return std::find(needed.begin(), needed.end(), item.text) != needed.end();
      });
      if (found) continue;
      const std::string of = host.ssh.docker_host ? ", where docker_host of " + host.name + " has it asked" : "";
      return r_.mistakes.error(list.mark, fmt::format("bad {} of {}: one of them has to be {}{}", list.key, owner,
                                                      fmt::join(needed, " or "), of));
    }
  }

  // An engine that a user runs for itself has a file of its own.
  void read_by_engines(const Tree& tree) const {
    const bool of_engine = std::any_of(kinds_.begin(), kinds_.end(), [](const auto& kind) {
      return kind.second.find(docker_socket) != std::string::npos;
    });
    for (const Host& host : hosts_) {
      if (!of_engine || !host.ssh.docker_socket().starts_with("/run/user/")) continue;
      r_.mistakes.warning(tree.key_mark,
                          fmt::format("{} is for the engine that root runs: the one at {}, which docker_host of {} "
                                      "names, reads daemon.json of its own user",
                                      tree.key, host.ssh.docker_socket(), host.name));
      return;
    }
  }

  // ["a=1", "a=2"]
  void one_value_each(const Tree& list, const std::string& owner) const {
    std::map<std::string, std::string> said;
    for (const Tree& pair : list.items) {
      const auto [it, fresh] = said.emplace(pair.text.substr(0, pair.text.find('=')), pair.text);
      if (!fresh && it->second != pair.text)
        r_.mistakes.error(pair.mark, fmt::format("bad {} {} of {}: {} is there already", list.key, quote(pair.text),
                                                 owner, quote(it->second)));
    }
  }

  bool is(const Tree& item, const std::string& shape, const std::string& owner) const {
    const std::string found = kind_of(item);
    if (found == shape) return true;
    const bool quotes = shape == "text" && item.kind == Tree::Kind::text;
    const bool of_list = item.key_mark.line == 0;
    r_.mistakes.error(
        item.mark, fmt::format("{}{} of {} is a {}, not a {}{}", of_list ? "an item of " : "", quote(item.key), owner,
                               shape, found, quotes ? fmt::format(": write {}", quote(item.text)) : ""));
    return false;
  }

  const std::map<std::string, std::string>& kinds_;
  const std::vector<Host>& hosts_;
  Reader r_;
};

}  // namespace

std::string shape_of(const std::string& kind) {
  if (kind == "maps" || kind.starts_with(list_of) || kind.starts_with(storage_options_of)) return "list";
  if (kind == "texts" || kind == "ulimit" || kind == "address pool" || kind.starts_with(log_options_of)) return "map";
  if (kind.starts_with(map_like)) return "map";
  if (is_whole_kind(kind)) return "number";
  return std::find(own_kinds.begin(), own_kinds.end(), kind) == own_kinds.end() ? "text" : kind;
}

std::string is_input_kind(const std::string& kind) {
  if (kind.starts_with(map_like) || kind.starts_with(list_of + map_like)) return "";
  for (const std::string& end : {not_beside, within, only_beside})
    if (const auto cut = kind.find(end); cut != std::string::npos) return is_input_kind(kind.substr(0, cut));
  if (const auto bare = without_words_of_hosts(kind); bare.size() < kind.size()) return is_input_kind(bare);
  if (kind.starts_with(storage_options_of)) return "";
  if (std::find(own_kinds.begin(), own_kinds.end(), kind) != own_kinds.end()) return "";
  if (kind == "ulimit" || kind == "list of address pool" || kind.starts_with(log_options_of)) return "";
  if (!kind.starts_with(list_of)) return is_var_kind(kind);
  if (kind == list_of + "text") return "";
  return is_var_kind(kind.substr(list_of.size(), std::min(kind.find(one_of_them), kind.size()) - list_of.size()));
}

// A setting of the wrong kind, or one that it does not know, would keep its service from starting again.
void check_input(const Playbook& playbook, const Tree& tree, const std::vector<Host>& hosts, Mistakes& mistakes) {
  InputCheck(playbook, hosts, mistakes).check(tree);
}

}  // namespace cctl
