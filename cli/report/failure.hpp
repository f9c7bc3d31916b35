// What went wrong, told so that the search ends here, and what a run did in all.
#pragma once
#include <string>

#include "model/report.hpp"
#include "report/terminal.hpp"

namespace cctl {

std::string failure_text(const Failure& failure, const Look& look);

// "failed: 3 done, 1 failed, 2 skipped   41s", then the skipped and failed steps; empty when every step was done.
std::string recap(const Report& report, const Look& look);

// Both: each failure, told once for all hosts that it happened to, and the recap; last the legs that were not begun.
std::string report_text(const Report& report, const Look& look);

}  // namespace cctl
