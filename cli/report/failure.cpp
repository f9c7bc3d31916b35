#include "report/failure.hpp"

#include <fmt/format.h>

#include <map>

#include "report/table.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

std::string line(const Look& look, const char* word, const std::string& text) {
  if (text.empty()) return "";
  std::string out;
  for (const std::string& each : lines_of(text)) {
    out += "  " + look.paint(Color::dim, padded(out.empty() ? word : "", 8)) + printable(each) + "\n";
  }
  return out;
}

}  // namespace

std::string failure_text(const Failure& f, const Look& look) {
  std::string subject = f.component;
  if (!f.host.empty()) subject += subject.empty() ? f.host : " on " + f.host;
  std::string out =
      look.paint(Color::red, "error: ") + subject + (subject.empty() ? "" : " ") + printable(f.what) + "\n";
  out += line(look, "wanted", f.wanted) + line(look, "saw", f.saw);
  for (std::size_t i = 0; i < f.log.size(); ++i) out += line(look, i == 0 ? "log" : "", "| " + f.log[i]);
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
  for (const StepReport& step : report.steps) {
    if (step.outcome == Outcome::skipped) ++skipped[step.text];
    if (step.outcome == Outcome::done || step.outcome == Outcome::skipped) continue;
    const Color color = step.outcome == Outcome::failed ? Color::red : Color::yellow;
    rows.push_back(
        {{to_text(step.outcome), color}, {step.host}, {step.component}, {step.action}, {printable(step.text)}});
  }
  out += table(rows, look, 2);
  for (const auto& [why, count] : skipped)
    out += fmt::format("  skipped  {}: {}\n", counted(count, "step"), printable(why));
  return out;
}

}  // namespace cctl
