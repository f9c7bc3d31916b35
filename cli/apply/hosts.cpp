#include "apply/hosts.hpp"

#include "apply/log.hpp"
#include "apply/parallel.hpp"
#include "apply/wait.hpp"
#include "plan/select.hpp"

namespace cctl {

HostDoor* Hosts::door(const std::string& host) const {
  const auto found = doors_.find(host);
  return found == doors_.end() ? nullptr : found->second.get();
}

void Hosts::leave(const std::string& host, NoDoor why) {
  const auto found = doors_.find(host);
  if (found == doors_.end()) return;
  left_.push_back(std::move(found->second));
  doors_.erase(found);
  absent_.emplace(host, std::move(why));
}

HostDoor& Hosts::at(const std::string& host) const {
  if (HostDoor* found = door(host)) return *found;
  const auto why = absent_.find(host);
  const std::string text = host + " is not connected";
  if (why == absent_.end()) throw Unreachable(text);
  const Error& error = why->second.error;
  if (why->second.absence == Absence::away) throw Unreachable(text + ": " + error.what());
  throw NoAccess(text + ": " + error.what(), error.exit_code());
}

std::optional<std::chrono::milliseconds> Hosts::patience(const std::string& host) const {
  const bool given_up = given_up_.count(host) > 0;
  if (named_.empty()) return given_up ? std::optional(shortly_) : std::nullopt;
  if (named_.count(host)) return std::nullopt;
  return given_up ? std::chrono::milliseconds(0) : shortly_;
}

std::string Hosts::why_given_up(const std::string& host) const {
  const auto found = given_up_.find(host);
  return found == given_up_.end() ? "" : found->second;
}

Task<void> run_into(Connection& shell, std::string script, std::string input, CommandResult& result) {
  result = co_await shell.run(std::move(script), std::move(input));
}

Task<void> ask_patiently(Hosts& hosts, std::string host, Task<void> task) {
  const auto patience = hosts.patience(host);
  if (patience && patience->count() == 0) throw GivenUp(hosts.why_given_up(host));
  try {
    if (!patience) {
      co_await std::move(task);
    } else {
      const auto executor = co_await asio::this_coro::executor;
      auto& loop = static_cast<asio::io_context&>(asio::query(executor, asio::execution::context));
      if (!co_await within(loop, *patience, std::move(task))) {
        const std::string before = hosts.why_given_up(host);
        throw GivenUp("no answer in " + std::to_string(patience->count() / 1000) +
                      " s, and it was not waited for any longer" +
                      (before.empty() ? ": --limit leaves it out" : "; before that: " + before));
      }
    }
  } catch (const GivenUp& e) {
    hosts.note_given_up(host, e.what());
    throw;
  }
  hosts.note_answer(host);
}

Task<Hosts> connect_all(Network& network, const std::vector<Host>& hosts, ConnectLimits limits) {
  Hosts out(select_hosts(limits.only, hosts).names, limits.shortly);
  const std::function<Task<void>(std::size_t)> login = [&](std::size_t i) -> Task<void> {
    Host host = hosts[i];
    try {
      auto door = co_await network.connect(std::move(host), limits.timeout);
      out.connected(hosts[i].name, std::move(door));
    } catch (const Error& e) {
      log_line(hosts[i].name, std::string("not connected: ") + e.what());
      out.failed(hosts[i].name, {e, absence_by(e)});
    }
  };
  co_await for_all(hosts.size(), limits.at_once, login);
  co_return out;
}

}  // namespace cctl
