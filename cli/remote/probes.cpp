#include "remote/probes.hpp"

#include "plan/extract.hpp"
#include "remote/dns.hpp"

namespace cctl {
namespace {

// sshd's words, such as "Connection refused", in ours.
std::string in_words(const std::string& refusal) {
  if (refusal == "open failed" || refusal.find("prohibited") != std::string::npos)
    return "sshd forbids the connection (AllowTcpForwarding)";
  auto text = refusal;
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

std::string seconds(std::chrono::milliseconds time) {
  const auto ms = time.count();
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

}  // namespace

Prober::Prober(std::shared_ptr<Core> core, std::shared_ptr<Session> session, Engine& engine)
    : core_(std::move(core)), session_(std::move(session)), engine_(engine) {}

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
  auto& tunnel = tunnel_to(call.address, call.port);
  ++session_->traffic().http_requests;
  HttpRequest request;
  request.socket = tunnel.path();
  const bool v6 = call.address.find(':') != std::string::npos;
  request.host = (v6 ? "[" + call.address + "]" : call.address) + ":" + std::to_string(call.port);
  request.method = std::move(call.method);
  request.path = call.path.starts_with('/') ? call.path : "/" + call.path;
  request.body = std::move(call.body);
  request.timeout = call.timeout;
  request.limit = std::size_t{8} << 20;
  tunnel.take_error();
  std::string why;
  try {
    auto reply = co_await core_->http->send(std::move(request));
    Answer answer;
    answer.status = reply.status;
    answer.headers = std::move(reply.headers);
    answer.body = std::move(reply.body);
    co_return answer;
  } catch (const Error& error) {
    why = tunnel.take_error();
    if (why.empty()) throw;
  }
  throw OpenRefused(why);
}

Task<ProbeResult> Prober::http(const Probe& probe) {
  std::vector<std::string> addresses = probe.or_else;
  addresses.insert(addresses.begin(), probe.address);
  std::string why;
  for (const auto& address : addresses) {
    HttpCall asked;
    asked.address = address;
    asked.port = probe.port;
    asked.path = probe.path;
    asked.timeout = std::chrono::milliseconds(0);  // the probe's own limit ends it
    try {
      const Answer answer = co_await call(std::move(asked));
      co_return judge(probe, answer);
    } catch (const OpenRefused& error) {
      why = error.what();
    }
  }
  throw OpenRefused(why);
}

Task<ProbeResult> Prober::zk(const Probe& probe) {
  auto channel = co_await Channel::open_tcp(session_, probe.address, probe.port);
  channel->limit = std::size_t{1} << 20;
  co_await channel->write(probe.send);
  // The server answers and closes. A half-close from us would make some versions hang up without an answer.
  Answer answer;
  while (!channel->at_eof() || !channel->out.empty()) answer.body += co_await channel->read();
  co_return judge(probe, answer);
}

Task<ProbeResult> Prober::dns(const Probe& probe) {
  constexpr unsigned short id = 0x6363;  // one question per connection, so any number does
  const auto question = dns_query(probe.query, id);
  auto channel = co_await Channel::open_tcp(session_, probe.address, probe.port);
  channel->limit = std::size_t{1} << 20;
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
  const auto said = dns_answer(got.substr(2, wanted() - 2), id);
  if (said.rcode != 0) co_return no_answer(probe, rcode_text(said.rcode));
  Answer answer;
  answer.addresses = said.addresses;
  co_return judge(probe, answer);
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

Task<void> Prober::ask_one(const Probe& probe, const std::string& container, ProbeResult& result) {
  try {
    const bool in_time = co_await within(core_->loop, probe.timeout, answer_of(probe, container, result));
    if (!in_time) result = no_answer(probe, "no answer in " + seconds(probe.timeout));
  } catch (const OpenRefused& error) {
    result = no_answer(probe, in_words(error.what()));
  } catch (const Error& error) {
    result = no_answer(probe, error.what());
  }
}

Task<std::vector<ProbeResult>> Prober::ask(std::vector<Probe> probes, std::string container) {
  const Exchange exchange(*session_);
  std::vector<ProbeResult> results(probes.size());
  std::vector<Task<void>> tasks;
  for (std::size_t i = 0; i < probes.size(); ++i) tasks.push_back(ask_one(probes[i], container, results[i]));
  co_await together(core_->loop, std::move(tasks));
  co_return results;
}

}  // namespace cctl
