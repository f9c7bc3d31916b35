// Services that components bring to Consul, also those of playbooks from outside.
#include "plan/registered.hpp"

#include "catch.hpp"
#include "load_support.hpp"
#include "model/base64.hpp"
#include "plan/diff.hpp"
#include "plan/expand.hpp"
#include "plan/spec_json.hpp"

using namespace cctl;

namespace {

const std::string inventory =
    "cluster: a\nversions: {consul: 1.8.7}\nmasters: [{name: m, address: 10.0.0.1}]\n"
    "slaves: [{name: s, address: 10.0.0.2}]\n";

const std::string shop =
    "component: shop\nhosts: masters\nimage: consul\nports: {web: 81, ui: 82}\nvars: {page: /up}\nregisters:\n"
    "  - {name: shop, port: web, tags: [a, \"<% name %>\\\"\"], check: {https: ui, path: <% page %>, interval: 1m, "
    "timeout: 2s}}\n"
    "  - {name: shop-ui, port: ui, check: {tcp: ui}}\n";

struct Expanded {
  Desired desired;
  std::string told;
};

Expanded expanded(const std::string& text, const std::string& playbook, const std::string& other = "") {
  const test::Scratch scratch;
  scratch.file("own/shop.yml", playbook);
  if (!other.empty()) scratch.file("own/other.yml", other);
  const LoadResult loaded =
      load(scratch.file("inventory.yml", text), cctl::test::source_dir, {}, scratch.path() + "/own");
  std::vector<Mistake> mistakes = loaded.mistakes;
  Expanded out;
  if (loaded.ok()) out.desired = expand(loaded.sources, {}, mistakes);
  for (const Mistake& m : mistakes)
    if (!m.warning) out.told += std::to_string(m.mark.line) + ":" + std::to_string(m.mark.column) + " " + m.text + "\n";
  return out;
}

const FileSpec* file(const Desired& desired, const std::string& host, const std::string& component,
                     const std::string& path) {
  for (const auto& f : desired.find(host, component)->files)
    if (f.path == path) return &f;
  return nullptr;
}

// The hosts as a run leaves them.
Observed left_by(const Desired& desired) {
  Observed out;
  for (const auto& host : desired.hosts) out.hosts[host.name].reachable = true;
  for (const auto& i : desired.instances) {
    auto& host = out.hosts[i.host];
    ObservedContainer c;
    c.id = i.host + i.component;
    c.name = i.container()->spec.name;
    c.state = "running";
    c.labels = i.container()->spec.labels;
    host.containers.push_back(c);
    host.images.insert(i.container()->spec.image);
    for (const auto& f : i.files) {
      host.files[f.path] = {true, sha256_hex(f.content), f.mode, f.owner, f.content};
      host.manifest.applied[i.component][f.path] = sha256_hex(f.content);
      host.manifest.files[f.path].digest = sha256_hex(f.content);
    }
    host.manifest.specs[i.component] = i.spec_json;
    host.manifest.members[i.component] = i.members;
  }
  return out;
}

std::string steps_of(const Plan& plan) {
  std::string out;
  for (const auto& w : plan.first().waves)
    for (const auto& s : w.steps)
      if (s.action != Action::pull) out += s.host + " " + s.component + " " + to_text(s.action) + "\n";
  return out;
}

}  // namespace

TEST_CASE("a service of an outside playbook is a file of the agent of its host", "[registers]") {
  const Expanded e = expanded(inventory + "place: {shop: [m, s]}\n", shop);
  REQUIRE(e.told == "");
  const FileSpec* at_server = file(e.desired, "m", "consul", "/etc/consul.d/shop.json");
  const FileSpec* at_client = file(e.desired, "s", "consul-client", "/etc/consul.d/shop.json");
  REQUIRE(at_server);
  REQUIRE(at_client);
  CHECK(at_server->content ==
        "{\"service\": {\"name\": \"shop\", \"address\": \"10.0.0.1\", \"port\": 81, \"tags\": [\"a\",\"m\\\"\"],\n"
        "  \"check\": {\"http\": \"https://10.0.0.1:82/up\", \"tls_skip_verify\": true, \"interval\": \"1m\", "
        "\"timeout\": "
        "\"2s\"}}}\n");
  CHECK(at_client->content.find("10.0.0.2:82") != std::string::npos);
  CHECK(at_server->on_change == OnChange::reload);
  CHECK(file(e.desired, "m", "consul", "/etc/consul.d/shop-ui.json")->content ==
        "{\"service\": {\"name\": \"shop-ui\", \"address\": \"10.0.0.1\", \"port\": 82,\n"
        "  \"check\": {\"tcp\": \"10.0.0.1:82\", \"interval\": \"10s\", \"timeout\": \"5s\"}}}\n");
}

TEST_CASE("a port of the inventory for one host is that of the service there", "[registers]") {
  const Expanded e = expanded(
      "cluster: a\nversions: {consul: 1.8.7}\nmasters: [{name: m, address: 10.0.0.1, components: {shop: {ports: {ui: "
      "99}}}}]\n"
      "place: {shop: [m]}\n",
      shop);
  REQUIRE(e.told == "");
  CHECK(file(e.desired, "m", "consul", "/etc/consul.d/shop.json")->content.find("https://10.0.0.1:99/up") !=
        std::string::npos);
}

TEST_CASE("Consul is reloaded for a service that comes, changes and goes, and nothing is restarted", "[registers]") {
  const Desired without = expanded(inventory, shop).desired;
  const Desired with = expanded(inventory + "place: {shop: [m]}\n", shop).desired;
  CHECK(steps_of(diff(without, left_by(without), {})) == "");
  CHECK(steps_of(diff(with, left_by(without), {})) == "m consul reload\nm shop create\n");
  const Desired moved =
      expanded(inventory + "place: {shop: [m]}\ncomponents: {shop: {vars: {page: /ready}}}\n", shop).desired;
  CHECK(steps_of(diff(moved, left_by(with), {})) == "m consul reload\n");
  CHECK(steps_of(diff(without, left_by(with), {})) == "m consul reload\n");
}

TEST_CASE("what a service cannot be is told where it is written", "[registers]") {
  struct Case {
    std::string from, to, says;
  };
  for (const Case& c : std::vector<Case>{
           {"page: /up", "page: up",
            "7:81 shop: bad path \"up\": an absolute path, as /var/lib/x, without blanks and colons\n"},
           {"name: shop-ui", "name: agent", ""},
           {"<% page %>", "<% pge %>", "7:81 shop: unknown name \"pge\" in template, did you mean \"page\"?\n"}}) {
    std::string text = shop;
    text.replace(text.find(c.from), c.from.size(), c.to);
    INFO(text);
    const Expanded e = expanded(inventory + "place: {shop: [m]}\n", text);
    if (c.says.empty())
      CHECK(e.told.find(" consul: a second file at /etc/consul.d/agent.json\n") != std::string::npos);
    else
      CHECK(e.told == c.says);
  }
  const Expanded twice = expanded(inventory + "place: {shop: [m], other: [m, s]}\n", shop,
                                  "component: other\nhosts: slaves\nimage: consul\nports: {a: 83}\nregisters:\n"
                                  "  - {name: shop, port: a, check: {tcp: a}}\n");
  CHECK(twice.told == "7:5 shop: the service \"shop\" is already that of other\n");
}
