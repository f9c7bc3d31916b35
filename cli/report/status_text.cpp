#include <fmt/format.h>

#include <algorithm>

#include "report/status.hpp"
#include "report/table.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

Color color_of(const std::string& health) {
  if (health == "healthy") return Color::green;
  if (health == "degraded" || health == "unknown") return Color::yellow;
  return Color::red;
}

// A majority is lost where it is, whatever those say who could not be asked.
std::string standing(const Ensemble& e) {
  const auto majority = [&](int healthy) { return 2 * healthy > e.members; };
  if (!majority(e.healthy + e.unasked)) return "no quorum";
  if (!majority(e.healthy)) return fmt::format("{} not asked", e.unasked);
  return e.led ? fmt::format("can lose {}", e.tolerates) : "no single leader";
}

std::string ensembles_text(const Status& status, const std::string& between) {
  std::vector<std::string> parts;
  for (const Ensemble& e : status.ensembles)
    parts.push_back(fmt::format("{} {}/{} ({})", e.title, e.healthy, e.members, standing(e)));
  return joined(parts, between);
}

bool behind(const StatusInstance& i) {
  return !i.version.empty() && i.version != i.wanted_version;
}

std::string state_text(const StatusInstance& i) {
  if (i.health == "healthy") return i.leader ? "healthy *" : "healthy";
  return i.state == "running" || (i.state == "set" && i.health == "unhealthy") ? i.health : i.state;
}

std::string note_of(const StatusInstance& i) {
  std::vector<std::string> notes;
  if (i.leader) notes.push_back("leader");
  if (!i.fault.empty()) notes.push_back(i.fault);
  if (behind(i)) {
    notes.push_back("wants " + i.wanted_version);
  } else if (!i.drift.empty() && i.state != "missing") {
    notes.push_back(i.drift);
  }
  if (i.standin) notes.push_back("stand-in");
  const bool tells = i.state == "running" || i.state == "restarting" || i.state == "stopped";
  if (!i.seen.empty() && tells) notes.push_back(i.seen);
  return joined(notes, ", ");
}

std::vector<Row> rows_of(const Status& status) {
  std::vector<Row> rows = {{{"HOST", Color::bold},
                            {"COMPONENT", Color::bold},
                            {"VERSION", Color::bold},
                            {"STATE", Color::bold},
                            {"SINCE", Color::bold},
                            {"NOTE", Color::bold}}};
  for (const StatusHost& host : status.hosts) {
    if (!host.reachable) {
      rows.push_back({{host.name}, {"-"}, {"-"}, {about(host.absence).state, Color::red}, {""}, {host.error}});
      continue;
    }
    for (const StatusInstance& i : status.instances) {
      if (i.host != host.name) continue;
      const Color color = color_of(i.health == "unhealthy" ? "down" : i.health);
      rows.push_back({{i.host},
                      {i.component},
                      {i.version.empty() ? "-" : i.version},
                      {state_text(i), color},
                      {i.since},
                      {note_of(i)}});
    }
  }
  return rows;
}

std::string totals(const Status& status) {
  long long healthy = 0, unhealthy = 0, unknown = 0, missing = 0, late = 0;
  std::map<Absence, long long> absent;
  for (const StatusInstance& i : status.instances) {
    healthy += i.health == "healthy";
    missing += i.state == "missing";
    unhealthy += i.health == "unhealthy" && i.state != "missing";
    unknown += i.health == "unknown";
    late += behind(i);
  }
  for (const StatusHost& host : status.hosts)
    if (!host.reachable) ++absent[host.absence];
  std::vector<std::string> parts = {fmt::format("{} healthy", healthy)};
  if (unhealthy) parts.push_back(fmt::format("{} unhealthy", unhealthy));
  if (missing) parts.push_back(fmt::format("{} missing", missing));
  if (unknown) parts.push_back(fmt::format("{} unknown", unknown));
  if (late) parts.push_back(fmt::format("{} behind", late));
  for (const auto& [absence, hosts] : absent) parts.push_back(counted(hosts, "host") + " " + about(absence).counted);
  return joined(parts, ", ");
}

}  // namespace

std::string status_text(const Status& status, const Look& look) {
  const std::string ensembles = ensembles_text(status, "   ");
  const std::string of = status.cluster + (status.inventory.empty() ? "" : " (" + status.inventory + ")");
  std::string head = fmt::format("{}: {}", of, look.paint(color_of(status.health), status.health));
  if (!status.cause.empty()) head += ": " + status.cause;
  const std::string whole = head + (ensembles.empty() ? "" : "       " + ensembles);
  const bool fits = look.fold == 0 || width(whole) <= look.fold;
  std::string out = fits ? one_line(whole) : folded(head, look.fold, 2) + folded("  " + ensembles, look.fold, 2);
  out += table(rows_of(status), look);
  for (const std::string& text : status.wanting) out += folded(text, look.fold, 2);
  for (const Stray& s : status.strays) {
    out += folded(
        fmt::format("stray: {} on {} carries this cluster's label but is not in the inventory", s.container, s.host),
        look.fold, 2);
  }
  for (const std::string& text : status.foreign) out += folded("foreign: " + text, look.fold, 2);
  for (const std::string& text : status.forgotten) out += folded("forgotten: " + text, look.fold, 2);
  return out + folded(fmt::format("{}: {} ({})", status.health, totals(status), duration(status.took)), look.fold, 2);
}

std::string health_line(const Status& status, const Look& look) {
  const auto healthy = std::count_if(status.instances.begin(), status.instances.end(),
                                     [](const StatusInstance& i) { return i.health == "healthy"; });
  const std::string ensembles = ensembles_text(status, ", ");
  const std::string cause = status.cause.empty() ? "" : " (" + status.cause + ")";
  return fmt::format("{} is {}{}: {} of {} instances{}   {}", status.cluster,
                     look.paint(color_of(status.health), status.health), cause, healthy, status.instances.size(),
                     ensembles.empty() ? "" : "; " + ensembles, duration(status.took));
}

}  // namespace cctl
