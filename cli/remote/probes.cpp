#include "remote/probes.hpp"

#include <algorithm>
#include <deque>

#include "plan/extract.hpp"
#include "remote/dns.hpp"
#include "remote/probe_talk.hpp"

namespace cctl {
namespace {

// sshd's words, such as "Connection refused", in ours.
std::string in_words(const std::string& refusal) {
  auto text = refusal;
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

std::chrono::milliseconds longest(const std::vector<Question>& questions) {
  std::chrono::milliseconds out{0};
  for (const auto& q : questions) out = std::max(out, q.limit);
  return out;
}

}  // namespace

Prober::Prober(std::shared_ptr<Core> core, std::shared_ptr<Session> session, Shell& shell, Engine& engine)
    : core_(std::move(core)), session_(std::move(session)), shell_(shell), engine_(engine) {}

Prober::~Prober() {
  for (auto& [name, tunnel] : tunnels_) tunnel->stop();
}

Tunnel& Prober::tunnel_to(const std::string& address, int port) {
  auto& tunnel = tunnels_[address + ":" + std::to_string(port)];
  if (!tunnel) {
    auto open = [session = session_, address, port] { return Channel::open_tcp(session, address, port); };
    tunnel = std::make_shared<Tunnel>(core_, open, [] { return 64; });
    tunnel->start();
  }
  return *tunnel;
}

Task<Answer> Prober::call(HttpCall call) {
  if (!forbidden_) {
    try {
      HttpCall same = call;
      co_return co_await call_straight(std::move(same));
    } catch (const OpenRefused& refused) {
      if (!refused.prohibited()) throw;
      forbidden_ = true;
    }
  }
  co_return co_await call_from_host(std::move(call));
}

Task<Answer> Prober::call_straight(HttpCall call) {
  auto& tunnel = tunnel_to(call.address, call.port);
  ++session_->traffic().http_requests;
  auto request = request_of(call);
  request.socket = tunnel.path();
  request.timeout = call.timeout;
  request.limit = std::size_t{8} << 20;
  tunnel.take_error();
  std::string why;
  try {
    auto reply = co_await core_->http->send(std::move(request));
    if (!session_->alive()) throw Unreachable(session_->why_dead());
    co_return answer_from(std::move(reply));
  } catch (const Error& error) {
    why = tunnel.take_error();
    if (why.empty() && !tunnel.prohibited()) throw;
  }
  throw OpenRefused(why, tunnel.prohibited());
}

Task<ProbeResult> Prober::http(const Probe& probe) {
  std::vector<std::string> addresses = probe.or_else;
  addresses.insert(addresses.begin(), probe.address);
  std::string why;
  for (const auto& address : addresses) {
    auto asked = call_of(probe, address);
    asked.timeout = std::chrono::milliseconds(0);  // the probe's own limit ends it
    try {
      const Answer answer = co_await call_straight(std::move(asked));
      co_return judge(probe, answer);
    } catch (const OpenRefused& error) {
      if (error.prohibited()) throw;
      why = error.what();
    }
  }
  throw OpenRefused(why, false);
}

Task<ProbeResult> Prober::zk(const Probe& probe) {
  auto channel = co_await Channel::open_tcp(session_, probe.address, probe.port);
  channel->limit = limits::probe;
  co_await channel->write(probe.send);
  // The server answers and closes. A half-close from us would make some versions hang up without an answer.
  Answer answer;
  while (!channel->at_eof() || !channel->out.empty()) answer.body += co_await channel->read();
  if (channel->overflowed()) throw Error("it answered with more than " + std::to_string(limits::probe >> 20) + " MiB");
  co_return judge(probe, answer);
}

Task<ProbeResult> Prober::dns(const Probe& probe) {
  const auto question = dns_query(probe.query, kDnsId);
  auto channel = co_await Channel::open_tcp(session_, probe.address, probe.port);
  channel->limit = limits::probe;
  co_await channel->write(question);
  std::string got;
  const auto wanted = [&got] {
    return got.size() < 2 ? std::size_t{2}
                          : 2 + (static_cast<unsigned char>(got[0]) << 8 | static_cast<unsigned char>(got[1]));
  };
  while (got.size() < wanted()) {
    const auto more = co_await channel->read();
    if (more.empty()) throw Error("the connection was closed without an answer");
    got += more;
  }
  co_return dns_result(probe, got.substr(2, wanted() - 2));
}

Task<void> Prober::answer_of(const Probe& probe, const std::string& container, ProbeResult& result) {
  switch (probe.kind) {
    case ProbeKind::tcp: {
      const auto channel = co_await Channel::open_tcp(session_, probe.address, probe.port);
      result = judge(probe, Answer{});
      break;
    }
    case ProbeKind::http:
      result = co_await http(probe);
      break;
    case ProbeKind::zk:
      result = co_await zk(probe);
      break;
    case ProbeKind::dns:
      result = co_await dns(probe);
      break;
    case ProbeKind::exec: {
      auto command = probe.command;
      const auto ran = co_await engine_.exec(container, std::move(command));
      Answer answer;
      answer.status = ran.exit_status;
      answer.body = ran.out.empty() ? ran.err : ran.out;
      result = judge(probe, answer);
      break;
    }
  }
}

Task<void> Prober::ask_one(const Probe& probe, const std::string& container, ProbeResult& result, bool& prohibited) {
  try {
    const bool in_time = co_await within(core_->loop, probe.timeout, answer_of(probe, container, result));
    if (!in_time) result = no_answer(probe, "no answer in " + in_seconds(probe.timeout));
  } catch (const OpenRefused& error) {
    prohibited = error.prohibited();
    result = no_answer(probe, in_words(error.what()));
  } catch (const Error& error) {
    // What the engine says of a container is an answer; an engine, or a host, that says nothing is none.
    const bool silent = error.exit_code() == 3 || error.exit_code() == 4;
    result = silent ? not_asked(probe, error.what()) : no_answer(probe, error.what());
  }
  // The connection's end looks like an answer's end.
  if (!session_->alive()) result = not_asked(probe, session_->why_dead());
}

Task<void> Prober::talk(std::vector<Question> questions, std::vector<Told>& told) {
  const bool first = !next_;
  if (first) next_ = std::make_shared<Batch>(core_->loop);
  const auto batch = next_;
  const auto from = static_cast<std::ptrdiff_t>(batch->questions.size()), count = std::ssize(questions);
  std::move(questions.begin(), questions.end(), std::back_inserter(batch->questions));
  if (first) co_await put(batch);
  while (!batch->over) co_await batch->ended.wait();
  if (batch->error) std::rethrow_exception(batch->error);
  told.assign(batch->told.begin() + from, batch->told.begin() + from + count);
}

Task<void> Prober::put(std::shared_ptr<Batch> batch) {
  // Whoever waits for the answers hears of the end, however it comes.
  struct End {
    Prober& prober;
    Batch& batch;
    ~End() {
      if (prober.next_.get() == &batch) prober.next_ = nullptr;
      batch.over = true;
      batch.ended.wake();
    }
  } end{*this, *batch};
  batch->error = std::make_exception_ptr(Error("the questions were given up", 3));
  co_await asio::post(core_->loop, asio::use_awaitable);
  next_ = nullptr;
  try {
    batch->told = co_await ask_from_host(shell_, batch->questions, session_->name());
    batch->error = nullptr;
  } catch (const Error&) {
    batch->error = std::current_exception();
  }
}

// Those that nobody may dial for from here, by one command on the host.
Task<void> Prober::ask_rest(const std::vector<Probe>& probes, const std::vector<std::size_t>& which,
                            std::vector<ProbeResult>& results) {
  std::vector<Question> questions;
  std::vector<std::pair<std::size_t, std::size_t>> parts;  // a probe, its number of questions
  for (const auto i : which) {
    try {
      auto own = questions_of(probes[i]);
      parts.emplace_back(i, own.size());
      questions.insert(questions.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
    } catch (const Error& error) {
      results[i] = no_answer(probes[i], error.what());
    }
  }
  if (questions.empty()) co_return;
  session_->traffic().http_requests += static_cast<int>(questions.size());
  std::vector<Told> told;
  std::string why;
  try {
    const auto limit = longest(questions) + core_->options.begin_timeout;
    const bool in_time = co_await within(core_->loop, limit, talk(std::move(questions), told));
    if (!in_time) why = "the host did not end its questions in " + in_seconds(limit);
  } catch (const Error& error) {
    why = error.what();
  }
  auto next = told.begin();
  for (const auto& [i, count] : parts) {
    if (!why.empty()) {
      results[i] = not_asked(probes[i], why);
      continue;
    }
    const auto end = next + static_cast<std::ptrdiff_t>(count);
    const std::vector<Told> own(next, end);
    next = end;
    results[i] = result_of(probes[i], own);
  }
}

Task<Answer> Prober::call_from_host(HttpCall call) {
  std::vector<Question> questions{question_of(call)};
  ++session_->traffic().http_requests;
  const auto limit = call.timeout + core_->options.begin_timeout;
  std::vector<Told> told;
  const bool in_time = co_await within(core_->loop, limit, talk(std::move(questions), told));
  if (!in_time) throw Error("the host did not end its questions in " + in_seconds(limit), 3);
  const Told& one = told.front();
  if (!one.asked) throw Error(one.why, 3);
  if (!one.opened) throw OpenRefused(one.why, false);
  auto reply = reply_in(one.bytes);
  if (!reply) throw Error("no answer in " + in_seconds(call.timeout));
  co_return answer_from(std::move(*reply));
}

Task<std::vector<ProbeResult>> Prober::ask(std::vector<Probe> probes, std::string container) {
  const Exchange exchange(*session_);
  std::vector<ProbeResult> results(probes.size());
  std::vector<std::size_t> rest;
  std::vector<Task<void>> tasks;
  std::deque<bool> prohibited(probes.size());
  for (std::size_t i = 0; i < probes.size(); ++i) {
    if (forbidden_ && probes[i].kind != ProbeKind::exec)
      rest.push_back(i);
    else
      tasks.push_back(ask_one(probes[i], container, results[i], prohibited[i]));
  }
  if (!rest.empty()) tasks.push_back(ask_rest(probes, rest, results));
  co_await together(core_->loop, std::move(tasks));
  std::vector<std::size_t> refused;
  for (std::size_t i = 0; i < probes.size(); ++i)
    if (prohibited[i]) refused.push_back(i);
  if (!refused.empty()) {
    forbidden_ = true;
    co_await ask_rest(probes, refused, results);
  }
  co_return results;
}

}  // namespace cctl
