// What a login shell says before the mark, in pieces of any size.
#include "model/mark_search.hpp"

#include "catch.hpp"

using namespace cctl;

namespace {

struct Outcome {
  MarkSearch::Found found = MarkSearch::Found::not_yet;
  std::size_t at = 0, looked_at = 0;
};

Outcome search(const std::string& all, const std::string& mark, std::size_t piece) {
  MarkSearch reader;
  Outcome out;
  std::string stream;
  for (std::size_t at = 0; at < all.size() && out.found == MarkSearch::Found::not_yet; at += piece) {
    stream += all.substr(at, piece);
    out.found = reader.in(stream, mark);
  }
  out.at = reader.at();
  out.looked_at = reader.looked_at();
  return out;
}

}  // namespace

TEST_CASE("a mark is found in pieces of any size, and each byte is looked at once") {
  const std::string mark = "cctl1234567\n", prefix = mark.substr(0, mark.size() - 1);
  std::string prefixes;
  while (prefixes.size() + prefix.size() < limits::before_mark) prefixes += prefix;
  using Found = MarkSearch::Found;
  struct Case {
    const char* name;
    std::string before;
    bool mark;
    Found found;
  };
  const std::vector<Case> cases = {
      {"nothing", "", true, Found::yes},
      {"a greeting", "hello\n", true, Found::yes},
      {"the mark's beginning", "cctl", true, Found::yes},
      {"the first letter, as often as may be", std::string(limits::before_mark, 'c'), true, Found::yes},
      {"the mark's beginning, as often as may be", prefixes, true, Found::yes},
      {"one more", std::string(limits::before_mark + 1, 'c'), true, Found::never},
      {"far too much", std::string(10 * limits::before_mark, 'c'), true, Found::never},
      {"far too much, and no mark", std::string(10 * limits::before_mark, 'x'), false, Found::never},
      {"words and no mark", "This account is closed.\n", false, Found::not_yet},
  };
  for (const auto& c : cases)
    for (const std::size_t piece : {1UL, 2UL, 7UL, 12UL, 4096UL, 32768UL}) {
      CAPTURE(c.name, piece);
      const auto all = c.before + (c.mark ? mark + "ours" : "");
      const Outcome outcome = search(all, mark, piece);
      CHECK(outcome.found == c.found);
      if (c.found == Found::yes) CHECK(outcome.at == c.before.size());
      // At each piece as much again as a mark may be cut.
      CHECK(outcome.looked_at <= (all.size() / piece + 1) * (piece + mark.size()));
    }
}
