#include "commands/memory.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "commands/out.hpp"
#include "load/text_file.hpp"
#include "load/tree_of_json.hpp"
#include "model/error.hpp"
#include "model/local_file.hpp"
#include "model/read_local.hpp"

namespace cctl {
namespace {

namespace fs = std::filesystem;

fs::path memory_file() {
  for (const auto& [variable, below] :
       {std::pair{"CLUSTERCTL_STATE_DIR", ""}, std::pair{"XDG_STATE_HOME", "clusterctl"},
        std::pair{"HOME", ".local/state/clusterctl"}}) {
    if (const char* dir = std::getenv(variable); dir && *dir) return fs::path(dir) / below / "clusters.json";
  }
  return {};
}

// One that leads nowhere as a link is there.
bool is_there(const fs::path& file) {
  std::error_code failed;
  return !file.empty() && fs::symlink_status(file, failed).type() != fs::file_type::not_found;
}

Memory memory_of(const Tree& tree, const std::string& file, Mistakes& mistakes) {
  using Kind = Tree::Kind;
  Memory out;
  if (mistakes.any_error()) return out;
  const Tree *last = tree.find("last"), *clusters = tree.find("clusters");
  if (!last || last->kind != Kind::text || !clusters || clusters->kind != Kind::map) {
    const Tree& wrong = clusters && clusters->kind != Kind::map ? *clusters : last ? *last : tree;
    mistakes.error(wrong.mark.line ? wrong.mark : Mark{file, 1, 1},
                   "it must be {\"last\": CLUSTER, \"clusters\": {...}}");
    return out;
  }
  out.last = last->text;
  for (const Tree& path : clusters->items) {
    if (path.kind == Kind::text && !path.plain)
      out.clusters[path.key] = path.text;
    else
      mistakes.error(path.mark, "the inventory of " + quote(path.key) + " must be a path");
  }
  return out;
}

}  // namespace

Memory remembered() {
  const std::string file = memory_file().string();
  if (!is_there(file)) return {};
  const auto broken = [&](const std::string& why) {
    return fmt::format("{}, so that what earlier runs remembered is not known: mend or remove it", why);
  };
  constexpr std::size_t longest = 16 << 20;
  const LocalText read = read_own(file, longest);
  Memory out;
  if (!read) {
    out.fault = broken(fmt::format("{} cannot be read: {}", file, read.fault));
    return out;
  }
  Mistakes mistakes;
  out = memory_of(parse_json(read.text, file, mistakes), file, mistakes);
  for (const Mistake& m : mistakes.in_file_order())
    if (!m.warning && out.fault.empty())
      out.fault = broken(fmt::format("{}:{}:{}: {}", file, m.mark.line, m.mark.column, m.text));
  return out;
}

void remember_inventory(const std::string& cluster, const std::string& path) {
  const std::string file = memory_file().string();
  if (file.empty()) return;
  const auto forgets = [&](const std::string& why) {
    warn(fmt::format("{}: the next command will not know of {} without -i", why, cluster));
  };
  Memory memory = remembered();
  if (!memory.fault.empty()) return forgets(memory.fault);
  memory.clusters[cluster] = fs::absolute(path).lexically_normal().string();
  const nlohmann::json kept = {{"last", cluster}, {"clusters", memory.clusters}};
  try {
    write_local(file, kept.dump(2) + "\n");
  } catch (const Error& e) {
    forgets(e.what());
  }
}

}  // namespace cctl
