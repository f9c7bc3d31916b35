// Authentication: the configured keys straight away, then the agent, then a password.
#include <fstream>

#include "remote/agent.hpp"
#include "remote/login.hpp"

namespace cctl {
namespace {

// Ends the connection when a coroutine is left while the pool still works on the session.
struct HangUp {
  std::shared_ptr<Session> session;
  std::shared_ptr<AgentFilter> agent;
  bool armed = true;
  ~HangUp() {
    if (!armed) return;
    session->shut_socket();
    if (agent) agent->stop();
  }
};

struct Attempts {
  std::vector<std::string> tried;
  std::string last_error;
};

// True when authenticated. Throws when the server has hung up.
bool settle_attempt(Session& session, int result, const std::string& what, Attempts& attempts) {
  if (result == SSH_AUTH_SUCCESS) return true;
  attempts.tried.push_back(what + (result == SSH_AUTH_PARTIAL ? " (accepted, but more is wanted)" : ""));
  if (ssh_is_connected(session.raw())) return false;
  std::string tried;
  for (const auto& one : attempts.tried) tried += (tried.empty() ? "" : ", ") + one;
  throw Unreachable("the host hung up during login: tried " + tried);
}

Task<bool> try_key(std::shared_ptr<Session> session, std::shared_ptr<Core> core, Target target, KeyFile file,
                   Attempts& attempts) {
  const auto call = [session, user = target.user, key = file.key] {
    return ssh_userauth_publickey(session->raw(), user.c_str(), key.get());
  };
  int result = SSH_AUTH_AGAIN;
  if (ssh_key_type(file.key.get()) != SSH_KEYTYPE_RSA) {
    result = co_await session->step(call, SSH_AUTH_AGAIN);
  } else {
    // An RSA signature takes milliseconds: other hosts go on meanwhile.
    for (;;) {
      HangUp guard{session, nullptr};
      result = co_await on_pool(core->loop, core->pool, call);
      guard.armed = false;
      if (result != SSH_AUTH_AGAIN) break;
      auto wait_once = [first = true]() mutable { return std::exchange(first, false) ? 1 : 0; };
      co_await session->step(wait_once, 1);
    }
  }
  co_return settle_attempt(*session, result, "publickey " + file.path, attempts);
}

Task<bool> try_agent(std::shared_ptr<Session> session, std::shared_ptr<Core> core, Target target,
                     std::set<std::string> wanted, Attempts& attempts) {
  std::shared_ptr<AgentFilter> filter;
  try {
    auto start = [path = target.agent_socket, wanted] { return std::make_shared<AgentFilter>(path, wanted); };
    filter = co_await on_pool(core->loop, core->pool, start);
  } catch (const Error& error) {
    attempts.tried.push_back(std::string("agent (") + error.what() + ")");
    co_return false;
  }
  const auto count = std::to_string(filter->keys()) + (filter->keys() == 1 ? " key" : " keys");
  if (filter->keys() == 0) {
    attempts.tried.push_back(wanted.empty() ? "agent (no keys)" : "agent (it has not the configured key)");
    co_return false;
  }
  HangUp guard{session, filter};
  // libssh talks to the agent with blocking calls, so the whole method runs on the pool, with the session in blocking
  // mode.
  auto call = [session, filter, user = target.user] {
    ssh_set_agent_socket(session->raw(), ::dup(filter->client_socket()));
    ssh_set_blocking(session->raw(), 1);
    const int result = ssh_userauth_agent(session->raw(), user.c_str());
    ssh_set_blocking(session->raw(), 0);
    return result;
  };
  const int result = co_await on_pool(core->loop, core->pool, call);
  guard.armed = false;
  co_return settle_attempt(*session, result, "agent (" + count + ")", attempts);
}

Task<bool> try_keyboard(std::shared_ptr<Session> session, Target target, std::string password, Attempts& attempts) {
  const auto call = [&] { return ssh_userauth_kbdint(session->raw(), target.user.c_str(), nullptr); };
  int result = co_await session->step(call, SSH_AUTH_AGAIN);
  // A server that asks again and again did not like the answer.
  for (int round = 0; result == SSH_AUTH_INFO && round < 4; ++round) {
    const int prompts = ssh_userauth_kbdint_getnprompts(session->raw());
    for (int i = 0; i < prompts; ++i)
      ssh_userauth_kbdint_setanswer(session->raw(), static_cast<unsigned>(i), password.c_str());
    result = co_await session->step(call, SSH_AUTH_AGAIN);
  }
  co_return settle_attempt(*session, result, "keyboard-interactive", attempts);
}

Task<bool> try_password(std::shared_ptr<Session> session, Target target, std::string password, Attempts& attempts) {
  const auto call = [&] { return ssh_userauth_password(session->raw(), target.user.c_str(), password.c_str()); };
  const int result = co_await session->step(call, SSH_AUTH_AGAIN);
  co_return settle_attempt(*session, result, "password", attempts);
}

}  // namespace

Task<Credentials> gather_credentials(std::shared_ptr<Core> core, Target target) {
  if (target.keys.empty() && target.password_file.empty() && !target.password_prompt) co_return Credentials{};
  auto load = [core, target] {
    Credentials result;
    const bool may_ask = !target.use_agent;
    for (const auto& path : target.keys) result.keys.push_back(core->load_key(path, may_ask && target.key_configured));
    if (!target.password_file.empty()) {
      std::ifstream in(target.password_file);
      std::string line;
      if (!std::getline(in, line))
        throw Unreachable("the password file " + target.password_file + " cannot be read or is empty");
      if (line.ends_with('\r')) line.pop_back();
      result.password = line;
    } else if (target.password_prompt) {
      result.password = core->ask("SSH password for " + target.user);
      if (!result.password)
        throw Error("the password of " + target.user +
                        " cannot be asked for without a terminal; ssh: {password_file: FILE} answers it",
                    10);
    }
    return result;
  };
  co_return co_await on_pool(core->loop, core->pool, load);
}

Task<void> authenticate(std::shared_ptr<Session> session, std::shared_ptr<Core> core, Target target,
                        Credentials credentials) {
  Attempts attempts;
  std::set<std::string> wanted;
  for (const auto& file : credentials.keys) {
    if (target.key_configured && !file.public_base64.empty()) wanted.insert(file.public_base64);
    if (!file.key) {
      attempts.tried.push_back("publickey " + file.path + " (" + file.problem + ")");
      continue;
    }
    if (co_await try_key(session, core, target, file, attempts)) co_return;
  }
  if (target.use_agent && !(target.key_configured && wanted.empty()))
    if (co_await try_agent(session, core, target, wanted, attempts)) co_return;
  if (credentials.password) {
    if (co_await try_password(session, target, *credentials.password, attempts)) co_return;
    if (co_await try_keyboard(session, target, *credentials.password, attempts)) co_return;
  }
  std::string tried;
  for (const auto& one : attempts.tried) tried += (tried.empty() ? "" : ", ") + one;
  throw Unreachable("no authentication method worked for user " + target.user + ": tried " +
                    (tried.empty() ? "none, as there is no key, agent or password" : tried));
}

}  // namespace cctl
