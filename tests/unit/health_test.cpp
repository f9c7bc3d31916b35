#include "plan/health.hpp"

#include "catch.hpp"
#include "kind.hpp"

using namespace cctl;

namespace {

Desired ensemble(int n) {
  Desired d;
  d.cluster = "c";
  ComponentPlan c;
  c.component = "zk";
  c.rollout.quorum = true;
  c.leader = {"mode", {"leader"}};
  Verdict one;
  one.kind = Verdict::Kind::exactly_one;
  one.value = "mode";
  one.is = {"leader"};
  Verdict rest = one;
  rest.kind = Verdict::Kind::count;
  rest.is = {"follower"};
  rest.equals = "others";
  c.health = {one, rest};
  d.components.push_back(c);
  for (int i = 0; i < n; ++i) {
    Host h;
    h.name = "h" + std::to_string(i);
    d.hosts.push_back(h);
    Instance in;
    in.host = h.name;
    in.component = "zk";
    in.leader_is = {"leader"};
    in.verdict_is = {{"0", {"leader"}}, {"1", {"follower"}}};
    d.instances.push_back(in);
  }
  return d;
}

// One letter per member: L leader, F follower, S standalone, x does not answer, - host not reached, ? could not be
// asked.
std::vector<InstanceHealth> seen(const Desired& d, const std::string& modes) {
  std::vector<InstanceHealth> out;
  for (std::size_t i = 0; i < modes.size(); ++i) {
    if (modes[i] == '-') continue;
    ProbeResult p;
    p.name = "srvr";
    p.ok = p.answered = modes[i] != 'x' && modes[i] != '?';
    p.asked = modes[i] != '?';
    p.values["mode"] = modes[i] == 'L' ? "leader" : modes[i] == 'F' ? "follower" : modes[i] == 'S' ? "standalone" : "";
    p.seen = p.ok ? "mode " + p.values["mode"] : p.asked ? "refused" : "sshd forbids it";
    out.push_back(judge_instance(d.instances[i], d.components[0], {p}));
  }
  return out;
}

Observed reached(const Desired& d, const std::string& modes) {
  Observed o;
  for (std::size_t i = 0; i < modes.size(); ++i) o.hosts[d.hosts[i].name].reachable = modes[i] != '-';
  return o;
}

}  // namespace

TEST_CASE("an ensemble's health", "[health]") {
  struct Row {
    const char* modes;
    bool healthy, holds;
    int ready, tolerates;
    Health cluster;
  };
  for (const auto& r :
       {Row{"L", true, true, 1, 0, Health::healthy}, Row{"LFF", true, true, 3, 1, Health::healthy},
        Row{"FLF", true, true, 3, 1, Health::healthy}, Row{"LFx", false, false, 2, 0, Health::degraded},
        Row{"LF-", false, true, 2, 0, Health::degraded}, Row{"Lxx", false, false, 1, 0, Health::down},
        Row{"L--", false, false, 1, 0, Health::unknown}, Row{"xx-", false, false, 0, 0, Health::down},
        Row{"---", false, false, 0, 0, Health::unknown}, Row{"LLF", false, false, 3, 1, Health::down},
        Row{"FFF", false, false, 3, 1, Health::down}, Row{"SSS", false, false, 3, 1, Health::down},
        Row{"LFFFF", true, true, 5, 2, Health::healthy}, Row{"LFFxx", false, false, 3, 0, Health::degraded}}) {
    INFO(r.modes);
    const auto d = ensemble(static_cast<int>(std::string(r.modes).size()));
    const auto c = judge_component(d, d.components[0], seen(d, r.modes));
    CHECK(c.healthy == r.healthy);
    CHECK(c.holds == r.holds);
    CHECK(c.ready == r.ready);
    CHECK(c.tolerates == r.tolerates);
    CHECK(std::string(to_text(judge_cluster(d, {c}, reached(d, r.modes)))) == to_text(r.cluster));
  }
}

TEST_CASE("an app that does not run leaves the cluster up", "[health]") {
  Desired d = ensemble(1);
  test::as<AppSpec>(d.instances[0]).id = "/web";
  CHECK(judge_cluster(d, {judge_component(d, d.components[0], seen(d, "x"))}, reached(d, "x")) == Health::degraded);
  CHECK(judge_cluster(d, {judge_component(d, d.components[0], seen(d, "L"))}, reached(d, "L")) == Health::healthy);
}

TEST_CASE("who answers without a container of its own is not ready", "[health]") {
  Desired d = ensemble(3);
  for (auto& i : d.instances)
    test::as<Container>(i).spec.name = "cctl-c-zk", test::as<Container>(i).spec.image = "zk:1";
  Observed o = reached(d, "LFF");
  for (const char* host : {"h0", "h1", "h2"}) {
    ObservedContainer c;
    c.name = "cctl-c-zk";
    c.state = "running";
    c.labels = {{label::cluster, "c"}, {label::component, "zk"}};
    o.hosts[host].containers.push_back(c);
  }
  auto healths = seen(d, "LFF");
  hold_against_containers(healths, d, o);
  CHECK(std::all_of(healths.begin(), healths.end(), [](const InstanceHealth& h) { return h.ready; }));
  o.hosts["h0"].containers[0].state = "restarting";
  o.hosts["h1"].containers.clear();
  o.hosts["h1"].containers.push_back({"id",
                                      "other",
                                      "zk:1",
                                      "",
                                      "running",
                                      "Up",
                                      {{label::cluster, "old"}, {label::component, d.components[0].component}}});
  hold_against_containers(healths, d, o);
  CHECK_FALSE(healths[0].ready);
  CHECK_FALSE(healths[0].leader);
  CHECK(healths[0].seen == "the container is restarting, yet somebody answers");
  CHECK(healths[1].seen == "the container is missing, and one of cluster \"old\" is there, yet somebody answers");
  CHECK(healths[2].ready);
  // A name is no identity without its labels.
  o.hosts["h2"].containers[0].labels.clear();
  hold_against_containers(healths, d, o);
  CHECK_FALSE(healths[2].ready);
  CHECK(healths[2].seen == "the container is missing, and one that is not ours has its name, yet somebody answers");
}

TEST_CASE("what a host runs that could not be asked is not known, whoever answers there", "[health]") {
  // The only member, or the third of three, on a host: away; that logs in and cannot be asked; whose engine is silent;
  // whose engine is known not to run, while its container does.
  enum Host { away, mute, silent, off };
  struct Row {
    Host host;
    const char *modes, *seen;
    bool known, ready;
    Health cluster;
  };
  const std::string mute_words = "its login shell prints and prints";
  for (const Row& row : {
           Row{away, "-", "", false, false, Health::unknown},
           Row{away, "LF-", "", false, false, Health::degraded},
           Row{mute, "L", "not known", false, false, Health::unknown},
           Row{mute, "LFF", "not known", false, false, Health::degraded},
           Row{mute, "x", "refused", true, false, Health::down},
           Row{mute, "?", "sshd forbids it", false, false, Health::unknown},
           Row{silent, "L", "not known", false, false, Health::unknown},
           Row{silent, "LFF", "not known", false, false, Health::degraded},
           Row{silent, "x", "refused", true, false, Health::down},
           Row{silent, "?", "sshd forbids it", false, false, Health::unknown},
           Row{off, "L", "", true, true, Health::degraded},
           Row{off, "x", "refused", true, false, Health::down},
       }) {
    INFO(row.host << " " << row.modes);
    const std::string modes = row.modes;
    Desired d = ensemble(static_cast<int>(modes.size()));
    for (auto& i : d.instances)
      test::as<Container>(i).spec.name = "cctl-c-zk", test::as<Container>(i).spec.image = "zk:1";
    Observed o = reached(d, modes);
    for (auto& [name, host] : o.hosts)
      host.containers = {
          {"id", "cctl-c-zk", "zk:1", "", "running", "Up", {{label::cluster, "c"}, {label::component, "zk"}}}};
    ObservedHost& last = o.hosts[d.hosts.back().name];
    last.containers.clear();
    if (row.host == mute) last.reachable = false, last.error = mute_words, last.exit_code = 3;
    if (row.host == silent || row.host == off) last.engine_error = "docker: no answer in 10 s";
    last.engine_off = row.host == off;
    auto healths = seen(d, modes);
    hold_against_containers(healths, d, o);
    if (row.host != away) {
      CHECK(healths.back().known == row.known);
      CHECK(healths.back().ready == row.ready);
      CHECK(healths.back().seen.find(row.seen) != std::string::npos);
      CHECK(healths.back().seen.find("missing") == std::string::npos);
    }
    const auto c = judge_component(d, d.components[0], healths);
    CHECK(std::string(to_text(judge_cluster(d, {c}, o))) == to_text(row.cluster));
  }
}

TEST_CASE("what does not hold is told in words", "[health]") {
  const auto d = ensemble(3);
  const auto c = judge_component(d, d.components[0], seen(d, "FFx"));
  CHECK(c.wanting ==
        std::vector<std::string>{"h2 to be ready (srvr: refused)", "exactly one with mode leader: saw 0 of 3"});
  CHECK(judge_component(d, d.components[0], seen(d, "FLF")).leader_host == "h1");
}

TEST_CASE("every slave is listed by the leading master", "[health]") {
  auto d = ensemble(1);
  ComponentPlan c;
  c.component = "slave";
  Verdict v;
  v.kind = Verdict::Kind::all_listed;
  v.in_component = "zk";
  v.in_value = "slaves";
  v.as = "t";
  c.health = {v};
  d.components.push_back(c);
  for (const char* host : {"s1", "s2"}) {
    Instance i;
    i.host = host;
    i.component = "slave";
    i.listed_as = {{"0", std::string("ip-") + host}};
    d.instances.push_back(i);
  }
  auto all = seen(d, "L");
  for (std::size_t i = 1; i < 3; ++i) {
    ProbeResult ok;
    ok.ok = ok.answered = true;
    all.push_back(judge_instance(d.instances[i], d.components[1], {ok}));
  }
  all[0].probes[0].values["slaves"] = "ip-s2,other";
  CHECK(judge_component(d, d.components[1], all).wanting ==
        std::vector<std::string>{"every host in slaves of zk: s1 missing"});
  all[0].probes[0].values["slaves"] = "ip-s1,ip-s2";
  CHECK(judge_component(d, d.components[1], all).healthy);
  // Who would list them could not be asked, or one of them could.
  all.erase(all.begin());
  CHECK(judge_component(d, d.components[1], all).wanting ==
        std::vector<std::string>{"every host in slaves of zk: nobody could be asked"});
  CHECK_FALSE(judge_component(d, d.components[1], all).holds);
  Instance second = d.instances[0];
  second.host = "h1";
  d.instances.push_back(second);
  all.push_back(seen(d, "F")[0]);
  CHECK(judge_component(d, d.components[1], all).wanting ==
        std::vector<std::string>{"every host in slaves of zk: s1, s2 missing (1 not asked)"});
}

TEST_CASE("a verdict says nothing of members that nobody could ask, and how many of them there are", "[health]") {
  struct Row {
    const char* modes;
    std::vector<std::string> wanting;
  };
  for (const Row& row : {
           Row{"---", {"nobody could be asked"}},
           Row{"-", {"nobody could be asked"}},
           Row{"?-?", {"h0 to be asked (srvr: sshd forbids it)", "h2 to be asked (srvr: sshd forbids it)"}},
           Row{"F--",
               {"exactly one with mode leader: saw 0 of 1 (2 not asked)", "2 with mode follower: saw 1 (2 not asked)"}},
           Row{"LF-", {}},
           Row{"FFF", {"exactly one with mode leader: saw 0 of 3", "2 with mode follower: saw 3"}},
       }) {
    INFO(row.modes);
    const auto d = ensemble(static_cast<int>(std::string(row.modes).size()));
    CHECK(judge_component(d, d.components[0], seen(d, row.modes)).wanting == row.wanting);
  }
}

TEST_CASE("members that are none of ours make a cluster degraded, and hold up no gate", "[health]") {
  Desired d = ensemble(3);
  Verdict none_else, no_more;
  none_else.kind = Verdict::Kind::none_else;
  none_else.value = "peers";
  none_else.as = "x";
  no_more.kind = Verdict::Kind::no_more;
  no_more.value = "followers";
  no_more.equals = "others";
  d.components[0].health.push_back(none_else);
  d.components[0].health.push_back(no_more);
  for (auto& i : d.instances) i.listed_as["2"] = i.host + ":1";
  struct Row {
    const char *modes, *peers, *followers, *wanting;
  };
  const Row rows[] = {
      {"LFF", "h0:1,h1:1,h2:1", "2", ""},
      {"LFF", "h0:1,h1:1", "1", ""},  // who is missing is another verdict's business
      {"LFF", "", "", ""},            // nobody says
      {"LFF", "h0:1,h1:1,h2:1", "two", "at most 2 followers: saw \"two\", which is no number"},
      {"LFF", "h0:1,h1:1,h2:1", "1 <html>", "at most 2 followers: saw \"1 <html>\", which is no number"},
      {"LFF", "h0:1,h1:1,h2:1", "inf", "at most 2 followers: saw \"inf\", which is no number"},
      {"LFF", "h0:1,h1:1,h2:1,h9:1", "2", "none in peers but its own: saw h9:1"},
      {"LFF", "h8:1,h9:1", "2", "none in peers but its own: saw h8:1, h9:1"},
      {"LFF", "h0:1", "3", "at most 2 followers: saw 3, so that one serves that is none of its own"},
      {"LF-", "h0:1,h1:1,h2:1", "2", ""},  // one of ours that was not asked is no stranger
  };
  for (const Row& row : rows) {
    INFO(row.modes << " " << row.peers << " " << row.followers);
    auto all = seen(d, row.modes);
    all[0].probes[0].values["peers"] = row.peers;
    all[0].probes[0].values["followers"] = row.followers;
    const auto h = judge_component(d, d.components[0], all);
    const std::string wanting = row.wanting;
    const bool whole = std::string(row.modes) == "LFF";
    if (!wanting.empty()) {
      REQUIRE(h.wanting.size() == 1);
      CHECK(h.wanting[0] == wanting);
    }
    CHECK(h.healthy == (wanting.empty() && whole));
    if (whole) CHECK(h.holds);
    CHECK(judge_cluster(d, {h}, reached(d, row.modes)) == (h.healthy ? Health::healthy : Health::degraded));
  }
}

TEST_CASE("more of them than the whole ensemble has make it degraded, and hold up no gate", "[health]") {
  // As every master of Mesos tells of the log's replicas: it counts itself among them.
  Desired d = ensemble(3);
  Verdict no_more;
  no_more.kind = Verdict::Kind::no_more;
  no_more.value = "replicas";
  no_more.equals = "all";
  d.components[0].health.push_back(no_more);
  struct Row {
    const char *modes, *replicas, *wanting;
    Health cluster;
  };
  const std::string stranger = ", so that one serves that is none of its own";
  for (const Row& row : {
           Row{"LFF", "3", "", Health::healthy},
           Row{"LFF", "2", "", Health::healthy},
           Row{"LFF", "4", "at most 3 replicas: saw 4", Health::degraded},
           Row{"LF-", "3", "", Health::degraded},  // one of ours that was not asked is no stranger
           Row{"LF-", "4", "at most 3 replicas: saw 4", Health::degraded},
       }) {
    INFO(row.modes << " " << row.replicas);
    auto all = seen(d, row.modes);
    all[1].probes[0].values["replicas"] = row.replicas;  // whoever says so
    const auto h = judge_component(d, d.components[0], all);
    CHECK(h.wanting == (*row.wanting ? std::vector<std::string>{row.wanting + stranger} : std::vector<std::string>()));
    CHECK(h.healthy == (row.cluster == Health::healthy));
    CHECK(h.holds);
    CHECK(judge_cluster(d, {h}, reached(d, row.modes)) == row.cluster);
  }
}

TEST_CASE("who could not be asked is neither ready nor broken", "[health]") {
  struct Row {
    const char* modes;
    bool healthy, holds, unsure;
    int asked, ready;
    Health cluster;
  };
  for (const auto& r :
       {Row{"???", false, false, true, 0, 0, Health::unknown}, Row{"L??", false, false, true, 1, 1, Health::unknown},
        Row{"LF?", false, false, true, 2, 2, Health::degraded},
        Row{"FF?", false, false, true, 2, 2, Health::degraded},  // the third may lead
        Row{"Fx?", false, false, false, 2, 1, Health::unknown},
        Row{"xx?", false, false, false, 2, 0, Health::down},  // no majority, whatever the third says
        Row{"?", false, false, true, 0, 0, Health::unknown}, Row{"LF-", false, true, false, 2, 2, Health::degraded}}) {
    INFO(r.modes);
    const auto d = ensemble(static_cast<int>(std::string(r.modes).size()));
    const auto c = judge_component(d, d.components[0], seen(d, r.modes));
    CHECK(c.healthy == r.healthy);
    CHECK(c.holds == r.holds);
    CHECK(c.unsure == r.unsure);
    CHECK(c.asked == r.asked);
    CHECK(c.ready == r.ready);
    CHECK(std::string(to_text(judge_cluster(d, {c}, reached(d, r.modes)))) == to_text(r.cluster));
  }
  const auto d = ensemble(3);
  CHECK(judge_component(d, d.components[0], seen(d, "LF?")).wanting.front() ==
        "h2 to be asked (srvr: sshd forbids it)");
}

TEST_CASE("one probe that says no outweighs one that could not be asked", "[health]") {
  const auto d = ensemble(1);
  ProbeResult yes, no, unasked;
  yes.ok = yes.answered = true;
  no.name = "http", no.seen = "refused";
  unasked.name = "exec", unasked.asked = false, unasked.seen = "no engine";
  const auto judged = [&](std::vector<ProbeResult> probes) {
    return judge_instance(d.instances[0], d.components[0], std::move(probes));
  };
  CHECK(judged({yes, yes}).known);
  CHECK(judged({yes, no}).known);
  CHECK_FALSE(judged({yes, unasked}).known);
  CHECK_FALSE(judged({yes, unasked}).ready);
  CHECK(judged({yes, unasked}).seen == "exec: no engine");
  CHECK(judged({no, unasked}).known);
  CHECK(judged({no, unasked}).seen == "http: refused");
  CHECK(judged({unasked, no}).seen == "http: refused");
}
