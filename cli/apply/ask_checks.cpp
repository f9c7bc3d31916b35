#include "apply/ask_checks.hpp"

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "apply/parallel.hpp"

namespace cctl {
namespace {

constexpr std::size_t kProbesAtOnce = 64;  // of one host, a channel each
constexpr std::size_t kImagesAtOnce = 4;

struct Gathering {
  Hosts& hosts;
  Clock& clock;
  const Desired& desired;
  const Looks& looks;
  const std::set<std::string>& names;
  CheckInput out;

  bool wants(const char* name) const { return names.count(name) > 0; }
};

std::vector<const Instance*> of_host(const Desired& desired, const std::string& host) {
  std::vector<const Instance*> out;
  for (const auto& i : desired.instances)
    if (i.host == host) out.push_back(&i);
  return out;
}

// Whether one dials the other: members of one component do, and whoever needs another.
bool dials(const Desired& desired, const std::string& one, const std::string& other) {
  const auto* plan = desired.component(one);
  return one == other || (plan && std::count(plan->needs.begin(), plan->needs.end(), other) > 0);
}

std::vector<Reach> to_reach(const Desired& desired, const std::string& host) {
  std::vector<Reach> out;
  const auto here = of_host(desired, host);
  for (const auto& there : desired.instances) {
    if (there.host == host || !there.container()) continue;
    const auto any = [&](const auto& question) { return std::any_of(here.begin(), here.end(), question); };
    const bool forth = any([&](const Instance* i) { return dials(desired, i->component, there.component); });
    const bool back = any([&](const Instance* i) { return dials(desired, there.component, i->component); });
    if (!forth && !back) continue;
    for (const auto& [name, port] : there.ports)
      out.push_back({there.host, there.component, name, port, !forth, false, "", true});
  }
  return out;
}

Probe tcp(const std::string& address, int port) {
  Probe probe;
  probe.kind = ProbeKind::tcp;
  probe.address = address;
  probe.port = port;
  probe.timeout = std::chrono::milliseconds(3000);
  return probe;
}

Task<void> ask_mesh(HostDoor& door, const Desired& desired, Facts& facts) {
  for (std::size_t from = 0; from < facts.reached.size(); from += kProbesAtOnce) {
    const auto to = std::min(facts.reached.size(), from + kProbesAtOnce);
    std::vector<Probe> probes;
    for (std::size_t i = from; i < to; ++i)
      if (const Host* host = find_host(desired.hosts, facts.reached[i].to))
        probes.push_back(tcp(host->ip, facts.reached[i].port));
    const auto results = co_await door.probe(std::move(probes), "");
    for (std::size_t i = from; i < to; ++i) {
      facts.reached[i].asked = results[i - from].asked;
      facts.reached[i].answered = results[i - from].answered;
      facts.reached[i].seen = results[i - from].seen;
    }
  }
}

// Asking at the address makes the kernel look for its machine; the look at the host then reads what it found.
Task<void> ask_addresses(HostDoor& door, const std::vector<const Instance*>& instances) {
  std::vector<Probe> probes;
  for (const auto* i : instances)
    if (const auto asked = i->checks.find("vip.free"); asked != i->checks.end())
      for (const auto& [name, address] : asked->second) probes.push_back(tcp(address.substr(0, address.find('/')), 9));
  if (!probes.empty()) co_await door.probe(std::move(probes), "");
}

// Of a program that listens: sshd itself.
Task<void> ask_whether_asked(HostDoor& door, const Desired& desired, const std::string& host, Facts& facts) {
  std::vector<Probe> probes;
  if (const Host* found = find_host(desired.hosts, host))
    probes.push_back(tcp("127.0.0.1", found->ssh.port.value_or(22)));
  const auto results = co_await door.probe(std::move(probes), "");
  facts.probes_asked = results.at(0).asked ? "" : results.at(0).seen;
}

// The host's clock beside one that all hosts are measured by.
Task<void> ask_clock(HostDoor& door, Clock& clock, Facts& facts) {
  const auto before = clock.now();
  const CommandResult answer = co_await door.shell().run("date +%s.%N", "");
  const std::chrono::duration<double> took = clock.now() - before;
  char* end = nullptr;
  const double there = std::strtod(answer.out.c_str(), &end);
  // strtod takes "nan" and "inf" as well; up to the year 9999, as date prints it.
  if (end == answer.out.c_str() || !(there >= 0 && there < 253402300800.0)) co_return;
  const std::chrono::duration<double> middle = before.time_since_epoch() + took / 2;
  facts.clock = there - middle.count();
  // A date that knows no fractions prints whole seconds.
  facts.clock_error = took.count() / 2 + (answer.out.find('N') == std::string::npos && *end != '%' ? 0 : 1);
}

Task<void> ask_images(HostDoor& door, const std::vector<const Instance*>& instances, const ObservedHost* observed,
                      Facts& facts) {
  std::set<std::string> missing;
  // An engine that did not answer the look is not waited for again.
  if (!observed || !observed->reachable || !observed->engine_error.empty()) co_return;
  for (const auto* i : instances)
    if (const auto* own = i->container(); own && !observed->images.count(own->spec.image))
      missing.insert(own->spec.image);
  const std::vector<std::string> images(missing.begin(), missing.end());
  bool silent = false;  // since then
  const std::function<Task<void>(std::size_t)> ask = [&](std::size_t n) -> Task<void> {
    if (silent) co_return;
    try {
      std::string image = images[n];
      if (co_await door.engine().find_in_registry(std::move(image))) facts.images[images[n]] = "";
    } catch (const Error& e) {
      // An engine that says nothing has asked nobody.
      if (e.exit_code() == 1)
        facts.images[images[n]] = e.what();
      else
        silent = true;
    }
  };
  co_await for_all(images.size(), kImagesAtOnce, ask);
}

}  // namespace

// Debian always has perl; 35 is IP_ADD_MEMBERSHIP.
const char* const kListenScript = R"sh(PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
if perl -MSocket -e 1 2>/dev/null; then
    perl -MSocket -e '
        socket(S, PF_INET, SOCK_RAW, 112) or exit 127;
        setsockopt(S, 0, 35, inet_aton("224.0.0.18") . inet_aton($_)) for @ARGV;
        $SIG{ALRM} = sub { exit 0 };
        $| = 1;
        alarm 3;
        while (defined recv(S, $p, 2048, 0)) {
            $h = (ord($p) & 15) * 4;
            next if length($p) < $h + 2 or (ord(substr($p, $h, 1)) & 15) != 1;
            print inet_ntoa(substr($p, 12, 4)), " ", ord(substr($p, $h + 1, 1)), "\n";
        }' $(ip -4 -o addr show up scope global | awk '{ sub("/.*", "", $4); print $4 }')
elif command -v tcpdump >/dev/null; then
    timeout 3 tcpdump -lnn -i any 'ip proto 112' 2>/dev/null |
        sed -n 's/.*IP \([0-9.]*\) > .*vrid \([0-9]*\),.*/\1 \2/p'
    exit 0
else
    exit 127
fi)sh";

namespace {

Task<void> ask_vrrp(HostDoor& door, Facts& facts) {
  const CommandResult answer = co_await door.shell().run(kListenScript, "");
  if (answer.exit_status != 0) co_return;
  std::istringstream in(answer.out);
  facts.vrrp.emplace();
  for (std::string line; std::getline(in, line);) facts.vrrp->push_back(line);
}

Task<void> look_into(HostDoor& door, LookRequest request, Facts& facts) {
  facts = co_await door.look(std::move(request));
}

Task<void> look(Gathering& g, const std::string& host) {
  HostDoor& door = g.hosts.at(host);
  const auto instances = of_host(g.desired, host);
  const auto asks = [&](const char* check) {
    return g.wants(check) && std::any_of(instances.begin(), instances.end(),
                                         [&](const Instance* i) { return i->checks.count(check) > 0; });
  };
  const auto told = g.looks.facts.find(host);
  Facts facts = told == g.looks.facts.end() ? Facts{} : told->second;
  // Whom the kernel has found at an address is known once somebody was asked there.
  if (asks("vip.free")) co_await ask_addresses(door, instances);
  if (told == g.looks.facts.end() || asks("vip.free")) {
    LookRequest request;
    ask_checks(g.names, g.desired, host, request);
    Task<void> asked = look_into(door, std::move(request), facts);
    co_await ask_patiently(g.hosts, host, std::move(asked));
  }
  if (g.wants("time.skew")) co_await ask_clock(door, g.clock, facts);
  if (g.wants("ssh.probes")) co_await ask_whether_asked(door, g.desired, host, facts);
  if (g.wants("net.mesh")) {
    facts.reached = to_reach(g.desired, host);
    co_await ask_mesh(door, g.desired, facts);
  }
  const auto& seen = g.looks.observed.hosts;
  if (g.wants("images.pullable"))
    co_await ask_images(door, instances, seen.count(host) ? &seen.at(host) : nullptr, facts);
  if (asks("vrid.unique")) co_await ask_vrrp(door, facts);
  g.out.facts[host] = std::move(facts);
}

}  // namespace

Task<CheckInput> gather(Hosts& hosts, Clock& clock, const Desired& desired, const Looks& looks,
                        const std::set<std::string>& names) {
  Gathering g{hosts, clock, desired, looks, names, {}};
  g.out.desired = desired;
  g.out.observed = looks.observed;
  const std::function<Task<void>(std::size_t)> one = [&](std::size_t i) -> Task<void> {
    const std::string host = desired.hosts[i].name;
    try {
      co_await look(g, host);
    } catch (const Error& e) {
      const auto why = hosts.absent().find(host);
      if (why == hosts.absent().end())
        g.out.absent[host] = {absence_by(e), e.what()};
      else
        g.out.absent[host] = {why->second.absence, why->second.error.what()};
    } catch (const std::system_error&) {
      throw;  // cancelled
    } catch (const std::exception& e) {
      g.out.absent[host] = {Absence::unusable, unreadable(e).what()};
    }
  };
  co_await for_all(desired.hosts.size(), kHostsAtOnce, one);
  co_return std::move(g.out);
}

}  // namespace cctl
