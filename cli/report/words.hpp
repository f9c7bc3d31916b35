// Small words: how long, how much, how many, and how wide a text is on a terminal.
#pragma once
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "model/joined.hpp"

namespace cctl {

std::string duration(std::chrono::milliseconds time);            // 0.8s, 41s, 2m 05s, 3h 10m
std::string bytes(long long count);                              // 512 B, 1.2 MB
std::string counted(long long count, const std::string& thing);  // 1 host, 5 hosts
std::string indented(const std::string& text, int columns);      // every line; the last newline stays
std::vector<std::string> lines_of(const std::string& text);

int width(std::string_view utf8);  // characters, not bytes; commands of ours have none
std::string padded(const std::string& text, int columns);
std::string shortened(const std::string& text, int columns);  // cut with "..." when wider
std::string abridged(const std::string& text, int columns);   // the same, but the middle gives way
// A line of ours, whatever stands in it: no host can paint, nor begin another one.
std::string one_line(const std::string& text);

// Parted at blanks, so that no part is wider than `columns`, as far as words allow it. 0 columns: one part.
std::vector<std::string> wrapped(const std::string& text, int columns);
// The same as lines; the second and further ones stand after `indent` blanks.
std::string folded(const std::string& text, int columns, int indent);

// "Up 3 hours" -> "3h", "Exited (1) 2 minutes ago" -> "2m", anything else -> "".
std::string age(const std::string& engine_words);

}  // namespace cctl
