#include "apply/lease.hpp"

#include <algorithm>

#include "apply/parallel.hpp"
#include "apply/scripts.hpp"
#include "model/cut.hpp"
#include "model/manifest_json.hpp"
#include "plan/quorum.hpp"

namespace cctl {
namespace {

constexpr const char* kBusy = "busy";

std::vector<std::string> voters(const std::vector<Host>& all) {
  std::vector<std::string> out;
  for (const auto& host : all)
    if (host.group == "masters") out.push_back(host.name);
  if (out.empty())
    for (const auto& host : all) out.push_back(host.name);
  return out;
}

struct Said {
  Connection* held = nullptr;
  std::string busy, error;
};

Task<void> hold_into(Connection& shell, std::string script, std::string& line) {
  line = cut_text(co_await shell.hold(std::move(script)));
}

Task<Said> ask(Hosts& hosts, std::string host, std::string script) {
  Said out;
  try {
    Connection& shell = hosts.at(host).shell();
    std::string line;
    Task<void> asked = hold_into(shell, std::move(script), line);
    co_await ask_patiently(hosts, host, std::move(asked));
    if (line == "held")
      out.held = &shell;
    else if (line.rfind(kBusy, 0) == 0)
      out.busy = line.size() > 5 ? line.substr(5) : "another run";
    else
      out.error = host + ": the lock cannot be made: " + (line.empty() ? "no answer" : line);
  } catch (const Error& e) {
    out.error = e.what();
  }
  co_return out;
}

}  // namespace

std::string Lease::holder_line(const std::string& who, const std::string& where, long pid, const std::string& command,
                               const std::string& since) {
  return who + "@" + where + ", pid " + std::to_string(pid) + ", " + command + ", since " + since;
}

Task<std::string> Lease::take(Hosts& hosts, const std::vector<Host>& all, std::string cluster, std::string holder) {
  std::vector<std::string> names = voters(all);
  needed_ = static_cast<std::size_t>(majority(static_cast<int>(names.size())));
  const std::string script = lease_script(manifest_directory(cluster), holder);
  std::vector<Said> answers(names.size());
  const std::function<Task<void>(std::size_t)> rest = [&](std::size_t i) -> Task<void> {
    if (answers[i].held || !answers[i].error.empty()) co_return;
    std::string name = names[i], text = script;
    answers[i] = co_await ask(hosts, std::move(name), std::move(text));
  };
  // The first that answers decides between two runs that start at once; then all the others.
  for (std::size_t i = 0; i < names.size(); ++i) {
    co_await rest(i);
    if (answers[i].error.empty()) break;
  }
  // One voter that says so is enough, though a majority grants the lock: a run by an inventory with other masters may
  // hold it there.
  const auto busy = [&]() -> std::string {
    for (std::size_t i = 0; i < names.size(); ++i)
      if (!answers[i].busy.empty()) return answers[i].busy + " (" + names[i] + " says so)";
    return "";
  };
  if (auto other = busy(); !other.empty()) co_return other;
  co_await for_all(names.size(), names.size(), rest);
  if (auto other = busy(); !other.empty()) co_return other;
  std::string errors;
  for (const auto& a : answers) {
    if (a.held) held_.push_back(a.held);
    if (!a.error.empty()) errors += "; " + a.error;
  }
  if (!held())
    throw Unreachable("the lease needs " + std::to_string(needed_) + " of " + std::to_string(names.size()) +
                      " hosts, got " + std::to_string(held_.size()) + errors +
                      "; bring them back, or put others in the place of those that are gone for good, in the "
                      "inventory");
  co_return "";
}

bool Lease::held() const {
  const auto alive = std::count_if(held_.begin(), held_.end(), [](const Connection* c) { return c->holding(); });
  return static_cast<std::size_t>(alive) >= needed_;
}

}  // namespace cctl
