#include "catch.hpp"
#include "plan/image.hpp"

using namespace cctl;

TEST_CASE("an image that is named in full is in the way of an upgrade, unless its tag is of the new version") {
  struct Row {
    const char *key, *image;
    std::map<std::string, std::string> versions;
    const char* told;  // empty: nothing is in the way
  };
  const std::string digest = "@sha256:" + std::string(64, 'a'), by_digest = "ours/zk" + digest;
  const Row rows[] = {
      {"zookeeper",
       "ours/zk:3.4.9",
       {{"zookeeper", "3.5.1"}},
       "--zookeeper 3.5.1 would change nothing that zookeeper runs"},
      {"zookeeper", "ours/zk", {{"zookeeper", "3.5.1"}}, "--zookeeper 3.5.1"},
      {"zookeeper", by_digest.c_str(), {{"zookeeper", "3.5.1"}}, "--zookeeper 3.5.1"},
      {"zookeeper", "ours/zk:3.5.1-ours2", {{"zookeeper", "3.5.1"}}, ""},
      {"zookeeper", "ours/zk:3.4.9", {{"mesos", "1.1.0"}}, ""},
      {"mesos",
       "ours/mesos:1.0",
       {{"mesos", "1.1.0"}},
       "nothing that mesos-master and mesos-slave run: name that of 1.1.0"},
      {"marathon", "ours/marathon:1.0", {{"marathon", "1.1"}}, ""},  // nothing here runs it
  };
  for (const auto& row : rows) {
    INFO(row.key << " " << row.image);
    Inventory inventory;
    inventory.images.overrides[row.key] = row.image;
    inventory.image_marks[row.key] = {"inventory.yml", 7, 3};
    std::vector<ComponentPlan> components(3);
    components[0].component = components[0].version_key = "zookeeper";
    components[1].component = "mesos-master";
    components[2].component = "mesos-slave";
    components[1].version_key = components[2].version_key = "mesos";
    for (auto& c : components)
      if (c.version_key == row.key) c.image = row.image;
    const auto told = kept_images(inventory, components, row.versions);
    REQUIRE(told.size() == (*row.told ? 1 : 0));
    if (told.empty()) continue;
    CHECK(told[0].text.find(row.told) != std::string::npos);
    CHECK(told[0].mark.line == 7);
    CHECK(!told[0].warning);
  }
}
