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

TEST_CASE("a large answer in small chunks is read in linear time, and one that is too large is refused") {
  // 16 MiB in chunks of 64 bytes, fed in pieces of 4 KiB: read again from its start for each piece this would take
  // minutes.
  std::string text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  constexpr std::size_t chunks = 256 * 1024;
  for (std::size_t i = 0; i < chunks; ++i) text += "40\r\n" + std::string(64, 'x') + "\r\n";
  text += "0\r\n\r\n";
  HttpReader reader;
  std::optional<HttpReply> reply;
  for (std::size_t at = 0; at < text.size() && !reply; at += 4096) {
    reader.feed(std::string_view(text).substr(at, 4096));
    reply = reader.next();
  }
  REQUIRE(reply);
  CHECK(reply->body.size() == chunks * 64);

  const std::string head = "HTTP/1.1 200 OK\r\n";
  for (const std::string body :
       {"Content-Length: 2000\r\n\r\n", "Content-Length: 18446744073709551615\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", "Transfer-Encoding: chunked\r\n\r\n3e8\r\n"}) {
    HttpReader small(1000);
    small.feed(head + body + std::string(1000, 'x') + "\r\n1\r\n");
    CHECK_THROWS_AS(
        [&] {
          while (!small.next()) small.feed("x\r\n1\r\n");
        }(),
        Error);
  }
}
