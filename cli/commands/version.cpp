// clusterctl version
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "commands/commands.hpp"
#include "commands/out.hpp"
#include "report/json_text.hpp"

namespace cctl {
namespace {

int run_version(const Options& options) {
  if (options.json()) {
    print_json(json_text({{"schema", "clusterctl.version/1"}, {"version", CCTL_VERSION}}));
  } else {
    say("clusterctl {}\n", CCTL_VERSION);
  }
  return 0;
}

}  // namespace

void add_version(Program& program) {
  program.add("version", "the version of clusterctl", [&program] { return run_version(program.options); }).json();
}

}  // namespace cctl
