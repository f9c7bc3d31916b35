#include "remote/engine.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <climits>
#include <ctime>

#include "apply/log.hpp"
#include "model/cut.hpp"
#include "model/limits.hpp"
#include "model/outside_json.hpp"
#include "model/percent.hpp"
#include "remote/dialer.hpp"
#include "remote/http_text.hpp"

namespace cctl {

using nlohmann::json;

namespace {

// How much has come with these bytes; what is too much ends the request.
std::size_t held(std::size_t before, std::string_view bytes, std::size_t limit, const char* what) {
  if (bytes.size() > limit - before)
    throw Error(std::string(what) + " is more than " + std::to_string(limit >> 20) + " MiB");
  return before + bytes.size();
}

// An id in the length that people know.
std::string with_short_ids(const std::string& text) {
  static const RE2 id("\\b([0-9a-f]{12})[0-9a-f]{52}\\b", RE2::Latin1);
  std::string out = text;
  RE2::GlobalReplace(&out, id, R"(\1)");
  return out;
}

// The engine's {"message": ...}, or whatever it said.
std::string message_of(const HttpReply& reply) {
  const auto body = parse_outside(reply.body).value;
  if (const auto said = text_in(body, "message"); !said.empty()) return with_short_ids(cut_text(said));
  return "status " + std::to_string(reply.status) + (reply.body.empty() ? "" : ": " + reply.body.substr(0, 300));
}

// A number that an int holds; another one is as good as none.
int small_in(const json& of, const char* key, int otherwise) {
  const auto told = whole_in(of, key);
  return told && *told >= INT_MIN && *told <= INT_MAX ? static_cast<int>(*told) : otherwise;
}

int minor_of(const std::string& api) {
  const auto dot = api.find('.');
  int minor = 0;
  if (api.starts_with("1.")) std::from_chars(api.data() + dot + 1, api.data() + api.size(), minor);
  return std::clamp(minor, 0, 1000);
}

}  // namespace

DockerEngine::DockerEngine(std::shared_ptr<Core> core, std::shared_ptr<Session> session, Access access,
                           std::string socket)
    : core_(std::move(core)), session_(std::move(session)) {
  dialer_ = std::make_shared<EngineDialer>(session_, std::move(access), std::move(socket));
  // Connections that are kept for a later request cost a session each where the engine is reached through a command:
  // once every request under way is one that waits for such a session, all that there are are kept ones.
  give_up_ = std::make_shared<std::function<void()>>([this] {
    if (tunnel_ && under_way_ <= tunnel_->opening()) tunnel_->drop();
  });
  session_->when_few_sessions(give_up_);
}

DockerEngine::~DockerEngine() {
  if (tunnel_) tunnel_->stop();
}

Tunnel& DockerEngine::tunnel() {
  if (tunnel_) return *tunnel_;
  auto open = [dialer = dialer_] { return dialer->open(); };
  tunnel_ = std::make_shared<Tunnel>(core_, open, [dialer = dialer_] { return dialer->at_once(); });
  tunnel_->start();
  return *tunnel_;
}

DockerEngine::Call DockerEngine::make(const std::string& method, const std::string& path,
                                      const std::string& body) const {
  Call call;
  call.method = method;
  call.path = path;
  call.body = body;
  call.timeout = core_->options.engine_timeout;
  return call;
}

Task<HttpReply> DockerEngine::send(Call call) {
  const Exchange exchange(*session_);
  const auto how = call.timeout.count() > 0 ? LoggedCall::Kind::ends : LoggedCall::Kind::lasts;
  LoggedCall logged(session_->traffic().host, "engine " + call.method + " " + call.path, how);
  ++session_->traffic().http_requests;
  HttpRequest request;
  request.socket = tunnel().path();
  request.host = "docker";
  request.method = call.method;
  request.path = call.path;
  request.body = call.body;
  request.timeout = call.timeout;
  request.silence = std::chrono::ceil<std::chrono::seconds>(call.silence);
  request.on_data = call.on_data;
  request.once = session_->few_sessions() && dialer_->costs_sessions();
  tunnel().take_error();
  struct UnderWay {
    int& count;
    explicit UnderWay(int& c) : count(c) { ++count; }
    ~UnderWay() { --count; }
  } under_way(under_way_);
  try {
    HttpReply reply = co_await core_->http->send(std::move(request));
    // The end of an answer without a length may be the connection's.
    if (!session_->alive() || tunnel().cut_off()) throw Error("the answer was cut off");
    logged.ended("status " + std::to_string(reply.status) + ", " + std::to_string(reply.body.size()) + " bytes");
    co_return reply;
  } catch (const Error& error) {
    const bool cut_off = tunnel().cut_off();
    const auto why = tunnel().take_error();
    if (!session_->alive()) throw Unreachable(session_->why_dead());
    if (tunnel().forbidden()) throw Forbidden(why);
    if (cut_off) throw Error("docker: " + why, 3);
    throw why.empty() ? Error(std::string("docker: ") + error.what(), 3) : Error(why, 3);
  }
}

Task<HttpReply> DockerEngine::checked(Call call) {
  if (api_.empty()) co_await learn_version();
  call.path = "/v" + api_ + call.path;
  auto reply = co_await send(std::move(call));
  if (reply.status >= 400) throw Error(message_of(reply));
  co_return reply;
}

void DockerEngine::settle_version(const json& version) {
  // 1.41 (Docker 20.10) has all that is used here; older engines are spoken to in their own version, and newer ones
  // that have dropped 1.41 in their oldest.
  const auto newest = text_in(version, "ApiVersion", "1.24"), oldest = text_in(version, "MinAPIVersion", "1.12");
  api_ = "1." + std::to_string(std::max(std::min(41, minor_of(newest)), minor_of(oldest)));
}

Task<void> DockerEngine::learn_version() {
  auto call = make("GET", "/version");
  call.timeout = core_->options.look_timeout;  // what an engine answers at once, or is silent
  const auto reply = co_await send(std::move(call));
  const auto body = parse_outside(reply.body).value;
  if (reply.status >= 400 || !body.is_object()) throw Error("docker: " + message_of(reply), 3);
  settle_version(body);
}

Task<void> DockerEngine::ask_lists(std::vector<std::string> paths, std::vector<HttpReply>& replies) {
  std::string requests, told;
  for (const auto& path : paths) {
    requests += "GET " + path + " HTTP/1.1\r\nHost: docker\r\n\r\n";
    told += (told.empty() ? "engine GET " : ", ") + path.substr(0, path.find('?'));
  }
  const Exchange exchange(*session_);
  LoggedCall logged(session_->traffic().host, told);
  auto channel = co_await dialer_->open();
  channel->limit = limits::engine_lists;
  session_->traffic().http_requests += static_cast<int>(paths.size());
  HttpReader reader;
  try {
    co_await channel->write(requests);
    while (replies.size() < paths.size()) {
      const auto more = co_await channel->read();
      if (more.empty())
        throw Error(channel->overflowed() ? "its lists are too long" : "the stream ended without an answer");
      reader.feed(more);
      while (auto reply = reader.next()) replies.push_back(std::move(*reply));
    }
    logged.ended("status " + std::to_string(replies.back().status));
  } catch (const Error& error) {
    if (!session_->alive()) throw Unreachable(session_->why_dead());
    throw Error("docker: " + (channel->err.empty() ? std::string(error.what()) : channel->err.substr(0, 300)), 3);
  }
}

Task<DockerEngine::Lists> DockerEngine::lists(bool info) {
  std::vector<HttpReply> replies;
  std::vector<std::string> paths = {"/version", "/containers/json?all=1", "/images/json"};
  if (info) paths.emplace_back("/info");
  const bool in_time = co_await within(core_->loop, core_->options.look_timeout, ask_lists(std::move(paths), replies));
  if (!in_time)
    throw Error("docker: no answer in " + std::to_string(core_->options.look_timeout.count() / 1000) + " s", 3);
  for (std::size_t i = 0; i < replies.size(); ++i)
    if (replies[i].status >= 400) throw Error("docker: " + message_of(replies[i]), 3);
  const auto version = parse_outside(replies[0].body).value;
  if (!version.is_object()) throw Error("docker: /version did not answer with JSON", 3);
  settle_version(version);
  if (info && !parse_outside(replies[3].body).value.is_object())
    throw Error("docker: /info did not answer with JSON", 3);
  co_return Lists{cut_text(text_in(version, "Version")), std::move(replies[1].body), std::move(replies[2].body),
                  info ? std::move(replies[3].body) : ""};
}

Task<void> DockerEngine::pull(std::string image, std::function<void(PullProgress)> progress) {
  const auto [name, tag] = split_image(image);
  PullStream stream;
  auto call = make("POST", "/images/create?fromImage=" + percent_encoded(name) + "&tag=" + percent_encoded(tag));
  call.timeout = {};
  call.silence = core_->options.pull_silence;
  std::size_t come = 0;
  call.on_data = [&](std::string_view bytes) {
    come = held(come, bytes, limits::pull, "what it tells of a pull");
    stream.feed(bytes);
    if (progress) progress(stream.progress());
  };
  co_await checked(std::move(call));
  if (!stream.error().empty()) throw Error(cut_text(stream.error()));
}

Task<bool> DockerEngine::find_in_registry(std::string image) {
  if (api_.empty()) co_await learn_version();
  if (minor_of(api_) < 30) co_return false;
  auto call = make("GET", "/distribution/" + image + "/json");
  call.timeout = std::chrono::seconds(30);  // a registry that is out of reach
  co_await checked(std::move(call));
  co_return true;
}

Task<std::string> DockerEngine::create(ContainerSpec spec, std::string name) {
  auto call = make("POST", "/containers/create?name=" + percent_encoded(name), create_body(spec).dump());
  const auto reply = co_await checked(std::move(call));
  const auto body = parse_outside(reply.body).value;
  auto made = cut_text(text_in(body, "Id"));
  if (made.empty()) throw Error("docker: create answered without an id");
  co_return made;
}

Task<void> DockerEngine::start(std::string id) {
  auto call = make("POST", "/containers/" + percent_encoded(id) + "/start");
  co_await checked(std::move(call));
}

Task<void> DockerEngine::stop(std::string id, int timeout_seconds) {
  auto call = make("POST", "/containers/" + percent_encoded(id) + "/stop?t=" + std::to_string(timeout_seconds));
  call.timeout += std::chrono::seconds(timeout_seconds);
  co_await checked(std::move(call));
}

Task<void> DockerEngine::restart(std::string id, int timeout_seconds) {
  auto call = make("POST", "/containers/" + percent_encoded(id) + "/restart?t=" + std::to_string(timeout_seconds));
  call.timeout += std::chrono::seconds(timeout_seconds);
  co_await checked(std::move(call));
}

Task<void> DockerEngine::rename(std::string id, std::string name) {
  auto call = make("POST", "/containers/" + percent_encoded(id) + "/rename?name=" + percent_encoded(name));
  co_await checked(std::move(call));
}

Task<void> DockerEngine::set_restart_policy(std::string id, std::string policy) {
  const json body = {{"RestartPolicy", {{"Name", policy}}}};
  auto call = make("POST", "/containers/" + percent_encoded(id) + "/update", body.dump());
  co_await checked(std::move(call));
}

Task<void> DockerEngine::remove(std::string id) {
  if (api_.empty()) co_await learn_version();
  // With the anonymous volumes that its image declares: nothing could ever mount them again.
  auto call = make("DELETE", "/v" + api_ + "/containers/" + percent_encoded(id) + "?v=1");
  const auto reply = co_await send(std::move(call));
  if (reply.status >= 400 && reply.status != 404) throw Error(message_of(reply));
}

namespace {

// "2026-01-02T03:04:05.678Z" as "1767323045.678"; the year 1 stands for never.
std::string epoch_of(const std::string& text) {
  std::tm time{};
  const char* rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &time);
  if (!rest || time.tm_year < 70) return "";
  const std::string fraction(rest, text.c_str() + text.size());
  const auto digits = fraction.starts_with('.') ? fraction.find_first_not_of("0123456789", 1) : 0;
  return std::to_string(::timegm(&time)) + fraction.substr(0, digits);
}

}  // namespace

Task<ContainerInfo> DockerEngine::inspect(std::string id_or_name) {
  if (api_.empty()) co_await learn_version();
  auto call = make("GET", "/v" + api_ + "/containers/" + percent_encoded(id_or_name) + "/json");
  const auto reply = co_await send(std::move(call));
  ContainerInfo info;
  info.name = id_or_name;
  info.state = "missing";
  if (reply.status == 404) co_return info;
  if (reply.status >= 400) throw Error(message_of(reply));
  const auto body = parse_outside(reply.body).value;
  if (!body.is_object()) throw Error("docker: inspect did not answer with JSON");
  info.id = cut_text(text_in(body, "Id"));
  info.name = cut_text(text_in(body, "Name"));
  if (info.name.starts_with('/')) info.name.erase(0, 1);
  const auto& state = object_in(body, "State");
  info.state = cut_text(text_in(state, "Status"));
  info.exit_code = small_in(state, "ExitCode", 0);
  info.oom_killed = flag_in(state, "OOMKilled");
  info.restarts = small_in(body, "RestartCount", 0);
  info.ended = epoch_of(text_in(state, "FinishedAt"));
  co_return info;
}

Task<std::vector<std::string>> DockerEngine::logs(std::string id, int lines) {
  std::vector<std::string> result;
  const auto most = static_cast<std::size_t>(std::max(lines, 0)) + limits::log_parts;
  Lines cut([&](std::string line) {
    if (result.size() >= most) throw Error("the log has more lines than were asked for");
    result.push_back(std::move(line));
  });
  std::size_t come = 0;
  LogStream stream([&](int, std::string_view bytes) { cut.feed(bytes); });
  auto call =
      make("GET", "/containers/" + percent_encoded(id) + "/logs?stdout=1&stderr=1&tail=" + std::to_string(lines));
  call.silence = core_->options.look_timeout;
  call.on_data = [&](std::string_view bytes) {
    come = held(come, bytes, limits::log, "the log");
    stream.feed(bytes);
  };
  co_await checked(std::move(call));
  cut.flush();
  co_return result;
}

Task<void> DockerEngine::follow_logs(std::string id, int lines, std::string since,
                                     std::function<void(std::string)> line) {
  Lines cut(std::move(line));
  LogStream stream([&](int, std::string_view bytes) { cut.feed(bytes); });
  auto call = make("GET", "/containers/" + percent_encoded(id) + "/logs?follow=1&stdout=1&stderr=1&tail=" +
                              std::to_string(lines) + (since.empty() ? "" : "&since=" + percent_encoded(since)));
  call.timeout = {};
  call.on_data = [&](std::string_view bytes) { stream.feed(bytes); };
  co_await checked(std::move(call));
  cut.flush();
}

Task<CommandResult> DockerEngine::exec(std::string id, std::vector<std::string> command) {
  const json wanted = {{"AttachStdout", true}, {"AttachStderr", true}, {"Cmd", command}};
  auto create = make("POST", "/containers/" + percent_encoded(id) + "/exec", wanted.dump());
  const auto created = co_await checked(std::move(create));
  const auto exec_id = text_in(parse_outside(created.body).value, "Id");
  if (exec_id.empty()) throw Error("docker: exec answered without an id");
  CommandResult result;
  LogStream stream([&](int which, std::string_view bytes) { (which == 2 ? result.err : result.out).append(bytes); });
  const json how = {{"Detach", false}, {"Tty", false}};
  auto start = make("POST", "/exec/" + percent_encoded(exec_id) + "/start", how.dump());
  std::size_t come = 0;
  start.on_data = [&](std::string_view bytes) {
    come = held(come, bytes, limits::exec, "what the command printed");
    stream.feed(bytes);
  };
  co_await checked(std::move(start));
  auto ask = make("GET", "/exec/" + percent_encoded(exec_id) + "/json");
  const auto told = co_await checked(std::move(ask));
  result.exit_status = small_in(parse_outside(told.body).value, "ExitCode", -1);
  co_return result;
}

}  // namespace cctl
