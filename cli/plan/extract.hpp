// Values out of answers: the pure half of a probe.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/probe.hpp"

namespace cctl {

// What came back from one question, whatever asked it.
struct Answer {
  int status = 0;                              // http status, or exit status of exec
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  std::vector<std::string> addresses;  // dns
};

// Empty when the answer does not have it.
std::optional<std::string> extract(const Extract& what, const Answer& answer);

// The result of a probe that got an answer: http's status, then every expectation.
ProbeResult judge(const Probe& probe, const Answer& answer);
// What a probe asks for, in words: "no deployments, running 2".
std::string expected(const Probe& probe);
// The result of one that got none: "connection refused", "no answer in 3 s".
ProbeResult no_answer(const Probe& probe, const std::string& why);

}  // namespace cctl
