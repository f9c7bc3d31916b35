#include "report/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "model/secrets.hpp"
#include "report/table.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

std::string line(const Look& look, const char* word, const std::string& text) {
  if (text.empty()) return "";
  std::string out;
  for (const std::string& each : lines_of(text)) {
    out += one_line("  " + look.paint(Color::dim, padded(out.empty() ? word : "", 8)) + each);
  }
  return out;
}

constexpr std::size_t named_hosts = 4;

// "m1, m2, m3"; of many "m1, m2, m3, m4 and 96 more".
std::string hosts_in_words(std::vector<std::string> hosts) {
  std::sort(hosts.begin(), hosts.end());
  const std::size_t more = hosts.size() > named_hosts + 1 ? hosts.size() - named_hosts : 0;
  hosts.resize(hosts.size() - more);
  return joined(hosts, ", ") + (more > 0 ? fmt::format(" and {} more", more) : "");
}

// One for all that differ in their hosts alone, in the order of the first of each.
template <class T, class Same>
std::vector<T> together(const std::vector<T>& all, const Same& same) {
  std::vector<T> out;
  std::vector<std::vector<std::string>> hosts;
  for (const T& one : all) {
    const auto found = std::find_if(out.begin(), out.end(), [&](const T& other) { return same(one, other); });
    if (found == out.end()) {
      out.push_back(one);
      hosts.push_back({one.host});
    } else {
      hosts[static_cast<std::size_t>(found - out.begin())].push_back(one.host);
    }
  }
  for (std::size_t i = 0; i < out.size(); ++i) out[i].host = hosts_in_words(hosts[i]);
  return out;
}

}  // namespace

std::string failure_text(const Failure& f, const Look& look) {
  std::string subject = f.component;
  if (!f.host.empty()) subject += subject.empty() ? f.host : " on " + f.host;
  std::string out = one_line(look.paint(Color::red, "error: ") + subject + (subject.empty() ? "" : " ") + f.what);
  out += line(look, "wanted", f.wanted) + line(look, "saw", f.saw);
  for (std::size_t i = 0; i < f.log.size(); ++i)
    out += line(look, i == 0 ? "log" : "", "| " + without_secrets(f.log[i]));
  return out + line(look, "state", f.state) + line(look, "next", f.next);
}

std::string recap(const Report& report, const Look& look) {
  std::map<Outcome, long long> counts;
  for (const StepReport& step : report.steps) ++counts[step.outcome];
  if (report.exit == Exit::ok && counts.size() <= counts.count(Outcome::done)) return "";
  std::vector<std::string> parts;
  for (const auto& [outcome, count] : counts) parts.push_back(fmt::format("{} {}", count, to_text(outcome)));
  std::string out =
      fmt::format("{}   {}\n", parts.empty() ? "nothing was done" : joined(parts, ", "), duration(report.took));
  // One row for all that was skipped for the same reason.
  std::vector<Row> rows;
  std::map<std::string, long long> skipped;
  std::vector<StepReport> ended_badly;
  for (const StepReport& step : report.steps) {
    if (step.outcome == Outcome::skipped) ++skipped[step.text];
    if (step.outcome != Outcome::done && step.outcome != Outcome::skipped) ended_badly.push_back(step);
  }
  const auto same = [](const StepReport& a, const StepReport& b) {
    return a.outcome == b.outcome && a.component == b.component && a.action == b.action && a.text == b.text;
  };
  for (const StepReport& step : together(ended_badly, same)) {
    const Color color = step.outcome == Outcome::failed ? Color::red : Color::yellow;
    rows.push_back({{to_text(step.outcome), color}, {step.host}, {step.component}, {step.action}, {step.text}});
  }
  out += table(rows, look, 2);
  for (const auto& [why, count] : skipped)
    out += one_line(fmt::format("  skipped  {}: {}", counted(count, "step"), why));
  return out;
}

std::string report_text(const Report& report, const Look& look) {
  const auto same = [](const Failure& a, const Failure& b) {
    return a.component == b.component && a.what == b.what && a.wanted == b.wanted && a.saw == b.saw && a.log == b.log &&
           a.state == b.state && a.next == b.next;
  };
  std::string out;
  for (const Failure& failure : together(report.failures, same)) out += failure_text(failure, look);
  out += recap(report, look);
  if (!report.not_begun.empty()) out += folded("not begun: " + joined(report.not_begun, "; "), look.fold, 2);
  return out;
}

}  // namespace cctl
