// Preparing hosts in a world that remembers: commands, what is kept to undo them, and engines that come late.
#include "apply/scripts.hpp"
#include "catch.hpp"
#include "cluster.hpp"
#include "model/prepared_json.hpp"
#include "prepare/preparation.hpp"

using namespace cctl;
using namespace cctl::fake;

namespace {

const std::vector<std::vector<std::string>> kShut = {{"ufw", "delete", "allow", "80/tcp"}};
const std::vector<std::vector<std::string>> kRename = {{"hostnamectl", "set-hostname", "was"}};

Step step(const std::string& host, const std::string& item, std::vector<std::vector<std::string>> commands,
          std::vector<std::vector<std::string>> undo) {
  Step out;
  out.host = host;
  out.component = item;
  out.action = Action::prepare;
  out.reason = "it is wrong";
  out.subject = Preparation{std::move(commands), std::move(undo)};
  return out;
}

Wave wave(std::vector<Step> steps) {
  Wave out;
  out.title = "prepare";
  out.steps = std::move(steps);
  return out;
}

std::vector<Prepared> kept(const World& world, const std::string& host) {
  const auto& files = world.machines.at(host).files;
  const auto found = files.find(prepared_path("c"));
  return found == files.end() ? std::vector<Prepared>{} : prepared_from_json(found->second.content).done;
}

RunOptions with(std::vector<Wave> first) {
  RunOptions out;
  out.first = std::move(first);
  return out;
}

}  // namespace

TEST_CASE("hosts are prepared before anything else, and what undoes it is kept there") {
  const Wish wish;
  World w = world(wish);
  const Ended ended = run(w, desired(wish),
                          with({wave({step("a", "firewall", {{"open", "80"}, {"open", "81"}}, kShut)}),
                                wave({step("a", "time", {{"start"}}, {})})}));
  REQUIRE(ended.exit == 0);
  CHECK(w.machines.at("a").commands == std::vector<std::string>{"'open' '80'", "'open' '81'", "'start'"});
  REQUIRE(kept(w, "a").size() == 1);
  CHECK(kept(w, "a")[0].undo == kShut);
  CHECK(kept(w, "b").empty());
  CHECK(all_serve(w, desired(wish)));
}

TEST_CASE("a command that fails ends the run before the cluster is touched") {
  const Wish wish;
  World w = world(wish);
  w.machines.at("a").failing.insert("'open' '81'");
  const Ended ended = run(
      w, desired(wish), with({wave({step("a", "firewall", {{"open", "80"}, {"open", "81"}, {"open", "82"}}, kShut)})}));
  CHECK(ended.exit == static_cast<int>(Exit::failed));
  REQUIRE(ended.report.failures.size() == 1);
  CHECK(ended.report.failures[0].saw.find("'open' '81' ended with 1") == 0);
  CHECK(w.machines.at("a").commands.size() == 2);
  CHECK(w.machines.at("b").containers.empty());
  CHECK(kept(w, "a").size() == 1);
}

TEST_CASE("an engine that is installed serves the same run") {
  const Wish wish;
  World w = world(wish);
  w.machines.at("a").engine_from = "'install' 'docker'";
  Step install = step("a", "docker", {{"install", "docker"}}, {});
  install.engine = true;
  CHECK(run(w, desired(wish)).exit != 0);
  const Ended ended = run(w, desired(wish), with({wave({install})}));
  CHECK(ended.error == "");
  CHECK(ended.exit == 0);
  CHECK(all_serve(w, desired(wish)));
}

TEST_CASE("down undoes what was done, the last first, and keeps nothing; a complaint does not stop it") {
  const Wish wish;
  World w = world(wish);
  REQUIRE(
      run(w, desired(wish),
          with({wave({step("a", "firewall", {{"open"}}, kShut)}), wave({step("a", "hostname", {{"name"}}, kRename)})}))
          .exit == 0);
  w.machines.at("a").commands.clear();
  w.machines.at("a").failing.insert(command_of(kRename[0]));
  RunOptions down;
  down.down = down.purge = true;
  const Ended ended = run(w, desired(wish), down);
  CHECK(ended.exit == 0);
  CHECK(w.machines.at("a").commands == std::vector<std::string>{command_of(kRename[0]), command_of(kShut[0])});
  CHECK(kept(w, "a").empty());
  CHECK(w.machines.at("a").directories.count("/var/lib/clusterctl") == 0);
}

TEST_CASE("down runs nothing that others wrote among what undoes, and keeps it") {
  const Wish wish;
  World w = world(wish);
  REQUIRE(run(w, desired(wish),
              with({wave({step("a", "firewall", {{"open"}}, kShut)}),
                    wave({step("a", "hostname", {{"name"}}, {{"sh", "-c", "reboot"}})})}))
              .exit == 0);
  w.machines.at("a").commands.clear();
  RunOptions down;
  down.down = down.purge = true;
  for (int again = 0; again < 2; ++again) {
    const Ended ended = run(w, desired(wish), down);
    CHECK(ended.exit == 0);
    CHECK(w.machines.at("a").commands == std::vector<std::string>{command_of(kShut[0])});
    REQUIRE(kept(w, "a").size() == 1);
    CHECK(kept(w, "a")[0].item == "hostname");
  }
}
