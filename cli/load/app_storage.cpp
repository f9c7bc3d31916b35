// Volumes of a definition, and what follows from those that keep data: what Marathon answers 422 to, or passes over.
#include <fmt/format.h>

#include <algorithm>

#include "load/app_rules.hpp"
#include "load/app_tree.hpp"
#include "load/text_file.hpp"
#include "model/lower_case.hpp"

namespace cctl {
namespace {

using Kind = Tree::Kind;

// Letters, digits and "-" inside.
bool is_label(const std::string& text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == text.npos &&
         text.front() != '-' && text.back() != '-';
}

}  // namespace

void AppCheck::volumes() const {
  for (const Tree& volume : rows_of(at("container.volumes"))) {
    if (volume.kind != Kind::map) continue;
    const auto lacks = [&](const std::string& what) {
      wrong(volume.mark, of("container.volumes") + ": one has no " + what);
    };
    const Tree *persistent = tree_at(volume, "persistent"), *external = tree_at(volume, "external"),
               *secret = tree_at(volume, "secret");
    if (text_at(volume, "containerPath").empty()) lacks("containerPath");
    if (text_at(volume, "hostPath").empty() && !persistent && !external && !secret) lacks("hostPath");
    if (!tree_at(volume, "mode") && !secret) lacks("mode, RO or RW");
    one_kind(volume);
    if (persistent && persistent->kind == Kind::map) persistent_volume(volume, *persistent);
    if (external && external->kind == Kind::map) external_volume(volume, *external);
    if (secret) known_secret(*secret, "container.volumes[].secret");
  }
}

// Of several kinds the first counts from 1.5 on; before that they are refused.
void AppCheck::one_kind(const Tree& volume) const {
  const Tree* first = nullptr;
  for (const char* kind : {"persistent", "external", "secret", "hostPath"}) {
    const Tree* here = tree_at(volume, kind);
    if (!here) continue;
    if (first) {
      const std::string text = fmt::format("{}: {} stands beside {}", of("container.volumes"), here->key, first->key);
      before("1.5") ? wrong(here->key_mark, text + ": Marathon takes one of the two")
                    : odd(here->key_mark, text + ", and has no effect");
    } else {
      first = here;
    }
  }
}

void AppCheck::persistent_volume(const Tree& volume, const Tree& kept) const {
  const std::string field = of("container.volumes");
  const auto refuse = [&](const Tree* at, const std::string& what) {
    wrong(at ? at->mark : volume.mark, fmt::format("{}: a persistent one {}", field, what));
  };
  const Tree *path = tree_at(volume, "containerPath"), *mode = tree_at(volume, "mode"), *size = tree_at(kept, "size"),
             *most = tree_at(kept, "maxSize"), *limits = tree_at(kept, "constraints");
  if (path && (path->text.find('/') != std::string::npos || path->text == "." || path->text == ".."))
    refuse(path, fmt::format("has a name in the task's sandbox for containerPath, as data, not {}", quote(path->text)));
  if (mode && cased(mode->text) == cased("RO")) refuse(mode, "has mode RW");
  if (size && number_of(*size) <= 0) refuse(size, "has a size of more than 0, in MB");
  const std::string type = lower_case(text_at(kept, "type"));
  const bool profile = tree_at(kept, "profileName");
  if (most && type != "mount" && !(type.empty() && profile)) refuse(most, "has a maxSize with type: mount alone");
  if (most && size && number_of(*most) <= number_of(*size)) refuse(most, "has a maxSize that is larger than size");
  if (!is_empty(limits) && type != "mount" && type != "path" && !profile)
    refuse(limits, "has constraints with type: path or mount alone");
  for (const Tree& row : rows_of(limits)) {
    const bool texts = row.kind == Kind::list && row.items.size() == 3;
    if (!texts || row.items[0].text != "path" || (row.items[1].text != "LIKE" && row.items[1].text != "UNLIKE"))
      refuse(&row, "has constraints as [path, LIKE, EXPRESSION]");
  }
}

void AppCheck::external_volume(const Tree& volume, const Tree& other) const {
  const std::string field = of("container.volumes");
  const auto refuse = [&](const Tree* at, const std::string& what) {
    wrong(at ? at->mark : other.key_mark, fmt::format("{}: an external one {}", field, what));
  };
  const Tree *name = tree_at(other, "name"), *provider = tree_at(other, "provider"), *size = tree_at(other, "size"),
             *options = tree_at(other, "options"), *mode = tree_at(volume, "mode");
  if (name && !is_label(name->text) && before("1.9.100"))
    refuse(name, fmt::format("has a name of lower-case letters, digits and \"-\" inside, not {}", quote(name->text)));
  if (!provider || (provider->text == "csi" && !before("1.11"))) return;
  if (provider->text != "dvdi")
    return refuse(provider, fmt::format("has the provider dvdi{}, not {}", before("1.11") ? "" : " or csi",
                                        quote(provider->text)));
  bool driven = false;
  if (options && options->kind == Kind::map)
    for (const Tree& option : options->items) {
      if (option.key == "dvdi/driver")
        driven = true;
      else if (in_docker())
        wrong(option.key_mark, fmt::format("{}: an external one in a container of type DOCKER has the option "
                                           "dvdi/driver alone, not {}",
                                           field, quote(option.key)));
    }
  if (!driven) refuse(nullptr, "needs options: {dvdi/driver: ...}");
  if (size && in_docker()) refuse(size, "in a container of type DOCKER has no size");
  if (mode && !in_docker() && cased(mode->text) == cased("RO"))
    refuse(mode, "in a container of type MESOS has mode RW");
  if (const Tree* count = at("instances"); count && number_of(*count) > 1)
    wrong(count->mark, of("instances") + " must be 1 or less with an external volume of dvdi");
  keeps_place("an external volume of dvdi");
}

// Two tasks must not be over one volume, so that none may be started before another has ended.
void AppCheck::keeps_place(const std::string& with) const {
  const Tree* strategy = at("upgradeStrategy");
  if (!strategy || strategy->kind != Kind::map || before("1.0")) return;
  const Tree *over = tree_at(*strategy, "maximumOverCapacity"), *least = tree_at(*strategy, "minimumHealthCapacity");
  if (over ? amount_of(*over) > 0 : before("1.5"))
    wrong(over ? over->mark : strategy->key_mark,
          fmt::format("{} must be 0 with {}{}", of("upgradeStrategy.maximumOverCapacity"), with,
                      over ? "" : ", and is 1 where nothing is said"));
  if (before("1.3") && (least ? amount_of(*least) : 1) > 0.5)
    wrong(least ? least->mark : strategy->key_mark,
          fmt::format("{} must be 0.5 or less with {}{}", of("upgradeStrategy.minimumHealthCapacity"), with,
                      least ? "" : ", and is 1 where nothing is said"));
}

// An app with a persistent volume, or with residency: its tasks stay where their data are.
void AppCheck::resident() const {
  const Tree* residency = at("residency");
  const std::vector<Tree>& volumes = rows_of(at("container.volumes"));
  const bool keeps = std::any_of(volumes.begin(), volumes.end(),
                                 [](const Tree& v) { return v.kind == Kind::map && tree_at(v, "persistent"); });
  if (residency && !keeps && !before("1.0")) {
    const std::string text = of("residency") + " needs a persistent volume in container.volumes";
    since("1.0") && before("1.6") ? wrong(residency->key_mark, text)
                                  : odd(residency->key_mark, text + ", and has no effect without");
  }
  if ((!residency && !keeps) || before("1.0")) return;
  const char* with = keeps ? "a persistent volume" : "residency";
  keeps_place(with);
  if (const Tree* roles = at("acceptedResourceRoles");
      roles && !roles->items.empty() && (roles->items.size() > 1 || roles->items[0].text != "*"))
    wrong(roles->key_mark, fmt::format("{} must be [\"*\"] with {}", of("acceptedResourceRoles"), with));
  if (const Tree* lost = at("unreachableStrategy"); lost && lost->kind == Kind::map && since("1.4.2"))
    wrong(lost->key_mark, fmt::format("{} must be disabled with {}", of("unreachableStrategy"), with));
}

// What a task that cannot be reached waits for: to be replaced, and then to be given up.
void AppCheck::unreachable() const {
  const Tree* lost = at("unreachableStrategy");
  if (!lost || before("1.4")) return;
  const std::string field = of("unreachableStrategy");
  if (lost->kind == Kind::text) {
    if (cased(lost->text) != cased("disabled"))
      wrong(lost->mark, fmt::format("{} must be a map, or disabled, not {}", field, quote(lost->text)));
    else if (before("1.4.2"))
      wrong(lost->mark, fmt::format("disabled {} came with Marathon 1.4.2, and this is {}", field, marathon_->text));
    return;
  }
  const Tree *inactive = tree_at(*lost, "inactiveAfterSeconds"), *expunge = tree_at(*lost, "expungeAfterSeconds");
  if (!inactive) return;
  // Where nothing is said of the end it is at once, or in releases before 1.6 perhaps after ten minutes.
  const long end = expunge ? number_of(*expunge) : since("1.6") ? 0 : 600;
  if (number_of(*inactive) > end)
    wrong(inactive->mark, fmt::format("{} ({}) must not be more than expungeAfterSeconds ({}{})",
                                      of("unreachableStrategy.inactiveAfterSeconds"), inactive->text, end,
                                      expunge ? "" : " where nothing is said"));
}

}  // namespace cctl
