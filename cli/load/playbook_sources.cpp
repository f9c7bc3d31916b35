#include <algorithm>
#include <filesystem>

#include "load/playbook.hpp"
#include "load/tag_marks.hpp"
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

// A word, or a list of them.
std::vector<std::string> words_of(const Tree& tree) {
  if (tree.kind == Tree::Kind::text) return {tree.text};
  std::vector<std::string> out;
  for (const Tree& item : tree.items) out.push_back(item.text);
  return out;
}

// A file of YAML, with the places of the templates in it.
Tree parse_templates(const std::string& path, TagMarks& marks, Mistakes& mistakes) {
  std::string fault;
  const auto text = read_text_file(path, fault);
  if (!text) {
    mistakes.error({path, 0, 0}, "cannot be read: " + fault);
    return {};
  }
  Tree tree = parse_yaml(*text, path, mistakes);
  add_tag_marks(tree, *text, marks);
  return tree;
}

// Names in a playbook, or an overlay of it, that others have to know.
class NamesOfOthers {
 public:
  NamesOfOthers(const std::map<std::string, PlaybookSource>& sources, Mistakes& mistakes)
      : sources_(sources), mistakes_(mistakes) {
    for (const auto& [name, source] : sources) {
      components_.push_back(name);
      roles_.insert(roles_.end(), source.provides.begin(), source.provides.end());
      if (source.has_image) version_keys_.push_back(source.version_key);
    }
    either_ = components_;
    either_.insert(either_.end(), roles_.begin(), roles_.end());
  }

  void check(const Tree& tree) const {
    for (const char* key : {"needs", "after"})
      if (const Tree* list = tree.find(key))
        for (const Tree& item : list->items) known(item, either_, "unknown component or role");
    if (const Tree* owner = tree.find("part_of")) known(*owner, components_, kComponent);
    if (const Tree* app = tree.find("app")) check_app(*app);
    if (const Tree* hosts = tree.find("hosts"))
      if (const Tree* except = hosts->find("except")) known(*except, components_, kComponent);
    if (const Tree* companions = tree.find("only_with"))
      for (const Tree& item : companions->items)
        if (!among(item.key, version_keys_))
          mistakes_.error(item.key_mark, fmt::format("unknown version key {}{}", quote(item.key),
                                                     did_you_mean(item.key, version_keys_)));
    if (const Tree* roles = tree.find("provides"))
      for (const std::string& role : words_of(*roles))
        if (among(role, components_))
          mistakes_.error(roles->mark, fmt::format("the role {} is the name of a component", quote(role)));
  }

 private:
  static constexpr const char* kComponent = "unknown component";

  static bool among(const std::string& word, const std::vector<std::string>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
  }

  void known(const Tree& item, const std::vector<std::string>& words, const std::string& what) const {
    if (item.kind == Tree::Kind::text && !among(item.text, words))
      mistakes_.error(item.mark, fmt::format("{} {}{}", what, quote(item.text), did_you_mean(item.text, words)));
  }

  // The port is one of those of the component that it goes through.
  void check_app(const Tree& app) const {
    const Tree *through = app.find("through"), *port = app.find("port");
    if (!through) return;
    known(*through, components_, kComponent);
    const auto other = sources_.find(through->text);
    const Tree* ports = other == sources_.end() ? nullptr : other->second.tree.find("ports");
    if (!port || !ports || ports->find(port->text)) return;
    std::vector<std::string> names;
    for (const Tree& item : ports->items) names.push_back(item.key);
    mistakes_.error(port->mark, fmt::format("unknown port {} of {}{}", quote(port->text), quote(through->text),
                                            did_you_mean(port->text, names)));
  }

  const std::map<std::string, PlaybookSource>& sources_;
  Mistakes& mistakes_;
  std::vector<std::string> components_, roles_, either_, version_keys_;
};

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
      source.tree = parse_templates(file, source.tag_marks, mistakes);
      if (source.tree.kind == Tree::Kind::null) continue;
      if (const Tree* roles = source.tree.find("provides")) source.provides = words_of(*roles);
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
  const NamesOfOthers names(sources, mistakes);
  for (const auto& [name, source] : sources) {
    names.check(source.tree);
    if (const Tree* overlays = source.tree.find("versions"))
      for (const Tree& overlay : overlays->items) names.check(overlay);
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
  TagMarks marks;
  const Tree tree = parse_templates(path, marks, mistakes);
  if (tree.kind == Tree::Kind::null) return catalogue;
  r.each(tree, [&](const Tree& item) {
    CatalogueEntry& entry = catalogue[item.key];
    r.map(item, {{"repository", r.text(entry.repository, is_image), true},
                 {"tag", r.text(entry.tag)},
                 {"default", r.text(entry.fallback, is_version), true},
                 {"tags", r.text_map(entry.tags, is_version)}});
    if (const auto found = marks.find(entry.tag); found != marks.end()) entry.places.insert(*found);
  });
  return catalogue;
}

}  // namespace cctl
