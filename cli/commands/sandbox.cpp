// clusterctl sandbox up|down|status: hosts to try things on, as containers of the local Docker engine.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands/commands.hpp"
#include "commands/context.hpp"
#include "commands/out.hpp"
#include "load/version_keys.hpp"
#include "model/error.hpp"
#include "model/shell_words.hpp"
#include "plan/app_state.hpp"
#include "report/json_text.hpp"
#include "report/table.hpp"
#include "report/words.hpp"
#include "sandbox/docker.hpp"
#include "sandbox/sandbox.hpp"

namespace cctl {
namespace {

// "[2/5] sandbox hosts", then what happens in it, then how long it took; on standard error.
class Steps {
 public:
  Steps(int count, bool quiet) : count_(count), quiet_(quiet) {}

  template <class Work>
  void run(const std::string& title, Work work) {
    const auto began = std::chrono::steady_clock::now();
    if (!quiet_) tell("[{}/{}] {}\n", ++number_, count_, title);
    work([this](const std::string& line) {
      if (!quiet_) tell("      {}\n", line);
    });
    const auto took = std::chrono::steady_clock::now() - began;
    if (!quiet_) tell("      done in {}\n", duration(std::chrono::duration_cast<std::chrono::milliseconds>(took)));
  }

 private:
  int count_, number_ = 0;
  bool quiet_;
};

// k=v,k=v as CLI11 hands it over, split at commas.
std::map<std::string, std::string> pairs_of(const std::vector<std::string>& words) {
  std::map<std::string, std::string> out;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0) throw Error("\"" + word + "\" is not NAME=VERSION", 2);
    out[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return out;
}

// Adds every image that the sandbox's inventory and its apps need, with these versions in place of its own.
void add_images(const Options& options, const std::string& inventory,
                const std::map<std::string, std::string>& versions, std::vector<std::string>& images) {
  Options its = options;
  its.argument = inventory;
  its.inventory.reset();
  its.cluster.reset();
  const Desired desired = expand_sources(load_sources(its, versions), {});
  const auto add = [&](const std::string& image) {
    if (!image.empty() && std::find(images.begin(), images.end(), image) == images.end()) images.push_back(image);
  };
  for (const ComponentPlan& component : desired.components) add(component.image);
  for (const Instance& instance : desired.instances)
    if (const AppSpec* app = instance.app()) add(app_image(app->json));
}

// What --also names: a version of a component, as the inventory would name it, or else an image by its recipe.
void add_more(const Options& options, const std::string& inventory, SandboxOptions& wanted,
              std::vector<std::string>& images) {
  std::vector<std::string> recipes;
  for (const std::string& word : wanted.also) {
    const auto pair = pairs_of({word});
    const bool known = std::count(wanted.known.begin(), wanted.known.end(), pair.begin()->first) > 0;
    if (known)
      add_images(options, inventory, pair, images);
    else
      recipes.push_back(word);
  }
  wanted.also = std::move(recipes);
}

int run_up(const Options& options, SandboxOptions wanted) {
  wanted.data_dir = find_data(options.data);
  for (const auto& [key, components] : version_keys(wanted.data_dir)) wanted.known.push_back(key);
  Layout layout = read_layout(wanted.dir);
  const bool reshaped = reshape(layout, wanted) || !wanted.versions.empty() || !wanted.only.empty();
  std::vector<std::string> images;
  Steps steps(5, options.quiet > 0);
  steps.run("Docker engine of this machine", [&](const Say& say) { need_engine(wanted.data_dir, say); });
  steps.run("inventory " + layout.inventory_file(), [&](const Say& say) {
    prepare(layout, wanted, reshaped, say);
    add_images(options, layout.inventory_file(), {}, images);
    add_more(options, layout.inventory_file(), wanted, images);
  });
  steps.run("hosts", [&](const Say& say) { start_nodes(layout, wanted.data_dir, say); });
  steps.run("images", [&](const Say& say) { fill_registry(layout, wanted.data_dir, images, wanted.also, say); });
  steps.run("waiting for sshd and Docker on the hosts", [&](const Say& say) { wait_for_nodes(layout, say); });
  say("sandbox of {} is up; next: clusterctl up {}\n", counted(static_cast<long long>(layout.nodes().size()), "host"),
      shell_word(layout.inventory_file()));
  return 0;
}

// One whose directory is gone is known by its containers.
void need_sandbox(const Layout& layout) {
  if (layout.existed || !containers_with(layout.label()).empty()) return;
  throw Error(
      fmt::format("there is no sandbox in \"{}\"; --dir names the directory that sandbox up was given", layout.dir), 2);
}

int run_down(const Options& options, const std::string& dir) {
  const Layout layout = read_layout(dir);
  need_engine(find_data(options.data), [](const std::string&) {});
  need_sandbox(layout);
  remove_sandbox(layout, [](const std::string& line) { say("{}\n", line); });
  return 0;
}

int run_status(const Options& options, const std::string& dir) {
  const Layout layout = read_layout(dir);
  need_sandbox(layout);
  const auto states = sandbox_state(layout);
  const auto running =
      std::count_if(states.begin(), states.end(), [](const NodeState& s) { return s.state == "running"; });
  if (options.json()) {
    nlohmann::json nodes = nlohmann::json::array();
    for (const NodeState& s : states) {
      nodes.push_back({{"name", s.node.name},
                       {"role", s.node.role},
                       {"address", s.node.address},
                       {"container", s.node.container},
                       {"state", s.state}});
    }
    const bool registry_runs = std::any_of(states.begin(), states.end(), [](const NodeState& s) {
      return s.node.role == "registry" && s.state == "running";
    });
    nlohmann::json out = {{"schema", "clusterctl.sandbox/1"},
                          {"dir", layout.dir},
                          {"inventory", layout.inventory_file()},
                          {"nodes", nodes}};
    if (registry_runs) out["registry"] = {{"address", layout.registry()}, {"push", push_address(layout)}};
    print_json(json_text(out));
  } else {
    const Look look = look_of(1, options.color);
    std::vector<Row> rows = {
        {{"NODE", Color::bold}, {"ADDRESS", Color::bold}, {"STATE", Color::bold}, {"CONTAINER", Color::bold}}};
    for (const NodeState& s : states) {
      rows.push_back({{s.node.name},
                      {s.node.address},
                      {s.state, s.state == "running" ? Color::green : Color::red},
                      {s.node.container}});
    }
    write_out(table(rows, look));
    say("{} of {} running\n", running, states.size());
  }
  return running == static_cast<long>(states.size()) ? 0 : 1;
}

}  // namespace

void add_sandbox(Program& program) {
  const auto wanted = std::make_shared<SandboxOptions>();
  const auto versions = std::make_shared<std::vector<std::string>>();
  program.add("sandbox", "hosts to try things on, as containers on this machine", {});
  const auto add = [&](const char* name, const char* what, std::function<int()> run) {
    return program.add_below("sandbox", name, what, std::move(run))
        .option("--dir", wanted->dir, "DIR", "where its inventory and key are; sandbox if not said");
  };
  add("up", "start the hosts, or repair them",
      [&program, wanted, versions] {
        wanted->versions = pairs_of(*versions);
        return run_up(program.options, *wanted);
      })
      .option("--masters", wanted->masters, "N", "3 if not said")
      .option("--slaves", wanted->slaves, "N", "2 if not said")
      .option("--lbs", wanted->lbs, "N", "0 if not said")
      .list("--versions", *versions, "NAME=V,...", "other versions than images/sandbox.yml has")
      .list("--only", wanted->only, "NAME,...", "only these of its components")
      .list("--also", wanted->also, "NAME=V,...",
            "more for its registry: versions to upgrade to, or images of images/build --list")
      .choice("--images", wanted->images, {"recipes", "upstream"},
              "recipes: built here; upstream: from the public registries");
  add("down", "remove everything that sandbox up made",
      [&program, wanted] { return run_down(program.options, wanted->dir); });
  add("status", "which hosts run", [&program, wanted] { return run_status(program.options, wanted->dir); }).json();
}

}  // namespace cctl
