// What a Docker engine's own words tell: of its settings while it runs, and of its end in its log. Pure.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "model/observed.hpp"

namespace cctl {

// Keys of a file of settings of which the engine's own answer (`info`, GET /info) shows something else: it has not
// taken them in. Only `shown` ones are looked at (key -> JSON pointer into the answer), and nothing is said of what the
// answer does not have.
std::vector<std::string> not_taken_in(const std::string& settings, const std::string& info,
                                      const std::map<std::string, std::string>& shown);

// Why nobody knows what containers and images a host has: its engine gave no answer. Empty: it did, or none is there.
std::string why_unasked(const ObservedHost& host);

// The line of an engine's log that tells best why it does not run, without its stamp; empty: nothing tells.
std::string engine_last_word(const std::string& log);

// "" or why a key of merged settings names nothing that is there, or why options of a log driver do not go with it
// ("log options of log-driver"): `named` is that of a file (model/spec.hpp). Of options it is only said where `ours`,
// the part of the settings that is the inventory's, has any or names the driver.
std::string why_not_named(const std::string& settings, const std::string& ours,
                          const std::map<std::string, std::string>& named);

}  // namespace cctl
