#include "plan/diff_instance.hpp"

#include <algorithm>

#include "plan/spec_json.hpp"

namespace cctl {
namespace {

constexpr const char* kPrevious = ".previous";

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

std::string join(const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& p : parts) out += (out.empty() ? "" : "; ") + p;
  return out;
}

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

// Whether the file differs, or is right but was written after its container had started.
bool changed(const FileSpec& wanted, const ObservedHost& host, const Instance& instance, bool has_container,
             FileChange& out) {
  out.wanted = wanted;
  const auto seen = host.files.find(wanted.path);
  out.exists = seen != host.files.end() && seen->second.exists;
  if (out.exists) out.before = seen->second.content;
  const std::string digest = sha256_hex(wanted.content);
  if (!out.exists) return true;
  if (wanted.once) return false;
  if (seen->second.digest != digest || seen->second.mode != wanted.mode || seen->second.owner != wanted.owner)
    return true;
  const auto applied = host.manifest.applied.find(instance.component);
  if (!has_container || applied == host.manifest.applied.end()) return false;
  const auto read = applied->second.find(wanted.path);
  out.write = false;
  return read == applied->second.end() || read->second != digest;
}

std::string file_reason(const std::vector<FileChange>& files) {
  std::vector<std::string> parts;
  for (const auto& f : files) {
    const std::string name = file_name(f.wanted.path);
    parts.push_back(!f.exists ? name + " is new" : f.write ? name + " changed" : name + " changed, not yet read");
  }
  if (parts.size() > 3) {
    const auto more = parts.size() - 2;
    parts.resize(2);
    parts.push_back(std::to_string(more) + " more files");
  }
  return join(parts);
}

std::string recreate_reason(const Instance& instance, const ObservedContainer& running, const Manifest& manifest) {
  const std::string was = running.get(label::version);
  if (!was.empty() && was != instance.version) return "version " + was + " -> " + instance.version;
  const auto before = manifest.specs.find(instance.component);
  std::vector<std::string> parts;
  if (before != manifest.specs.end()) parts = spec_changes(before->second, instance.spec_json);
  return parts.empty() ? "container settings changed" : join(parts);
}

// What the new container needs because the old one was of another version.
void cross_versions(const Instance& instance, const ObservedContainer& old, Step& step) {
  const auto was = Version::parse(old.get(label::version));
  if (!was) return;
  for (const auto& t : instance.transitions) {
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

}  // namespace

std::string previous_name(const std::string& container_name) {
  return container_name + kPrevious;
}

const ObservedContainer* find_container(const ObservedHost& host, const std::string& cluster,
                                        const std::string& component, bool previous) {
  for (const auto& c : host.containers)
    if (c.get(label::cluster) == cluster && c.get(label::component) == component &&
        ends_with(c.name, kPrevious) == previous)
      return &c;
  return nullptr;
}

Step diff_instance(const std::string& cluster, const Instance& instance, const ObservedHost& host) {
  Step step;
  step.host = instance.host;
  step.component = instance.component;
  const auto* container = find_container(host, cluster, instance.component, false);
  const auto* previous = find_container(host, cluster, instance.component, true);
  for (const auto& f : instance.files)
    if (FileChange change; changed(f, host, instance, container != nullptr, change))
      step.files.push_back(std::move(change));

  if (!container) {
    step.action = Action::create;
    step.reason = previous ? "an interrupted change left only the old container" : "not there";
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
  if (container->get(label::spec) != instance.spec_digest) {
    step.action = Action::recreate;
    step.reason = recreate_reason(instance, *container, host.manifest);
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
    step.action = Action::start;
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
  step.reason = "as wanted";
  return step;
}

}  // namespace cctl
