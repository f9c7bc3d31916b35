// What is wrong with a text that is no YAML: yaml-cpp says where it lost its way and what it would have wanted there;
// this says which line to look at, and why. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cctl {

struct YamlFault {
  std::size_t line = 0, column = 0;  // from 0, in bytes
  std::string text;
};

// Whether what a line begins with, behind its indent, is an item of a list.
bool is_item(std::string_view text);

// `lines` of the whole text; `at` is where yaml-cpp stopped, with its message.
YamlFault yaml_fault(const std::vector<std::string_view>& lines, YamlFault at);

// Whether the quote that opens there is never closed: yaml-cpp takes the rest of the file as its text.
bool is_unclosed(const std::vector<std::string_view>& lines, std::size_t line, std::size_t column);

// Whether null is said there (~, null); yaml-cpp tells what is left empty at what comes next.
bool is_said_null(const std::vector<std::string_view>& lines, std::size_t line, std::size_t column);

// The dash of an item that was left empty, told at what comes next.
std::optional<YamlFault> empty_item(const std::vector<std::string_view>& lines, std::size_t before);

}  // namespace cctl
