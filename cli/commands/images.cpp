// clusterctl images: what an inventory needs, on the hosts, in registries and in archives.
#include "commands/images.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands/commands.hpp"
#include "commands/context.hpp"
#include "commands/out.hpp"
#include "load/checks.hpp"
#include "model/error.hpp"
#include "model/report.hpp"
#include "report/json_text.hpp"
#include "report/table.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

constexpr int some_failed = static_cast<int>(Exit::partial);

std::string json_of(const Sources* sources, const std::vector<CopyResult>& results, const std::string& lines) {
  nlohmann::json images = nlohmann::json::array();
  for (const CopyResult& r : results) {
    images.push_back({{"image", r.job.target.bare()},
                      {"source", r.job.source.text()},
                      {"target", r.job.target.text()},
                      {"state", to_text(r.state)},
                      {"digest", r.digest},
                      {"size", r.size},
                      {"copied", r.copied},
                      {"error", r.error.empty() ? nlohmann::json(nullptr) : nlohmann::json(r.error)}});
  }
  nlohmann::json out = {{"schema", "clusterctl.images/1"}, {"images", images}, {"inventory", lines}};
  if (sources) out["cluster"] = sources->inventory.cluster, out["file"] = sources->inventory.file;
  return json_text(out);
}

std::string table_of(const std::vector<CopyResult>& results, const Look& look) {
  std::vector<Row> rows = {{{"IMAGE"}, {"DIGEST"}, {"SIZE"}, {"STATE"}}};
  for (const CopyResult& r : results) {
    const bool failed = r.state == CopyState::failed;
    const std::string state = r.state == CopyState::copied ? "copied " + bytes(r.copied) : to_text(r.state);
    rows.push_back({{r.job.target.text()},
                    {r.digest.empty() ? "-" : r.digest},
                    {r.size ? bytes(r.size) : "-"},
                    {state, failed ? Color::red : Color::none}});
  }
  return table(rows, look);
}

}  // namespace

std::vector<NeededImage> images_of(const Options& options, const Sources& sources, const Desired& desired) {
  const DiffOptions chosen = diff_options(options, desired);
  std::vector<NeededImage> out = needed_images(sources, desired, chosen.components, chosen.limit);
  if (out.empty()) throw Error("no image is needed by what --component and --limit name", 2);
  return out;
}

void check_prefix(const std::string& option, const std::string& prefix) {
  const std::string fault = is_registry(prefix);
  if (!fault.empty()) throw Error(option + " \"" + prefix + "\": " + fault, 2);
  const std::string host = prefix.substr(0, prefix.find('/'));
  if (host.find_first_of(".:") != std::string::npos || host == "localhost") return;
  throw Error(fmt::format("{} \"{}\" would be read as a name on Docker Hub; say {}:PORT, or docker.io/{}", option,
                          prefix, host, prefix),
              2);
}

int tell_copied(const Options& options, const Sources* sources, const std::vector<CopyResult>& results,
                const std::string& lines) {
  if (options.json()) {
    print_json(json_of(sources, results, lines));
  } else {
    write_out(table_of(results, look_of(STDOUT_FILENO, options.color)));
  }
  std::string errors;
  for (const CopyResult& r : results)
    if (!r.error.empty()) errors += r.job.source.text() + ": " + r.error + "\n";
  if (!errors.empty()) {
    const bool all =
        std::all_of(results.begin(), results.end(), [](const CopyResult& r) { return r.state == CopyState::failed; });
    flush_out();
    throw Error(errors + arrived_is_kept, all ? 1 : some_failed);
  }
  if (!options.json() && !lines.empty()) write_out("\nin the inventory:\n" + indented(lines, 4));
  return 0;
}

void add_images(Program& program) {
  const auto wanted = std::make_shared<ImagesOptions>();
  program.add("images", "the images that an inventory needs: on hosts, in registries, in archives", {});
  const auto add = [&](const char* name, const char* what, int (*run)(const Options&, const ImagesOptions&)) {
    return program.add_below("images", name, what, [&program, wanted, run] { return run(program.options, *wanted); })
        .json();
  };
  const auto insecure = [&](Command command) {
    return command.list("--insecure", wanted->insecure, "HOST:PORT,...", "registries that speak plain http");
  };
  const auto copying = [&](Command command) {
    return insecure(command)
        .option("--from", wanted->from, "REGISTRY", "fetch from here instead of where the inventory says")
        .flag("--all-platforms", wanted->all_platforms, "not only what is for linux/amd64");
  };
  const auto to = [&](Command command) {
    return command.option("--to", wanted->to, "REGISTRY", "host[:port][/path]").require("--to");
  };
  add("list", "which images the inventory needs, and where", images_list)
      .inventory(program.options)
      .flag("--hosts", wanted->hosts, "ask the hosts which of them have it");
  add("pull", "fetch them on the hosts that need them; nothing else is changed", images_pull)
      .inventory(program.options)
      .flag("--again", wanted->again, "where their tag is present, too");
  copying(to(add("mirror", "copy them from their registries to another", images_mirror).inventory(program.options)));
  to(add("push", "push them to a registry from this machine's Docker engine", images_push).inventory(program.options));
  copying(add("save", "write them into an archive, from their registries", images_save)
              .argument("file", wanted->file, "a tar with an OCI image layout", true)
              .inventory(program.options));
  insecure(to(add("load", "copy an archive's images into a registry", images_load)
                  .argument("file", wanted->file, "what save has written", true)));
}

}  // namespace cctl
