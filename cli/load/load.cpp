#include "load/load.hpp"

#include <algorithm>
#include <filesystem>

#include "load/app_names.hpp"
#include "load/app_rules.hpp"
#include "load/input.hpp"
#include "load/inventory.hpp"
#include "load/overrides.hpp"
#include "load/playbook.hpp"
#include "load/text_file.hpp"
#include "model/error.hpp"

namespace cctl {

namespace {

// Reads what the inventory says against what the playbooks know.
class Loader {
 public:
  Loader(const ReadInventory& read, const std::map<std::string, std::string>& upgrade, Mistakes& mistakes)
      : read_(read), upgrade_(upgrade), mistakes_(mistakes) {
    out_.inventory = read.inventory;
  }

  Sources load(const std::vector<std::string>& playbooks, const std::string& catalogue) {
    take_upgrade();
    const auto sources = read_playbook_sources(playbooks, mistakes_);
    if (sources.empty()) throw Error("no playbooks in " + playbooks.front());
    out_.catalogue = read_catalogue(catalogue, mistakes_);
    // More playbooks may bring rows of their own.
    if (const std::string more = playbooks.back() + "/versions.yml"; std::filesystem::exists(more))
      for (auto& [key, entry] : read_catalogue(more, mistakes_)) out_.catalogue.insert_or_assign(key, std::move(entry));
    for (const auto& [component, source] : sources)
      out_.playbooks[component] = resolve_playbook(source, wanted(source), mistakes_);
    check_playbooks(sources, out_.playbooks, mistakes_);
    for (const OverridesBlock& block : read_.overrides) {
      auto overrides = read_overrides(*block.tree, !block.host.empty(), out_.playbooks, mistakes_);
      auto& place = block.host.empty() ? out_.inventory.components : components_of(block.host);
      place = std::move(overrides);
    }
    check_version_keys(sources);
    check_places();
    check_images();
    check_apps();
    for (const auto& [component, playbook] : out_.playbooks)
      if (const auto at = read_.inputs.find(playbook.input); at != read_.inputs.end())
        check_input(playbook, *at->second, out_.inventory.hosts, mistakes_);
    return std::move(out_);
  }

 private:
  // The first of that name; that there is another is a mistake told elsewhere.
  auto components_of(const std::string& host) -> decltype(Host::components)& {
    return std::find_if(out_.inventory.hosts.begin(), out_.inventory.hosts.end(),
                        [&](const Host& h) { return h.name == host; })
        ->components;
  }

  void take_upgrade() {
    for (const auto& [key, text] : upgrade_) {
      if (const auto version = Version::parse(text))
        out_.inventory.versions[key] = version->text;
      else
        mistakes_.error({}, fmt::format("bad version {} of {}: {}", quote(text), key, is_version(text)));
    }
  }

  // The version of a playbook; one that the catalogue has no row for is tried as a tag.
  std::string wanted(const PlaybookSource& source) {
    if (!source.has_image) return "";
    const auto entry = out_.catalogue.find(source.image);
    if (entry == out_.catalogue.end()) {
      const Tree* image = source.tree.find("image");
      mistakes_.error(image ? image->mark : source.tree.mark,
                      fmt::format("image {} is not in the catalogue{}", quote(source.image),
                                  did_you_mean(source.image, catalogued())));
      return "";
    }
    const auto said = out_.inventory.versions.find(source.version_key);
    if (said == out_.inventory.versions.end()) {
      const auto version = Version::parse(entry->second.fallback);
      return version ? version->text : "";
    }
    warn_unknown(source, entry->second, said->second);
    return said->second;
  }

  std::vector<std::string> catalogued() const {
    std::vector<std::string> out;
    for (const auto& [key, entry] : out_.catalogue) out.push_back(key);
    return out;
  }

  void warn_unknown(const PlaybookSource& source, const CatalogueEntry& entry, const std::string& version) {
    const auto& overrides = out_.inventory.images.overrides;
    if (entry.tags.empty() || overrides.contains(source.image) || overrides.contains(source.component)) return;
    const bool known = std::any_of(entry.tags.begin(), entry.tags.end(),
                                   [&](const auto& row) { return row.first == version || row.second == version; });
    if (known) return;
    const auto mark = read_.inventory.version_marks.find(source.version_key);
    const bool in_file = mark != read_.inventory.version_marks.end() && !upgrade_.contains(source.version_key);
    mistakes_.warning(in_file ? mark->second : Mark{},
                      fmt::format("{} {} is not in the catalogue: it is tried as a tag of {}", source.image, version,
                                  entry.repository));
  }

  void check_version_keys(const std::map<std::string, PlaybookSource>& sources) {
    std::vector<std::string> keys;
    for (const auto& [component, source] : sources)
      if (source.has_image && std::find(keys.begin(), keys.end(), source.version_key) == keys.end())
        keys.push_back(source.version_key);
    const auto check = [&](const std::string& key, const Mark& mark) {
      if (std::find(keys.begin(), keys.end(), key) != keys.end()) return;
      const auto component = sources.find(key);
      const std::string hint = component == sources.end()
                                   ? did_you_mean(key, keys)
                                   : fmt::format(", its version is that of {}", quote(component->second.version_key));
      mistakes_.error(mark, fmt::format("unknown version key {}{}", quote(key), hint));
    };
    for (const auto& [key, mark] : read_.version_key_marks) check(key, mark);
    for (const auto& [key, text] : upgrade_) check(key, {});
  }

  void check_places() {
    std::vector<std::string> hosts;
    for (const Host& host : out_.inventory.hosts) hosts.push_back(host.name);
    for (const auto& [component, names] : out_.inventory.place) {
      if (!out_.playbooks.contains(component)) unknown_component(component, out_.inventory.place_marks.at(component));
      for (std::size_t i = 0; i < names.size(); ++i)
        if (!out_.inventory.find(names[i]))
          mistakes_.error(read_.placed_host_marks.at(component)[i],
                          fmt::format("unknown host {}{}", quote(names[i]), did_you_mean(names[i], hosts)));
    }
  }

  void check_images() {
    for (const auto& [key, mark] : read_.inventory.image_marks)
      if (!out_.playbooks.contains(key) && !out_.catalogue.contains(key)) unknown_component(key, mark);
  }

  // Apps are held against the wanted version of the component that runs them.
  void check_apps() {
    std::optional<Version> wanted;
    for (const auto& [component, playbook] : out_.playbooks)
      if (!playbook.apps_port.empty() && !playbook.version.empty()) wanted = Version::parse(playbook.version);
    for (const ReadApp& read : read_.apps) check_app(read.tree, wanted, mistakes_);
    check_app_circles(read_.apps, mistakes_);
    check_apps_apart(read_.apps, wanted, mistakes_);
  }

  void unknown_component(const std::string& name, const Mark& mark) {
    std::vector<std::string> names;
    for (const auto& [component, playbook] : out_.playbooks) names.push_back(component);
    mistakes_.error(mark, fmt::format("unknown component {}{}", quote(name), did_you_mean(name, names)));
  }

  const ReadInventory& read_;
  const std::map<std::string, std::string>& upgrade_;
  Mistakes& mistakes_;
  Sources out_;
};

}  // namespace

bool LoadResult::ok() const {
  return std::all_of(mistakes.begin(), mistakes.end(), [](const Mistake& m) { return m.warning; });
}

LoadResult load(const std::string& inventory_path, const std::string& data_dir,
                const std::map<std::string, std::string>& versions, const std::string& extra_playbooks) {
  LoadResult result;
  Mistakes mistakes;
  const Tree tree = parse_yaml_file(inventory_path, mistakes);
  if (tree.kind != Tree::Kind::null || !mistakes.any_error()) {
    const ReadInventory read = read_inventory(tree, inventory_path, mistakes);
    std::vector<std::string> playbooks = {data_dir + "/playbooks"};
    if (!extra_playbooks.empty()) playbooks.push_back(extra_playbooks);
    result.sources = Loader(read, versions, mistakes).load(playbooks, data_dir + "/images/versions.yml");
  }
  result.mistakes = mistakes.in_file_order();
  return result;
}

}  // namespace cctl
