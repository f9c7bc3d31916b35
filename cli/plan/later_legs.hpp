// The legs of a plan after its first, shown before any of them is gone. Pure.
#pragma once
#include "model/observed.hpp"
#include "model/plan.hpp"
#include "plan/diff.hpp"

namespace cctl {

// Of the plan's first leg all is known, of the later ones what they want: these are diffed one after the other, each
// against what those before it leave. What else their diffs tell is the plan's, once.
void diff_later(Plan& plan, const Observed& observed, const DiffOptions& options);

}  // namespace cctl
