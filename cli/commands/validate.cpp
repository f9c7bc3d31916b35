// clusterctl validate: every mistake of the inventory in one run, without a connection.
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands/commands.hpp"
#include "commands/context.hpp"
#include "commands/out.hpp"
#include "report/json_text.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

int run_validate(const Options& options, bool schema) {
  if (schema) {
    write_out(read_file(find_data(options.data) + "/inventory/schema.json"));
    return 0;
  }
  Options its = options;
  its.reads_input = true;
  const Sources sources = load_sources(its);
  const Desired desired = expand_sources(sources, {});
  for (const std::string& warning : desired.warnings) warn(warning);
  if (options.json()) {
    const nlohmann::json out = {{"schema", "clusterctl.validate/1"},     {"cluster", desired.cluster},
                                {"inventory", sources.inventory.file},   {"hosts", desired.hosts.size()},
                                {"instances", desired.instances.size()}, {"warnings", desired.warnings}};
    print_json(json_text(out));
  } else {
    const std::string& file = sources.inventory.file;
    say("{}: cluster {}, {}, {}: no mistakes\n", file == "-" ? "standard input" : file, desired.cluster,
        counted(std::ssize(desired.hosts), "host"), counted(std::ssize(desired.instances), "instance"));
  }
  return 0;
}

}  // namespace

void add_validate(Program& program) {
  const auto schema = std::make_shared<bool>(false);
  program
      .add("validate", "find every mistake of an inventory (- is standard input), without a connection",
           [&program, schema] { return run_validate(program.options, *schema); })
      .inventory(program.options, true)
      .json()
      .flag("--schema", *schema, "print the JSON Schema of inventories instead, for editors");
}

}  // namespace cctl
