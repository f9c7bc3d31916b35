// Machines on the way, as text.
#include "model/jump.hpp"

#include "catch.hpp"

using namespace cctl;

TEST_CASE("lists of jump hosts") {
  const auto told = [](const std::string& text) -> std::string {
    const auto hops = parse_jump(text);
    if (!hops) return "bad";
    std::string out;
    for (const auto& hop : *hops) out += (out.empty() ? "" : " ") + to_text(hop);
    return out;
  };
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"none", ""},
      {"b", "b"},
      {"ops@b:2222,c", "ops@b:2222 c"},
      {"a@corp@b", "a@corp@b"},
      {"::1", "::1"},
      {"[::1]", "::1"},
      {"me@[::1]:2222", "me@[::1]:2222"},
      {"ssh://ops@b:22/", "ops@b:22"},
      {"", "bad"},
      {",", "bad"},
      {"a,", "bad"},
      {"@b", "bad"},
      {"b:", "bad"},
      {"b:0", "bad"},
      {"b:65536", "bad"},
      {"b:22x", "bad"},
      {"[::1", "bad"},
      {"[::1]22", "bad"},
      {"ops@", "bad"},
  };
  for (const auto& [text, wanted] : rows) {
    INFO(text);
    CHECK(told(text) == wanted);
  }
}
