// Commands told again: nothing that aims or narrows them is lost, and a shell reads them as they were meant.
#include "plan/retold.hpp"

#include "catch.hpp"

using namespace cctl;
using From = InventoryTarget::From;

namespace {

const Aim kHere{{From::here, "inventory.yml", "", false, ""}, "", ""},
    kFile{{From::argument, "my prod.yml", "", false, ""}, "", ""},
    kOption{{From::option, "o.yml", "prod", true, ""}, "", ""},
    kLast{{From::remembered, "/r/prod.yml", "prod", false, ""}, "", ""},
    kPlaybooks{{From::here, "inventory.yml", "", false, ""}, "d d", "mine"};

}  // namespace

TEST_CASE("a command is told again with all that aims and narrows it", "[retold]") {
  struct Row {
    const Aim& aim;
    Retold command;
    const char* told;
  };
  for (const Row& row : {
           Row{kHere, {"up", {}, {}, {}}, "clusterctl up"},
           Row{kFile, {"up", {}, {}, {}}, "clusterctl up -i 'my prod.yml'"},
           Row{kOption,
               {"down", {"m1", "@slaves"}, {}, {"--purge-data"}},
               "clusterctl down -i o.yml -l m1,@slaves --purge-data"},
           Row{kLast,
               {"up", {"slave*"}, {"mesos-slave", "/web"}, {}},
               "clusterctl up --cluster prod -l 'slave*' --component mesos-slave,/web"},
           Row{kFile,
               {"upgrade", {}, {}, {"--zookeeper", "3.9.3", "--no-write"}},
               "clusterctl upgrade -i 'my prod.yml' --zookeeper 3.9.3 --no-write"},
           Row{kLast,
               {"app deploy", {}, {}, {"my web.json", "--force"}},
               "clusterctl app deploy --cluster prod 'my web.json' --force"},
           Row{kPlaybooks,
               {"plan", {}, {"chronos"}, {}},
               "clusterctl plan --data 'd d' --playbooks mine --component chronos"},
       })
    CHECK(retold(row.aim, row.command) == row.told);
}

TEST_CASE("advice names the cluster that it is about", "[retold]") {
  struct Row {
    const char* what;
    const Aim& aim;
    std::string advice, told;
    const char* again = "";
  };
  const std::string three = "clusterctl status, clusterctl logs zookeeper, then clusterctl up again";
  for (const Row& row : {
           Row{"the file here needs no words", kHere, three, three},
           Row{"each command, and a file with a blank", kFile, three,
               "clusterctl status -i 'my prod.yml', clusterctl logs -i 'my prod.yml' zookeeper, then clusterctl up -i "
               "'my "
               "prod.yml' again"},
           Row{"the one that runs, with all its words", kFile, three,
               "clusterctl status -i 'my prod.yml', clusterctl logs -i 'my prod.yml' zookeeper, then clusterctl "
               "upgrade "
               "--zookeeper 3.9.3",
               "clusterctl upgrade --zookeeper 3.9.3"},
           Row{"also where nothing aims it", kHere, "clusterctl up again repairs what was left",
               "clusterctl up -l m1 repairs what was left", "clusterctl up -l m1"},
           Row{"down, too", kHere, "then clusterctl down again goes on", "then clusterctl down -l m1 goes on",
               "clusterctl down -l m1"},
           Row{"a cluster by its name", kLast, "run clusterctl up", "run clusterctl up --cluster prod"},
           Row{"a command of two words", kLast, "clusterctl app list shows it",
               "clusterctl app list --cluster prod shows it"},
           Row{"other options stay", kLast, "clusterctl down --component zookeeper -l m1 ends it",
               "clusterctl down --cluster prod --component zookeeper -l m1 ends it"},
           Row{"what is aimed already", kFile, "next: clusterctl up -i o.yml -l m1",
               "next: clusterctl up -i o.yml -l m1"},
           Row{"and by a name", kFile, "next: clusterctl up --cluster x", "next: clusterctl up --cluster x"},
           Row{"a word that stands for a file", kLast, "say clusterctl up INVENTORY", "say clusterctl up INVENTORY"},
           Row{"commands about no cluster", kLast, "clusterctl init writes one, clusterctl --help shows them",
               "clusterctl init writes one, clusterctl --help shows them"},
           Row{"playbooks aim as well", kPlaybooks, "clusterctl status",
               "clusterctl status --data 'd d' --playbooks mine"},
           Row{"no command at all", kFile, "wait", "wait"},
           Row{"nothing", kFile, "", ""},
           Row{"no verb", kFile, "is no clusterctl ", "is no clusterctl "},
           Row{"half a command", kFile, "see clusterctl app", "see clusterctl app"},
       }) {
    INFO(row.what);
    CHECK(aimed(row.advice, row.aim, row.again) == row.told);
    if (*row.again == '\0') CHECK(aimed(row.told, row.aim) == row.told);
  }
}
