#include "model/http_head.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "model/error.hpp"
#include "model/limits.hpp"
#include "model/lower_case.hpp"

namespace cctl {
namespace {

constexpr std::string_view blank = " \t", length = "content-length";

std::string shown(std::string_view text) {
  constexpr std::size_t most = 40;
  return fmt::format("\"{}{}\"", text.substr(0, most), text.size() > most ? "..." : "");
}

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(blank);
  return from == text.npos ? "" : text.substr(from, text.find_last_not_of(blank) - from + 1);
}

}  // namespace

void HttpHead::count(std::string_view line) {
  bytes_ += line.size();
  if (bytes_ > limits::http_head)
    throw Error(fmt::format("the head of its answer is longer than {} KiB", limits::http_head >> 10));
  if (++lines_ > limits::http_head_lines)
    throw Error(fmt::format("the head of its answer has more than {} lines", limits::http_head_lines));
}

void HttpHead::add(std::string_view line) {
  count(line);
  if (ended_) return;
  line = line.substr(0, line.find_last_not_of("\r\n") + 1);
  if (line.empty()) return end();
  const bool first = !std::exchange(begun_, true);
  if (first) {
    if (!line.starts_with("HTTP/")) throw Error("the answer is not HTTP");
    const auto space = line.find(' ');
    const auto word = space == line.npos ? "" : line.substr(space + 1, 3);
    const auto parsed = std::from_chars(word.data(), word.data() + word.size(), status_);
    if (word.size() < 3 || parsed.ptr != word.data() + word.size() || status_ < 100)
      throw Error("the answer is not HTTP");
    return;
  }
  if (blank.find(line.front()) != blank.npos)
    throw Error("the head of its answer has a folded line, which is one line to some and two to others");
  if (const auto colon = line.find(':'); colon != line.npos) add_field(line, colon);
}

void HttpHead::add_field(std::string_view line, std::size_t colon) {
  const std::string name = lower_case(std::string(line.substr(0, colon)));
  const std::string value(trimmed(line.substr(colon + 1)));
  if (name.empty() || name.find_first_of(" \t") != name.npos)
    throw Error(fmt::format("the head of its answer has {} for a field's name", shown(name)));
  if (name == length &&
      (value.empty() || !std::all_of(value.begin(), value.end(), [](char c) { return '0' <= c && c <= '9'; })))
    throw Error(fmt::format("its answer has {} for its length", shown(value)));
  const auto [at, fresh] = fields.try_emplace(name, value);
  if (fresh) return;
  if (name != length)
    at->second += (at->second.empty() || value.empty() ? "" : ", ") + value;
  else if (at->second != value)
    throw Error(fmt::format("its answer has two lengths, {} and {}", shown(at->second), shown(value)));
}

void HttpHead::end() {
  if (!begun_) throw Error("the answer is not HTTP");
  ended_ = status_ >= 200;
  if (ended_) return;
  if (status_ == 101) throw Error("it answers in another protocol, which nobody asked for");
  if (++before_ > limits::http_before)
    throw Error(fmt::format("more than {} answers came before its answer (status {})", limits::http_before, status_));
  begun_ = false;
  fields.clear();
}

}  // namespace cctl
