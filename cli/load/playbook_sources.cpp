#include <algorithm>
#include <filesystem>

#include "load/playbook.hpp"
#include "load/text_file.hpp"

namespace cctl {

namespace {

std::string text_of(const Tree& tree, const std::string& key) {
  const Tree* item = tree.find(key);
  return item ? item->text : "";
}

std::vector<std::string> yaml_files(const std::string& directory) {
  std::vector<std::string> files;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failed))
    if (entry.path().extension() == ".yml" && entry.path().filename() != "versions.yml")
      files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

// Calls `check` with every name of another playbook in a tree or an overlay of it.
template <class F>
void names_in(const Tree& tree, F check) {
  for (const char* key : {"needs", "after"})
    if (const Tree* list = tree.find(key))
      for (const Tree& item : list->items) check(item);
  if (const Tree* owner = tree.find("part_of")) check(*owner);
  if (const Tree* app = tree.find("app"))
    if (const Tree* through = app->find("through")) check(*through);
  if (const Tree* hosts = tree.find("hosts"))
    if (const Tree* except = hosts->find("except")) check(*except);
}

}  // namespace

bool has_image(const Tree& playbook) {
  if (playbook.find("image")) return true;
  return !playbook.find("service") && !playbook.find("app") && text_of(playbook, "container") != "none";
}

std::map<std::string, PlaybookSource> read_playbook_sources(const std::vector<std::string>& directories,
                                                            Mistakes& mistakes) {
  std::map<std::string, PlaybookSource> sources;
  for (const std::string& directory : directories) {
    for (const std::string& file : yaml_files(directory)) {
      PlaybookSource source;
      source.tree = parse_yaml_file(file, mistakes);
      if (source.tree.kind == Tree::Kind::null) continue;
      source.component = text_of(source.tree, "component");
      source.part_of = text_of(source.tree, "part_of");
      source.version_key = text_of(source.tree, "version_key");
      source.image = text_of(source.tree, "image");
      source.has_image = has_image(source.tree);
      source.directories = {directory};
      source.shipped = directory == directories.front();
      if (directory != directories.front()) source.directories.push_back(directories.front());
      if (source.component.empty())
        mistakes.error(source.tree.mark, "component is missing");
      else if (const auto other = sources.find(source.component);
               other != sources.end() && other->second.directories.front() == directory)
        mistakes.error(source.tree.mark, fmt::format("component {} has a playbook already: {}", quote(source.component),
                                                     other->second.tree.mark.file));
      else
        sources.insert_or_assign(source.component, std::move(source));
    }
  }
  for (auto& [component, source] : sources) {
    const auto owner = sources.find(source.part_of);
    const PlaybookSource& other = owner == sources.end() ? source : owner->second;
    if (source.version_key.empty())
      source.version_key = other.version_key.empty() ? other.component : other.version_key;
    if (source.image.empty()) source.image = other.image.empty() ? other.component : other.image;
  }
  return sources;
}

void check_playbooks(const std::map<std::string, PlaybookSource>& sources,
                     const std::map<std::string, Playbook>& playbooks, Mistakes& mistakes) {
  std::vector<std::string> names;
  for (const auto& [name, source] : sources) names.push_back(name);
  const auto known = [&](const Tree& item) {
    if (item.kind == Tree::Kind::text && !sources.contains(item.text))
      mistakes.error(item.mark,
                     fmt::format("unknown component {}{}", quote(item.text), did_you_mean(item.text, names)));
  };
  for (const auto& [name, source] : sources) {
    names_in(source.tree, known);
    if (const Tree* overlays = source.tree.find("versions"))
      for (const Tree& overlay : overlays->items) names_in(overlay, known);
  }
  // Read from the resolved playbooks, since a value may come and go with versions.
  for (const auto& [name, playbook] : playbooks)
    for (const Verdict& verdict : playbook.health) {
      if (verdict.kind != Verdict::Kind::all_listed || verdict.in_component.empty()) continue;
      const auto other = playbooks.find(verdict.in_component);
      const bool found = other != playbooks.end() &&
                         std::any_of(other->second.probes.begin(), other->second.probes.end(),
                                     [&](const auto& probe) { return probe.probe.extract.contains(verdict.in_value); });
      if (!found)
        mistakes.error(playbook.mark, fmt::format("all_listed: no probe of {} extracts {}", quote(verdict.in_component),
                                                  quote(verdict.in_value)));
    }
}

Catalogue read_catalogue(const std::string& path, Mistakes& mistakes) {
  Catalogue catalogue;
  const Reader r(mistakes);
  const Tree tree = parse_yaml_file(path, mistakes);
  if (tree.kind == Tree::Kind::null) return catalogue;
  r.each(tree, [&](const Tree& item) {
    CatalogueEntry& entry = catalogue[item.key];
    r.map(item, {{"repository", r.text(entry.repository, is_image), true},
                 {"tag", r.text(entry.tag)},
                 {"default", r.text(entry.fallback, is_version), true},
                 {"tags", r.text_map(entry.tags, is_version)}});
  });
  return catalogue;
}

}  // namespace cctl
