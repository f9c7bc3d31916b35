#include "plan/render.hpp"

#include "catch.hpp"
#include "model/error.hpp"

using namespace cctl;

namespace {

Scope scope() {
  Scope row1, row2, s;
  row1.names = {{"ip", "10.0.0.1"}, {"id", "1"}, {"first", true}};
  row2.names = {{"ip", "10.0.0.2"}, {"id", "2"}, {"first", false}};
  s.names = {{"ip", "1.2.3.4"},
             {"ports.client", "2181"},
             {"empty", ""},
             {"no", "false"},
             {"yes", "on"},
             {"zookeeper.here", true},
             {"members", Rows{row1, row2}},
             {"hostile", "<% ip %> & \"$(rm)\" {{x}}"}};
  return s;
}

std::string error_of(const std::string& text) {
  try {
    return "no error: " + render(text, scope());
  } catch (const Error& e) {
    return e.what();
  }
}

}  // namespace

TEST_CASE("templates", "[render]") {
  struct Row {
    const char *text, *out;
  };
  for (const auto& r :
       {Row{"plain {{x}} $(y)", "plain {{x}} $(y)"}, Row{"<% ip %>:<% ports.client %>", "1.2.3.4:2181"},
        Row{"<%#zookeeper.here%>here<%/zookeeper.here%>", "here"}, Row{"<%^zookeeper.here%>no<%/zookeeper.here%>", ""},
        Row{"<%#empty?%>a<%/empty?%><%#no?%>b<%/no?%><%#yes?%>c<%/yes?%>", "c"},
        Row{"<%#members%><%^first%>,<%/first%><% id %>=<% ip %>/<% ports.client %><%/members%>",
            "1=10.0.0.1/2181,2=10.0.0.2/2181"},
        Row{"a\n<%#members%>\nserver.<% id %>\n<%/members%>\nb\n", "a\nserver.1\nserver.2\nb\n"},
        Row{"<% empty %>", ""}}) {
    INFO(r.text);
    CHECK(render(r.text, scope()) == r.out);
  }
}

TEST_CASE("a value is never a template and never escaped", "[render]") {
  CHECK(render("[<% hostile %>]", scope()) == "[<% ip %> & \"$(rm)\" {{x}}]");
}

TEST_CASE("an unknown name is an error with the nearest word", "[render]") {
  CHECK(error_of("<% ports.cleint %>") == "unknown name \"ports.cleint\" in template, did you mean \"ports.client\"?");
  CHECK(error_of("<%#nowhere%>x<%/nowhere%>") == "unknown name \"nowhere\" in template");
  CHECK(error_of("<%> ip %>") == "unknown name \">ip\" in template, did you mean \"ip\"?");
  CHECK(error_of("<%#ip%>").substr(0, 27) == "template does not parse: Un");
}

TEST_CASE("an error says which of the tags is bad", "[render]") {
  struct Row {
    const char* text;
    std::size_t tag;
  };
  for (const auto& row :
       {Row{"<% nope %>", 0}, Row{"<% ip %><% nope %><% nope %>", 1},
        Row{"<%#members%><% id %><%/members%><% id %>", 3}, Row{"<%#yes?%><%^no%><%/no%><% nope %><%/yes?%>", 3},
        Row{"<%! a word %><%#no?%><% never %><%/no?%><% nope %>", 4}, Row{"a<%> ip %>", 0}, Row{"<% ip %> <%#ip%>", 1},
        Row{"<% ip %> <%/ip%>", 1}, Row{"<% ip %><% ip", 1}}) {
    INFO(row.text);
    try {
      render(row.text, scope());
      CHECK(false);
    } catch (const BadTemplate& e) {
      CHECK(e.tag() == row.tag);
      CHECK(e.text() == row.text);
    }
  }
}
