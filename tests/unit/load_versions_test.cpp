// Versions are text whose numbers compare as numbers; ranges over them; the nearest word.
#include <vector>

#include "catch.hpp"
#include "model/mistake.hpp"
#include "model/version.hpp"

using namespace cctl;

TEST_CASE("what is a version") {
  for (const char* text :
       {"1", "9.18", "0.28.1", "v1.1.1", "3.5.4-beta", "0.22.1-1.0.ubuntu1404", "1.6.352", "2.0rc1", "1.0_a"})
    CHECK(Version::parse(text).has_value());
  for (const char* text :
       {"", "v", "latest", "1.", "1-", ".1", "-1", "1 2", "1/2", "1:2", "1.0+a", "1\n", "$(a)", "12345678901", "vv1"})
    CHECK(!Version::parse(text).has_value());
  CHECK(Version::parse("v1.1.1")->text == "1.1.1");
  CHECK(Version::parse("0.22.1-1.0.u")->parts == std::vector<long>{0, 22, 1});
  CHECK(Version::parse("0.22.1-1.0.u")->suffix == "-1.0.u");
}

TEST_CASE("versions have an order") {
  // Each is lower than the next.
  const std::vector<std::string> ordered = {"0.9",
                                            "0.10",
                                            "0.22.1",
                                            "0.22.1-1.0.ubuntu1404",
                                            "0.22.1-1.10.ubuntu1404",
                                            "1.0-rc2",
                                            "1.0-rc10",
                                            "1.0",
                                            "1.0.1",
                                            "1.1.0-alpha",
                                            "1.1.0-beta",
                                            "1.1",
                                            "9.1",
                                            "9.10",
                                            "10"};
  for (std::size_t i = 0; i < ordered.size(); ++i)
    for (std::size_t j = 0; j < ordered.size(); ++j) {
      INFO(ordered[i] << " and " << ordered[j]);
      CHECK((compare(*Version::parse(ordered[i]), *Version::parse(ordered[j])) < 0) == (i < j));
    }
  CHECK((compare(*Version::parse("3.5"), *Version::parse("3.5.0")) == 0));
  CHECK((compare(*Version::parse("v3.5"), *Version::parse("3.5")) == 0));
}

TEST_CASE("ranges") {
  struct Case {
    const char *range, *version;
    bool inside;
  };
  const std::vector<Case> cases = {
      {">=3.5", "3.5", true},
      {">=3.5", "3.5.0", true},
      {">=3.5", "3.4.14", false},
      {"<0.22", "0.21.1", true},
      {"<0.22", "0.22.0", false},
      {">=1.0 <1.8", "1.7", true},
      {">=1.0 <1.8", "1.8", false},
      {"1.2.0", "1.2", true},
      {"=1.2.0", "1.2.1", false},
      {">9.16", "9.18", true},
      {"<=0.22.1", "0.22.1-1.0.u", true},
      {"0.22.1", "0.22.1-1.0.u", true},
      {">0.22.1", "0.22.1-1.0.u", false},
      {">=1.0", "1.0-rc1", false},
      {">=1.0-rc1", "1.0", true},
  };
  for (const Case& c : cases) {
    INFO(c.range << " and " << c.version);
    CHECK(VersionRange::parse(c.range)->contains(*Version::parse(c.version)) == c.inside);
  }
  for (const char* text : {"", " ", ">", ">= 1", "~1", ">=1,<2", "new"}) CHECK(!VersionRange::parse(text).has_value());
}

TEST_CASE("the nearest word") {
  const std::vector<std::string> words = {"masters", "slaves", "lbs", "hosts", "quorum"};
  CHECK(nearest("slave", words) == "slaves");
  CHECK(nearest("slvaes", words) == "slaves");
  CHECK(nearest("Hosts", words) == "hosts");
  CHECK(nearest("qourm", words) == "");
  CHECK(nearest("quorm", words) == "quorum");
  CHECK(nearest("chronos", words) == "");
  CHECK(nearest("", words) == "");
  CHECK(nearest("x", {}) == "");
  CHECK(nearest("a", {"b"}) == "");
  CHECK(nearest(std::string(100'000, 'a'), words) == "");
  CHECK(did_you_mean("slave", words) == ", did you mean \"slaves\"?");
  CHECK(did_you_mean("x", words) == "");
}
