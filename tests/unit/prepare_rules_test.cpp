// What is done to hosts of four distributions, command by command, against the texts that were accepted. CCTL_ACCEPT=1
// writes what is seen now; read the diff before committing it.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "accepted.hpp"
#include "catch.hpp"
#include "kind.hpp"
#include "look/look.hpp"
#include "model/error.hpp"
#include "model/shell_words.hpp"
#include "prepare/preparation.hpp"
#include "prepare/undo.hpp"
#include "source_dir.hpp"

using namespace cctl;
using namespace cctl::test;
namespace fs = std::filesystem;

namespace {

const fs::path kData = std::string(cctl::test::source_dir) + "/tests/unit/data/prepare";

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

Prepare everything() {
  Prepare wanted;
  for (PrepareMode* mode : {&wanted.docker, &wanted.selinux, &wanted.firewall, &wanted.hostname, &wanted.time})
    *mode = PrepareMode::apply;
  wanted.hosts_file = PrepareMode::check;
  return wanted;
}

// One host with a component that wants ports of every kind.
Plan plan_for_one(const std::vector<std::string>& hosts = {"slave1"}) {
  Plan plan;
  plan.cluster = plan.first().desired.cluster = "prod";
  for (const std::string& name : hosts) {
    Host host;
    host.name = name;
    plan.first().desired.hosts.push_back(host);
    Instance instance;
    instance.host = name;
    instance.component = "web";
    test::as<Container>(instance).spec.image = "web:1";
    for (const char* text : {"8300", "8301-8302", "5050/tcp", "53/udp", "31000-32000", "vrrp"})
      instance.openings.push_back(*opening_from(text));
    plan.first().desired.instances.push_back(instance);
  }
  ComponentPlan web;
  web.component = "web";
  plan.first().desired.components.push_back(web);
  return plan;
}

std::string rules_told(const Plan& plan) {
  std::string out;
  for (const Wave& wave : plan.first().waves) {
    out += wave.title + "\n";
    for (const Step& step : wave.steps) {
      CHECK(!not_of_a_rule({step.component, "", step.preparation()->undo}, plan.cluster));
      out += "  " + step.component + ": " + step.reason + "\n";
      for (const auto& words : step.preparation()->commands) out += "    $ " + shell_line(words) + "\n";
      for (const auto& words : step.preparation()->undo) out += "    undo $ " + shell_line(words) + "\n";
    }
  }
  for (const std::string& text : plan.warnings) out += "warning: " + text + "\n";
  for (const Refusal& refusal : plan.refusals) out += "refused: " + refusal.text + "\n";
  return out;
}

void compare(const std::string& seen, const std::string& name) {
  const fs::path file = kData / (name + ".txt");
  if (accepting()) return accept(file, seen);
  INFO(name);
  CHECK(seen == slurp(file));
}

Facts facts_of(const std::string& name, bool engine = false) {
  LookRequest asked;
  ask_preparation(everything(), "192.168.2.61", asked);
  Facts facts = read_look(slurp(kData / (name + ".facts")), asked, "@@").facts;
  facts.engine_answers = engine;
  return facts;
}

}  // namespace

TEST_CASE("the commands for each distribution") {
  for (const char* name :
       {"debian-12", "ubuntu-22.04", "centos-7", "rocky-9", "centos-7-iptables", "debian-12-container"}) {
    Prepare wanted = everything();
    Plan open = plan_for_one();
    add_preparation(open, wanted, {{"slave1", facts_of(name)}});
    wanted.stop_firewall = true;
    wanted.selinux_want = "disabled";
    Plan stopped = plan_for_one();
    add_preparation(stopped, wanted, {{"slave1", facts_of(name, true)}});
    compare("how: open, no engine\n\n" + rules_told(open) + "\nhow: stop, with an engine\n\n" + rules_told(stopped),
            name);
  }
}

TEST_CASE("check changes nothing and tells the same") {
  Prepare wanted = everything();
  for (PrepareMode* mode : {&wanted.docker, &wanted.selinux, &wanted.firewall, &wanted.hostname, &wanted.time})
    *mode = PrepareMode::check;
  Plan plan = plan_for_one();
  add_preparation(plan, wanted, {{"slave1", facts_of("centos-7")}});
  CHECK(plan.first().waves.empty());
  CHECK(plan.refusals.empty());
  CHECK(plan.warnings ==
        std::vector<std::string>{
            "slave1: SELinux is Enforcing now and enforcing at boot; prepare: {selinux: apply} puts it right",
            "slave1: its firewall (firewalld, zone public) keeps out 5050/tcp, 8300-8302/tcp, 31000-32000/tcp, 53/udp, "
            "vrrp; prepare: {firewall: apply} puts it right",
            "slave1: Docker is not installed; prepare: {docker: apply} puts it right",
            "slave1: its hostname is \"localhost.localdomain\"; prepare: {hostname: apply} puts it right",
            "slave1: its own name \"localhost.localdomain\" is 127.0.0.1 to itself, which a program would tell others",
            "slave1: nothing keeps its clock; prepare: {time: apply} puts it right"});
}

TEST_CASE("an engine that could not be asked is neither broken nor there: nothing is changed on its host") {
  Facts facts = facts_of("debian-12");
  facts.docker_installed = true;
  facts.engine_unknown = "docker: no answer in 10 s";
  Prepare wanted;
  wanted.docker = PrepareMode::check;
  const std::string said =
      "slave1: its Docker engine could not be asked (docker: no answer in 10 s); docker info on the host says more; "
      "clusterctl check once it answers";
  Plan check = plan_for_one();
  add_preparation(check, wanted, {{"slave1", facts}});
  CHECK(check.warnings == std::vector<std::string>{said});
  CHECK(check.refusals.empty());
  Plan elsewhere = plan_for_one();
  elsewhere.first().desired.hosts[0].ssh.docker_host = "unix:///run/x.sock";
  add_preparation(elsewhere, wanted, {{"slave1", facts}});
  CHECK_THAT(elsewhere.warnings.at(0), Catch::Matchers::Contains("; docker -H unix:///run/x.sock info on the host"));
  wanted.docker = wanted.time = PrepareMode::apply;
  Plan apply = plan_for_one();
  facts.programs = {"systemd"};
  add_preparation(apply, wanted, {{"slave1", facts}});
  CHECK(apply.first().waves.empty());
  REQUIRE(apply.refusals.size() == 2);
  CHECK(apply.refusals[0].exit_code == 3);
  CHECK(apply.refusals[0].text == said);
  CHECK(apply.refusals[1].text ==
        "slave1: nothing keeps its clock; nothing is changed there while its Docker engine could not be asked (docker: "
        "no answer in 10 s)");
}

TEST_CASE("an engine that the plan starts with other settings is not started with those that it has") {
  Facts facts = facts_of("debian-12");
  facts.docker_installed = true;
  Prepare wanted;
  wanted.docker = PrepareMode::apply;
  Plan plan = plan_for_one();
  Step step;
  step.host = "slave1", step.component = "docker-daemon", step.action = Action::restart, step.engine = true;
  Wave wave;
  wave.steps.push_back(step);
  plan.first().waves.push_back(wave);
  add_preparation(plan, wanted, {{"slave1", facts}});
  CHECK(plan.first().waves.size() == 1);
  CHECK(brings_engine(plan.first(), "slave1"));
}

TEST_CASE("off asks for nothing") {
  Plan plan = plan_for_one();
  add_preparation(plan, {}, {{"slave1", facts_of("centos-7")}});
  CHECK(plan.first().waves.empty());
  CHECK(plan.warnings.empty());
}

TEST_CASE("what cannot be put right refuses the run with exit 3") {
  Facts facts = facts_of("rocky-9");
  facts.docker_package.clear();
  Plan plan = plan_for_one();
  Prepare wanted;
  wanted.docker = PrepareMode::apply;
  add_preparation(plan, wanted, {{"slave1", facts}});
  REQUIRE(plan.refusals.size() == 1);
  CHECK(plan.refusals[0].exit_code == 3);
  CHECK(
      plan.refusals[0].text ==
      "slave1: Docker is not installed; none of docker, moby-engine and docker-ce is in its repositories: add one that "
      "has it");
  CHECK(!brings_engine(plan.first(), "slave1"));
}

TEST_CASE("a host of one's own name is told from its twin") {
  Plan plan = plan_for_one({"a", "b"});
  Prepare wanted;
  wanted.hostname = PrepareMode::apply;
  add_preparation(plan, wanted, {{"a", facts_of("rocky-9")}, {"b", facts_of("rocky-9")}});
  REQUIRE(plan.first().waves.size() == 1);
  REQUIRE(plan.first().waves[0].steps.size() == 2);
  CHECK(plan.first().waves[0].steps[1].reason == "its hostname \"rocky\" is also that of a: b");
  CHECK(plan.first().waves[0].steps[1].preparation()->commands ==
        std::vector<std::vector<std::string>>{{"hostnamectl", "set-hostname", "b"}});
}

TEST_CASE("preparing comes before all waves, and restarts of engines one host at a time behind what runs") {
  Plan plan = plan_for_one({"a", "b"});
  Wave images;
  images.title = "images";
  plan.first().waves.push_back(images);
  for (const char* host : {"a", "b"}) {
    Step same;
    same.host = host;
    same.component = "web";
    plan.first().unchanged.push_back(same);
  }
  Prepare wanted;
  wanted.firewall = wanted.selinux = PrepareMode::apply;
  wanted.stop_firewall = true;
  add_preparation(plan, wanted, {{"a", facts_of("centos-7", true)}, {"b", facts_of("centos-7", true)}});
  REQUIRE(plan.first().waves.size() == 3);
  CHECK(plan.first().waves[0].title == "prepare selinux");
  CHECK(plan.first().waves[0].order == RollOrder::parallel);
  CHECK(plan.first().waves[1].order == RollOrder::one_at_a_time);
  CHECK(plan.first().waves[1].gate == std::vector<std::string>{"web"});
  CHECK(plan.first().waves[1].steps[1].interrupts);
  CHECK(plan.first().waves[2].title == "images");
  CHECK(plan.first().waves[2].number == 2);
  CHECK(plan.summary.prepare == 4);
}

TEST_CASE("down undoes the last change first, before the files go") {
  Plan plan = plan_for_one();
  Wave containers, files;
  containers.component = "web";
  Step web;
  web.component = "web";
  web.action = Action::remove;
  containers.steps.push_back(web);
  Step rest;
  rest.action = Action::remove;
  files.steps.push_back(rest);
  plan.first().waves = {containers, files};
  Observed observed;
  observed.hosts["slave1"].reachable = true;
  observed.hosts["slave1"].prepared = {
      {"firewall", "x", {{"ufw", "delete", "allow", "80/tcp"}, {"ufw", "delete", "allow", "81/tcp"}}},
      {"firewall", "z", {{"ufw", "delete", "allow", "82/tcp"}, {"rm", "-rf", "/"}}},
      {"hostname", "y", {{"hostnamectl", "set-hostname", "was"}}}};
  add_undoing(plan, observed, {});
  REQUIRE(plan.first().waves.size() == 3);
  CHECK(plan.first().waves[1].steps[0].action == Action::put_back);
  CHECK(plan.first().waves[1].steps[0].preparation()->commands ==
        std::vector<std::vector<std::string>>{{"hostnamectl", "set-hostname", "was"},
                                              {"ufw", "delete", "allow", "80/tcp"},
                                              {"ufw", "delete", "allow", "81/tcp"}});
  // An entry with a command that no rule makes is not run at all.
  CHECK(plan.warnings ==
        std::vector<std::string>{
            "slave1: /var/lib/clusterctl/prod/prepared.json has \"rm -rf /\" to put firewall back, which "
            "no rule of prepare: can have made: none of it is run; look who wrote that, then rm "
            "/var/lib/clusterctl/prod/prepared.json"});
  CHECK(plan.first().waves[2].number == 2);
}

TEST_CASE("what a host does not tell is not done about") {
  Facts facts = facts_of("debian-12");
  facts.unsaid = {"programs"};
  Prepare wanted;
  wanted.time = PrepareMode::check;
  const std::string said = "slave1: time could not be looked at: the host does not tell: programs";
  Plan check = plan_for_one();
  add_preparation(check, wanted, {{"slave1", facts}});
  CHECK(check.warnings == std::vector<std::string>{said});
  wanted.time = PrepareMode::apply;
  Plan apply = plan_for_one();
  add_preparation(apply, wanted, {{"slave1", facts}});
  CHECK(apply.first().waves.empty());
  REQUIRE(apply.refusals.size() == 1);
  CHECK(apply.refusals[0].text == said);
}

TEST_CASE("only the facts of what is not off are asked for") {
  Prepare wanted;
  LookRequest asked;
  ask_preparation(wanted, "10.0.0.1", asked);
  CHECK(asked.facts.empty());
  wanted.hosts_file = PrepareMode::check;
  ask_preparation(wanted, "10.0.0.1", asked);
  CHECK(asked.facts == FactList{&fact::hostname, &fact::resolved});
}
