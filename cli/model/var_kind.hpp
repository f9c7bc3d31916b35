// What a value of an inventory may be: the kinds of a playbook's vars, of the maps that become flags, and of settings
// that are handed on. Pure. A kind is one word or phrase:
//   boolean, number, whole, 1-255 (a whole number within), duration, size (64M), pair and label (a=b; one value for
//   each name of labels), word (no blanks or quotes), name (letters, digits, - _), line, path (absolute), data
//   directory (no system's own), domain, interface, virtual address, address, ip (of version 6, too), network, network
//   of any version, search domain, registry, mirror and engine address (as Docker reads them), image, port ranges, url,
//   words ("a,b"; `words with srvr`: srvr has to be one of them), one of A, B, C* (anything that begins with C),
//   semicolon words and semicolon addresses ("a; b;"), quoted addresses ("\"10.0.0.2\", \"10.0.0.3\""), secret (never
//   shown), `secret of 16 or 32 bytes` (base64), ranges, resource, attribute (as Mesos reads them), texts and map (maps
//   of the inventory: of scalars, and of anything; `map without A, B.C, D*`: keys it may not hold; `map of A, B`: the
//   only ones; `secret map`, ... where it holds secrets), properties (texts, as Java reads lines of them), `refused:
//   WHY` (in an overlay: versions that do not have it), at least 1, at most 65535, any case of a, b, timer (HAProxy's),
//   go duration, mesos duration, mesos size, switch (true, false, 1 or 0), uuid, agent address, agent addresses, host
//   and port (as Consul's agent reads them), own address (of a flag or variable: one host's alone; `own address with
//   PORT_FLAG`: unless the port tells them apart), own name (the same of a name that others reach one host by), words
//   of A, B ("A,B" without blanks; `words in any case of A, B`), json object, user and password, `mesos duration from
//   1secs to 15mins`, mesos weights, mesos rate, percentage, mesos alternatives. A range may be bound to other numbers:
//   `0-99, at most other or 20 * unit` is held against `other`, or 20 times `unit` where that is not said or below 0.
//   What comes with others ends with them: `switch, needs A or B` (it is nothing without one of these), `words of A,
//   unless B or C` (where one of those is said, others may be known), `words, known A, B` (another is odd). In a list
//   of words `A>=1.2` is one in those versions. `advised KIND`: another is odd, and no more than that. `passed over:
//   WHY`: it has no effect.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/version.hpp"

namespace cctl {

// Empty, or what a kind is instead.
std::string is_var_kind(const std::string& kind);
// Empty, or what a text of this kind is: "a whole number from 1 to 255".
std::string why_not_of_kind(const std::string& kind, const std::string& text);

// Empty, or which word of a text of this kind is odd: it is told, and no more than that.
std::string why_odd(const std::string& kind, const std::string& text);

// Of words that not every version has, those of this one; without a version all of them.
std::string kind_in(const std::string& kind, const std::optional<Version>& version);

// Empty, or why nothing can be said at all.
std::string why_refused(const std::string& kind);

// Empty, or why it has no effect.
std::string why_passed_over(const std::string& kind);
// What is told as a warning.
bool is_advice(const std::string& kind);

// Whole numbers alone, of a range or of any size.
bool is_whole_kind(const std::string& kind);
bool is_map_kind(const std::string& kind);
bool is_secret_kind(const std::string& kind);
bool is_own_address(const std::string& kind);
bool is_own_name(const std::string& kind);
// "A or B" of "switch, needs A or B", and of "words of X, unless A or B".
std::vector<std::string> needs_of_kind(const std::string& kind);
std::vector<std::string> unless_of_kind(const std::string& kind);

struct Bound {
  bool most = false;  // at most, else at least
  std::string other, unit;
  long long times = 0;
};
std::optional<Bound> bound_of_kind(const std::string& kind);

// The words after "with", "without" or "of" in a kind: {"A", "B.C", "D*"}.
std::vector<std::string> words_of_kind(const std::string& kind);
// Whether a word is one of a list, in which "D*" stands for all that begin with D.
bool fits_any(const std::string& word, const std::vector<std::string>& list);

}  // namespace cctl
