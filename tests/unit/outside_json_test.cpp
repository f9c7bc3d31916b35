#include "model/outside_json.hpp"

#include "catch.hpp"
#include "model/line_splitter.hpp"

using namespace cctl;

namespace {

std::string times(const std::string& text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("JSON from outside is what any reader would make of it") {
  for (const char* text :
       {"null", "true", "-3", "18446744073709551615", "2.5", R"("a\u00e9\"b")", "[]", "{}", "[1,[2,{\"a\":[]}],3]",
        R"({"a":{"b":[1,{"c":null}],"d":"e"},"f":[[],{}]})", " [ 1 , 2 ] "}) {
    CAPTURE(text);
    const OutsideJson read = parse_outside(text);
    CHECK(read);
    CHECK(read.value == nlohmann::json::parse(text));
  }
  CHECK(parse_outside(R"({"a":1,"b":2,"a":3})").value == nlohmann::json::parse(R"({"a":3,"b":2})"));
}

TEST_CASE("what passes a limit or is no JSON is a fault that shows nothing of it") {
  OutsideLimits strict;
  strict.repeated_keys = false;
  struct Case {
    std::string text, fault;
    OutsideLimits limits;
  };
  const Case cases[] = {
      {"", "no JSON", {}},
      {"secret", "no JSON: byte 1", {}},
      {R"({"auth":"secret)", "no JSON: byte", {}},
      {"[1] secret", "no JSON", {}},
      {"\"secret\xff\"", "no JSON", {}},
      {"1e999", "no JSON", {}},
      {std::string("[1\0]", 4), "no JSON: byte 3", {}},
      {std::string("{}\0secret", 9), "no JSON: byte 3", {}},
      {times("[", 201), "deeper than 200 levels", {}},
      {times("[", 5'000'000), "deeper than 200 levels", {}},
      {times("{\"a\":", 1'000'000), "deeper than 200 levels", {}},
      {times("[{\"a\":", 101), "deeper than 200 levels", {}},
      {times("[", 3) + times("]", 3), "deeper than 2 levels", {100, 100, 2, true}},
      {"[0,0,0,0]", "more than 4 values", {100, 4, 200, true}},
      {"[0,0,0,0]", "longer than 8 bytes", {8, 100, 200, true}},
      {R"({"a":{"b":1,"b":1}})", "same key twice", strict},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text.substr(0, 40));
    const OutsideJson read = parse_outside(c.text, c.limits);
    CHECK_FALSE(read);
    CHECK(read.value.is_null());
    CAPTURE(read.fault);
    CHECK(read.fault.find(c.fault) != std::string::npos);
    CHECK(read.fault.find("secret") == std::string::npos);
  }
  CHECK(parse_outside(times("[", 200) + times("]", 200)));
  CHECK(parse_outside(R"([{"a":1},{"a":1}])", strict));
}

TEST_CASE("getters never throw: what is not there, or of another kind, is nothing") {
  const auto of = parse_outside(R"({"t":"x","n":3,"f":3.0,"b":true,"l":[1,"a",null,"b"],"o":{"k":"v"},"z":null,
      "big":9223372036854775807,"more":9223372036854775808,"less":-9223372036854775808,"huge":1e300})")
                      .value;
  CHECK(text_in(of, "t") == "x");
  CHECK(flag_in(of, "b"));
  CHECK(whole_in(of, "n") == 3);
  CHECK(number_in(of, "f") == 3.0);
  CHECK(texts_in(of, "l") == std::vector<std::string>{"a", "b"});
  CHECK(text_in(object_in(of, "o"), "k") == "v");
  CHECK(whole_in(of, "big") == 9223372036854775807LL);
  CHECK(whole_in(of, "less") == std::numeric_limits<long long>::min());
  for (const char* key : {"f", "more", "huge", "t", "b", "l", "o", "z", "none"}) CHECK_FALSE(whole_in(of, key));
  for (const char* key : {"n", "b", "l", "o", "z", "none"}) CHECK(text_in(of, key, "else") == "else");
  for (const char* key : {"n", "t", "b", "o", "z", "none"}) CHECK(list_in(of, key).empty());
  for (const char* key : {"n", "t", "b", "l", "z", "none"}) CHECK(object_in(of, key).empty());
  for (const char* key : {"n", "t", "l", "o", "z", "none"}) CHECK(flag_in(of, key, true));
  for (const char* text : {"null", "3", "\"x\"", "[1]", "true"}) {
    const auto other = parse_outside(text).value;
    CHECK(value_in(other, "t").is_null());
    CHECK(text_in(other, "t").empty());
    CHECK_FALSE(whole_in(other, "t"));
    CHECK(list_in(other, "t").is_array());
    CHECK(object_in(other, "t").is_object());
  }
}

TEST_CASE("lines of a stream come whole, and what has no newline does not grow") {
  std::vector<std::string> lines;
  LineSplitter splitter(8);
  for (const char* part : {"a", "b\nc", "\n\n", "12345678", "\n123456789", "0\nd\n", "never"})
    splitter.feed(part, [&](const std::string& line) { lines.push_back(line); });
  CHECK(lines == std::vector<std::string>{"ab", "c", "", "12345678", "d"});
  CHECK(splitter.left_any_out());
  CHECK(splitter.rest() == "never");

  lines.clear();
  LineSplitter parts(4, LineSplitter::Long::in_parts);
  // Marks with which no secret begins that other tests have told: it would not be cut.
  for (const char* part : {"!#%", "&*;^~", "`\n!#%&\n", "!#%&*"})
    parts.feed(part, [&](const std::string& line) { lines.push_back(line); });
  CHECK(lines == std::vector<std::string>{"!#%&", "*;^~", "`", "!#%&", "!#%&"});
  CHECK(parts.rest() == "*");
  CHECK_FALSE(parts.left_any_out());

  LineSplitter long_one;
  const std::string part(1 << 16, 'x');
  for (int i = 0; i < 4096; ++i) long_one.feed(part, [](const std::string&) { FAIL("no line has ended"); });  // 256 MB
}
