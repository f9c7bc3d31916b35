// Rules about machines and their engines.
#include "catch.hpp"
#include "check_support.hpp"
#include "kind.hpp"
#include "model/error.hpp"
#include "model/shell_words.hpp"

using namespace cctl;
using namespace cctl::check_test;
using cctl::test::Contains;

TEST_CASE("every check has a rule, and every rule a check", "[check]") {
  std::set<std::string> known;
  for (const auto& kind : check_kinds()) {
    INFO(kind.name);
    CHECK(known.insert(kind.name).second);
    CHECK((kind.across ? all_rules().across.count(kind.name) : all_rules().each.count(kind.name)) == 1);
    CHECK_FALSE(kind.about.empty());
  }
  CHECK(all_rules().each.size() + all_rules().across.size() == known.size());
}

TEST_CASE("hosts in order fail nothing", "[check]") {
  for (const auto& f : make_checks(good(3), chosen_checks({}, {}))) {
    INFO(f.check << ": " << f.text);
    CHECK((f.verdict == Verdicted::ok || f.verdict == Verdicted::skipped));
  }
}

TEST_CASE("how much of a disk is left, with images that are there and without", "[check]") {
  struct Row {
    bool there;
    long long free;
    const char* says;
  };
  constexpr long long mb = 1'000'000;
  const Row rows[] = {
      {true, 0, "failed h1: /var/lib/docker has 0 MB free, which is too little to make or start a container"},
      {true, 15 * mb, "failed h1: /var/lib/docker has 15 MB free, which is too little to make or start a container"},
      {true, 50 * mb, "warning h1: /var/lib/docker has 50 MB free"},
      {false, 50 * mb, "failed h1: /var/lib/docker has 50 MB free, which is too little for images"},
  };
  for (const Row& row : rows) {
    CheckInput input = good(1);
    input.facts["h1"].disks["/var/lib/docker"].free = row.free;
    auto& host = input.observed.hosts["h1"];
    host.images.clear();
    for (const auto& i : input.desired.instances)
      if (row.there && i.container()) host.images.insert(i.container()->spec.image);
    CHECK(says(input, "disk.space") == row.says);
  }
}

TEST_CASE("a fact that is not as it should be is found by its check", "[check]") {
  struct Row {
    const char* check;
    void (*spoil)(Facts&);
    const char* says;
  };
  const Row rows[] = {
      {"ssh.root", [](Facts& f) { f.uid = 1000; }, "failed h1: commands run as uid 1000"},
      {"ssh.sessions", [](Facts& f) { f.max_sessions = 1; },
       "failed h1: sshd allows one session at once (MaxSessions 1), which the lock of a run keeps"},
      {"ssh.sessions", [](Facts& f) { f.max_sessions = 2; }, "ok h1: sshd allows 2 sessions at once"},
      {"ssh.probes", [](Facts& f) { f.probes_asked = "sshd forbids it"; },
       "failed h1: nobody can ask it how its components are: sshd forbids it"},
      {"os.family", [](Facts& f) { f.os = "slackware"; }, "warning h1: the host runs slackware"},
      {"os.family", [](Facts& f) { f.os = "centos", f.os_version = "6.9"; }, "warning h1: centos 6.9 is too old"},
      {"os.arch", [](Facts& f) { f.arch = "aarch64"; }, "failed h1: the machine is aarch64"},
      {"kernel.version", [](Facts& f) { f.kernel = "2.6.32-754.el6"; }, "failed h1: Linux 2.6.32-754.el6 is older"},
      {"disk.space", [](Facts& f) { f.disks["/var/lib/docker"].free = 1 << 20; },
       "failed h1: /var/lib/docker has 1 MB free"},
      {"disk.space", [](Facts& f) { f.disks["/var/lib/docker"].free = 5LL << 30; },
       "warning h1: /var/lib/docker has 5368 MB"},
      {"disk.inodes", [](Facts& f) { f.disks["/var/lib/docker"].inodes_free = 49; },
       "warning h1: /var/lib/docker has 49 of 1000"},
      {"disk.persistent", [](Facts& f) { f.disks["/var/lib/x"] = {1, 1, 0, 0, "tmpfs", -1, {}}; },
       "failed h1: /var/lib/x is on tmpfs"},
      {"time.sync", [](Facts& f) { f.programs = {}; }, "warning h1: no time service is installed"},
      {"docker.running", [](Facts& f) { f.docker_runs = false; }, "failed h1: dockerd does not run"},
      {"docker.running", [](Facts& f) { f.docker_installed = false; }, "failed h1: no Docker engine is installed"},
      {"docker.daemon_json", [](Facts& f) { f.daemon_json = "{"; },
       "failed h1: /etc/docker/daemon.json does not parse as JSON: line 1, column 2"},
      {"docker.daemon_json", [](Facts& f) { f.daemon_json = "[]"; },
       "failed h1: /etc/docker/daemon.json is no JSON object"},
      {"docker.daemon_json", [](Facts& f) { f.docker_flags = {"--live-restore"}; },
       "failed h1: live-restore would be said"},
      {"docker.daemon_json",
       [](Facts& f) {
         f.daemon_json = R"({"hosts": []})", f.docker_flags = {"-H", "fd://"};
       },
       "failed h1: hosts would be said"},
      {"docker.live_restore", [](Facts& f) { f.daemon_json = {}; }, "warning h1: live-restore is off"},
      {"docker.storage", [](Facts& f) { f.loop_storage = true; }, "warning h1: devicemapper"},
      {"hostname.resolve", [](Facts& f) { f.resolved = {"127.0.1.1"}; },
       "warning h1: its own name \"h1\" resolves to 127.0.1.1"},
      {"hostname.resolve", [](Facts& f) { f.resolved = {}; }, "warning h1: its own name \"h1\" does not resolve"},
      {"hostname.unique", [](Facts& f) { f.hostname = "h2"; }, "failed: h1, h2 have one hostname: \"h2\""},
      {"machine_id.unique", [](Facts& f) { f.machine_id = "id2"; }, "warning: h1, h2 have one machine-id"},
      {"ip.local", [](Facts& f) { f.addresses = {"192.168.1.1"}; },
       "failed h1: 10.0.0.1, which components are to bind"},
      {"ip.unique", [](Facts& f) { f.addresses.insert("10.0.0.2"); },
       "failed h1: 10.0.0.2, the ip of h2, is an address of h1, too"},
      {"net.mtu", [](Facts& f) { f.links[0].mtu = 9000; }, "warning: MTUs differ: 1500 on h2, 9000 on h1"},
      {"resolv.conf", [](Facts& f) { f.nameservers = {"127.0.0.53"}; },
       "warning h1: /etc/resolv.conf names only this machine"},
      {"resolv.conf",
       [](Facts& f) {
         f.nameservers = {"1.1.1.1", "2.2.2.2", "3.3.3.3", "4.4.4.4"};
       },
       "warning h1: /etc/resolv.conf names 4"},
      {"firewall.backend", [](Facts& f) { f.forward_rules = {"-P FORWARD ACCEPT"}; },
       "warning h1: Docker's rules are gone"},
      {"firewall.backend", [](Facts& f) { f.programs.insert("firewalld"); }, "warning h1: firewalld runs"},
  };
  for (const Row& row : rows) {
    CheckInput input = good();
    CHECK(starts(says(input, row.check), "ok"));
    row.spoil(input.facts["h1"]);
    INFO(row.check << " says \"" << says(input, row.check) << "\", wanted \"" << row.says << "\"");
    CHECK(starts(says(input, row.check), row.says));
  }
}

TEST_CASE("what a component asks for is checked on its hosts", "[check]") {
  struct Row {
    const char* check;
    std::map<std::string, std::string> arguments;
    void (*spoil)(Facts&);
    const char* says;
  };
  const Row rows[] = {
      {"cgroup.version",
       {{"controllers", "cpu memory freezer"}},
       [](Facts& f) { f.cgroup_v1.clear(), f.cgroup_v2 = true; },
       "failed h1: web needs control groups of version 1, and cpu, memory, freezer are not mounted: this machine has "
       "version 2"},
      {"memory", {{"least", "2048"}}, [](Facts& f) { f.memory = 1 << 30; }, "warning h1: 1073 MB of memory"},
      {"swap",
       {{"swappiness", "1"}},
       [](Facts& f) { f.swap = 1 << 30, f.sysctls["vm.swappiness"] = "60"; },
       "warning h1: swap is on and vm.swappiness is 60"},
      {"sysctl",
       {{"net.ipv4.ip_forward", "1"}},
       [](Facts& f) { f.sysctls["net.ipv4.ip_forward"] = "0"; },
       "failed h1: net.ipv4.ip_forward is 0, web wants 1"},
      {"sysctl.advice",
       {{"fs.file-max", ">=100"}},
       [](Facts& f) { f.sysctls["fs.file-max"] = "99"; },
       "warning h1: fs.file-max is 99"},
      {"ulimit.nofile",
       {{"least", "8192"}},
       [](Facts& f) { f.docker_files = 1024; },
       "warning h1: web may open 1024 files"},
      {"ports.range",
       {{"first", "31000"}, {"last", "32000"}},
       [](Facts& f) { f.sysctls["net.ipv4.ip_local_port_range"] = "1024 65535"; },
       "warning h1: connections leave by ports 1024 to 65535"},
      {"data.unique", {{"node id", "/n"}}, nullptr, "failed: h1, h2 have one node id (/n)"},
      {"ports.udp",
       {{"dns", "53"}},
       [](Facts& f) {
         f.sockets = {{true, "*", 53, "dnsmasq", ""}};
       },
       "failed h1: UDP port 53, which web needs for dns, is held by dnsmasq"},
      {"vip.network",
       {{"address", "10.0.0.9/24"}},
       [](Facts& f) { f.routes[0].network = *ipv4("10.0.7.0"); },
       "failed h1: the virtual address 10.0.0.9/24 of web lies in no network of this host: 10.0.7.0/24"},
      {"vip.free",
       {{"address", "10.0.0.9"}},
       [](Facts& f) { f.neighbours["10.0.0.9"] = "aa:bb"; },
       "failed h1: 10.0.0.9 is taken: aa:bb answers there"},
      {"vrid.unique",
       {{"id", "51"}},
       [](Facts& f) { f.vrrp = {"10.0.0.77 51"}; },
       "failed h1: 10.0.0.77 speaks VRRP with router id 51"},
  };
  for (const Row& row : rows) {
    CheckInput input = good();
    CHECK(says(input, row.check) == "nothing");
    for (auto& i : input.desired.instances) i.checks[row.check] = row.arguments;
    for (auto& [host, f] : input.facts) {
      f.sysctls = {{"net.ipv4.ip_forward", "1"},
                   {"fs.file-max", "100"},
                   {"net.ipv4.ip_local_port_range", "32768\t60999"},
                   {"vm.swappiness", "60"}};
      input.observed.hosts[host].files["/n"].content = host == "h1" ? "one" : "two";
      f.vrrp = std::vector<std::string>{"10.0.0.2 51", "10.0.0.77 5", "junk"};
    }
    INFO(row.check << " says \"" << says(input, row.check) << "\"");
    CHECK(starts(says(input, row.check), "ok"));
    if (row.spoil)
      row.spoil(input.facts["h1"]);
    else
      input.observed.hosts["h1"].files["/n"].content = "two";
    INFO("spoilt it says \"" << says(input, row.check) << "\"");
    CHECK(starts(says(input, row.check), row.says));
  }
}

TEST_CASE("clocks: half a second is a warning, five are a failure, and doubt is subtracted", "[check]") {
  const auto told = [](double ahead, double doubt) {
    CheckInput input = good();
    input.facts["h1"].clock = 100;
    input.facts["h2"].clock = 100 + ahead;
    input.facts["h2"].clock_error = doubt;
    return says(input, "time.skew").substr(0, 4);
  };
  CHECK(told(0.4, 0) == "ok: ");
  CHECK(told(0.6, 0) == "warn");
  CHECK(told(0.6, 0.2) == "ok: ");
  CHECK(told(5.1, 0) == "fail");
  CHECK(told(-6, 0) == "fail");
  CHECK(told(5.1, 0.2) == "warn");
}

TEST_CASE("live-restore that this run is about to set counts as set", "[check]") {
  CheckInput input = good(1);
  input.facts["h1"].daemon_json = {};
  FileSpec file;
  file.path = "/etc/docker/daemon.json";
  file.content = R"({"live-restore": true})";
  input.desired.instances[0].files = {file};
  CHECK(starts(says(input, "docker.live_restore"), "ok"));
}

TEST_CASE("what an engine that could not be asked has is no fact", "[check]") {
  struct Row {
    const char* what;
    bool reachable;
    const char* error;
    bool off;
    const char *settings, *info, *live_restore, *names, *way;
  };
  const char *on = R"({"live-restore": true})", *none = "{}";
  for (const Row& row : {
           Row{"it answers", true, "", false, none, "", "warning h1: live-restore is off", "ok", "ok"},
           Row{"it answers, and was told by a flag", true, "", false, none, R"({"LiveRestoreEnabled": true})", "ok",
               "ok", "ok"},
           Row{"it is silent", true, "docker: no answer in 10 s", false, none, "", "skipped", "skipped", "ok"},
           Row{"it is silent, and its file says", true, "docker: no answer in 10 s", false, on, "", "ok", "skipped",
               "ok"},
           Row{"it does not run, and starts as its file says", true, "docker: refused", true, none, "",
               "warning h1: live-restore is off", "skipped", "ok"},
           Row{"its host could not be looked at", false, "", false, none, "", "skipped", "skipped", "skipped"},
           Row{"nor that, and its file says", false, "", false, on, "", "ok", "skipped", "skipped"},
       }) {
    INFO(row.what);
    CheckInput input = good(1);
    input.facts["h1"].daemon_json = row.settings;
    ObservedHost& seen = input.observed.hosts["h1"];
    seen.reachable = row.reachable;
    seen.engine_error = row.error;
    seen.engine_off = row.off;
    seen.engine_info = row.info;
    CHECK(starts(says(input, "docker.live_restore"), row.live_restore));
    CHECK(starts(says(input, "docker.names"), row.names));
    CHECK(starts(says(input, "docker.way"), row.way));
  }
}

TEST_CASE("a full disk stops only who has to pull", "[check]") {
  CheckInput input = good(1);
  input.facts["h1"].disks["/var/lib/docker"].free = 50 << 20;
  CHECK(starts(says(input, "disk.space"), "failed"));
  input.observed.hosts["h1"].images = {"web:1"};
  CHECK(starts(says(input, "disk.space"), "warning"));
}

TEST_CASE("engines by version", "[check]") {
  CheckInput input = good(1);
  input.observed.hosts["h1"].engine_version = "1.9.1";
  CHECK(says(input, "docker.version") == "failed h1: Docker 1.9.1 is older than 1.10");
  input.observed.hosts["h1"].engine_version = "28.5.2";
  CHECK(starts(says(input, "docker.version"), "ok"));
  input.desired.instances[0].checks["docker.wanted"] = {{"least", "1.12"}, {"proven_below", "29"}};
  CHECK(starts(says(input, "docker.wanted"), "ok"));
  input.observed.hosts["h1"].engine_version = "29.0.1";
  CHECK(starts(says(input, "docker.wanted"), "warning h1: web has not been proven with Docker 29"));
  input.observed.hosts["h1"].engine_version = "1.11.2";
  CHECK(starts(says(input, "docker.wanted"), "failed h1: Docker 1.11.2 is older than 1.12, which web needs"));
}

TEST_CASE("names: --only, --skip, and one that nobody knows", "[check]") {
  CHECK(chosen_checks({"ip.local", "memory"}, {"memory"}) == std::set<std::string>{"ip.local"});
  CHECK(chosen_checks({}, {"memory"}).size() == check_kinds().size() - 1);
  CHECK_THROWS_WITH(chosen_checks({"ip.locl"}, {}), Contains("unknown check \"ip.locl\", did you mean \"ip.local\"?"));
}

TEST_CASE("a run makes the quick checks, and slow ones that an instance asks for which it creates or changes",
          "[check]") {
  Plan plan;
  plan.first().desired = good().desired;
  for (auto& i : plan.first().desired.instances) i.checks["vrid.unique"] = {{"id", "51"}};
  const Instance& first = plan.first().desired.instances.front();
  plan.first().waves.emplace_back();
  plan.first().waves[0].steps.resize(1);
  Step& step = plan.first().waves[0].steps[0];
  step.host = first.host, step.component = first.component, step.action = Action::recreate;
  const auto makes = [&](const char* name) { return checks_before(plan, chosen_checks({}, {"os.arch"})).count(name); };
  CHECK(makes("ports.free") == 1);
  CHECK(makes("images.pullable") == 0);
  CHECK(makes("net.mesh") == 0);
  CHECK(makes("os.arch") == 0);
  for (const auto& [action, made] : std::vector<std::pair<Action, std::size_t>>{{Action::create, 1},
                                                                                {Action::recreate, 1},
                                                                                {Action::restart, 1},
                                                                                {Action::reload, 1},
                                                                                {Action::start, 0},
                                                                                {Action::remove, 0}}) {
    step.action = action;
    INFO(to_text(action));
    CHECK(makes("vrid.unique") == made);
  }
  CHECK(makes("vip.free") == 0);
  CHECK(checks_before(plan, {"ports.free"}) == std::set<std::string>{"ports.free"});
}

TEST_CASE("data of another user is told before its component fails on it", "[check]") {
  CheckInput input = good(1);
  input.desired.instances[0].directories = {{"/var/lib/web", "0755", "1000:1000", true}};
  const auto found = [&](const std::string& user, long long owner, std::set<long long> inside) {
    test::as<Container>(input.desired.instances[0]).spec.user = user;
    input.facts["h1"].disks["/var/lib/web"].owner = owner;
    input.facts["h1"].disks["/var/lib/web"].inside = std::move(inside);
    return says(input, "data.owner");
  };
  CHECK(found("1000:1000", -1, {}) == "nothing");
  CHECK(found("", 5, {5}) == "nothing");
  CHECK(found("0:0", 5, {5}) == "nothing");
  CHECK_THAT(found("1000:1000", 1000, {1000}), Contains("ok h1: /var/lib/web belongs to user 1000"));
  CHECK_THAT(found("1000:1000", 5, {1000}), Contains("failed h1: /var/lib/web is not empty and belongs to user 5"));
  CHECK_THAT(found("1000", 1000, {0, 1000}), Contains("warning h1: /var/lib/web has files of another user than 1000"));
}

TEST_CASE("a playbook that asks for a check wrongly is named", "[check]") {
  CheckInput input = good(1);
  input.desired.instances[0].checks["memory"] = {{"least", "much"}};
  CHECK_THROWS_WITH(says(input, "memory"), Contains("web") && Contains("\"much\""));
  input.desired.instances[0].checks["memory"] = {{"most", "1"}};
  CHECK_THROWS_WITH(says(input, "memory"), Contains("\"least\""));
}

TEST_CASE("fixes: only where they are safe", "[check]") {
  CheckInput input = good(1);
  input.desired.instances[0].checks["sysctl"] = {{"net.ipv4.ip_forward", "1"}};
  input.facts["h1"].sysctls["net.ipv4.ip_forward"] = "0";
  const auto fix = [&](const char* name) {
    std::string out;
    const auto found = check(input, name);
    if (!found.empty())
      for (const HostCommand& words : fix_of(found.front(), input).commands) out += shell_line(words) + "\n";
    return out;
  };
  CHECK(fix("sysctl").ends_with(" sh /proc/sys/net/ipv4/ip_forward net.ipv4.ip_forward 1\n"));
  CHECK(fix("sysctl").find("/etc/sysctl.d/") != std::string::npos);
  input.facts["h1"].sysctls["net.ipv4.ip_forward"] = "1";
  CHECK(fix("sysctl").empty());
  input.facts["h1"].docker_runs = false;
  CHECK(fix("docker.running").ends_with(" sh service docker start\n"));
  input.facts["h1"].init = "systemd";
  CHECK(fix("docker.running").ends_with(" sh systemctl start docker\n"));
  input.facts["h1"].init = "service";
  input.facts["h1"].docker_installed = false;
  CHECK(fix("docker.running").empty());
  input.facts["h1"].programs = {};
  CHECK(fix("time.sync").empty());
  input.facts["h1"].time_services = {"chrony"};
  CHECK(fix("time.sync") == "service chrony start\n");
  input.facts["h1"].daemon_json = "{";
  CHECK(fix("docker.daemon_json").empty());
}

TEST_CASE("what clusterctl keeps and cannot be read is told", "[check]") {
  CheckInput input = good(1);
  CHECK(says(input, "files.kept") == "ok h1: nothing is kept that cannot be read");
  input.observed.hosts["h1"].manifest.damaged = true;
  CHECK_THAT(says(input, "files.kept"), Contains("warning h1: /") && Contains("manifest.json cannot be read: "));
  input.observed.hosts["h1"] = {};
  input.observed.hosts["h1"].prepared_damaged = true;
  CHECK_THAT(says(input, "files.kept"), Contains("prepared.json cannot be read"));
}

TEST_CASE("configuration of others is told", "[check]") {
  CheckInput input = good(1);
  DirectorySpec directory;
  directory.path = "/etc/web.d";
  directory.config = true;
  input.desired.instances[0].directories = {directory};
  CHECK(says(input, "files.foreign") == "nothing");  // it was not looked into
  ObservedHost& host = input.observed.hosts["h1"];
  host.entries["/etc/web.d"] = {};
  CHECK(says(input, "files.foreign") == "ok h1: nothing of others in 1 directory");
  host.entries["/etc/web.d"] = {{"theirs.conf", 'f', false}};
  CHECK(
      says(input, "files.foreign") ==
      "warning h1: /etc/web.d/theirs.conf is neither of the inventory nor written by clusterctl, and web may read it");
}
