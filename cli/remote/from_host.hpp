// TCP spoken by a program on the host, where sshd does not let us dial from there: one command for many questions.
// Pure, but for ask_from_host.
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "remote/shell.hpp"

namespace cctl {

// What ends the answer: nothing is awaited, the far end closes, or a message with its length in front (DNS).
enum class AnswerEnd { connected, closed, measured };

struct Question {
  std::string address;
  int port = 0;
  std::string send;  // any bytes
  AnswerEnd until = AnswerEnd::closed;
  std::chrono::milliseconds limit{3000};
  bool tls = false;  // spoken inside TLS, whoever signed the certificate
};

struct Told {
  bool asked = false;   // false: nothing on the host could ask (this); `why` says so
  bool opened = false;  // the connection was made
  std::string why;      // of what is not opened: "connection refused", "no answer in 3 s"
  std::string unable;   // what the program lacks that could have asked: "no openssl to speak TLS with"
  std::string bytes;    // what came until the end, or until time was up
};

// A POSIX script; it speaks with bash, python or perl, whichever is there, to all at once.
std::string talk_script();
std::string talk_input(const std::vector<Question>& questions);
// Throws Error when the answer is not whole.
std::vector<Told> talk_answer(const std::string& answer, const std::vector<Question>& questions,
                              const std::string& host);

Task<std::vector<Told>> ask_from_host(Shell& shell, std::vector<Question> questions, std::string host);

}  // namespace cctl
