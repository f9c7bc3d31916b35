// Who has not answered yet, while somebody looks on.
#include "report/unanswered.hpp"

#include "catch.hpp"

using namespace cctl;
using std::chrono::milliseconds;

TEST_CASE("hosts that have not answered are named when they are new among those that have not", "[progress]") {
  struct Look {
    std::vector<Waited> waited;
    const char* news;
  };
  const auto host = [](const char* name, int ms) { return Waited{name, "run \"true\"", milliseconds(ms)}; };
  Unanswered unanswered;
  for (const Look& look : {
           Look{{}, ""},
           Look{{host("m2", 5000)}, "no answer yet from m2 for 5 s: run \"true\""},
           Look{{host("m2", 6100)}, ""},
           Look{{host("m2", 7900), host("s1", 5100)}, "no answer yet from m2, s1 for 7 s"},
           Look{{host("s1", 6100)}, "no answer yet from s1 for 6 s: run \"true\""},
           Look{{host("s1", 7100), host("m2", 5000)}, "no answer yet from s1, m2 for 7 s"},
           Look{{host("s1", 8100), host("m2", 6000), host("m3", 5000)}, "no answer yet from s1, m2, m3 for 8 s"},
           Look{{host("s1", 9100), host("m2", 7000)}, ""},
           Look{{host("s1", 9600)}, "no answer yet from s1 for 9 s: run \"true\""},
           Look{{}, ""},
           Look{{host("s1", 65000)}, "no answer yet from s1 for 65 s: run \"true\""},
       }) {
    CAPTURE(look.news);
    CHECK(unanswered.news(look.waited) == look.news);
  }
}

TEST_CASE("of many hosts that have not answered some are named", "[progress]") {
  std::vector<Waited> all;
  for (int i = 0; i < 100; ++i) all.push_back({"s" + std::to_string(i), "", milliseconds(5000)});
  const std::string words = unanswered_words(all);
  CHECK(words.size() < 200);
  CHECK_THAT(words, Catch::Matchers::StartsWith("no answer yet from s0, s1, "));
  CHECK_THAT(words, Catch::Matchers::EndsWith(" more for 5 s"));
}
