// What a change takes along: files that a container left, an engine's world, ids of members that are gone.
#include "catch.hpp"
#include "cluster.hpp"
#include "kind.hpp"
#include "model/base64.hpp"
#include "model/manifest_json.hpp"
#include "plan/members.hpp"
#include "plan/spec_json.hpp"

using namespace cctl;
using namespace cctl::fake;

namespace {

const char* const kLocal = "/etc/app/conf/local.cfg";

// The cluster, in which the image of "app" writes its variable LOCAL into a file, where that is not empty.
Desired with_local(const Wish& wish, const std::string& local) {
  Desired out = desired(wish);
  for (auto& i : out.instances) {
    if (i.component != "app") continue;
    auto& container = test::as<cctl::Container>(i);
    container.env_files = {{"LOCAL", kLocal}};
    if (!local.empty()) container.spec.env["LOCAL"] = local;
    i.spec_json = canonical_json(container.spec);
    i.spec_digest = container.spec.labels[label::spec] = sha256_hex(i.spec_json);
  }
  return out;
}

// Members with ids.
Desired with_ids(const Wish& wish, const std::map<std::string, int>& ids) {
  Desired out = desired(wish);
  for (auto& i : out.instances)
    if (i.component == "zk") i.ip = i.host, i.member_id = ids.at(i.host);
  tell_members(out);
  return out;
}

std::string content(const World& w, const std::string& host, const std::string& path) {
  const auto found = w.machines.at(host).files.find(path);
  return found == w.machines.at(host).files.end() ? "" : found->second.content;
}

}  // namespace

TEST_CASE("a setting that an image writes into a file goes with all that it said") {
  Wish wish;
  World w = world(wish);
  REQUIRE(run(w, with_local(wish, "old key")).exit == 0);
  CHECK(content(w, "d", kLocal) == "old key\n");
  REQUIRE(run(w, with_local(wish, "new key")).exit == 0);
  CHECK(content(w, "d", kLocal) == "new key\n");
  CHECK(run(w, with_local(wish, "new key")).plan.nothing_to_do());
  const Ended ended = run(w, with_local(wish, ""));
  CHECK(ended.exit == 0);
  CHECK(ended.plan.foreign.empty());
  CHECK(w.machines.at("d").files.count(kLocal) == 0);
  for (const auto& c : w.machines.at("d").containers) CHECK(c.read.count(kLocal) == 0);
  CHECK(run(w, with_local(wish, "")).plan.nothing_to_do());
}

TEST_CASE("it comes back with the container that read it") {
  Wish wish;
  World w = world(wish);
  REQUIRE(run(w, with_local(wish, "old key")).exit == 0);
  const std::string before = snapshot(w);
  wish.app_version = "2.0-bad";
  CHECK(run(w, with_local(wish, "")).exit == 7);
  CHECK(content(w, "d", kLocal) == "old key\n");
  CHECK(snapshot(w).find("/etc/app/conf/local.cfg=old key") != std::string::npos);
}

TEST_CASE_METHOD(Running, "a file of somebody else's is named, and outlives a down") {
  FileSpec mine;
  mine.path = "/etc/zk/conf/mine.cfg";
  mine.content = "mine";
  w.machines.at("a").files[mine.path] = mine;
  const Ended ended = up(w, wish);
  CHECK(ended.plan.nothing_to_do());
  REQUIRE(ended.plan.foreign.size() == 1);
  CHECK(ended.plan.foreign[0].find("/etc/zk/conf/mine.cfg of a") == 0);
  RunOptions down;
  down.down = down.purge = true;
  CHECK(run(w, desired(wish), down).exit == 0);
  CHECK(content(w, "a", mine.path) == "mine");
}

TEST_CASE_METHOD(Running, "an engine's other root is refused while it runs anything") {
  const std::string before = snapshot(w);
  wish.settings = R"({"root": "/other"})";
  const Ended ended = up(w, wish);
  CHECK(ended.exit == 8);
  CHECK(ended.error.find("refused: root of a would give its engine another, empty world") == 0);
  CHECK(snapshot(w) == before);
  // The way that the refusal names.
  RunOptions down;
  down.down = true;
  REQUIRE(run(w, desired(wish), down).exit == 0);
  REQUIRE(up(w, wish).exit == 0);
  CHECK(all_serve(w, desired(wish)));
  CHECK(data_kept(w, wish));
}

TEST_CASE("new hosts get their engine's root before their images") {
  Wish wish;
  wish.settings = R"({"root": "/other"})";
  World w = world(wish);
  for (const auto& [name, machine] : w.machines)
    for (const char* image : {"zk:1.0", "app:1.0"}) w.fetch(name, image);  // into the old root
  REQUIRE(up(w, wish).exit == 0);
  CHECK(w.machines.at("a").engine_root == "/other");
  CHECK(all_serve(w, desired(wish)));
  CHECK(up(w, wish).plan.nothing_to_do());
}

TEST_CASE("ids are remembered by the others, through a down") {
  Wish wish;
  World w = world(wish);
  REQUIRE(run(w, with_ids(wish, {{"a", 1}, {"b", 2}, {"c", 3}})).exit == 0);
  RunOptions down;
  down.down = true;
  // c is dead: nobody takes it down, and it comes out of the inventory first, since it may run where nobody sees it.
  w.machines.at("c").reachable = false;
  wish.masters = {"a", "b"};
  REQUIRE(run(w, with_ids(wish, {{"a", 1}, {"b", 2}}), down).exit == 0);
  const Manifest left = manifest_from_json(content(w, "a", manifest_path("c")));
  CHECK(left.ids.at("zk") == std::map<std::string, std::string>{{"1", "a a"}, {"2", "b b"}, {"3", "c c"}});
  wish.masters = {"a", "b", "x"};
  w.machines["x"];
  w.members["zk"] = {"a", "b", "x"};
  const Ended reused = run(w, with_ids(wish, {{"a", 1}, {"b", 2}, {"x", 3}}));
  CHECK(reused.exit == 8);
  CHECK(reused.error.find("refused: id 3 of zk on x was given to c (c)") == 0);
  CHECK(w.machines.at("x").containers.empty());
  REQUIRE(run(w, with_ids(wish, {{"a", 1}, {"b", 2}, {"x", 4}})).exit == 0);
  const Manifest now = manifest_from_json(content(w, "x", manifest_path("c")));
  CHECK(now.ids.at("zk").at("4") == "x x");
}

TEST_CASE_METHOD(Running, "a manifest that was edited writes, removes and purges nothing of others") {
  const std::string path = manifest_path("c");
  Machine& a = w.machines.at("a");
  a.files["/etc/passwd"].content = "root";
  a.files["/home/ada/thesis"].content = "years";
  a.directories.insert("/home/ada");
  Manifest edited = manifest_from_json(a.files.at(path).content);
  edited.files["/etc/passwd"].digest = "x";  // would be removed
  edited.files["/root/.ssh/authorized_keys"].replaced = to_base64("key");
  edited.files["/root/.ssh/authorized_keys"].replaced_mode = "0600";
  edited.files["/root/.ssh/authorized_keys"].replaced_owner = "0:0";
  edited.files["/etc/zk/conf/shell"].replaced = to_base64("#!/bin/sh");  // where ours are, and for everybody as root
  edited.files["/etc/zk/conf/shell"].replaced_mode = "4755";
  edited.files["/etc/zk/conf/shell"].replaced_owner = "0:0";
  edited.applied["zk"]["/etc/passwd"] = "x";
  edited.pending["zk"]["/etc/cron.d/x"] = {to_base64("* * * * * root reboot"), "0644", "0:0"};
  edited.data_dirs["zk"].push_back("/home/ada");
  a.files[path].content = to_json(edited);
  const auto unharmed = [&] {
    CHECK(a.files.at("/etc/passwd").content == "root");
    CHECK(a.files.at("/home/ada/thesis").content == "years");
    CHECK(a.files.count("/root/.ssh/authorized_keys") == 0);
    CHECK(a.files.count("/etc/cron.d/x") == 0);
  };
  const auto told = [](const Plan& plan, const std::string& what) {
    return std::any_of(plan.warnings.begin(), plan.warnings.end(), [&](const std::string& warning) {
      return warning.starts_with("a: /var/lib/clusterctl/c/manifest.json says that \"" + what + "\"");
    });
  };
  for (const char* version : {"2.0", "2.0-bad"}) {  // and its way back
    Wish changed = wish;
    changed.zk_version = version;
    changed.zk_config = version;
    const Ended ended = up(w, changed);
    for (const char* what : {"/etc/passwd", "/root/.ssh/authorized_keys", "/etc/cron.d/x", "/home/ada"})
      CHECK(told(ended.plan, what));
    unharmed();
  }
  RunOptions down;
  down.down = down.purge = true;
  down.diff.allow_downgrade = true;
  const Ended ended = run(w, desired(wish), down);
  CHECK(ended.exit == 0);
  unharmed();
  CHECK(told(ended.plan, "/home/ada"));
  CHECK(a.files.at("/etc/zk/conf/shell").mode == "0755");
  CHECK(a.files.count("/var/lib/zk/myid") == 0);
  // What it claimed is told by the next run, too.
  CHECK(manifest_from_json(a.files.at(path).content).files.count("/etc/passwd") == 1);
}
