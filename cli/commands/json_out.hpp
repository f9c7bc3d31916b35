// Standard output where a program reads it: one JSON document a run, an error too.
#pragma once
#include <string>

namespace cctl {

void print_json(const std::string& text);  // text ends its last line

// Whether this run has printed its document. An error after that is told on standard error alone.
bool json_was_printed();

}  // namespace cctl
