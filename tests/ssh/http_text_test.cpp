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

TEST_CASE("a head is one head to everybody, and ends") {
  const std::string ok = "HTTP/1.1 200 OK\r\n", five = "Content-Length: 5\r\n", body = "\r\nhello";
  const auto times = [](int count, const std::string& text) {
    std::string out;
    for (int i = 0; i < count; ++i) out += text;
    return out;
  };
  const auto reads = [](const std::string& text, std::size_t piece) {
    HttpReader reader;
    std::optional<HttpReply> reply;
    for (std::size_t at = 0; at < text.size() && !reply; at += piece) {
      reader.feed(std::string_view(text).substr(at, piece));
      reply = reader.next();
    }
    return reply ? std::to_string(reply->status) + " " + reply->body : "nothing";
  };
  struct Row {
    std::string text, result;  // what is thrown otherwise
  };
  const std::string early = "HTTP/1.1 103 Early Hints\r\nLink: x\r\nContent-Length: 7\r\n\r\n", lines = "X: y\r\n";
  const Row rows[] = {
      {ok + five + body, "200 hello"},
      {ok + five + five + body, "200 hello"},
      {ok + "Content-Length:5\t \r\n" + body, "200 hello"},
      {ok + "no field at all\r\n" + five + body, "200 hello"},
      {early + ok + five + body, "200 hello"},
      {times(10, early) + ok + five + body, "200 hello"},
      {times(11, early) + ok + five + body, "more than 10 answers came before its answer (status 103)"},
      {times(3, "HTTP/1.1 100 Continue\r\n\r\n") + "HTTP/1.1 404 No\r\n" + five + body, "404 hello"},
      {"HTTP/1.1 101 Switching Protocols\r\n\r\n", "it answers in another protocol, which nobody asked for"},
      {ok + five + "Content-Length: 6\r\n" + body, "its answer has two lengths, \"5\" and \"6\""},
      {ok + five + "CONTENT-LENGTH: 05\r\n" + body, "its answer has two lengths, \"5\" and \"05\""},
      {ok + "Content-Length: 5, 5\r\n" + body, "its answer has \"5, 5\" for its length"},
      {ok + "Content-Length: -5\r\n" + body, "its answer has \"-5\" for its length"},
      {ok + "Content-Length: +5\r\n" + body, "its answer has \"+5\" for its length"},
      {ok + "Content-Length: 0x5\r\n" + body, "its answer has \"0x5\" for its length"},
      {ok + "Content-Length:\r\n" + body, "its answer has \"\" for its length"},
      {ok + "Content-Length: 99999999999999999999\r\n" + body, "an HTTP answer has no valid length"},
      {ok + "X: a\r\n b\r\n" + five + body,
       "the head of its answer has a folded line, which is one line to some and two to others"},
      {ok + "X: a\r\n\tContent-Length: 6\r\n" + five + body,
       "the head of its answer has a folded line, which is one line to some and two to others"},
      {ok + " Content-Length: 6\r\n" + five + body,
       "the head of its answer has a folded line, which is one line to some and two to others"},
      {ok + "Content-Length : 6\r\n" + five + body,
       "the head of its answer has \"content-length \" for a field's name"},
      {ok + ": 6\r\n" + five + body, "the head of its answer has \"\" for a field's name"},
      {ok + times(497, lines) + five + body, "200 hello"},
      {ok + times(500, lines) + five + body, "the head of its answer has more than 500 lines"},
      {times(5, "HTTP/1.1 100 C\r\n" + times(100, lines) + "\r\n") + ok,
       "the head of its answer has more than 500 lines"},
      {ok + "X: " + std::string(60'000, 'x') + "\r\n" + five + body, "200 hello"},
      {ok + times(2, "X: " + std::string(40'000, 'x') + "\r\n") + five + body,
       "the head of its answer is longer than 64 KiB"},
      {ok + "X: " + std::string(70'000, 'x'), "the answer is not HTTP"},
      {"HTTP/1.1 2x0 OK\r\n" + five + body, "the answer is not HTTP"},
      {"HTTP/1.1\r\n" + five + body, "the answer is not HTTP"},
      {"HTTP/1.1 20\r\n" + five + body, "the answer is not HTTP"},
      {"HTTP/1.1 000 X\r\n" + five + body, "the answer is not HTTP"},
      {"\r\n" + ok + five + body, "the answer is not HTTP"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text.substr(0, 200));
    for (const std::size_t piece : {row.text.size(), std::size_t{997}, std::size_t{1}}) {
      std::string said;
      try {
        said = reads(row.text, piece);
      } catch (const Error& e) {
        said = e.what();
      }
      CHECK(said == row.result);
    }
  }
}
