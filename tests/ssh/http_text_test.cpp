// Answers that come one behind the other, cut anywhere.
#include "remote/http_text.hpp"
#include "catch.hpp"

using namespace cctl;

TEST_CASE("pipelined answers, fed in pieces of every size") {
  const std::string text =
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A:  b\r\n\r\nhello"
      "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\na;x=y\r\n0123456789\r\n0\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    HttpReader reader;
    std::vector<HttpReply> replies;
    for (std::size_t at = 0; at < text.size(); at += piece) {
      reader.feed(std::string_view(text).substr(at, piece));
      while (auto reply = reader.next()) replies.push_back(std::move(*reply));
    }
    REQUIRE(replies.size() == 3);
    CHECK(replies[0].body == "hello");
    CHECK(replies[0].headers.at("x-a") == "b");
    CHECK(replies[1].status == 404);
    CHECK(replies[1].body == "abc0123456789");
    CHECK(replies[2].body.empty());
  }
}

TEST_CASE("what is not HTTP is said to be so") {
  for (const std::string text :
       {"SSH-2.0-x\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    HttpReader reader;
    reader.feed(text);
    CHECK_THROWS_AS(reader.next(), Error);
  }
}
