// clusterctl render: every file and container that up would make, in a directory, without a connection.
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "commands/commands.hpp"
#include "commands/context.hpp"
#include "commands/out.hpp"
#include "commands/target.hpp"
#include "model/error.hpp"
#include "plan/rendered.hpp"
#include "plan/select.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

long long files_below(const std::string& dir) {
  std::error_code failed;
  long long out = 0;
  for (std::filesystem::recursive_directory_iterator at(dir, failed), end; !failed && at != end; at.increment(failed))
    out += at->is_regular_file(failed) ? 1 : 0;
  return out;
}

int run_render(const Options& options, const std::string& dir) {
  if (dir.empty()) throw Error("--dir is empty; name a directory, or . for this one", 2);
  const Sources sources = load_sources(options);
  tell_guess(options, sources);
  Desired desired = expand_sources(sources, {});
  const DiffOptions chosen = diff_options(options, desired);
  std::erase_if(desired.instances, [&](const Instance& i) { return !is_chosen(chosen, i.host, i.component); });
  const auto tree = rendered_tree(desired);
  for (const auto& [path, content] : tree) write_file(dir + "/" + path, content);
  const long long others = files_below(dir) - static_cast<long long>(tree.size());
  if (others > 0) tell("note: {} holds {} that this render did not write\n", dir, counted(others, "file"));
  say("{}: {} written for {}\n", dir, counted(static_cast<long long>(tree.size()), "file"),
      counted(static_cast<long long>(desired.instances.size()), "container"));
  return 0;
}

}  // namespace

void add_render(Program& program) {
  const auto dir = std::make_shared<std::string>();
  program
      .add("render", "write every file and container spec that up would use, without a connection",
           [&program, dir] { return run_render(program.options, *dir); })
      .inventory(program.options)
      .option("-d,--dir", *dir, "DIR", "the directory to write to")
      .require("--dir");
}

}  // namespace cctl
