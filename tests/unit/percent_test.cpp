// What of a text may stand in an address as it is.
#include "model/percent.hpp"

#include "catch.hpp"

using namespace cctl;

TEST_CASE("an address's part is no more than that part") {
  struct Case {
    std::string text, encoded;
  };
  const std::vector<Case> cases = {
      {"", ""},
      {"abcXYZ019-._~", "abcXYZ019-._~"},
      {"a/b", "a%2Fb"},
      {"..", ".."},
      {"a?b=c&d#e", "a%3Fb%3Dc%26d%23e"},
      {"a b\r\nHost: x", "a%20b%0D%0AHost%3A%20x"},
      {"100%", "100%25"},
      {"%2e%2e", "%252e%252e"},
      {"\xff\x80", "%FF%80"},
      {std::string("\0", 1), "%00"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(percent_encoded(c.text) == c.encoded);
  }
}
