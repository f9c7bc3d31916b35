// A run with a person at its terminal: progress, the plan, Ctrl-C, the last line; or the document for a program.
#pragma once
#include <memory>
#include <string>

#include "commands/world.hpp"
#include "model/report.hpp"
#include "model/sources.hpp"
#include "report/progress.hpp"
#include "run/run.hpp"

namespace cctl {

// Carries the request of `command` ("up") out; what the terminal has to say is filled in here. The exit code.
int run_at_terminal(World& world, Progress& progress, const std::string& command, RunRequest request);

// A request with what every command says in the same way: who runs it, what is wanted, the limits.
RunRequest request_for(const Options& options, const std::string& command, Sources sources);

// This run as who finds the lease taken is told of it.
std::string holder_line(const std::string& command);

// Progress as the options want it, on standard error.
std::unique_ptr<Progress> progress_for(const Options& options);

// Its failures and what it did in all, on standard error.
void tell_report(const Report& report, const Options& options);

}  // namespace cctl
