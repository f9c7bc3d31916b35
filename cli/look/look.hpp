// One script for all facts that are asked of a host, and how its answer is read. Pure.
#pragma once
#include <string>

#include "look/fact.hpp"
#include "model/error.hpp"

namespace cctl {

class FilesChanging : public Error {
 public:
  FilesChanging() : Error("files were changing while they were read; try again") {}
};

// A POSIX script that prints the facts, each behind a line of `mark`, which no host can know beforehand: nothing that
// lies there can look like one.
std::string look_script(const LookRequest& request, const std::string& mark);
// Throws Error when the answer is not whole, FilesChanging when asking again helps.
Looked read_look(const std::string& answer, const LookRequest& request, const std::string& mark);

}  // namespace cctl
