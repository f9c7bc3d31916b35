// Whatever happens to an inventory, loading it ends in a result and a description of its mistakes.
#include <fstream>
#include <random>

#include "catch.hpp"
#include "load_support.hpp"
#include "model/error.hpp"
#include "source_dir.hpp"

using namespace cctl;

namespace {

std::string example() {
  std::ifstream in(std::string(cctl::test::source_dir) + "/inventory/example.yml");
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string mutated(std::string text, std::mt19937& random) {
  const auto below = [&](std::size_t n) { return n ? random() % n : 0; };
  const std::vector<std::string> pieces = {"{",
                                           "}",
                                           "[",
                                           "]",
                                           ": ",
                                           "- ",
                                           "\n",
                                           "\t",
                                           "&a ",
                                           "*a",
                                           "!!str ",
                                           "\"",
                                           "'",
                                           "|\n",
                                           ">\n",
                                           "#",
                                           "%",
                                           "---\n",
                                           "...",
                                           "\xC3",
                                           "\xF0\x9F\x90\x99",
                                           "? ",
                                           "<<: *a",
                                           "~",
                                           ",",
                                           std::string("\0", 1),
                                           "\x04",
                                           "\r",
                                           "\xEF\xBB\xBF",
                                           "\\x00",
                                           "-",
                                           "0x",
                                           "1e9"};
  for (std::size_t edits = 1 + below(4); edits > 0; --edits) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t length = below(std::min<std::size_t>(40, text.size() - at) + 1);
    const std::string part = text.substr(at, length);
    switch (below(5)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, pieces[below(pieces.size())]);
        break;
      case 2:
        text.replace(at, length, pieces[below(pieces.size())]);
        break;
      case 3:
        text.insert(below(text.size() + 1), part);
        break;
      default:
        text.resize(at);
        break;
    }
    if (text.empty()) text = "a";
  }
  return text;
}

}  // namespace

TEST_CASE("no change of an inventory crashes the loader") {
  std::mt19937 random(20150909);
  const std::string good = example();
  const test::Scratch scratch;
  for (int i = 0; i < 600; ++i) {
    const std::string text = mutated(good, random);
    const std::string path = scratch.file("inventory.yml", text);
    INFO(text);
    const LoadResult result = load(path, test::small_data);
    CHECK((result.ok() || !describe(result.mistakes).empty()));
    for (const Mistake& mistake : result.mistakes)
      CHECK((mistake.mark.line >= 0 && mistake.text.find('\n') == mistake.text.npos));
    try {
      // A text that was changed is the text of the same inventory with other versions.
      const std::string after = with_versions(text, {{"mesos", "7.6.5"}});
      CHECK(with_versions(after, {{"mesos", "7.6.5"}}) == after);
    } catch (const Error&) {
    }
  }
}

TEST_CASE("deep, wide and growing documents end") {
  std::string lists, aliases = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 0; i < 10'000; ++i) lists += "[";
  for (int i = 1; i < 12; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    aliases += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) aliases += last + (k < 9 ? ", " : "]\n");
  }
  CHECK(!test::load_text("cluster: " + lists).ok());
  std::string keys;
  for (int i = 0; i < 20'000; ++i) keys += "k" + std::to_string(i) + ": 1\n";
  CHECK(test::load_text(keys + keys).mistakes.size() == 40'001);
  // A hundred thousand times a megabyte.
  std::string text = "a: &a " + std::string(1 << 20, 'x') + "\nb: [";
  for (int i = 0; i < 100000; ++i) text += "*a, ";
  for (const auto& [grown, line] : {std::pair{aliases, 5}, std::pair{text + "x]\n", 2}}) {
    const LoadResult result = test::load_text(grown);
    REQUIRE(result.mistakes.size() == 1);
    CHECK(result.mistakes[0].text ==
          "more than 200000 values, or than 16 MB of text, once its aliases stand for themselves");
    CHECK(result.mistakes[0].mark.line == line);
  }
  CHECK(!test::load_text("cluster: " + std::string(5u << 20, 'a')).ok());
  CHECK(!test::load_text("cluster: \"" + std::string(100'000, 'a') + "\"").ok());
}
