#include "remote/from_host.hpp"

#include <charconv>
#include <sstream>

#include "model/base64.hpp"
#include "model/limits.hpp"
#include "remote/probe_talk.hpp"

namespace cctl {
namespace {

const char* word_of(AnswerEnd until) {
  switch (until) {
    case AnswerEnd::connected:
      return "opened";
    case AnswerEnd::closed:
      return "closed";
    case AnswerEnd::measured:
      return "measured";
  }
  return "";
}

// Whole seconds where it can: not every `timeout` knows fractions.
std::string for_timeout(std::chrono::milliseconds time) {
  const auto ms = std::max<long long>(time.count(), 1);
  if (ms % 1000 == 0) return std::to_string(ms / 1000);
  const auto rest = std::to_string(1000 + ms % 1000);
  return std::to_string(ms / 1000) + "." + rest.substr(1);
}

// "bash: line 3: /dev/tcp/127.0.0.1/1: Connection refused": the words behind the last colon, as ours.
std::string reason(const std::string& said) {
  const auto colon = said.rfind(": ");
  auto words = colon == std::string::npos ? said : said.substr(colon + 2);
  while (!words.empty() && words.back() == ' ') words.pop_back();
  if (!words.empty()) words[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(words[0])));
  return words;
}

}  // namespace

std::string talk_input(const std::vector<Question>& questions) {
  std::string out;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const auto& q = questions[i];
    out += std::to_string(i) + " " + for_timeout(q.limit) + " " + q.address + " " + std::to_string(q.port) + " " +
           (q.tls ? "tls" : word_of(q.until)) + " " + (q.send.empty() ? "-" : to_base64(q.send)) + "\n";
  }
  return out;
}

std::vector<Told> talk_answer(const std::string& answer, const std::vector<Question>& questions,
                              const std::string& host) {
  std::vector<Told> out(questions.size());
  std::vector<std::string> texts(questions.size());
  std::istringstream lines(answer);
  std::string program;
  bool whole = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("@ ")) {
      whole = line == "@ done" || line == "@ none";
      if (!whole) program = line.substr(2);
      continue;
    }
    std::size_t number = 0;
    const auto parsed = std::from_chars(line.data(), line.data() + line.size(), number);
    if (parsed.ec != std::errc() || number >= out.size() || *parsed.ptr != ' ') continue;
    const auto rest = line.substr(static_cast<std::size_t>(parsed.ptr - line.data()) + 1);
    if (rest == "+")
      out[number].opened = true;
    else if (rest.starts_with("! "))
      out[number].why = reason(rest.substr(2));
    else if (rest.starts_with("? "))
      out[number].unable = rest.substr(2);
    else
      texts[number] += rest;
  }
  if (!whole) throw Error("a look from " + host + " did not end: " + answer.substr(0, 200));
  for (std::size_t i = 0; i < out.size(); ++i) {
    auto& told = out[i];
    // A bash that was built without it looks for a file of that name.
    const bool no_tcp = !told.opened && program == "bash" && told.why == "no such file or directory";
    told.asked = !program.empty() && !no_tcp && told.unable.empty();
    if (!told.asked)
      told.why = "sshd of " + host + " forbids forwarding (AllowTcpForwarding, DisableForwarding), and the host has " +
                 (!told.unable.empty() ? told.unable
                  : no_tcp             ? "a bash that speaks no TCP"
                                       : "neither bash nor python nor perl to ask with");
    else if (!told.opened && (told.why.empty() || told.why == "connection timed out"))
      told.why = "no answer in " + in_seconds(questions[i].limit);
    told.bytes = from_base64(texts[i]).value_or("");
    if (told.bytes.size() <= limits::talk) continue;
    told.bytes.clear();
    told.opened = false;
    told.why = "it answered with more than " + std::to_string(limits::talk >> 20) + " MiB";
  }
  return out;
}

Task<std::vector<Told>> ask_from_host(Shell& shell, std::vector<Question> questions, std::string host) {
  std::string script = talk_script(), input = talk_input(questions);
  const auto result = co_await shell.run(std::move(script), std::move(input));
  co_return talk_answer(result.out, questions, host);
}

}  // namespace cctl
