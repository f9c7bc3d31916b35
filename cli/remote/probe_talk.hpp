// A probe, or an HTTP call, as questions that are put from the host itself, and what their answers say of it. Pure.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "remote/from_host.hpp"
#include "remote/http.hpp"

namespace cctl {

constexpr unsigned short kDnsId = 0x6363;  // one question per connection, so any number does

// "3 s", "300 ms"
std::string in_seconds(std::chrono::milliseconds time);

HttpRequest request_of(const HttpCall& call);
Answer answer_from(HttpReply reply);
HttpCall call_of(const Probe& probe, const std::string& address);

Question question_of(const HttpCall& call);
// The answer out of what came until the connection was closed; none while it is not whole.
std::optional<HttpReply> reply_in(const std::string& bytes);

// One, or for an http probe one for each of its addresses.
std::vector<Question> questions_of(const Probe& probe);
ProbeResult result_of(const Probe& probe, const std::vector<Told>& told);
ProbeResult not_asked(const Probe& probe, const std::string& why);
// Of a DNS message without its length.
ProbeResult dns_result(const Probe& probe, const std::string& message);

}  // namespace cctl
