#include "report/plan_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "model/cut.hpp"
#include "model/outside_json.hpp"
#include "model/secrets.hpp"
#include "model/shell_words.hpp"
#include "report/table.hpp"
#include "report/unified_diff.hpp"
#include "report/words.hpp"

namespace cctl {
namespace {

Cell sign_cell(char sign) {
  const Color color = sign == '+'   ? Color::green
                      : sign == '-' ? Color::red
                      : sign == '>' ? Color::cyan
                      : sign == '=' ? Color::dim
                                    : Color::yellow;
  return {{sign}, color};
}

std::string quorum_note(const Leg& leg, const Wave& wave, const Step& step, const PlanTextOptions& options) {
  if (!step.interrupts || !wave.quorum || leg.down) return "";
  const auto members = static_cast<int>(leg.desired.of(step.component).size());
  if (members < 3) return "down while it restarts";
  if (step.others_serve < 0) return "";
  return "quorum while it restarts: " + options.left(step.others_serve, members);
}

// The steps of a wave, one row each; pulls of one image on many hosts are one row.
std::vector<Row> rows_of(const Leg& leg, const Wave& wave, const PlanTextOptions& options) {
  std::vector<Row> rows;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> pulls;  // image, why it may be there
  for (const Step& step : wave.steps) {
    if (step.action == Action::pull) {
      pulls[{step.image(), step.unknown}].push_back(step.host);
      continue;
    }
    rows.push_back({sign_cell(sign_of(step)),
                    {step.host},
                    {step.component},
                    {step.reason},
                    {quorum_note(leg, wave, step, options), Color::yellow}});
  }
  for (const auto& [what, hosts] : pulls) {
    const auto& [image, unknown] = what;
    const std::string where = hosts.size() == 1 ? hosts.front() : counted(static_cast<long long>(hosts.size()), "host");
    rows.push_back({sign_cell(unknown.empty() ? about(Action::pull).sign : '?'),
                    {where},
                    {"pull"},
                    {image},
                    {unknown.empty() ? "" : "where it is not there: " + unknown, Color::yellow}});
  }
  return rows;
}

// Where keys of ours are merged into an object, only the keys that differ are of interest, and not how somebody laid
// it out.
std::pair<std::string, std::string> laid_out_alike(const FileChange& change, const std::string& before) {
  const auto one = parse_outside(before).value;
  const auto other = parse_outside(change.wanted.content).value;
  const bool objects = change.wanted.merge == Merge::json && one.is_object() && other.is_object();
  if (!objects) return {before, change.wanted.content};
  const auto laid_out = [](const nlohmann::json& object) {
    return object.dump(4, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  };
  return {laid_out(one), laid_out(other)};
}

// What changes in one file, indented under its step. `shown` remembers diffs so that equal ones are told once.
std::string file_text(const FileChange& change, const std::string& host, std::map<std::string, std::string>& shown,
                      const Look& look, const PlanTextOptions& options) {
  const std::string margin(6, ' ');
  const std::string& path = change.wanted.path;
  const std::string same_key = path + '\0' + change.link + '\0' + change.before + '\0' + change.wanted.content;
  if (const auto [at, fresh] = shown.emplace(same_key, host); !fresh) {
    return one_line(margin + look.paint(Color::dim, fmt::format("--- {} (as on {})", path, at->second)));
  }
  std::string out = one_line(margin + "--- " + path + (change.exists ? "" : " (new)"));
  const bool is_text = change.before.find('\0') == std::string::npos;
  if (!is_text)
    out += margin + look.paint(Color::red, fmt::format("-({} bytes that are no text)", change.before.size())) + "\n";
  if (!change.link.empty())
    out += one_line(margin + look.paint(Color::red, "a symbolic link is in its place, laid by " + change.link +
                                                        "; up replaces it"));
  if (!change.before_mode.empty() && change.before_mode != change.wanted.mode)
    out += one_line(margin + fmt::format("mode {} -> {}", change.before_mode, change.wanted.mode));
  if (!change.before_owner.empty() && change.before_owner != change.wanted.owner)
    out += one_line(margin + fmt::format("owner {} -> {}", change.before_owner, change.wanted.owner));
  if (is_secret_file(path)) return out + one_line(margin + look.paint(Color::dim, "(what it holds is not shown)"));
  const auto [before, after] = laid_out_alike(change, is_text ? change.before : "");
  const auto diff = unified_diff(before, after, options.verbose ? 3 : 0);
  if (diff.empty() && change.before != change.wanted.content)
    out += one_line(margin + look.paint(Color::dim, "(only its layout differs)"));
  std::size_t told = 0, bytes = 0;
  for (const DiffLine& line : diff) {
    if (++told > limits::diff_lines || bytes > limits::diff) {
      out += margin + look.paint(Color::dim, fmt::format("(and {} more lines)", diff.size() - told + 1)) + "\n";
      break;
    }
    bytes += std::min(line.text.size(), limits::line);
    if (line.sign == '@') {
      out += margin + look.paint(Color::cyan, line.text) + "\n";
      continue;
    }
    const Color color = line.sign == '+' ? Color::green : line.sign == '-' ? Color::red : Color::none;
    out +=
        one_line(margin + look.paint(color, line.sign + file_line_without_secrets(cut_text(line.text, limits::line))));
  }
  return out;
}

// The commands of a preparation, told once where hosts get the same.
std::string commands_text(const Step& step, std::map<std::string, std::string>& shown, const Look& look) {
  std::string lines;
  if (const auto* preparation = step.preparation()) {
    const auto& commands = preparation->commands;
    for (std::size_t i = 0; i < std::min(commands.size(), limits::diff_lines); ++i)
      lines += one_line("      $ " + cut_text(line_without_secrets(commands[i]), limits::line));
    if (commands.size() > limits::diff_lines)
      lines += one_line(fmt::format("      (and {} more)", commands.size() - limits::diff_lines));
  }
  if (lines.empty()) return "";
  const auto [at, fresh] = shown.emplace(lines, step.host);
  return fresh ? lines : one_line("      " + look.paint(Color::dim, "$ as on " + at->second));
}

std::string details(const Leg& leg, const Step& step, std::map<std::string, std::string>& shown, const Look& look,
                    const PlanTextOptions& options) {
  std::string out = commands_text(step, shown, look);
  std::vector<std::string> fresh, gone;
  for (const FileChange& file : step.files) {
    if (!file.write) continue;
    if (file.gone) {
      gone.push_back(file.wanted.path + (file.wanted.absent ? "" : " (what was there before comes back)"));
    } else if (!file.exists && !options.verbose) {
      fresh.push_back(file.wanted.path);
    } else {
      out += file_text(file, step.host, shown, look, options);
    }
  }
  if (!fresh.empty()) out += folded("      " + look.paint(Color::dim, "new: " + joined(fresh, ", ")), look.fold, 11);
  if (!gone.empty()) out += folded("      " + look.paint(Color::dim, "gone: " + first_few(gone)), look.fold, 12);
  if (const auto* remains = step.remains(); remains && !remains->purged.empty())
    out += folded("      " + look.paint(Color::red, "with all that is in it: " + joined(remains->purged, ", ")),
                  look.fold, 30);
  if (!options.verbose || !about(step.action).makes) return out;
  const Instance* instance = leg.desired.find(step.host, step.component);
  if (const Container* container = instance ? instance->container() : nullptr)
    out += one_line("      $ " + line_without_secrets(options.run_words(container->spec)));
  return out;
}

// A row of the table, then its details. Pull rows come last and have none.
std::string wave_text(const Leg& leg, const Wave& wave, const Look& look, const PlanTextOptions& options) {
  std::string out = one_line(look.paint(Color::bold, wave.title));
  const std::vector<std::string> rows = table_rows(rows_of(leg, wave, options), look, 2);
  std::map<std::string, std::string> shown;
  std::size_t row = 0;
  for (const Step& step : wave.steps) {
    if (step.action == Action::pull) continue;
    out += rows[row++] + details(leg, step, shown, look, options);
  }
  for (; row < rows.size(); ++row) out += rows[row];
  return out;
}

// Where there are several: which it is, and why the way leads over it.
std::string leg_title(const Plan& plan, std::size_t number, const Look& look) {
  if (plan.legs.size() < 2) return "";
  const Leg& leg = plan.legs[number];
  std::string out = folded(look.paint(Color::bold, plan.name_of(number)), look.fold, 2);
  if (!leg.reason.empty()) out += folded("  " + look.paint(Color::dim, leg.reason), look.fold, 2);
  return out + (leg.nothing_to_do() ? "  nothing to do\n" : "");
}

std::string leg_text(const Leg& leg, const Look& look, const PlanTextOptions& options) {
  std::string out;
  for (const Wave& wave : leg.waves) out += wave_text(leg, wave, look, options);
  if (!options.verbose) return out;
  std::vector<Row> rows;
  for (const Step& step : leg.unchanged)
    rows.push_back({sign_cell(sign_of(step)), {step.host}, {step.component}, {step.reason}});
  return out + table(rows, look, 2);
}

std::string changes_in_words(const PlanSummary& s) {
  std::vector<std::string> parts;
  if (s.prepare > 0) parts.push_back(fmt::format("{} to prepare", s.prepare));
  if (s.create > 0) parts.push_back(fmt::format("{} to start", s.create));
  if (s.unknown > 0) parts.push_back(fmt::format("{} not known", s.unknown));
  if (s.change > 0) parts.push_back(fmt::format("{} to change", s.change));
  if (s.remove > 0) parts.push_back(fmt::format("{} to remove", s.remove));
  return joined(parts, ", ");
}

}  // namespace

std::string plan_header(const Plan& plan) {
  const PlanSummary& s = plan.summary;
  std::vector<std::string> parts;
  if (const std::string changes = changes_in_words(s); !changes.empty()) parts.push_back(changes);
  if (s.as_wanted > 0) parts.push_back(fmt::format("{} as wanted", s.as_wanted));
  const bool none_seen = s.unseen > 0 && s.unseen == s.hosts;
  if (none_seen)
    parts.push_back("no host could be looked at");
  else if (s.unseen > 0)
    parts.push_back(counted(s.unseen, "host") + " could not be looked at");
  if (parts.empty()) parts.push_back("nothing there");
  const std::string& file = plan.first().desired.inventory_file;
  const std::string of = plan.cluster + (file.empty() ? "" : " (" + file + ")");
  const std::string instances = none_seen ? "" : ", " + counted(s.instances, "instance");
  return fmt::format("{}: {}{}; {}", of, counted(s.hosts, "host"), instances, joined(parts, ", "));
}

std::string plan_text(const Plan& plan, const Look& look, const PlanTextOptions& options) {
  std::string out = folded(look.paint(Color::bold, plan_header(plan)), look.fold, 2);
  for (std::size_t i = 0; i < plan.legs.size(); ++i)
    out += leg_title(plan, i, look) + leg_text(plan.legs[i], look, options);
  for (const Stray& stray : plan.strays) {
    const std::string remove = shell_line({"clusterctl", "down", "--component", stray.component, "-l", stray.host});
    out += folded(look.paint(Color::yellow, "stray: ") +
                      fmt::format("{} on {} ({}) carries this cluster's label but is not in the inventory; left alone; "
                                  "{} removes it",
                                  stray.container, stray.host, stray.component, options.aim(remove)),
                  look.fold, 2);
  }
  for (const std::string& foreign : plan.foreign)
    out += folded(look.paint(Color::yellow, "foreign: ") + foreign, look.fold, 2);
  for (const std::string& warning : plan.warnings)
    out += folded(look.paint(Color::yellow, "warning: ") + warning, look.fold, 2);
  for (const Refusal& refusal : plan.refusals)
    out += folded(look.paint(Color::red, "refused: ") + refusal.text, look.fold, 2);
  const int unseen = plan.summary.unseen;
  if (plan.nothing_to_do() && unseen == plan.summary.hosts && unseen > 0) return out + "no host could be looked at\n";
  const std::string but = unseen ? fmt::format(", as far as {} of {} hosts could be looked at",
                                               plan.summary.hosts - unseen, plan.summary.hosts)
                                 : "";
  if (plan.nothing_to_do()) return out + (plan.refusals.empty() ? "nothing to do" : "nothing else to do") + but + "\n";
  const std::string changes = changes_in_words(plan.summary);
  std::set<std::string> hosts;
  for (const Leg& leg : plan.legs)
    for (const Wave& wave : leg.waves)
      for (const Step& step : wave.steps) hosts.insert(step.host);
  const std::string where = counted(static_cast<long long>(hosts.size()), "host");
  const std::string legs = plan.legs.size() > 1 ? fmt::format(" in {} legs", plan.legs.size()) : "";
  return out + fmt::format("Plan: {} on {}{}{}\n", changes.empty() ? "images and files" : changes, where, legs, but);
}

}  // namespace cctl
