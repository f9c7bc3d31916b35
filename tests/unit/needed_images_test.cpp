#include "plan/needed_images.hpp"
#include "catch.hpp"
#include "load_support.hpp"
#include "plan/expand.hpp"
#include "source_dir.hpp"

using namespace cctl;

namespace {

const std::string digest = "sha256:" + std::string(64, 'a');

std::vector<NeededImage> needed(const std::string& images, const std::set<std::string>& components = {},
                                const std::set<std::string>& hosts = {}) {
  const test::Scratch scratch;
  const std::string text =
      "cluster: c\nssh: {user: root}\nversions: {zookeeper: 3.8.0, mesos: 0.28.1, marathon: 1.1.1}\n"
      "masters: [{name: m1, address: 10.0.0.1}]\nslaves: [{name: s1, address: 10.0.0.2}, {name: s2, address: "
      "10.0.0.3}]\n";
  LoadResult loaded = load(scratch.file("inventory.yml", text + images), cctl::test::source_dir, {});
  REQUIRE(loaded.ok());
  loaded.sources.inventory.apps.push_back(
      {"/web", R"({"id":"web","container":{"type":"DOCKER","docker":{"image":"quay.io/me/web:2"}}})", {}});
  std::vector<Mistake> mistakes;
  const Desired desired = expand(loaded.sources, {}, mistakes);
  return needed_images(loaded.sources, desired, components, hosts);
}

std::string images_told(const std::vector<NeededImage>& images) {
  std::string out;
  for (const NeededImage& image : images) {
    out += image.reference + " = " + image.bare;
    for (const ImageUse& use : image.uses) {
      out += " " + use.component + "@";
      for (const std::string& host : use.hosts) out += host + ",";
    }
    out += "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("each image is named once, with what it is for and where") {
  CHECK(images_told(needed("")) ==
        "zookeeper:3.8.0 = zookeeper:3.8.0 zookeeper@m1,\n"
        "mesosphere/mesos:0.28.1 = mesosphere/mesos:0.28.1 mesos-master@m1, mesos-slave@s1,s2,\n"
        "mesosphere/marathon:v1.1.1 = mesosphere/marathon:v1.1.1 marathon@m1,\n"
        "quay.io/me/web:2 = me/web:2 /web@\n");
  CHECK(images_told(needed("", {"mesos-slave"}, {"s2"})) ==
        "mesosphere/mesos:0.28.1 = mesosphere/mesos:0.28.1 mesos-slave@s2,\n");
}

TEST_CASE("an image's bare name leaves out the inventory's registry, or its own") {
  CHECK(images_told(needed("images: {registry: \"reg:5000/p\", marathon: \"other:1/x/marathon:v9\"}\n",
                           {"zookeeper", "marathon"})) ==
        "reg:5000/p/zookeeper:3.8.0 = zookeeper:3.8.0 zookeeper@m1,\n"
        "other:1/x/marathon:v9 = x/marathon:v9 marathon@m1,\n");
  CHECK(images_told(needed("images: {zookeeper: \"z:1@" + digest + "\"}\n", {"zookeeper"})) ==
        "z:1@" + digest + " = z:1@" + digest + " zookeeper@m1,\n");
}

TEST_CASE("an image comes from where the inventory says, or from its makers when that is where it is to go") {
  const auto plain = needed("", {"zookeeper"}), behind = needed("images: {registry: \"reg:5000\"}\n", {"zookeeper"});
  CHECK(plain[0].source("", "reg:5000") == "zookeeper:3.8.0");
  CHECK(behind[0].source("", "new:5000") == "reg:5000/zookeeper:3.8.0");
  CHECK(behind[0].source("", "reg:5000") == "zookeeper:3.8.0");
  CHECK(behind[0].source("127.0.0.1:1", "reg:5000") == "127.0.0.1:1/zookeeper:3.8.0");
  // One that the inventory names whole has no other place.
  const auto whole = needed("images: {zookeeper: \"reg:5000/z:1\"}\n", {"zookeeper"});
  CHECK(whole[0].source("", "reg:5000") == "reg:5000/z:1");
}

TEST_CASE("the inventory's new lines name what the registry prefix does not reach") {
  CHECK(inventory_lines(needed("images: {marathon: \"x/marathon:v9\"}\n"), "reg:5000") ==
        "images: {registry: \"reg:5000\", marathon: \"reg:5000/x/marathon:v9\"}\n"
        "# image of the app /web: reg:5000/me/web:2\n");
}
