#include "catch.hpp"
#include "model/error.hpp"
#include "registry/auth.hpp"
#include "registry/layout.hpp"
#include "registry/local_engine.hpp"
#include "registry/manifest.hpp"
#include "registry/sha256.hpp"
#include "registry/source.hpp"

using namespace cctl;

namespace {

std::string digest(char c) {
  return "sha256:" + std::string(64, c);
}

const std::string docker_type = "application/vnd.docker.distribution.manifest.v2+json";
const std::string image =
    R"({"schemaVersion":2,"mediaType":")" + docker_type + R"(","config":{"digest":")" + digest('c') +
    R"(","size":3},"layers":[{"digest":")" + digest('1') + R"(","size":10},{"digest":")" + digest('1') +
    R"(","size":10},{"mediaType":"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip","digest":")" +
    digest('2') + R"(","size":20}]})";

std::string entry(const std::string& bytes, const std::string& os, const std::string& architecture) {
  return R"({"digest":")" + digest_of(bytes) + R"(","size":)" + std::to_string(bytes.size()) +
         R"(,"platform":{"os":")" + os + R"(","architecture":")" + architecture + R"("}})";
}

// Whether an Error comes that has these words in it.
template <class Work>
bool says(const Work& work, const std::string& words) {
  try {
    work();
  } catch (const Error& e) {
    CAPTURE(e.what());
    return std::string(e.what()).find(words) != std::string::npos;
  }
  return false;
}

// Manifests by tag and digest.
struct Shelf : ImageSource {
  std::map<std::string, std::string> bytes;
  void put(const std::string& text) { bytes[digest_of(text)] = text; }
  ImageManifest manifest(const ImageName&, const std::string& wanted) override {
    return read_manifest(bytes.at(wanted), "");
  }
  void fetch(const ImageName&, const Blob&, const ByteSink&) override {}
};

}  // namespace

TEST_CASE("digests are those of sha256sum") {
  CHECK(digest_of("") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  Sha256 sum;
  sum.add("ab");
  sum.add("c");
  CHECK(sum.digest() == digest_of("abc"));
}

TEST_CASE("a manifest names its config, then its layers") {
  const ImageManifest m = read_manifest(image, "text/plain");
  CHECK(m.media_type == docker_type);
  CHECK(m.digest == digest_of(image));
  CHECK_FALSE(m.is_list());
  REQUIRE(m.blobs.size() == 4);
  CHECK(m.blobs[0].digest == digest('c'));
  CHECK(m.blobs[3].elsewhere);
  ImageTree tree{m, {}};
  CHECK(tree.blobs().size() == 2);  // each once, and none that registries do not keep
}

TEST_CASE("a manifest without a type has the registry's, or its shape tells") {
  const std::string plain = R"({"schemaVersion":2,"config":{"digest":")" + digest('c') + R"(","size":3},"layers":[]})";
  CHECK(read_manifest(plain, docker_type).media_type == docker_type);
  CHECK(read_manifest(plain, "").media_type == "application/vnd.oci.image.manifest.v1+json");
  CHECK(read_manifest(R"({"manifests":[)" + entry("x", "linux", "amd64") + "]}", "").media_type ==
        "application/vnd.oci.image.index.v1+json");
}

TEST_CASE("what is no manifest that can be copied says so") {
  CHECK(says([&] { read_manifest("<html>", ""); }, "no image manifest"));
  CHECK(says([&] { read_manifest(R"({"schemaVersion":1})", ""); }, "schema 1"));
  CHECK(
      says([&] { read_manifest(R"({"config":{"digest":"../../etc","size":1},"layers":[]})", ""); }, "none of sha256"));
  CHECK(says([&] { read_manifest(R"({"manifests":[]})", ""); }, "empty"));
}

TEST_CASE("of a list the part for linux/amd64 is taken, unless all or its digest is wanted") {
  const std::string arm = R"({"config":{"digest":")" + digest('a') + R"(","size":3},"layers":[]})";
  const std::string list =
      R"({"manifests":[)" + entry(arm, "linux", "arm64") + "," + entry(image, "linux", "amd64") + "]}";
  Shelf shelf;
  shelf.put(arm), shelf.put(image), shelf.put(list);
  shelf.bytes["1"] = list;
  const ImageName tagged = ImageName::parse("x:1"), pinned = ImageName::parse("x:1@" + digest_of(list));
  CHECK(read_tree(shelf, tagged, false).top.digest == digest_of(image));
  CHECK(read_tree(shelf, tagged, false).entries.empty());
  CHECK(read_tree(shelf, tagged, true).top.digest == digest_of(list));
  CHECK(read_tree(shelf, pinned, false).top.digest == digest_of(list));
  CHECK(read_tree(shelf, pinned, false).entries.size() == 2);
  shelf.bytes["1"] = R"({"manifests":[)" + entry(arm, "linux", "arm64") + "]}";
  CHECK(says([&] { read_tree(shelf, tagged, false); }, "only for linux/arm64"));
}

TEST_CASE("challenges are read as registries write them") {
  const auto one =
      parse_challenges(R"(Bearer realm="https://auth.io/token",service="a, b",scope="repository:x:pull,push")");
  REQUIRE(one.size() == 1);
  CHECK(one[0].scheme == "bearer");
  CHECK(one[0].values.at("realm") == "https://auth.io/token");
  CHECK(one[0].values.at("service") == "a, b");
  CHECK(one[0].values.at("scope") == "repository:x:pull,push");
  const auto two = parse_challenges(R"(Negotiate, BASIC realm="say \"hi\"" , Bearer Realm=x)");
  REQUIRE(two.size() == 3);
  CHECK(two[0].scheme == "negotiate");
  CHECK(two[1].values.at("realm") == "say \"hi\"");
  CHECK(two[2].values.at("realm") == "x");
  CHECK(parse_challenges("").empty());
  CHECK(parse_challenges("=\",=,\"\\").size() < 8);  // nonsense ends, too
}

TEST_CASE("logins stand where docker login puts them") {
  const std::string config =
      R"({"auths":{"https://index.docker.io/v1/":{"auth":"bWU6cDpx"},"reg.local:5000":{"auth":"YTpi"},"empty.io":{}},
          "credHelpers":{"empty.io":"pass"},"credsStore":"desktop"})";
  CHECK(login_in(config, "").login.user == "me");
  CHECK(login_in(config, "").login.password == "p:q");
  CHECK(login_in(config, "reg.local:5000").login.user == "a");
  CHECK(login_in(config, "reg.local:5000").helper.empty());
  CHECK(login_in(config, "empty.io").helper == "pass");
  CHECK(login_in(config, "other.io").helper == "desktop");
  CHECK_FALSE(login_in("{}", "other.io").login.known());
  CHECK_THROWS_AS(login_in("{", "x.io"), Error);
}

TEST_CASE("tokens have one of two names") {
  CHECK(token_in(R"({"token":"a"})") == "a");
  CHECK(token_in(R"({"access_token":"b"})") == "b");
  CHECK(token_in("no").empty());
  CHECK(percent_encoded("repository:a/b:pull,push") == "repository%3Aa%2Fb%3Apull%2Cpush");
}

TEST_CASE("an archive's index is read as it was written") {
  const std::vector<ImageName> names = {ImageName::parse("zookeeper:3.8.0"), ImageName::parse("quay.io/a/b:1")};
  const std::vector<ImageTree> trees = {{read_manifest(image, ""), {}}, {read_manifest(image, ""), {}}};
  const auto read = read_index(index_json(names, trees));
  REQUIRE(read.size() == 2);
  CHECK(read[0].name.text() == "zookeeper:3.8.0");
  CHECK(read[1].name.text() == "quay.io/a/b:1");
  CHECK(read[0].digest == digest_of(image));
  CHECK(docker_json(names, trees).find("\"RepoTags\":[\"quay.io/a/b:1\"]") != std::string::npos);
  CHECK(blob_path(digest('1')) == "blobs/sha256/" + std::string(64, '1'));
  CHECK(says([&] { read_index(R"({"manifests":[{"digest":")" + digest('1') + "\"}]}"); }, "has no name"));
  CHECK_THROWS_AS(read_index("[]"), Error);
}

TEST_CASE("the engine's socket is where DOCKER_HOST says") {
  CHECK(engine_socket("") == "/var/run/docker.sock");
  CHECK(engine_socket("unix:///run/x.sock") == "/run/x.sock");
  CHECK_THROWS_AS(engine_socket("tcp://10.0.0.1:2375"), Error);
}
