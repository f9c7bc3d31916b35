#include "remote/probe_talk.hpp"

#include <algorithm>

#include "remote/dns.hpp"
#include "remote/http_text.hpp"

namespace cctl {

std::string in_seconds(std::chrono::milliseconds time) {
  const auto ms = time.count();
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

HttpRequest request_of(const HttpCall& call) {
  HttpRequest request;
  const bool v6 = call.address.find(':') != std::string::npos;
  request.host = (v6 ? "[" + call.address + "]" : call.address) + ":" + std::to_string(call.port);
  request.method = call.method;
  request.path = call.path.starts_with('/') ? call.path : "/" + call.path;
  request.body = call.body;
  request.tls = call.tls;
  return request;
}

Answer answer_from(HttpReply reply) {
  Answer answer;
  answer.status = reply.status;
  answer.headers = std::move(reply.headers);
  answer.body = std::move(reply.body);
  return answer;
}

HttpCall call_of(const Probe& probe, const std::string& address) {
  HttpCall call;
  call.address = address;
  call.port = probe.port;
  call.method = probe.method;
  call.path = probe.path;
  call.body = probe.body;
  call.tls = probe.tls;
  call.timeout = probe.timeout;
  return call;
}

Question question_of(const HttpCall& call) {
  return {call.address, call.port, http_request_text(request_of(call)), AnswerEnd::closed, call.timeout, call.tls};
}

// The answer out of what came until the connection was closed; none while it is not whole.
std::optional<HttpReply> reply_in(const std::string& bytes) {
  HttpReader reader;
  reader.ends_with_connection();
  reader.feed(bytes);
  reader.end();
  return reader.next();
}

ProbeResult dns_result(const Probe& probe, const std::string& message) {
  const auto said = dns_answer(message, kDnsId);
  if (said.rcode != 0) return no_answer(probe, rcode_text(said.rcode));
  Answer answer;
  answer.addresses = said.addresses;
  return judge(probe, answer);
}

std::vector<Question> questions_of(const Probe& probe) {
  Question question{probe.address, probe.port, "", AnswerEnd::closed, probe.timeout};
  std::vector<Question> out;
  switch (probe.kind) {
    case ProbeKind::tcp:
      question.until = AnswerEnd::connected;
      break;
    case ProbeKind::http:
      out.push_back(question_of(call_of(probe, probe.address)));
      for (const auto& address : probe.or_else) out.push_back(question_of(call_of(probe, address)));
      return out;
    case ProbeKind::zk:
      question.send = probe.send;
      break;
    case ProbeKind::dns:
      question.send = dns_query(probe.query, kDnsId);
      question.until = AnswerEnd::measured;
      break;
    case ProbeKind::exec:
      return out;
  }
  out.push_back(std::move(question));
  return out;
}

ProbeResult not_asked(const Probe& probe, const std::string& why) {
  ProbeResult result = no_answer(probe, why);
  result.asked = false;
  return result;
}

ProbeResult result_of(const Probe& probe, const std::vector<Told>& told) {
  // The first address where somebody is at home; the others are only for when nobody is.
  const auto opened = std::find_if(told.begin(), told.end(), [](const Told& one) { return one.opened; });
  if (opened == told.end())
    return told.back().asked ? no_answer(probe, told.back().why) : not_asked(probe, told.back().why);
  // It connected, and had nothing to go on with: TLS.
  if (!opened->asked) return not_asked(probe, opened->why);
  Answer answer;
  answer.body = opened->bytes;
  try {
    switch (probe.kind) {
      case ProbeKind::tcp:
      case ProbeKind::zk:
        return judge(probe, answer);
      case ProbeKind::http:
        if (auto reply = reply_in(opened->bytes)) return judge(probe, answer_from(std::move(*reply)));
        break;
      case ProbeKind::dns:
        if (!opened->bytes.empty()) return dns_result(probe, opened->bytes);
        break;
      case ProbeKind::exec:
        break;
    }
  } catch (const Error& error) {
    return no_answer(probe, error.what());
  }
  return no_answer(probe, "no answer in " + in_seconds(probe.timeout));
}

}  // namespace cctl
