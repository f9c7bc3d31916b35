// clusterctl images list and pull: the images on the hosts.
#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "apply/apply.hpp"
#include "commands/at_terminal.hpp"
#include "commands/context.hpp"
#include "commands/images.hpp"
#include "commands/out.hpp"
#include "commands/prompt.hpp"
#include "commands/target.hpp"
#include "commands/timings.hpp"
#include "commands/watcher.hpp"
#include "model/error.hpp"
#include "plan/engine_words.hpp"
#include "report/failure.hpp"
#include "report/json_text.hpp"
#include "report/run_json.hpp"
#include "report/table.hpp"
#include "report/words.hpp"
#include "run/preflight.hpp"

namespace cctl {
namespace {

using nlohmann::json;

// Which of the hosts that need an image have it, as far as they could be asked.
struct Presence {
  std::vector<std::string> have, lack, unknown;
};

Presence presence_of(const NeededImage& image, const Observed& observed) {
  Presence out;
  for (const std::string& name : image.hosts()) {
    const auto host = observed.hosts.find(name);
    const bool asked = host != observed.hosts.end() && host->second.reachable;
    if (!asked || !why_unasked(host->second).empty())
      out.unknown.push_back(name);
    else
      (host->second.images.count(image.reference) ? out.have : out.lack).push_back(name);
  }
  return out;
}

std::string words(const Presence& p) {
  std::string out = p.lack.empty() && p.unknown.empty() ? "all" : p.have.empty() ? "none" : joined(p.have, ",");
  if (!p.unknown.empty()) out += " (could not be asked: " + joined(p.unknown, ",") + ")";
  return out;
}

void print_table(const std::vector<NeededImage>& images, const Observed* observed, const Options& options) {
  std::vector<Row> rows = {{{"IMAGE"}, {"COMPONENT"}, {"VERSION"}, {"HOSTS"}}};
  if (observed) rows.front().push_back({"PRESENT ON"});
  for (const NeededImage& image : images) {
    bool first = true;
    for (const ImageUse& use : image.uses) {
      rows.push_back({{first ? image.reference : ""},
                      {use.component},
                      {use.version.empty() ? "-" : use.version},
                      {image.app ? "where it is placed" : joined(use.hosts, ",")}});
      if (observed && first && !image.app) {
        const Presence p = presence_of(image, *observed);
        rows.back().push_back({words(p), p.lack.empty() ? Color::none : Color::yellow});
      }
      first = false;
    }
  }
  write_out(table(rows, look_of(STDOUT_FILENO, options.color)));
}

void print_list_json(const std::vector<NeededImage>& images, const Observed* observed) {
  json out = {{"schema", "clusterctl.images/1"}, {"images", json::array()}};
  for (const NeededImage& image : images) {
    json one = {
        {"image", image.bare}, {"reference", image.reference}, {"hosts", image.hosts()}, {"uses", json::array()}};
    for (const ImageUse& use : image.uses)
      one["uses"].push_back({{"component", use.component}, {"version", use.version}, {"hosts", use.hosts}});
    if (observed && !image.app) {
      const Presence p = presence_of(image, *observed);
      one["present"] = p.have, one["missing"] = p.lack, one["unknown"] = p.unknown;
    }
    out["images"].push_back(std::move(one));
  }
  print_json(json_text(out));
}

void print_list(const std::vector<NeededImage>& images, const Observed* observed, const Options& options) {
  if (options.json())
    print_list_json(images, observed);
  else
    print_table(images, observed, options);
}

// A plan of nothing but pulls.
Plan pull_plan(const Live& live, const std::vector<NeededImage>& images, bool again) {
  Plan plan;
  plan.cluster = live.desired.cluster;
  plan.first().desired = live.desired;
  Wave wave;
  wave.title = "images";
  for (const NeededImage& image : images) {
    const Presence p = presence_of(image, live.observed);
    const auto add = [&](const std::vector<std::string>& hosts, const char* reason) {
      for (const std::string& host : hosts) {
        Step step;
        step.host = host;
        step.component = image.uses.front().component;
        step.action = Action::pull;
        step.subject = Pull{image.reference};
        step.reason = reason;
        wave.steps.push_back(std::move(step));
      }
    };
    add(p.lack, "not on the host");
    if (again) add(p.have, "asked for");
  }
  if (!wave.steps.empty()) plan.first().waves.push_back(std::move(wave));
  return plan;
}

}  // namespace

int images_list(const Options& options, const ImagesOptions& wanted) {
  Sources sources = load_sources(options);
  tell_guess(options, sources);
  if (!wanted.hosts) {
    print_list(images_of(options, sources, expand_sources(sources, {})), nullptr, options);
    return 0;
  }
  World world(options);
  const Live live = world.run(connect(world.network(), wanted_of(sources), connect_limits(options), false));
  print_list(images_of(options, sources, live.desired), &live.observed, options);
  tell_timings(world);
  need_all(live, diff_options(options, live.desired), with_limit(options, "images list", {"--hosts"}));
  return 0;
}

int images_pull(const Options& options, const ImagesOptions& wanted) {
  Sources sources = load_sources(options);
  std::vector<std::string> words;
  if (wanted.again) words.emplace_back("--again");
  const std::string again = next_command(options, "images pull", words);
  need_said(options, again, sources);
  const auto progress = progress_for(options);
  World world(options);
  Live live = world.run(connect(world.network(), wanted_of(sources), connect_limits(options), false));
  need_all(live, diff_options(options, live.desired), with_limit(options, "images pull", words));
  const auto images = images_of(options, sources, live.desired);
  for (const NeededImage& image : images)
    for (const std::string& name : presence_of(image, live.observed).unknown)
      throw Error(no_engine(live.observed.hosts.at(name)) + "; nothing was changed", 3);
  const Plan plan = pull_plan(live, images, wanted.again);
  if (plan.nothing_to_do()) {
    if (options.json())
      print_json(run_json_text({"images pull", plan.cluster, live.wanted.file, {}, 0, {}}));
    else
      say("nothing to pull: every host has the images that it needs\n");
    return 0;
  }
  const std::set<std::string> checks = {"disk.space"};
  world.run(preflight(live, world.clock(), plan, checks));
  ask_guess(world, "Fetch images to the hosts of " + cluster_and_file(plan.cluster, live.wanted.file) + "?",
            plan.cluster);
  Watcher watcher(*progress);
  Report report = world.run(apply(plan.first(), live.hosts, world.clock(), watcher, nullptr, {}));
  progress->clear();
  aim_failures(report, options, again);
  tell_report(report, options);
  if (options.json())
    print_json(
        run_json_text({"images pull", plan.cluster, live.wanted.file, report, static_cast<int>(report.exit), {}}));
  tell_timings(world);
  return static_cast<int>(report.exit);
}

}  // namespace cctl
