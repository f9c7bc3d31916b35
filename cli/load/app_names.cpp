#include "load/app_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "load/app_rules.hpp"
#include "load/app_tree.hpp"
#include "load/text_file.hpp"
#include "model/app_reference.hpp"

namespace cctl {
namespace {

using Kind = Tree::Kind;

struct Wait {
  std::string path;
  Mark mark;
};

std::vector<Wait> waits_of(const Tree& app, const std::string& id) {
  std::vector<Wait> out;
  const Tree* list = app.find("dependencies");
  if (!list || list->kind != Kind::list) return out;
  for (const Tree& item : list->items)
    if (item.kind == Kind::text) out.push_back({app_reference(id, item.text), item.mark});
  return out;
}

class Circles {
 public:
  Circles(const std::vector<ReadApp>& apps, Mistakes& mistakes) : apps_(apps), mistakes_(mistakes) {}

  void run() {
    for (const ReadApp& read : apps_) visit(read);
  }

 private:
  void visit(const ReadApp& read) {
    const std::string& id = read.app.id;
    if (!done_.insert(id).second) return;
    way_.push_back(id);
    for (const Wait& wait : waits_of(read.tree, id))
      for (const ReadApp& other : apps_)
        // One that waits for itself is told where it is read.
        if (other.app.id != id && is_in(other.app.id, wait.path)) go_on(other, wait.mark);
    way_.pop_back();
  }

  void go_on(const ReadApp& next, const Mark& mark) {
    const auto before = std::find(way_.begin(), way_.end(), next.app.id);
    if (before == way_.end()) return visit(next);
    std::string circle;
    for (auto at = before; at != way_.end(); ++at) circle += *at + " -> ";
    mistakes_.error(mark, fmt::format("dependencies of app {} lead back to it, and Marathon refuses that: {}{}",
                                      quote(way_.back()), circle, next.app.id));
  }

  const std::vector<ReadApp>& apps_;
  Mistakes& mistakes_;
  std::set<std::string> done_;
  std::vector<std::string> way_;
};

// Where the id stands, in the file that it is read from.
const Mark& mark_of(const ReadApp& read) {
  const Tree* id = read.tree.find("id");
  return id ? id->mark : read.app.mark;
}

// Each that a definition claims for itself in all of the cluster, with what it is.
std::vector<std::pair<std::string, Mark>> claims_of(const Tree& app, bool ports, bool shares) {
  std::vector<std::pair<std::string, Mark>> out;
  if (ports)
    each_at(app, "container.docker.portMappings[].servicePort", [&](const Tree& port) {
      if (number_of(port) != 0) out.emplace_back("servicePort " + port.text, port.mark);
    });
  each_at(app, "container.volumes[].external", [&](const Tree& volume) {
    const Tree* name = tree_at(volume, "name");
    if (name && text_at(volume, "provider") == "dvdi" && !(shares && says(tree_at(volume, "shared"), "true")))
      out.emplace_back("external volume " + quote(name->text), name->mark);
  });
  return out;
}

}  // namespace

void check_apps_apart(const std::vector<ReadApp>& apps, const std::optional<Version>& marathon, Mistakes& mistakes) {
  for (const ReadApp& group : apps)
    for (const ReadApp& app : apps)
      if (app.app.id != group.app.id && is_in(app.app.id, group.app.id))
        mistakes.error(mark_of(app),
                       fmt::format("the app {} is in a group that is an app, too: {} on line {}; Marathon takes one of "
                                   "the two, so rename one",
                                   quote(app.app.id), quote(group.app.id), mark_of(group).line));
  const auto before = [&](std::string_view release) { return marathon && *marathon < *Version::parse(release); };
  std::map<std::string, const ReadApp*> owners;
  for (const ReadApp& app : apps)
    for (const auto& [claim, mark] : claims_of(app.tree, before("1.3"), !before("1.8.222"))) {
      const auto [first, fresh] = owners.emplace(claim, &app);
      if (!fresh && first->second != &app)
        mistakes.error(mark, fmt::format("{} of app {} is that of app {}, too, and Marathon gives it to one", claim,
                                         quote(app.app.id), quote(first->second->app.id)));
    }
}

void check_app_circles(const std::vector<ReadApp>& apps, Mistakes& mistakes) {
  Circles(apps, mistakes).run();
}

void AppCheck::names() const {
  for (const Wait& wait : waits_of(app_, id_)) {
    if (wait.path == id_)
      wrong(wait.mark, fmt::format("{} name the app itself, which would wait for itself for ever", of("dependencies")));
    else if (is_in(id_, wait.path))
      wrong(wait.mark,
            fmt::format("{} name {}, the group that it is in, and so itself", of("dependencies"), quote(wait.path)));
    else if (const std::string why = is_app_id(wait.path); !why.empty())
      wrong(wait.mark, fmt::format("bad {} {}: {}", of("dependencies"), quote(wait.path), why));
  }
  const std::string image = said("container.docker.image");
  if (const std::string why = image.empty() ? "" : is_image(image); !why.empty())
    wrong(at("container.docker.image")->mark,
          fmt::format("bad {} {}: {}", of("container.docker.image"), quote(image), why));
}

}  // namespace cctl
