#include "load/app_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "load/app_rules.hpp"
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

}  // namespace

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
