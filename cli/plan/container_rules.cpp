#include "plan/container_rules.hpp"

#include <algorithm>
#include <set>
#include <sstream>

#include "model/kept_words.hpp"
#include "model/kind_words.hpp"
#include "model/path.hpp"
#include "plan/closed_files.hpp"
#include "plan/given.hpp"
#include "plan/scope.hpp"
#include "plan/tell_once.hpp"
#include "plan/where.hpp"

namespace cctl {
namespace {

using Overrides = std::vector<const ComponentOverrides*>;

constexpr long long megabyte = 1 << 20;
constexpr const char* loopback = "127.";

std::string uid_of(const std::string& owner) {
  return owner.substr(0, owner.find(':'));
}

class Containers {
 public:
  Containers(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes)
      : sources_(sources), desired_(desired), tell_(mistakes) {}

  void run() {
    for (const auto& i : desired_.instances) {
      const auto found = sources_.playbooks.find(i.component);
      const auto* own = i.container();
      if (found == sources_.playbooks.end() || !own) continue;
      const Playbook& playbook = found->second;
      const auto overrides = overrides_of(sources_, playbook, *sources_.inventory.find(i.host));
      user(playbook, i, own->spec, overrides);
      memory(playbook, i, own->spec, overrides);
      files(playbook, i, own->spec, overrides);
      reached(playbook, i, overrides);
    }
  }

 private:
  // A number, or the name that is one everywhere; of other names the image alone knows.
  static std::string uid_of_user(const std::string& user) {
    const std::string name = user.substr(0, user.find(':'));
    if (name == "nobody") return "65534";
    const auto owner = owner_for(user);
    return owner ? uid_of(*owner) : "";
  }

  // Those whom the playbook gives any of its files: what an image becomes by itself is among them.
  void user(const Playbook& playbook, const Instance& i, const ContainerSpec& own, const Overrides& overrides) {
    Mark mark;
    for (const auto* o : overrides)
      if (o->container.user) mark = o->mark;
    const std::string uid = uid_of_user(own.user);
    if (mark.line == 0 || uid.empty() || uid == "0") return;
    std::set<std::string> owners;
    for (const auto& file : playbook.files) owners.insert(uid_of(file.owner));
    for (const auto& directory : playbook.directories) owners.insert(uid_of(directory.owner));
    for (const auto& directory : i.directories)
      if (directory.data && directory.mode.ends_with("00") && !owners.contains(uid))
        return tell_(mark,
                     i.component + " as user \"" + own.user + "\" could not read its data: " + directory.path + " is " +
                         directory.owner + "'s alone, mode " + directory.mode,
                     false);
  }

  void memory(const Playbook& playbook, const Instance& i, const ContainerSpec& own, const Overrides& overrides) {
    Mark mark;
    for (const auto* o : overrides)
      if (o->container.memory) mark = o->mark;
    if (own.memory == 0 || mark.line == 0) return;
    const long long given = own.memory / megabyte;
    const auto said = [&](const std::string& name) {
      const auto found = playbook.var_kinds.find(memory_word + name);
      return found == playbook.var_kinds.end() ? "" : found->second;
    };
    const auto least = kind::whole(said("least"));
    if (least && *least > given)
      return tell_(mark,
                   "memory " + std::to_string(given) + "m of " + i.component + " is too little: it ends below " +
                       std::to_string(*least) + "m",
                   false);
    const auto heap = own.env.find(said("heap"));
    const auto size = heap == own.env.end() ? std::nullopt : kind::whole(heap->second);
    if (size && *size >= given)
      tell_(mark,
            "memory " + std::to_string(given) + "m of " + i.component + " is no more than its heap, " +
                std::to_string(*size) + "m: the kernel ends it before the heap is full",
            true);
  }

  // A flag that names a file of the container: file:///path, or a path where it reads no other.
  void files(const Playbook& playbook, const Instance& i, const ContainerSpec& own, const Overrides& overrides) {
    const FlagStyle& style = playbook.flag_style;
    const std::string scheme = "file://";
    for (const auto& [name, range] : playbook.known_flags) {
      const Given given = given_of(playbook, i, overrides, name);
      if (given.mark.line == 0) continue;
      const bool named = std::count(style.as_paths.begin(), style.as_paths.end(), name) > 0;
      const bool reference = given.value.starts_with(scheme + "/");
      if (!reference && !(named && given.value.starts_with('/'))) continue;
      const std::string path = normal_path(reference ? given.value.substr(scheme.size()) : given.value);
      if (path.starts_with("/dev/") || is_mounted(own, path)) continue;
      tell_(given.mark,
            name + " of " + i.component + " names " + path +
                ", and no mount brings it in: unless the image has it, it would not start; mounts: [HOST_PATH:" + path +
                ":ro] does",
            true);
    }
  }

  // Where a program listens on the host's own loopback or a socket alone, nobody finds it at the host's address.
  void reached(const Playbook& playbook, const Instance& i, const Overrides& overrides) {
    for (const auto& [name, unused] : playbook.var_kinds) {
      if (!name.starts_with(reached_word)) continue;
      const std::string path = name.substr(reached_word.size());
      const auto given = given_part(overrides, path);
      if (!given || !given->value.is_string() || i.ip.starts_with(loopback)) continue;
      std::istringstream words(given->value.get<std::string>());
      bool any = false, all_closed = true;
      for (std::string word; words >> word; any = true)
        all_closed = all_closed && (word.starts_with(loopback) || word == "::1" || word.starts_with("unix://"));
      if (any && all_closed)
        tell_(given->mark,
              path + " \"" + given->value.get<std::string>() + "\" of " + i.component +
                  " lets nobody in at the host's address, where health is asked for: name " + i.ip +
                  " or 0.0.0.0, too, or take it away",
              false);
    }
  }

  static bool is_mounted(const ContainerSpec& own, const std::string& path) {
    return std::any_of(own.mounts.begin(), own.mounts.end(), [&](const std::string& mount) {
      const auto from = mount.find(':') + 1;
      const std::string inside = normal_path(mount.substr(from, mount.find(':', from) - from));
      return path == inside || path.starts_with(inside == "/" ? inside : inside + "/");
    });
  }

  const Sources& sources_;
  const Desired& desired_;
  TellOnce tell_;
};

}  // namespace

void check_containers(const Sources& sources, const Desired& desired, std::vector<Mistake>& mistakes) {
  Containers(sources, desired, mistakes).run();
}

}  // namespace cctl
