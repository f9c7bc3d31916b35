#include "model/absence.hpp"

#include <fmt/format.h>

#include <iterator>

namespace cctl {
namespace {

// In the order of the enum.
constexpr AbsenceRow kAbsences[] = {
    {Absence::away, "away", "unreachable", "unreachable", "{} is unreachable", "{} cannot be reached", "no login",
     "bring {} back"},
    {Absence::no_access, "no_access", "no access", "without access", "no access to {}", "no access to {}", "no access",
     "mend the access to {}"},
    {Absence::unusable, "unusable", "unusable", "unusable", "{} cannot be used", "{} cannot be used",
     "it cannot be used", "mend {}"},
};

constexpr bool absences_in_order() {
  for (std::size_t i = 0; i < std::size(kAbsences); ++i)
    if (kAbsences[i].absence != static_cast<Absence>(i)) return false;
  return std::size(kAbsences) == static_cast<std::size_t>(Absence::unusable) + 1;
}
static_assert(absences_in_order());

}  // namespace

const AbsenceRow& about(Absence absence) {
  return kAbsences[static_cast<std::size_t>(absence)];
}

Absence absence_by(const Error& error) {
  if (dynamic_cast<const NoAccess*>(&error)) return Absence::no_access;
  return dynamic_cast<const Unreachable*>(&error) ? Absence::away : Absence::unusable;
}

std::string told_absent(Absence absence, const std::string& host, const std::string& why) {
  return fmt::format(fmt::runtime(about(absence).one), host) + (why.empty() ? "" : ": " + why);
}

}  // namespace cctl
