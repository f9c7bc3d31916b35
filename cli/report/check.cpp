#include "report/check.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "report/json_text.hpp"
#include "report/table.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

using nlohmann::json;

Color color_of(Verdicted v) {
  switch (v) {
    case Verdicted::ok:
      return Color::green;
    case Verdicted::warn:
      return Color::yellow;
    case Verdicted::fail:
      return Color::red;
    case Verdicted::skipped:
      break;
  }
  return Color::dim;
}

struct Counts {
  std::set<std::string> hosts;
  long long ok = 0, warn = 0, fail = 0, skipped = 0;
};

Counts count(const std::vector<Finding>& findings) {
  Counts out;
  for (const Finding& f : findings) {
    if (!f.host.empty()) out.hosts.insert(f.host);
    out.ok += f.verdict == Verdicted::ok;
    out.warn += f.verdict == Verdicted::warn;
    out.fail += f.verdict == Verdicted::fail;
    out.skipped += f.verdict == Verdicted::skipped;
  }
  return out;
}

}  // namespace

std::string check_text(const std::string& cluster, const std::vector<Finding>& findings, const Look& look, bool all) {
  std::string out;
  std::vector<Row> rows;
  for (const Finding& f : findings) {
    const bool good = f.verdict == Verdicted::ok || f.verdict == Verdicted::skipped;
    if (good && !all) continue;
    rows.push_back({{to_text(f.verdict), color_of(f.verdict)}, {f.host.empty() ? "-" : f.host}, {f.check}, {f.text}});
    if (!f.next.empty()) rows.push_back({{""}, {""}, {"", Color::dim}, {"next: " + f.next, Color::dim}});
  }
  out += table(rows, look);
  const Counts n = count(findings);
  std::vector<std::string> parts = {fmt::format("{} ok", n.ok)};
  if (n.warn) parts.push_back(counted(n.warn, "warning"));
  if (n.fail) parts.push_back(fmt::format("{} failed", n.fail));
  if (n.skipped) parts.push_back(fmt::format("{} skipped", n.skipped));
  return out +
         folded(fmt::format("{}: {} on {}: {}", cluster, counted(static_cast<long long>(findings.size()), "check"),
                            counted(static_cast<long long>(n.hosts.size()), "host"), joined(parts, ", ")),
                look.fold, 2);
}

std::string check_json_text(const std::string& cluster, const std::vector<Finding>& findings) {
  const Counts n = count(findings);
  json out = {{"schema", "clusterctl.check/1"},
              {"cluster", cluster},
              {"summary", {{"ok", n.ok}, {"warnings", n.warn}, {"failed", n.fail}, {"skipped", n.skipped}}},
              {"checks", json::array()}};
  for (const Finding& f : findings) {
    out["checks"].push_back({{"name", f.check},
                             {"host", f.host.empty() ? json(nullptr) : json(f.host)},
                             {"verdict", to_text(f.verdict)},
                             {"text", f.text},
                             {"next", f.next.empty() ? json(nullptr) : json(f.next)}});
  }
  return json_text(out);
}

std::string check_list_text(const Look& look) {
  std::vector<Row> rows = {{{"CHECK", Color::bold},
                            {"LEVEL", Color::bold},
                            {"OF", Color::bold},
                            {"UP", Color::bold},
                            {"WHAT", Color::bold}}};
  if (look.fold == 0) rows.front().push_back({"FIX", Color::bold});
  for (const CheckKind& kind : check_kinds()) {
    rows.push_back({{kind.name},
                    {kind.error ? "error" : "warning"},
                    {kind.across  ? "all hosts"
                     : kind.asked ? "components"
                                  : "each host"},
                    {kind.quick        ? "yes"
                     : kind.at_first() ? "first"
                                       : "no"},
                    {kind.about}});
    // A narrow terminal has no room beside it.
    if (look.fold == 0)
      rows.back().push_back({kind.fix.empty() ? "-" : kind.fix});
    else if (!kind.fix.empty())
      rows.push_back({{""}, {""}, {""}, {""}, {"fix: " + kind.fix, Color::dim}});
  }
  return table(rows, look);
}

std::string check_list_json_text() {
  json out = {{"schema", "clusterctl.checks/1"}, {"checks", json::array()}};
  for (const CheckKind& kind : check_kinds()) {
    out["checks"].push_back({{"name", kind.name},
                             {"level", kind.error ? "error" : "warning"},
                             {"across", kind.across},
                             {"up", kind.quick},
                             {"first_up", kind.quick || kind.at_first()},
                             {"asked_for", kind.asked},
                             {"about", kind.about},
                             {"fix", kind.fix.empty() ? json(nullptr) : json(kind.fix)}});
  }
  return json_text(out);
}

}  // namespace cctl
