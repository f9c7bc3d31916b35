#include "plan/spec_json.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "catch.hpp"
#include "source_dir.hpp"

using namespace cctl;

namespace {

ContainerSpec spec() {
  ContainerSpec s;
  s.name = "cctl-c-x";
  s.image = "x:1";
  s.args = {"--a=1", "it's $(x)"};
  s.env = {{"K", "v w"}};
  return s;
}

}  // namespace

TEST_CASE("defaults, labels of ours and the name are not part of the digest", "[spec]") {
  auto s = spec();
  CHECK(canonical_json(s) == R"x({"args":["--a=1","it's $(x)"],"env":{"K":"v w"},"image":"x:1"})x");
  const auto before = canonical_json(s);
  s.name = "other";
  s.labels[label::version] = "2";
  s.labels[label::spec] = "abc";
  CHECK(canonical_json(s) == before);
  s.labels["SERVICE_NAME"] = "x";
  CHECK(canonical_json(s) != before);
}

TEST_CASE("every field changes the digest", "[spec]") {
  const auto before = canonical_json(spec());
  auto differs = [&](auto change) {
    auto s = spec();
    change(s);
    return canonical_json(s) != before;
  };
  CHECK(differs([](auto& s) { s.image = "x:2"; }));
  CHECK(differs([](auto& s) { s.entrypoint = {"e"}; }));
  CHECK(differs([](auto& s) { s.user = "1"; }));
  CHECK(differs([](auto& s) { s.network = "bridge"; }));
  CHECK(differs([](auto& s) { s.pid = "host"; }));
  CHECK(differs([](auto& s) { s.privileged = true; }));
  CHECK(differs([](auto& s) { s.init = true; }));
  CHECK(differs([](auto& s) { s.cap_add = {"ALL"}; }));
  CHECK(differs([](auto& s) { s.cap_drop = {"ALL"}; }));
  CHECK(differs([](auto& s) { s.security_opt = {"a=b"}; }));
  CHECK(differs([](auto& s) { s.mounts = {"/a:/b"}; }));
  CHECK(differs([](auto& s) { s.publish = {"1:1"}; }));
  CHECK(differs([](auto& s) { s.dns = {"1.1.1.1"}; }));
  CHECK(differs([](auto& s) { s.ulimits["nofile"] = 1; }));
  CHECK(differs([](auto& s) { s.memory = 1; }));
  CHECK(differs([](auto& s) { s.stop_timeout = 1; }));
  CHECK(differs([](auto& s) { s.stop_signal = "SIGUSR1"; }));
}

TEST_CASE("what may be said of a container is what the schema of inventories knows of it", "[spec]") {
  std::ifstream in(std::string(cctl::test::source_dir) + "/inventory/schema.json");
  const auto schema = nlohmann::json::parse(in);
  std::set<std::string> known, rows;
  for (const auto& [name, about] : schema.at("definitions").at("container").at("properties").items())
    known.insert(name);
  const ContainerSpec any;
  each_setting([&](const ContainerRow& row, const auto&) { rows.emplace(row.name); }, any);
  CHECK(rows == known);
}

TEST_CASE("sha256 and the line an operator would type", "[spec]") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(docker_run_line(spec()) ==
        "docker run -d --restart unless-stopped --name cctl-c-x --network host -e 'K=v w' x:1 --a=1 'it'\\''s $(x)'");
}
