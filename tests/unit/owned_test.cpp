// What a manifest may have us do: only where a component can have something, and never with more than plain modes.
#include "plan/owned.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "kind.hpp"
#include "model/limits.hpp"
#include "plan/diff.hpp"

using namespace cctl;

namespace {

Playbook playbook(const std::string& name) {
  Playbook p;
  p.component = name;
  return p;
}

Sources sources() {
  Sources out;
  out.inventory.cluster = "c";
  Playbook web = playbook("web");
  web.files.resize(2);
  web.files[0].path = "/etc/web/web.cfg";
  web.files[1].path = "/etc/hooks/ours-<% cluster %>";
  web.directories = {{"/etc/web"}, {"<% work_dir %>"}, {"<%#extra?%><% extra %><%/extra?%>"}};
  web.directories[1].data = web.directories[2].data = true;
  web.vars = {{"work_dir", "/var/lib/web"}, {"extra", ""}};
  web.env_files = {{"LOCAL", "/etc/web.d/local.json"}};
  Playbook flags = playbook("flags");
  flags.flag_style.dir = "/etc/flags";
  flags.flag_style.paths = {{"zk", "/etc/shared/zk"}};
  Playbook kernel = playbook("kernel");
  kernel.sysctls = {{"vm.swappiness", "1"}};
  out.playbooks = {{"web", web}, {"flags", flags}, {"kernel", kernel}};
  return out;
}

// One host with a web whose data is elsewhere than usual.
Desired desired() {
  Desired out;
  out.cluster = "c";
  out.owned = owned_paths(sources());
  Host host;
  host.name = "a";
  out.hosts.push_back(host);
  Instance web;
  web.host = "a";
  web.component = "web";
  web.directories = {{"/etc/web", "0755", "0:0", false, true}, {"/srv/web/", "0755", "0:0", true}, {"/etc/motd.d"}};
  FileSpec file;
  file.path = "/etc/motd.d/web";
  web.files.push_back(file);
  out.instances.push_back(web);
  return out;
}

}  // namespace

TEST_CASE("a manifest is held against what components can have: files") {
  struct Case {
    const char* path;
    bool ours;
  };
  const Case cases[] = {{"/etc/web/web.cfg", true},
                        {"/etc/web/was-here-once", true},
                        {"/etc/hooks/ours-c", true},
                        {"/etc/hooks/ours-another", true},
                        {"/etc/web.d/local.json", true},
                        {"/etc/flags/quorum", true},
                        {"/etc/shared/zk", true},
                        {"/proc/sys/vm/swappiness", true},
                        {"/proc/sys/vm/overcommit_memory", false},  // no playbook names it
                        {"/proc/sys/kernel/core_pattern", false},
                        {"/proc/sys/vm", false},
                        {"/etc/sysctl.d/60-clusterctl-c-kernel.conf", true},
                        {"/etc/motd.d/web", true},
                        {"/var/lib/web/id", true},
                        {"/srv/web/id", true},
                        {"/etc/motd.d/other", false},  // only the parent of a file of ours
                        {"/etc/hooks/theirs", false},
                        {"/etc/hooks/ours-c/deeper", false},
                        {"/etc/web", true},
                        {"/etc/webby", false},
                        {"/etc/passwd", false},
                        {"/root/.ssh/authorized_keys", false},
                        {"/etc/sysctl.d/60-clusterctl-x-kernel.conf", false},
                        {"/etc/web/../passwd", false},
                        {"/etc/web/./x", false},
                        {"/etc/web//x", false},
                        {"/etc/web/", false},
                        {"/etc/web/a\nb", false},
                        {"etc/web/web.cfg", false},
                        {"/", false},
                        {"", false},
                        {"/var/lib/clusterctl/c/lock", false}};
  for (const Case& c : cases) {
    INFO(c.path);
    Manifest m;
    m.files[c.path].digest = "x";
    m.pending["web"][c.path] = {};
    m.pending["web"][c.path].mode = "0644";
    const HeldManifest got = held(m, desired(), "a");
    CHECK(got.ours.files.count(c.path) == c.ours);
    CHECK(got.others.files.count(c.path) == !c.ours);
    CHECK(got.claims.size() == (c.ours ? 0U : 1U));
    CHECK(whole_of(got.ours, got.others).files.size() == 1);
    CHECK(whole_of(got.ours, got.others).pending.at("web").size() == 1);
  }
}

TEST_CASE("a manifest is held against what components can have: directories that we made") {
  struct Case {
    const char* path;
    bool ours;
  };
  const Case cases[] = {{"/etc/web", true},
                        {"/etc", true},  // above one of ours: it goes where it is empty
                        {"/etc/web/deeper", true},
                        {"/etc/motd.d", true},
                        {"/srv", true},
                        {"/srv/web", true},
                        {"/var/lib/web", true},
                        {"/etc/hooks", true},
                        {"/etc/flags", true},
                        {"/opt/kept", true},  // a file that is held for ours is below it
                        {"/home/ada/empty", false},
                        {"/etc/webby", false},
                        {"/root", false},
                        {"/etc/hooks/other", false},
                        {"/etc/motd.d/other", false},
                        {"/etc/web/../x", false},
                        {"/etc/web/", false},
                        {"/", false},
                        {"srv", false}};
  Desired wanted = desired();
  wanted.instances[0].files.push_back(wanted.instances[0].files[0]);
  wanted.instances[0].files[1].path = "/opt/kept/web.cfg";
  for (const Case& c : cases) {
    INFO(c.path);
    Manifest m;
    m.made_dirs = {c.path};
    const HeldManifest got = held(m, wanted, "a");
    CHECK(got.ours.made_dirs.count(c.path) == c.ours);
    CHECK(got.others.made_dirs.count(c.path) == !c.ours);
    CHECK(got.claims.size() == (c.ours ? 0U : 1U));
    CHECK(whole_of(got.ours, got.others).made_dirs == m.made_dirs);
  }
}

TEST_CASE("where the inventory says the settings, any may have been ours but those that name a program") {
  Sources with = sources();
  with.playbooks["kernel"].sysctls_from = "<% input %>";
  Desired wanted = desired();
  wanted.owned = owned_paths(with);
  const std::pair<const char*, bool> cases[] = {{"/proc/sys/vm/overcommit_memory", true},
                                                {"/proc/sys/net/ipv4/conf/eth0.1/rp_filter", true},
                                                {"/proc/sys/kernel/core_pattern", false},
                                                {"/proc/sys/kernel/modprobe", false},
                                                {"/proc/sys/kernel/usermodehelper/bset", false},
                                                {"/proc/sys/fs/binfmt_misc/register", false},
                                                {"/proc/sysrq-trigger", false}};
  for (const auto& [path, ours] : cases) {
    INFO(path);
    Manifest m;
    m.files[path].digest = "x";
    CHECK(held(m, wanted, "a").ours.files.count(path) == ours);
  }
  // One that the inventory names now is what it says.
  FileSpec named;
  named.path = "/proc/sys/kernel/core_pattern";
  wanted.instances.front().files.push_back(named);
  Manifest m;
  m.files[named.path].digest = "x";
  CHECK(held(m, wanted, "a").ours.files.count(named.path) == 1);
}

TEST_CASE("paths that are nobody's are told one by one up to a number, and none at its full length") {
  Manifest m;
  for (int i = 0; i < 100000; ++i) m.files["/x/" + std::to_string(i)].digest = "x";
  m.files["/x/" + std::string(1 << 20, 'y')].digest = "x";
  const HeldManifest got = held(m, desired(), "a");
  CHECK(got.others.files.size() == m.files.size());
  REQUIRE(got.claims.size() == limits::listed + 1);
  CHECK(got.claims.back().find("of 99981 more paths") != std::string::npos);
  std::size_t all = 0;
  for (const auto& claim : got.claims) all += claim.size();
  CHECK(all < 20000);
}

TEST_CASE("a manifest is held against what components can have: data") {
  struct Case {
    const char *component, *path;
    bool ours;
  };
  const Case cases[] = {
      {"web", "/srv/web/", true},        {"web", "/var/lib/web", true}, {"web", "/var/lib/web/x", false},
      {"web", "/var/lib/flags", false},  {"web", "/", false},           {"web", "/var/lib", false},
      {"flags", "/var/lib/web", false},  {"web", "/etc/web", false},    {"gone", "/var/lib/gone", false},
      {"web", "/var/lib/web/..", false}, {"web", "/home/ada", false},   {"web", "/var/lib/clusterctl/c", false}};
  for (const Case& c : cases) {
    INFO(c.component << " " << c.path);
    Manifest m;
    m.data_dirs[c.component] = {c.path};
    const HeldManifest got = held(m, desired(), "a");
    CHECK(got.ours.data_dirs.count(c.component) == c.ours);
    CHECK(got.claims.size() == (c.ours ? 0U : 1U));
    CHECK(whole_of(got.ours, got.others).data_dirs.at(c.component).size() == 1);
  }
  Manifest m;
  m.data_dirs["web"] = {"/home/ada"};
  CHECK(
      held(m, desired(), "a").claims.front() ==
      "a: /var/lib/clusterctl/c/manifest.json says that \"/home/ada\" is data of web, and no web of the inventory has "
      "its data there: it is left alone; look who wrote that");
}

TEST_CASE("what is put back has a plain mode and a numeric owner") {
  struct Case {
    const char *mode, *owner, *becomes;  // empty: it is left
  };
  const Case cases[] = {{"0644", "0:0", "0644"},     {"644", "1000:1000", "0644"},
                        {"4755", "0:0", "0755"},     {"06755", "0:0", "0755"},
                        {"1777", "0:0", "0777"},     {"0640", "0:0", "0640"},
                        {"u+s", "0:0", ""},          {"", "0:0", ""},
                        {"0999", "0:0", ""},         {"0644", "root:root", ""},
                        {"0644", "0", ""},           {"0644", "0:0 /etc/shadow", ""},
                        {"0644", "-1:0", ""},        {"0644", "4294967295:0", ""},
                        {"0644; reboot", "0:0", ""}, {"0644", ":", ""},
                        {"777777", "0:0", ""}};
  for (const Case& c : cases) {
    INFO(c.mode << " " << c.owner);
    const std::string path = "/etc/web/web.cfg", wanted = c.becomes;
    Manifest m;
    m.files[path].replaced = "eA==";
    m.files[path].replaced_mode = c.mode;
    m.files[path].replaced_owner = c.owner;
    m.pending["web"][path] = {"eA==", c.mode, c.owner};
    HeldManifest got = held(m, desired(), "a");
    REQUIRE(got.ours.files.count(path) == !wanted.empty());
    CHECK(got.ours.pending.count("web") == !wanted.empty());
    CHECK(got.claims.size() == (wanted.empty() ? 1U : 0U));
    if (wanted.empty()) continue;
    CHECK(got.ours.files[path].replaced_mode == wanted);
    CHECK(got.ours.pending["web"][path].mode == wanted);
  }
}

TEST_CASE("a purge names the directories that go, those of a component alone") {
  Desired d = desired();
  ObservedHost host;
  host.name = "a";
  host.reachable = true;
  host.files["/srv/web/"].exists = true;
  host.manifest.data_dirs["web"] = {"/var/lib/web"};
  host.claims = {"a: ... is left alone"};
  const Observed observed{{{"a", host}}};
  const Plan purge = diff_down(d, observed, {}, true), plain = diff_down(d, observed, {}, false);
  REQUIRE(purge.first().waves.size() == 1);
  CHECK(purge.first().waves[0].steps.at(0).remains()->purged == std::vector<std::string>{"/srv/web/", "/var/lib/web"});
  CHECK(purge.warnings == host.claims);
  CHECK(plain.warnings == host.claims);
}

TEST_CASE("what containers may write to: all data, and what is mounted without \"ro\"") {
  struct Case {
    const char* mount;
    const char* lent;  // nullptr: none
  };
  const std::vector<Case> cases = {
      {"/srv/a:/a", "/srv/a"},
      {"/srv/a/:/a", "/srv/a"},
      {"/srv/a:/a:rw", "/srv/a"},
      {"/srv/a:/a:z,rw", "/srv/a"},
      {"/srv/a:/a:roz", "/srv/a"},
      {"/srv/ro:/ro", "/srv/ro"},
      {"/srv/a", "/srv/a"},
      {"/srv/a:/a:ro", nullptr},
      {"/srv/a:/a:z,ro", nullptr},
      {"volume:/a", nullptr},
      {"/:/host", nullptr},  // who has that needs no links
      {"/srv/../etc//x/.:/a", "/etc/x"},
      {"", nullptr},
  };
  for (const auto& c : cases) {
    CAPTURE(c.mount);
    Desired wanted = desired();
    test::as<Container>(wanted.instances[0]).spec.mounts = {c.mount};
    // Of the playbook's own data the usual place, and the inventory's.
    std::set<std::string> expected{"/srv/web", "/var/lib/web"};
    if (c.lent) expected.insert(c.lent);
    CHECK(lent_directories(wanted, "a") == expected);
    CHECK(lent_directories(wanted, "elsewhere") == std::set<std::string>{"/var/lib/web"});
    // A container that the inventory has no more.
    Manifest manifest;
    manifest.specs["gone"] = nlohmann::json{{"mounts", {c.mount}}}.dump();
    manifest.specs["broken"] = "{";
    manifest.data_dirs["gone"] = {"/var/lib/gone"};
    expected = {"/var/lib/gone"};
    if (c.lent) expected.insert(c.lent);
    CHECK(lent_directories(manifest) == expected);
  }
}
