#include "load/prepare.hpp"

#include <nlohmann/json.hpp>

#include "load/text_file.hpp"
#include "model/sysctl.hpp"

namespace cctl {
namespace {

using Mode = PrepareMode;

class PrepareReader {
 public:
  PrepareReader(const Reader& r, Prepare& out) : r_(r), out_(out) {}

  void read(const Tree& tree) {
    r_.map(tree, {
                     {"docker", item(out_.docker, {})},
                     {"selinux", item(out_.selinux,
                                      {{"want", r_.word(out_.selinux_want, {"permissive", "disabled", "enforcing"})}})},
                     {"firewall", item(out_.firewall, {{"how", how()}, {"ports", ports()}})},
                     {"sysctls", item(out_.sysctls, {{"values", values(), true}})},
                     {"hostname", item(out_.hostname, {})},
                     {"hosts_file", item(out_.hosts_file, {})},
                     {"time", item(out_.time, {})},
                 });
    if (const Tree* sysctls = tree.find("sysctls");
        sysctls && sysctls->kind == Tree::Kind::text && out_.sysctls != Mode::off)
      r_.mistakes.error(sysctls->mark, fmt::format("sysctls needs values: {{mode: {}, values: {{vm.max_map_count: "
                                                   "262144}}}}",
                                                   sysctls->text));
    if (const Tree* firewall = tree.find("firewall"); firewall && out_.stop_firewall && !out_.openings.empty())
      r_.mistakes.error(firewall->mark, "a firewall that is stopped has no ports to open");
  }

 private:
  Read mode(Mode& out) {
    const std::vector<std::pair<std::string, Mode>> modes = {
        {"off", Mode::off}, {"check", Mode::check}, {"apply", Mode::apply}};
    return r_.word(out, modes);
  }

  // A bare word is the mode.
  Read item(Mode& out, std::vector<Key> keys) {
    keys.push_back({"mode", mode(out), true});
    return [this, &out, keys](const Tree& tree) {
      if (tree.kind == Tree::Kind::text)
        mode(out)(tree);
      else if (tree.kind == Tree::Kind::map)
        read_item(tree, keys, out);
      else
        r_.mistakes.error(tree.mark, fmt::format("{} is off, check or apply", tree.key));
    };
  }

  // One setting has two names: with dots and with slashes.
  Read values() {
    return [this](const Tree& tree) {
      r_.each(
          tree,
          [&](const Tree& item) {
            const auto value = r_.scalar(item, any_line);
            const std::string name = sysctl_name(item.key);
            if (const std::string why = value ? why_no_sysctl_value(name, *value) : ""; !why.empty())
              r_.mistakes.error(item.mark, fmt::format("bad {} {}: it is {}", name, quote(*value), why));
            if (value && !out_.values.emplace(name, *value).second)
              r_.mistakes.error(item.key_mark, fmt::format("{} is {} once more", quote(item.key), quote(name)));
          },
          is_sysctl);
    };
  }

  void read_item(const Tree& tree, const std::vector<Key>& keys, const Mode& out) {
    if (tree.key == "sysctls")
      for (const Tree& item : tree.items)
        if (item.key.find_first_of("./") != item.key.npos)
          return r_.mistakes.error(
              item.key_mark,
              fmt::format("{} stands among the values: {{mode: apply, values: {{{}: {}}}}}", quote(item.key), item.key,
                          item.kind == Tree::Kind::text && !item.text.empty() ? item.text : "..."));
    r_.map(tree, keys);
    const Tree* mode = tree.find("mode");
    if (mode && out == Mode::off && tree.items.size() > 1)
      r_.mistakes.warning(tree.key_mark, fmt::format("what is said of {} has no effect: its mode is off", tree.key));
  }

  Read how() {
    const std::vector<std::pair<std::string, bool>> ways = {{"open", false}, {"stop", true}};
    return r_.word(out_.stop_firewall, ways);
  }

  Read ports() {
    return [this](const Tree& tree) {
      r_.items(tree, [&](const Tree& item) {
        if (const auto text = r_.scalar(item, is_opening)) out_.openings.push_back(*opening_from(*text));
      });
    };
  }

  const Reader& r_;
  Prepare& out_;
};

}  // namespace

void read_prepare(const Tree& tree, const Reader& r, Inventory& inventory) {
  Prepare& prepare = inventory.prepare;
  PrepareReader(r, prepare).read(tree);
  if (prepare.sysctls == Mode::apply) inventory.inputs["sysctls"] = nlohmann::json(prepare.values).dump();
  if (prepare.hosts_file == Mode::apply) inventory.inputs["hosts_file"] = "{}";
}

}  // namespace cctl
