#include "model/image_name.hpp"
#include <string>
#include <vector>

#include "catch.hpp"
#include "model/error.hpp"

using namespace cctl;

namespace {
const std::string digest = "sha256:" + std::string(64, 'a');

std::string parts(const std::string& reference) {
  const ImageName n = ImageName::parse(reference);
  return n.host + "|" + n.repository + "|" + n.tag + "|" + n.digest;
}
}  // namespace

TEST_CASE("a reference is read as Docker reads it") {
  CHECK(parts("zookeeper") == "|zookeeper|latest|");
  CHECK(parts("zookeeper:3.8.0") == "|zookeeper|3.8.0|");
  CHECK(parts("mesosphere/mesos:1.0.1-2.0.93.ubuntu1404") == "|mesosphere/mesos|1.0.1-2.0.93.ubuntu1404|");
  CHECK(parts("docker.io/library/zookeeper:1") == "|zookeeper|1|");
  CHECK(parts("registry.local:5000/a/b/c:v1") == "registry.local:5000|a/b/c|v1|");
  CHECK(parts("localhost/a") == "localhost|a|latest|");
  CHECK(parts("127.0.0.1:5000/a") == "127.0.0.1:5000|a|latest|");
  CHECK(parts("[::1]:5000/a:1") == "[::1]:5000|a|1|");
  CHECK(parts("quay.io/a/b@" + digest) == "quay.io|a/b||" + digest);
  CHECK(parts("a:1@" + digest) == "|a|1|" + digest);
}

TEST_CASE("what says which of a repository's images is meant") {
  for (const std::string& text : std::vector<std::string>{"a:1", "a:latest", "a@" + digest, "r:5000/a:1",
                                                          "r:5000/a@" + digest, "r:5000/a:1@" + digest})
    CHECK(has_tag(text));
  for (const std::string text : {"a", "a/b", "r:5000/a", "r.local/a/b"}) CHECK_FALSE(has_tag(text));
}

TEST_CASE("a reference is written as it was read") {
  for (const std::string text : {"zookeeper:3.8.0", "registry.local:5000/a/b:v1", "quay.io/a:1"})
    CHECK(ImageName::parse(text).text() == text);
  CHECK(ImageName::parse("quay.io/a:1@" + digest).bare() == "a:1@" + digest);
  CHECK(ImageName::parse("quay.io/a:1@" + digest).wanted() == digest);
  CHECK(ImageName::parse("quay.io/a").wanted() == "latest");
}

TEST_CASE("what cannot stand in a URL is no reference") {
  for (const std::string text : {"", ":1", "a:", "A", "a b", "a/../b", "a//b", "a/", "/a", "-a", "a:.x", "a:x/y/z?",
                                 "a?b", "a@sha256:12", "a:1\n", "registry.local:5000/", "reg%20.io/a", "http://a/b"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(ImageName::parse(text), Error);
  }
}
