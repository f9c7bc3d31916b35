// What lies in directories of ours, and says who a member is.
#include "check/rules.hpp"
#include "model/forgotten.hpp"
#include "plan/entries.hpp"

namespace cctl {
namespace {

void files_foreign(const HostView& h, Verdicts& out) {
  std::size_t looked_into = 0;
  const std::size_t before = out.said();
  for (const auto* i : h.instances) {
    for (const auto& d : i->directories) looked_into += d.config && h.observed.entries.count(d.path);
    for (const auto& path : foreign_entries(h.all.desired, *i, h.observed))
      out.warn(fmt::format("{} is neither of the inventory nor written by clusterctl, and {} may read it", path,
                           i->component),
               "look, and move it away");
  }
  if (looked_into > 0 && out.said() == before)
    out.ok(fmt::format("nothing of others in {} director{}", looked_into, looked_into == 1 ? "y" : "ies"));
}

void files_kept(const HostView& h, Verdicts& out) {
  const auto forgotten = forgotten_on(h.all.desired.cluster, h.observed);
  for (const auto& text : forgotten)
    out.warn(text, "put it back from a backup, or move it away, and up writes it anew");
  if (forgotten.empty()) out.ok("nothing is kept that cannot be read");
}

// Found while the ids were given out: the rule is that of every plan.
void data_id(const HostView& h, Verdicts& out) {
  for (const auto* i : h.instances) {
    const std::size_t before = out.said();
    for (const auto& fault : h.all.desired.faults)
      if (fault.host == h.host.name && fault.component == i->component) out.bad(fault.what, fault.next);
    if (i->member_id != 0 && out.said() == before) out.ok(fmt::format("{} is member {}", i->component, i->member_id));
  }
}

}  // namespace

void add_file_rules(Rules& rules) {
  rules.each.insert({{"data.id", {data_id}}, {"files.foreign", {files_foreign}}, {"files.kept", {files_kept}}});
}

}  // namespace cctl
