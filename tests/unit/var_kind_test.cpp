// What a var may be: a table of kinds and texts.
#include "model/var_kind.hpp"
#include "catch.hpp"

using namespace cctl;

TEST_CASE("texts and their kinds") {
  struct Row {
    std::string kind, good, bad;  // words apart by a space
  };
  const auto words = [](const std::string& text) {
    std::vector<std::string> out(1);
    for (const char c : text) {
      if (c == ' ')
        out.emplace_back();
      else
        out.back() += c;
    }
    return out;
  };
  for (const Row& row : std::vector<Row>{{"boolean", "true false", "yes 1 TRUE "},
                                         {"number", "0 1 0.5 128", "-1 1e3 .5 abc "},
                                         {"duration", "500ms 60s 2m 1h", "60 1.5s s 5days "},
                                         {"1-255", "1 51 255", "0 256 1.5 0x1 +1 99999999999999999999 "},
                                         {"virtual address", "10.0.0.20/24 192.168.2.90/16 10.0.0.0/32 10.0.0.1/31",
                                          "10.0.0.20 10.0.0.20/99 10.0.0.20/7 10.0.0.300/24 10.0.0.0/24 10.0.0.255/24 "
                                          "fe80::1/64 10.0.0.20/ 127.0.0.1/8 224.0.0.1/24 "}}) {
    CHECK(is_var_kind(row.kind).empty());
    for (const auto& text : words(row.good)) {
      INFO(row.kind << ": " << text);
      CHECK(why_not_of_kind(row.kind, text).empty());
    }
    for (const auto& text : words(row.bad)) {
      INFO(row.kind << ": " << text);
      CHECK_FALSE(why_not_of_kind(row.kind, text).empty());
    }
  }
  for (const char* odd : {"", "text", "255-1", "-", "1-", "a-b"}) CHECK_FALSE(is_var_kind(odd).empty());
}
