#include "plan/owned.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <tuple>

#include "model/cut.hpp"
#include "model/manifest_json.hpp"
#include "model/mount.hpp"
#include "model/outside_json.hpp"
#include "model/path.hpp"
#include "model/sysctl.hpp"

namespace cctl {
namespace {

// A template as a shell pattern: what the inventory puts in its place is one name.
std::string pattern_of(const Playbook& playbook, const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto from = text.find("<%", at), to = from == text.npos ? text.npos : text.find("%>", from);
    out += text.substr(at, from == text.npos ? text.npos : from - at);
    if (to == text.npos) break;
    std::string name = text.substr(from + 2, to - from - 2);
    name.erase(0, name.find_first_not_of(' '));
    name.erase(name.find_last_not_of(' ') + 1);
    // A var that is a whole path stands for its usual value: "*" would be any directory.
    const auto var = playbook.vars.find(name);
    const bool whole = from == 0 && to + 2 == text.size();
    out += !whole ? "*" : var != playbook.vars.end() && var->second.find("<%") == text.npos ? var->second : "";
    at = to + 2;
  }
  return out;
}

// Absolute, and the same whoever reads it.
bool is_plain(const std::string& path) {
  if (path.size() < 2 || path[0] != '/' || path.ends_with('/') || path.size() > 4095) return false;
  const std::string all = path + "/";
  if (all.find("//") != all.npos || all.find("/./") != all.npos || all.find("/../") != all.npos) return false;
  return std::none_of(path.begin(), path.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool matches(const OwnedPath& owned, const std::string& path) {
  const auto fits = [&](const std::string& name) {
    return fnmatch(owned.path.c_str(), name.c_str(), FNM_PATHNAME) == 0;
  };
  if (!owned.directory) return fits(path);
  for (std::string name = path; !name.empty(); name.resize(name.rfind('/')))
    if (fits(name)) return true;
  return false;
}

// Settings that name a program, which the kernel then runs as root.
bool names_program(const std::string& path) {
  static const char* const programs[] = {"/proc/sys/kernel/core_pattern",   "/proc/sys/kernel/modprobe",
                                         "/proc/sys/kernel/hotplug",        "/proc/sys/kernel/poweroff_cmd",
                                         "/proc/sys/kernel/usermodehelper", "/proc/sys/fs/binfmt_misc"};
  return std::any_of(std::begin(programs), std::end(programs), [&](const char* name) { return within(path, name); });
}

// An inventory may end a directory's name with a slash.
std::string bare(std::string directory) {
  if (directory.size() > 1 && directory.ends_with('/')) directory.pop_back();
  return directory;
}

bool may_write(const Desired& desired, const std::string& host, const std::string& path) {
  for (const auto& i : desired.instances) {
    if (i.host != host) continue;
    for (const auto& f : i.files)
      if (f.path == path) return true;
    for (const auto& d : i.directories)
      if ((d.config || d.data) && within(path, bare(d.path)) && is_plain(path)) return true;
  }
  return is_plain(path) && !names_program(path) &&
         std::any_of(desired.owned.begin(), desired.owned.end(), [&](const OwnedPath& o) { return matches(o, path); });
}

// A directory that is made for what a playbook has: its own, or one above it.
bool may_be_made(const Desired& desired, const std::string& host, const std::string& path) {
  for (const auto& i : desired.instances) {
    if (i.host != host) continue;
    const auto below = [&](const auto& one) { return within(bare(one.path), path); };
    if (std::any_of(i.files.begin(), i.files.end(), below) ||
        std::any_of(i.directories.begin(), i.directories.end(), below))
      return true;
  }
  return std::any_of(desired.owned.begin(), desired.owned.end(), [&](const OwnedPath& o) {
    if (o.directory && matches(o, path)) return true;
    // A pattern that is nothing but its stars would be any directory.
    for (const auto& parent : above(o.path))
      if (parent.find_first_not_of("/*") != parent.npos && fnmatch(parent.c_str(), path.c_str(), FNM_PATHNAME) == 0)
        return true;
    return false;
  });
}

bool may_purge(const Desired& desired, const std::string& component, const std::string& path) {
  for (const auto* i : desired.of(component))
    for (const auto& d : i->directories)
      if (d.data && d.path == path) return true;
  return is_plain(path) && std::any_of(desired.owned.begin(), desired.owned.end(), [&](const OwnedPath& o) {
           return o.data && o.component == component && fnmatch(o.path.c_str(), path.c_str(), FNM_PATHNAME) == 0;
         });
}

void add_plain(std::set<std::string>& out, const std::string& path) {
  const std::string clean = normal_path(path);
  if (is_plain(clean)) out.insert(clean);
}

// A name instead of a path is a volume of the engine's.
void add_lent(std::set<std::string>& out, const std::string& text) {
  const Mount mount = mount_of(text);
  if (!mount.read_only()) add_plain(out, mount.source);
}

// "0644" of "4644"; nothing: it is no mode.
std::optional<std::string> plain_mode(const std::string& text) {
  unsigned mode = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  if (text.size() < 3 || text.size() > 5 || fault != std::errc() || end != text.data() + text.size()) return {};
  std::string out = "0";
  for (const int shift : {6, 3, 0}) out += static_cast<char>('0' + (mode >> shift & 7));
  return out;
}

bool is_owner(const std::string& text) {
  const auto colon = text.find(':');
  const auto is_id = [](const std::string& id) {
    unsigned value = 0;
    const auto [end, fault] = std::from_chars(id.data(), id.data() + id.size(), value);
    return !id.empty() && fault == std::errc() && end == id.data() + id.size() && value < 0xffffffffU;
  };
  return colon != text.npos && is_id(text.substr(0, colon)) && is_id(text.substr(colon + 1));
}

// Why nothing is put back as this; empty: it may be.
std::string tamed(std::string& mode, const std::string& owner) {
  const auto plain = plain_mode(mode);
  if (!plain) return "the mode \"" + mode + "\"";
  if (!is_owner(owner)) return "the owner \"" + owner + "\"";
  mode = *plain;
  return "";
}

class Holder {
 public:
  Holder(const Manifest& from, const Desired& desired, const std::string& host)
      : from_(from), desired_(desired), host_(host) {}

  HeldManifest run() {
    out_.ours = from_;
    out_.ours.files.clear();
    out_.ours.pending.clear();
    out_.ours.data_dirs.clear();
    for (auto [path, file] : from_.files) {
      const bool ours = may_be_ours(path, file.replaced.has_value(), file.replaced_mode, file.replaced_owner);
      (ours ? out_.ours : out_.others).files[path] = file;
    }
    for (const auto& [component, files] : from_.pending)
      for (auto [path, file] : files) {
        const bool ours = may_be_ours(path, file.replaced.has_value(), file.mode, file.owner);
        (ours ? out_.ours : out_.others).pending[component][path] = file;
      }
    for (const auto& [component, directories] : from_.data_dirs)
      for (const auto& path : directories) {
        const bool ours = may_purge(desired_, component, path);
        (ours ? out_.ours : out_.others).data_dirs[component].push_back(path);
        if (!ours) claim(path, "is data of " + component, "no " + component + " of the inventory has its data there");
      }
    out_.ours.made_dirs.clear();
    for (const auto& path : from_.made_dirs) {
      const bool ours = is_plain(path) && (leads_to_ours(path) || may_be_made(desired_, host_, path));
      (ours ? out_.ours : out_.others).made_dirs.insert(path);
      if (!ours) claim(path, "was made by clusterctl", "no component has anything below it");
    }
    if (told_.size() > limits::listed)
      out_.claims.push_back(host_ + ": " + manifest_path(desired_.cluster) + " says the like of " +
                            std::to_string(told_.size() - limits::listed) + " more paths: they are left alone");
    return std::move(out_);
  }

 private:
  // To a file or data that is held for ours.
  bool leads_to_ours(const std::string& directory) const {
    const auto leads = [&](const std::string& path) { return within(path, directory); };
    const auto& [files, data] = std::tie(out_.ours.files, out_.ours.data_dirs);
    return std::any_of(files.begin(), files.end(), [&](const auto& f) { return leads(f.first); }) ||
           std::any_of(data.begin(), data.end(),
                       [&](const auto& d) { return std::any_of(d.second.begin(), d.second.end(), leads); });
  }

  bool may_be_ours(const std::string& path, bool comes_back, std::string& mode, const std::string& owner) {
    if (!may_write(desired_, host_, path)) {
      claim(path, "was written by clusterctl", "no component has a file there");
      return false;
    }
    const std::string odd = comes_back ? tamed(mode, owner) : "";
    if (!odd.empty()) claim(path, "had " + odd, "that is none");
    return odd.empty();
  }
  void claim(const std::string& path, const std::string& said, const std::string& but) {
    if (told_.insert(path).second && told_.size() <= limits::listed)
      out_.claims.push_back(host_ + ": " + manifest_path(desired_.cluster) + " says that \"" + cut_text(path) + "\" " +
                            cut_text(said) + ", and " + cut_text(but) + ": it is left alone; look who wrote that");
  }

  const Manifest& from_;
  const Desired& desired_;
  const std::string& host_;
  std::set<std::string> told_;
  HeldManifest out_;
};

}  // namespace

std::vector<OwnedPath> owned_paths(const Sources& sources) {
  std::vector<OwnedPath> out;
  for (const auto& [name, p] : sources.playbooks) {
    const auto add = [&, &component = name, &p = p](const std::string& path, bool directory, bool data) {
      // "*" alone, or "/*", would be everything.
      if (path.find_first_not_of("/*") != path.npos) out.push_back({component, path, directory, data, p.input});
    };
    for (const auto& f : p.files) add(pattern_of(p, f.path), false, false);
    for (const auto& d : p.directories) add(pattern_of(p, d.path), true, d.data);
    for (const auto& [variable, path] : p.env_files) add(pattern_of(p, path), false, false);
    if (!p.flag_style.dir.empty())
      for (const char* end : {"", ".files"}) add(pattern_of(p, p.flag_style.dir) + end, true, false);
    for (const auto& [flag, path] : p.flag_style.paths) add(pattern_of(p, path), false, false);
    if (p.sysctls.empty() && p.sysctls_from.empty()) continue;
    for (const auto& [setting, value] : p.sysctls) add(sysctl_path(setting), false, false);
    // What the inventory has had is in no playbook, and comes back when it has it no longer.
    if (!p.sysctls_from.empty()) add("/proc/sys", true, false);
    add("/etc/sysctl.d/60-clusterctl-" + sources.inventory.cluster + "-" + name + ".conf", false, false);
  }
  return out;
}

HeldManifest held(const Manifest& manifest, const Desired& desired, const std::string& host) {
  return Holder(manifest, desired, host).run();
}

Manifest whole_of(const Manifest& ours, const Manifest& others) {
  Manifest out = ours;
  out.files.insert(others.files.begin(), others.files.end());
  out.made_dirs.insert(others.made_dirs.begin(), others.made_dirs.end());
  for (const auto& [component, files] : others.pending) out.pending[component].insert(files.begin(), files.end());
  for (const auto& [component, paths] : others.data_dirs)
    out.data_dirs[component].insert(out.data_dirs[component].end(), paths.begin(), paths.end());
  return out;
}

std::set<std::string> lent_directories(const Desired& desired, const std::string& host) {
  std::set<std::string> out;
  for (const auto& i : desired.instances) {
    if (i.host != host) continue;
    if (const auto* container = i.container())
      for (const auto& mount : container->spec.mounts) add_lent(out, mount);
    for (const auto& d : i.directories)
      if (d.data) add_plain(out, d.path);
  }
  for (const auto& o : desired.owned)
    if (o.data && o.path.find_first_of("*?[") == o.path.npos) add_plain(out, o.path);
  return out;
}

std::set<std::string> lent_directories(const Manifest& manifest) {
  std::set<std::string> out;
  for (const auto& [component, paths] : manifest.data_dirs)
    for (const auto& path : paths) add_plain(out, path);
  for (const auto& [component, spec] : manifest.specs) {
    const auto was = parse_outside(spec).value;
    for (const auto& mount : texts_in(was, "mounts")) add_lent(out, mount);
  }
  return out;
}

std::vector<std::string> data_to_purge(const Desired& desired, const ObservedHost& host) {
  std::set<std::string> out;
  for (const auto& [component, paths] : host.manifest.data_dirs) out.insert(paths.begin(), paths.end());
  for (const auto& i : desired.instances)
    for (const auto& d : i.directories)
      if (const auto seen = host.files.find(d.path);
          i.host == host.name && d.data && seen != host.files.end() && seen->second.exists)
        out.insert(d.path);
  return {out.begin(), out.end()};
}

}  // namespace cctl
