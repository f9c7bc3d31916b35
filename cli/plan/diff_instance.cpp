#include "plan/diff_instance.hpp"

#include <algorithm>

#include "model/base64.hpp"
#include "model/path.hpp"
#include "model/shell_words.hpp"
#include "plan/app_spec.hpp"
#include "plan/engine_words.hpp"
#include "plan/entries.hpp"
#include "plan/file_words.hpp"
#include "plan/merge.hpp"
#include "plan/spec_changes.hpp"
#include "plan/spec_json.hpp"

namespace cctl {
namespace {

constexpr const char* kPrevious = ".previous";
constexpr std::size_t kMostRead = 1 << 20;  // of a file: what is larger could not be compared again

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

std::string join(const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& p : parts) out += (out.empty() ? "" : "; ") + p;
  return out;
}

std::string mending(const Instance& instance, const std::string& path) {
  return "on " + instance.host + ": mend it, or move it away (mv " + shell_word(path) + " " +
         shell_word(path + ".old") + ")";
}

// A file that nobody else has changed since we wrote it is made anew from what we found, so that what the inventory no
// longer says goes.
std::string with_our_part(const FileSpec& wanted, const ObservedHost& host, const Instance& instance,
                          const std::string& now) {
  const auto ours = host.manifest.files.find(wanted.path);
  std::string base = now;
  if (ours != host.manifest.files.end() && ours->second.merge == wanted.merge && ours->second.digest == sha256_hex(now))
    base = ours->second.replaced ? from_base64(*ours->second.replaced).value_or(now) : "";
  std::string what;
  try {
    std::string out = merged(wanted.merge, base, wanted.content);
    if (out.size() <= kMostRead || out == now) return out;
    what = "would be larger than 1 MiB with ours in it";
  } catch (const Error& e) {
    what = e.what();
  }
  throw Incomparable({instance.host, instance.component, wanted.path + " " + what, mending(instance, wanted.path)});
}

// Whether what reads it has read these bytes, or nothing does.
bool is_read(const FileSpec& wanted, const ObservedHost& host, const Instance& instance, bool has_reader) {
  const auto applied = host.manifest.applied.find(instance.component);
  if (!has_reader || applied == host.manifest.applied.end()) return true;
  const auto read = applied->second.find(wanted.path);
  return read != applied->second.end() && read->second == sha256_hex(wanted.content);
}

// Whether the file differs, or is right but was written after what reads it had started.
bool changed(const FileSpec& wanted, const ObservedHost& host, const Instance& instance, bool has_reader,
             FileChange& out) {
  out.wanted = wanted;
  const auto seen = host.files.find(wanted.path);
  out.exists = seen != host.files.end() && seen->second.exists;
  if (out.exists) {
    out.before = seen->second.content;
    out.before_mode = seen->second.mode;
    out.before_owner = seen->second.owner;
    out.link = seen->second.link;
  }
  const std::string digest = sha256_hex(wanted.content);
  if (wanted.merge != Merge::none) {
    if (out.exists && seen->second.unread && !seen->second.is_directory && out.link.empty())
      throw Incomparable({instance.host, instance.component,
                          wanted.path + " cannot be read, or is larger than 1 MiB: ours cannot be merged into it",
                          mending(instance, wanted.path), false});
    out.part = wanted.content;
    out.wanted.content = with_our_part(wanted, host, instance, out.before);
    const bool closed = wanted.mode.ends_with("00");  // our part has secrets
    if (out.exists && out.link.empty() && !closed)
      out.wanted.mode = seen->second.mode, out.wanted.owner = seen->second.owner;
    if (const auto why = why_not_named(out.wanted.content, wanted.content, wanted.named_keys);
        !why.empty() && seen != host.files.end())
      throw Incomparable({instance.host, instance.component,
                          wanted.path + ": " + why + ": its program, or what that runs, would not start with it",
                          mending(instance, wanted.path)});
    if (!out.exists || out.wanted.content != out.before) return true;
  }
  if (!out.exists || !out.link.empty()) return true;
  if (wanted.once) return false;
  if (wanted.merge == Merge::none && wanted.in_place) {
    if (out.before != wanted.content) return true;
  } else if (wanted.merge == Merge::none) {
    if (seen->second.digest != digest) return true;
    if (seen->second.mode != wanted.mode || seen->second.owner != wanted.owner) {
      // The program has read these bytes, and need not be stopped for who may read them from now on.
      const bool stops = wanted.on_change == OnChange::restart || wanted.on_change == OnChange::recreate;
      if (stops && is_read(wanted, host, instance, has_reader)) out.wanted.on_change = OnChange::none;
      return true;
    }
  }
  out.write = false;
  return !is_read(wanted, host, instance, has_reader);
}

// What its container has read, and nothing of this host wants any more. Data stays what it is.
std::vector<FileChange> no_longer_wanted(const Instance& instance, const ObservedHost& host,
                                         const std::set<std::string>& wanted) {
  std::vector<FileChange> out;
  const auto applied = host.manifest.applied.find(instance.component);
  if (instance.app.used() || applied == host.manifest.applied.end()) return out;
  for (const auto& [path, digest] : applied->second) {
    const auto is_data = [&, &file = path](const DirectorySpec& dir) { return dir.data && within(file, dir.path); };
    if (wanted.count(path) || std::any_of(instance.directories.begin(), instance.directories.end(), is_data)) continue;
    const auto ours = host.manifest.files.find(path);
    if (ours == host.manifest.files.end() || ours->second.merge != Merge::none) continue;
    const ManifestFile& file = ours->second;
    FileChange change;
    change.gone = change.exists = true;
    change.wanted.path = path;
    change.wanted.on_change = instance.reload.empty() ? OnChange::none : OnChange::reload;
    change.wanted.absent = !file.replaced;
    if (file.replaced) {
      change.wanted.content = from_base64(*file.replaced).value_or("");
      change.wanted.mode = file.replaced_mode;
      change.wanted.owner = file.replaced_owner;
      change.wanted.in_place = file.in_place;
    }
    out.push_back(std::move(change));
  }
  return out;
}

std::vector<SpecChange> changes_since(const Instance& instance, const Manifest& manifest) {
  const auto before = manifest.specs.find(instance.component);
  if (before == manifest.specs.end()) return {};
  return spec_changes(before->second, instance.spec_json);
}

std::string recreate_reason(const Instance& instance, const ObservedContainer& running,
                            const std::vector<SpecChange>& changes) {
  const std::string was = running.get(label::version);
  if (!was.empty() && was != instance.version) return "version " + was + " -> " + instance.version;
  std::vector<std::string> parts;
  for (const auto& change : changes) parts.push_back(in_words(change));
  return parts.empty() ? "container settings changed" : join(parts);
}

// What the new container needs because the old one was of another version.
void cross_versions(const Instance& instance, const ObservedContainer& old, Step& step) {
  const auto was = Version::parse(old.get(label::version));
  if (!was) return;
  for (const auto& t : instance.transitions) {
    if (t.first_start) continue;  // plan/first_start.hpp
    const auto from = VersionRange::parse(t.from);
    if (!from || !from->contains(*was)) continue;
    step.extra_env.insert(t.env.begin(), t.env.end());
    step.reason += "; " + t.why;
  }
}

// The strongest action that the changed files ask for.
Action file_action(const std::vector<FileChange>& files) {
  Action action = Action::none;
  for (const auto& f : files) {
    const Action asks = f.wanted.on_change == OnChange::recreate  ? Action::recreate
                        : f.wanted.on_change == OnChange::restart ? Action::restart
                        : f.wanted.on_change == OnChange::reload  ? Action::reload
                                                                  : Action::write;
    auto weight = [](Action a) {
      return a == Action::recreate  ? 4
             : a == Action::restart ? 3
             : a == Action::reload  ? 2
             : a == Action::write   ? 1
                                    : 0;
    };
    if (weight(asks) > weight(action)) action = asks;
  }
  return action;
}

// A merged file whose changed keys a service takes in while it runs asks for no more than that.
void spare_restart(FileChange& change) {
  const auto& keys = change.wanted.reload_keys;
  if (change.wanted.merge != Merge::json || change.wanted.on_change != OnChange::restart || !change.write) return;
  const auto changed = changed_keys(change.before, change.wanted.content);
  if (std::all_of(changed.begin(), changed.end(),
                  [&](const std::string& key) { return std::find(keys.begin(), keys.end(), key) != keys.end(); }))
    change.wanted.on_change = OnChange::reload;
}

// What stands in the file and is not what the engine says that it has: it refused it, or was never told.
std::vector<std::string> untaken(const Instance& instance, const ObservedHost& host, const FileSpec& file) {
  const auto seen = host.files.find(file.path);
  if (file.merge != Merge::json || seen == host.files.end() || !seen->second.exists) return {};
  return not_taken_in(seen->second.content, host.engine_info, instance.service.shown);
}

void tell_again(const Instance& instance, const ObservedHost& host, Step& step) {
  if (!step.files.empty()) return;
  for (const auto& file : instance.files) {
    const auto keys = untaken(instance, host, file);
    if (keys.empty()) continue;
    FileChange change;
    change.wanted = file;
    change.wanted.content = change.before = host.files.at(file.path).content;
    change.wanted.on_change = OnChange::reload;
    change.exists = true;
    change.write = false;
    change.part = file.content;
    step.files.push_back(std::move(change));
    step.reason = file.path.substr(file.path.rfind('/') + 1) + ": its engine has another " + join(keys);
  }
}

bool is_ours(const FileChange& change, const ObservedHost& host) {
  return change.write && host.manifest.files.count(change.wanted.path) > 0;
}

// An engine that does not run is started with a file of ours that is to be another: that may be what keeps it down.
bool starts_engine(const Instance& instance, const ObservedHost& host, const Step& step) {
  return instance.service.is_engine() && host.engine_off && host.docker_installed &&
         std::any_of(step.files.begin(), step.files.end(), [&](const auto& change) { return is_ours(change, host); });
}

// Files of a host's service, or of the host alone: nothing runs, so nothing can be missing but they.
Step settings_step(const Instance& instance, const ObservedHost& host, Step step) {
  tell_again(instance, host, step);
  for (auto& change : step.files) {
    if (change.wanted.merge == Merge::json && change.write)
      step.empties = changed_of(change.wanted.empties_keys, change.before, change.wanted.content);
    spare_restart(change);
  }
  step.action = file_action(step.files);
  if (step.reason.empty()) step.reason = step.files.empty() ? "as wanted" : file_reason(step.files);
  if (step.files.size() == 1 && step.files[0].wanted.merge == Merge::json && step.files[0].write)
    step.reason = keys_reason(step.files[0]);
  if (!instance.service.used() && step.action != Action::none) step.action = Action::write;
  step.engine = starts_engine(instance, host, step);
  if (step.engine) {
    step.action = Action::restart;
    step.reason = "its engine does not run; " + step.reason;
    return step;
  }
  if (step.action == Action::restart)
    for (const auto& change : step.files) step.reason += restart_notes(change);
  step.interrupts = step.action == Action::restart;
  return step;
}

Step app_step(const Instance& instance, const ObservedHost& host, Step step) {
  const auto seen = host.apps.find(instance.app.id);
  step.action = Action::deploy;
  if (seen != host.apps.end() && seen->second.exists) step.previous_name = instance.app.id;
  if (step.previous_name.empty())
    step.reason = "not there";
  else if (!seen->second.version.empty() && seen->second.version != instance.version)
    step.reason = "version " + seen->second.version + " -> " + instance.version;
  else if (seen->second.digest != instance.spec_digest)
    step.reason = seen->second.digest.empty() ? "was deployed by somebody else" : "definition changed";
  else if (seen->second.instances != instance.app.instances)
    step.reason =
        "instances " + std::to_string(seen->second.instances) + " -> " + std::to_string(instance.app.instances);
  else if (!step.files.empty())
    step.reason = file_reason(step.files);
  else
    step.action = Action::none, step.reason = "as wanted";
  return step;
}

}  // namespace

std::string previous_name(const std::string& container_name) {
  return container_name + kPrevious;
}

std::string container_name(const std::string& cluster, const std::string& component) {
  return "cctl-" + cluster + "-" + component;
}

bool is_ours(const ObservedContainer& container, const std::string& cluster) {
  const std::string component = container.get(label::component), name = container_name(cluster, component);
  return container.get(label::cluster) == cluster && !component.empty() &&
         (container.name == name || container.name == previous_name(name));
}

const ObservedContainer* find_renamed(const ObservedHost& host, const std::string& cluster,
                                      const std::string& component) {
  const auto known = host.manifest.specs.find(component);
  if (known == host.manifest.specs.end() || find_container(host, cluster, component, false)) return nullptr;
  const std::string digest = sha256_hex(known->second);
  for (const auto& c : host.containers)
    if (c.get(label::cluster) == cluster && c.get(label::component) == component && c.get(label::spec) == digest &&
        !is_ours(c, cluster))
      return &c;
  return nullptr;
}

const ObservedContainer* find_container(const ObservedHost& host, const std::string& cluster,
                                        const std::string& component, bool previous) {
  for (const auto& c : host.containers)
    if (is_ours(c, cluster) && c.get(label::component) == component && ends_with(c.name, kPrevious) == previous)
      return &c;
  return nullptr;
}

Step diff_instance(const std::string& cluster, const Instance& instance, const ObservedHost& host,
                   const std::set<std::string>& wanted) {
  Step step;
  step.host = instance.host;
  step.component = instance.component;
  const auto* container = find_container(host, cluster, instance.component, false);
  const auto* previous = find_container(host, cluster, instance.component, true);
  const auto app = host.apps.find(instance.app.id);
  const bool may_run = instance.app.used() && (app == host.apps.end() || app->second.exists);
  const bool has_reader = container || instance.service.used() || may_run;
  for (const auto& f : instance.files)
    if (FileChange change; changed(f, host, instance, has_reader, change)) step.files.push_back(std::move(change));
  for (auto& change : no_longer_wanted(instance, host, wanted)) step.files.push_back(std::move(change));
  for (const auto& path : outlived_env_files(instance, host)) {
    FileChange change;
    change.gone = change.exists = change.wanted.absent = true;
    change.wanted.path = path;
    change.wanted.on_change = OnChange::none;  // the container is made anew without the variable
    step.files.push_back(std::move(change));
  }
  const auto pending = host.manifest.pending.find(instance.component);
  step.unproven = (pending != host.manifest.pending.end() && !pending->second.empty()) ||
                  host.manifest.beginning.count(instance.component) > 0;

  if (instance.app.used()) return app_step(instance, host, std::move(step));
  if (!instance.has_container()) return settings_step(instance, host, std::move(step));
  if (!container) {
    step.action = Action::create;
    step.unknown = why_unasked(host);
    step.reason = previous               ? "an interrupted change left only the old container"
                  : step.unknown.empty() ? "not there"
                                         : "not known whether it is there: " + step.unknown;
    if (previous) {
      step.previous_id = previous->id;
      step.previous_name = previous->name;
      cross_versions(instance, *previous, step);
    }
    return step;
  }
  step.previous_id = container->id;
  step.previous_name = container->name;
  const bool running = container->state == "running";
  if (!running) step.down = container->state;
  if (container->get(label::spec) != instance.spec_digest) {
    step.action = Action::recreate;
    step.changes = changes_since(instance, host.manifest);
    step.reason = recreate_reason(instance, *container, step.changes);
    if (!step.files.empty()) step.reason += "; " + file_reason(step.files);
    step.interrupts = running;
    cross_versions(instance, previous && !running ? *previous : *container, step);
    return step;
  }
  step.action = file_action(step.files);
  if (!step.files.empty()) step.reason = file_reason(step.files);
  if (step.action == Action::recreate || (step.action == Action::restart && running)) {
    step.interrupts = running;
    return step;
  }
  if (!running) {
    step.reason = "not running (" + container->state + ")" + (step.files.empty() ? "" : "; " + step.reason);
    // Docker waits longer and longer between its own attempts, and takes no start meanwhile; nor does a paused one.
    const bool takes_start = container->state != "restarting" && container->state != "paused";
    step.action = takes_start ? Action::start : Action::restart;
    return step;
  }
  if (step.action != Action::none) return step;
  if (previous) {
    step.action = Action::release;
    step.previous_id = previous->id;
    step.previous_name = previous->name;
    step.reason = "the old container of an interrupted change is still kept";
    return step;
  }
  if (step.unproven) {
    step.action = Action::release;
    step.reason = "an interrupted change has not proved itself yet";
    return step;
  }
  step.reason = "as wanted";
  return step;
}

}  // namespace cctl
