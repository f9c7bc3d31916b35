// Texts of hosts, engines and programs, where they are taken in to be shown: only so much of them, and told as cut.
// Pure but for the secrets that are known (model/secrets.hpp): a part of one would not be known any more.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "model/limits.hpp"

namespace cctl {

// "abc... (8000000 bytes)"; what fits stays as it is. Never ends within a character. `most`: bytes.
std::string cut_text(std::string text, std::size_t most = limits::told);

// Its first bytes alone, where that it goes on shows otherwise; without the secrets that are known, whole or in part.
std::string head_of(std::string_view text, std::size_t most);

// The same with "..." behind what was cut.
std::string shortened(const std::string& text, std::size_t most);

// "a, b and 7 more": a list that a host has made as long as it likes.
std::string first_few(const std::vector<std::string>& texts, std::string_view between = ", ");

// An answer that is read line by line, each of which takes memory of its own: Error when there are too many.
const std::string& of_few_lines(const std::string& answer);

}  // namespace cctl
