// Small words: how long, how much, how many, and how wide a text is on a terminal.
#pragma once
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace cctl {

std::string duration(std::chrono::milliseconds time);            // 0.8s, 41s, 2m 05s, 3h 10m
std::string bytes(long long count);                              // 512 B, 1.2 MB
std::string counted(long long count, const std::string& thing);  // 1 host, 5 hosts
std::string joined(const std::vector<std::string>& parts, const std::string& between);
std::string indented(const std::string& text, int columns);  // every line; the last newline stays
std::vector<std::string> lines_of(const std::string& text);

int width(std::string_view utf8);  // characters, not bytes
std::string padded(const std::string& text, int columns);
std::string shortened(const std::string& text, int columns);  // cut with "..." when wider
std::string abridged(const std::string& text, int columns);   // the same, but the middle gives way
std::string printable(const std::string& text);  // on one line, control characters as \xNN: no host can paint

// "Up 3 hours" -> "3h", "Exited (1) 2 minutes ago" -> "2m", anything else -> "".
std::string age(const std::string& engine_words);

}  // namespace cctl
