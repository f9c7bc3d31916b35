// What answers where sshd was expected: by its words, and over a real connection.
#include "remote/not_ssh.hpp"

#include "catch.hpp"
#include "server.hpp"
#include "sshd.hpp"

using namespace cctl;
using namespace cctl::test;

namespace {

// Says its words to whoever comes, and again until the other has gone where it is to be endless.
class Talker {
 public:
  Talker(std::string words, bool endless, bool hangs)
      : words_(std::move(words)), endless_(endless), hangs_(hangs), thread_([this] { serve(); }) {}
  ~Talker() {
    over_ = true;
    thread_.join();
  }
  int port() const { return listener_.port; }
  int knocks() const { return knocks_; }

 private:
  void serve() {
    std::vector<int> open;
    while (!over_) {
      pollfd ready{listener_.fd, POLLIN, 0};
      if (::poll(&ready, 1, 20) <= 0) continue;
      const int fd = ::accept(listener_.fd, nullptr, nullptr);
      ++knocks_;
      bool sent = true;
      do sent = ::send(fd, words_.data(), words_.size(), MSG_NOSIGNAL) > 0;
      while (sent && endless_ && !over_);
      if (hangs_)
        open.push_back(fd);
      else
        ::close(fd);
    }
    for (const int fd : open) ::close(fd);
  }

  Listener listener_;
  std::string words_;
  bool endless_, hangs_;
  std::atomic<int> knocks_{0};
  std::atomic<bool> over_{false};
  std::thread thread_;
};

}  // namespace

TEST_CASE("what is no sshd is known by its first bytes", "[not-ssh]") {
  struct Row {
    std::string bytes, words;
    bool known = false, ssh = false;
  };
  for (const Row& row : std::vector<Row>{
           {"", ""},
           {"SSH-2.0-OpenSSH_9.2\r\n", "", false, true},
           {"SS", "", false, true},
           {"Welcome to a\nSSH-2.0-x\n", "", false, true},
           {"Welcome\n\n", "does not speak SSH: \"Welcome\""},
           {"Exceeded MaxStartups\r\n", "", false, true},
           {"Not allowed at this time\r\n", "", false, true},
           {"HTTP/1.1 400 Bad Request\r\nServer: x\r\n", "speaks HTTP, not SSH: \"HTTP/1.1 400 Bad Request\"", true},
           {"HTTP/1.1 40", "speaks HTTP, not SSH: \"HTTP/1.1 40\""},
           {"220 mail ESMTP Postfix\r\n", "speaks SMTP, not SSH: \"220 mail ESMTP Postfix\"", true},
           {"220 (vsFTPd 3.0.3)\r\n", "speaks FTP, not SSH: \"220 (vsFTPd 3.0.3)\"", true},
           {"220 hello\r\n", "does not speak SSH: \"220 hello\""},
           {"-ERR unknown command 'SSH-2.0'\r\n", "speaks Redis, not SSH: \"-ERR unknown command 'SSH-2.0'\"", true},
           {"* OK IMAP4 ready\r\n", "speaks IMAP, not SSH: \"* OK IMAP4 ready\"", true},
           {std::string("\x15\x03\x01\x00\x02\x02\x46", 7), "speaks TLS, not SSH", true},
           {"\xff\xfd\x18", "speaks telnet, not SSH", true},
           {"\x1b[31mred\n", "does not speak SSH: \"\\x1b[31mred\""},
           {std::string(100, 'a'), "does not speak SSH: \"" + std::string(80, 'a') + "...\""},
       }) {
    INFO(row.bytes);
    const Heard heard = what_was_heard(row.bytes, false);
    CHECK(heard.words == row.words);
    CHECK(heard.is_known == row.known);
    CHECK(heard.is_ssh == row.ssh);
  }
  CHECK(what_was_heard("HTTP/1.1 40", true).is_known);
}

TEST_CASE("what answers where sshd was expected is named, and asked once", "[not-ssh]") {
  struct Row {
    std::string words;
    bool endless, hangs;
    std::string says;
    int knocks;
  };
  for (const Row& row : std::vector<Row>{
           {"HTTP/1.1 400 Bad Request\r\n\r\n", false, false, " speaks HTTP, not SSH: \"HTTP/1.1 400 Bad Request\"", 1},
           {"HTTP/1.1 400 Bad Request\r\n\r\n", false, true, " speaks HTTP, not SSH: \"HTTP/1.1 400 Bad Request\"", 1},
           {"hello\r\n", false, false, " does not speak SSH: \"hello\"", 1},
           {"abcdefgh\n", true, false, " does not speak SSH: \"abcdefgh\"", 1},
           {std::string(5000, 'x'), true, false, " does not speak SSH: \"" + std::string(80, 'x') + "...\"", 1},
           {"hello\r\n", false, true, " does not speak SSH: \"hello\"", 2},
       }) {
    INFO(row.words.substr(0, 40) << row.endless << row.hangs);
    const Talker talker(row.words, row.endless, row.hangs);
    World world;
    auto host = shared_sshd().host();
    host.ssh.port = talker.port();
    const std::string said = world.refusal(host, std::chrono::milliseconds(1500));
    CHECK_THAT(said, Contains("port " + std::to_string(talker.port()) + row.says));
    CHECK_THAT(said, !Contains("MaxStartups"));
    CHECK_THAT(said, !Contains("fell silent"));
    CHECK(talker.knocks() == row.knocks);
  }
}
