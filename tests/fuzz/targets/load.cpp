#include <nlohmann/json.hpp>

#include "fuzz.hpp"
#include "load/apps.hpp"
#include "load/inventory.hpp"
#include "load/load.hpp"
#include "load/tree_json.hpp"

using namespace cctl;

FUZZ(inventory) {
  Mistakes mistakes;
  const Tree tree = parse_yaml(text, "inventory.yml", mistakes);
  read_inventory(tree, "inventory.yml", mistakes);
  describe(mistakes.in_file_order());
  with_versions(text, {{"mesos", "1.0.1"}, {"zookeeper", "3.9.3"}});
}

FUZZ(apps) {
  Mistakes mistakes;
  const Tree tree = parse_yaml(text, "inventory.yml", mistakes);
  const Reader reader(mistakes);
  read_apps(tree, reader, "/nowhere");
  json_of(tree);
  describe(mistakes.in_file_order());
}
