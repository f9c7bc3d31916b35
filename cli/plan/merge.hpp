// Our part of a file that others write, too: put in, and taken out again. Pure. JSON is read within limits (depth 200),
// keeps the order of its keys, and takes less than quadratic time of any number of them.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "model/spec.hpp"

namespace cctl {

// `now` with our part in it; unchanged, byte for byte, when it is in it already. Throws Error when `now` cannot be read
// as what it should be: why_unreadable.
std::string merged(Merge how, const std::string& now, const std::string& part);

// `now` without our part, with what `before` (the file as we first found it) had in its place.
std::string unmerged(Merge how, const std::string& now, const std::string& part, const std::string& before);

// json: those of the keys ("a.b": b inside a) whose value differs; each comes with the value that it has where it is
// not said.
std::vector<std::string> changed_of(const std::map<std::string, std::string>& keys, const std::string& before,
                                    const std::string& after);

// json: why a file cannot be read as an object: "does not parse as JSON: line 3, column 7", with nothing of its text;
// empty: it can, or is blank.
std::string why_unreadable(const std::string& text);

// json: the keys of the outermost object that differ.
std::vector<std::string> changed_keys(const std::string& before, const std::string& after);

}  // namespace cctl
