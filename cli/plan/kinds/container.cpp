// A container of ours.
#include "model/joined.hpp"
#include "model/shell_words.hpp"
#include "plan/empty_members.hpp"
#include "plan/engine_words.hpp"
#include "plan/entries.hpp"
#include "plan/file_changes.hpp"
#include "plan/file_words.hpp"
#include "plan/guests.hpp"
#include "plan/kept_flags.hpp"
#include "plan/kinds/kinds.hpp"
#include "plan/our_containers.hpp"
#include "plan/spec_changes.hpp"
#include "plan/spec_json.hpp"

namespace cctl {
namespace {

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
  return parts.empty() ? "container settings changed" : joined(parts, "; ");
}

// What the new container needs because the old one was of another version.
void cross_versions(const Container& wanted, const ObservedContainer& old, Step& step) {
  const auto was = Version::parse(old.get(label::version));
  if (!was) return;
  for (const auto& t : wanted.transitions) {
    if (t.first_start) continue;  // plan/first_start.hpp
    const auto from = VersionRange::parse(t.from);
    if (!from || !from->contains(*was)) continue;
    step.extra_env.insert(t.env.begin(), t.env.end());
    step.reason += "; " + t.why;
  }
}

// What was pulled under its tag since is another image than the one that its container runs: it is made anew.
void take_new_image(const Compared& both, const Container& wanted, Step& step) {
  if (about(step.action).makes) return;
  const auto* container = find_container(both.host, both.cluster, both.instance.component, false);
  const auto there = both.host.image_ids.find(wanted.spec.image);
  if (!container || container->image_id.empty() || there == both.host.image_ids.end() ||
      there->second == container->image_id)
    return;
  const std::string reason = wanted.spec.image + " is another image now than the one it runs";
  step.reason = reason + (step.action == Action::none ? "" : "; " + step.reason);
  step.action = Action::recreate;
  step.previous_id = container->id;
  step.previous_name = container->name;
  step.interrupts = container->state == "running";
}

std::string downgrade(const Instance& instance, const ObservedContainer& container) {
  const auto now = Version::parse(container.get(label::version)), wanted = Version::parse(instance.version);
  if (!now || !wanted || !(*wanted < *now)) return "";
  return instance.component + " on " + instance.host + " runs " + now->text + ", the inventory wants " + wanted->text +
         "; to go back say --allow-downgrade";
}

// As an engine lists one that it was just told to make.
ObservedContainer made(const Container& container, const ObservedHost& host) {
  ObservedContainer out;
  out.name = container.spec.name;
  out.image = container.spec.image;
  if (const auto known = host.image_ids.find(out.image); known != host.image_ids.end()) out.image_id = known->second;
  out.state = "running";
  out.labels = container.spec.labels;
  return out;
}

}  // namespace

bool has_reader_of(const Compared& both, const Container&) {
  return find_container(both.host, both.cluster, both.instance.component, false);
}

Step decide(const Compared& both, const Container& wanted, Step step) {
  const auto& [cluster, instance, host] = both;
  const auto* container = find_container(host, cluster, instance.component, false);
  const auto* previous = find_container(host, cluster, instance.component, true);
  if (!container) {
    step.action = Action::create;
    step.unknown = why_unasked(host);
    step.reason = previous               ? "an interrupted change left only the old container"
                  : step.unknown.empty() ? "not there"
                                         : "not known whether it is there: " + step.unknown;
    if (previous) {
      step.previous_id = previous->id;
      step.previous_name = previous->name;
      cross_versions(wanted, *previous, step);
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
    cross_versions(wanted, previous && !running ? *previous : *container, step);
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
    step.action = Action::prove;
    step.reason = "an interrupted change has not proved itself yet";
    return step;
  }
  step.reason = "as wanted";
  return step;
}

void refine(const Compared& both, const Container& wanted, const Around& around, Step& step, Plan& plan) {
  const auto& [cluster, instance, host] = both;
  if (const auto* c = find_renamed(host, cluster, instance.component))
    plan.refusals.push_back({3, "the container " + c->name + " of " + instance.host + " is that of " +
                                    instance.component + " by its labels, but not by its name; " +
                                    docker_line(host.docker_host, {"rename", c->name, wanted.spec.name})});
  if (is_name_taken(host, cluster, wanted.spec.name))
    plan.refusals.push_back({3, "a container that is not ours is called " + wanted.spec.name + " on " + instance.host +
                                    ", as " + instance.component + " is to be; " +
                                    docker_line(host.docker_host, {"rename", wanted.spec.name, "OTHER"})});
  const auto* container = find_container(host, cluster, instance.component, false);
  if (container && !around.options.allow_downgrade)
    if (auto why = downgrade(instance, *container); !why.empty()) plan.refusals.push_back({8, std::move(why)});
  if (around.options.pull) take_new_image(both, wanted, step);
}

// What runs for others in the container that is to stop is told of last.
void weigh(const Compared& both, const Container& container, const Around& around, Step& step, Plan& plan) {
  const Instance& instance = both.instance;
  if (const auto why = kept_flags_changed(instance, both.host, step); !why.empty()) plan.warnings.push_back(why);
  if (!step.interrupts || !container.guests_lost) return;
  step.guests_lost = running_guests(instance, both.host);
  if (step.guests_lost == 0) return;
  const std::string text = std::to_string(step.guests_lost) + (step.guests_lost == 1 ? " task on " : " tasks on ") +
                           instance.host + " would be lost with " + instance.component + " " + instance.version;
  if (around.options.allow_task_loss)
    plan.warnings.push_back(text);
  else
    plan.refusals.push_back({8, text + "; to accept that say --allow-task-loss"});
}

void leave(const Step& step, const Instance& instance, const Container& container, ObservedHost& host) {
  const ActionRow& action = about(step.action);
  const std::string name = container.spec.name;
  const auto named = [](const std::string& is) { return [is](const ObservedContainer& c) { return c.name == is; }; };
  if (action.anew || step.action == Action::release) std::erase_if(host.containers, named(previous_name(name)));
  if (step.interrupts && container.guests_lost)
    for (auto& c : host.containers)
      if (c.name.starts_with(container.guests)) c.state = "exited";
  if (action.makes) {
    std::erase_if(host.containers, named(name));
    host.containers.push_back(made(container, host));
    for (const auto& [path, content] : env_files_of(container))
      host.files[path] = {true, sha256_hex(content), "", "", content};
  }
  for (auto& c : host.containers)
    if (c.name == name && action.anew) c.state = "running";
  if (action.anew) hold_data(instance, host);
}

}  // namespace cctl
