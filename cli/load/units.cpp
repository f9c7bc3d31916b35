#include <charconv>

#include "load/container.hpp"
#include "load/playbook.hpp"
#include "load/text_file.hpp"

namespace cctl {

namespace {

struct Unit {
  std::string name;
  long long factor;
};

// A number with one of these units after it.
std::optional<long long> with_unit(const std::string& text, const std::vector<Unit>& units) {
  long long number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, number);
  if (fault != std::errc() || number < 0 || number > 1LL << 40) return {};
  for (const Unit& unit : units)
    if (unit.name == std::string(stop, end) && number <= (1LL << 50) / unit.factor) return number * unit.factor;
  return {};
}

}  // namespace

std::optional<long long> memory_size(const Tree& tree, const Reader& r) {
  const auto text = r.scalar(tree, any_word);
  if (!text) return {};
  const auto size = with_unit(*text, {{"", 1}, {"k", 1LL << 10}, {"m", 1LL << 20}, {"g", 1LL << 30}});
  // Docker starts nothing with less; 0 is no limit.
  constexpr long long least = 6LL << 20;
  if (!size)
    r.mistakes.error(tree.mark, fmt::format("bad memory {}: it is as 512m or 1g", quote(*text)));
  else if (*size > 0 && *size < least)
    r.mistakes.error(tree.mark,
                     fmt::format("bad memory {}: it is at least 6m, and bytes without a unit", quote(*text)));
  return size;
}

Read duration(const Reader& r, std::chrono::milliseconds& out) {
  return [&r, &out](const Tree& tree) {
    const auto text = r.scalar(tree, any_word);
    if (!text) return;
    if (const auto found = with_unit(*text, {{"ms", 1}, {"s", 1000}, {"m", 60'000}}))
      out = std::chrono::milliseconds(*found);
    else
      r.mistakes.error(tree.mark, fmt::format("bad {} {}: it is as 500ms, 60s or 2m", tree.key, quote(*text)));
  };
}

}  // namespace cctl
