// Authentication: the configured keys straight away, then the agent's, the usual files, a password.
#include <unistd.h>

#include <algorithm>

#include "remote/agent.hpp"
#include "remote/login.hpp"
#include "remote/offers.hpp"

namespace cctl {
namespace {

// Ends the connection when a coroutine is left while a thread still works on the session.
struct HangUp {
  std::shared_ptr<Session> session;
  bool armed = true;
  ~HangUp() {
    if (armed) session->shut_socket();
  }
};

// One login: what it has tried so far.
struct Login {
  std::shared_ptr<Session> session;
  std::shared_ptr<Core> core;
  Target target;
  Credentials credentials;
  std::string& stage;

  std::vector<std::string> tried;
  std::set<std::string> offered;  // blobs
  int offers = 0;
  std::size_t from_agent = 0, in_agent = 0;

  std::string all_tried() const {
    std::string text;
    for (const auto& one : tried) text += (text.empty() ? "" : ", ") + one;
    if (in_agent > 0)
      text += (text.empty() ? "" : ", ") + std::string("agent (") + std::to_string(from_agent) +
              (from_agent == in_agent ? "" : " of its " + std::to_string(in_agent)) +
              (in_agent == 1 ? " key)" : " keys)");
    return text;
  }
};

// True when authenticated. Throws when the server has hung up.
bool settle_attempt(Login& login, int result, const std::string& what) {
  if (result == SSH_AUTH_SUCCESS) return true;
  if (!what.empty())
    login.tried.push_back(what + (result == SSH_AUTH_PARTIAL ? " (accepted, but more is wanted)" : ""));
  if (ssh_is_connected(login.session->raw())) return false;
  std::string advice;
  if (login.offers > 1)
    advice = "; a server takes only so many keys (MaxAuthTries): name the right one with `key:`, its .pub will do";
  throw NoAccess("the host hung up during login: tried " + login.all_tried() + advice);
}

// Repeats a call of libssh on threads until it says something other than "again": it signs, or waits for a signature.
template <class Call>
Task<int> repeat_apart(Login& login, Call call) {
  for (;;) {
    HangUp guard{login.session};
    auto once = call;
    const int result = co_await login.core->threads.run(std::move(once));
    guard.armed = false;
    if (result != SSH_AUTH_AGAIN) co_return result;
    if (!ssh_is_connected(login.session->raw())) co_return SSH_AUTH_ERROR;
    auto wait_once = [first = true]() mutable { return std::exchange(first, false) ? 1 : 0; };
    co_await login.session->step(wait_once, 1);
  }
}

Task<bool> try_key(Login& login, const Offer& offer) {
  const auto call = [session = login.session, user = login.target.user, key = offer.key] {
    return ssh_userauth_publickey(session->raw(), user.c_str(), key.get());
  };
  ++login.offers;
  login.offered.insert(offer.shown.blob);
  // An RSA signature takes milliseconds: other hosts go on meanwhile.
  const auto type = ssh_key_type(offer.key.get());
  const bool slow = type == SSH_KEYTYPE_RSA || type == SSH_KEYTYPE_RSA_CERT01;
  int result = SSH_AUTH_AGAIN;
  if (slow)
    result = co_await repeat_apart(login, call);
  else
    result = co_await login.session->step(call, SSH_AUTH_AGAIN);
  co_return settle_attempt(login, result, offer.name);
}

Task<bool> try_files(Login& login, const std::vector<KeyFile>& files, bool spare) {
  for (const auto& file : files)
    if (!file.key && !(spare && login.offered.count(file.blob)))
      login.tried.push_back("publickey " + file.path + " (" + file.problem + ")");
  for (const auto& offer : file_offers(files, login.credentials.certificates))
    if (!login.offered.count(offer.shown.blob) && co_await try_key(login, offer)) co_return true;
  co_return false;
}

// The relay answers on the loop while libssh, on a thread, waits for it. Each call of libssh sees one key.
Task<bool> try_agent_key(Login& login, const Offer& offer, AgentRelay& relay) {
  relay.show(offer.shown, offer.signer);
  const auto call = [session = login.session, user = login.target.user] {
    return ssh_userauth_agent(session->raw(), user.c_str());
  };
  ++login.offers;
  ++login.from_agent;
  login.offered.insert(offer.shown.blob);
  const int result = co_await repeat_apart(login, call);
  if (relay.refused() && result != SSH_AUTH_SUCCESS)
    login.tried.push_back("agent (it would not sign with " + offer.shown.comment + ")");
  co_return settle_attempt(login, result, "");
}

Task<bool> try_agent(Login& login) {
  const auto& target = login.target;
  auto socket = target.agent_socket;
  const auto agent = co_await login.core->agent(std::move(socket), login.credentials.agent_limit);
  if (!agent.problem.empty()) {
    login.tried.push_back("agent (" + agent.problem + ")");
    co_return false;
  }
  auto named = login.credentials.keys;
  named.insert(named.end(), login.credentials.spare_keys.begin(), login.credentials.spare_keys.end());
  const auto offers = agent_offers(agent.keys, named, login.credentials.certificates, target.only_these, login.offered);
  const bool knows = std::any_of(agent.keys.begin(), agent.keys.end(),
                                 [&](const AgentKey& key) { return login.offered.count(key.blob) > 0; });
  if (agent.keys.empty())
    login.tried.push_back("agent (no keys)");
  else if (offers.empty() && !knows)
    login.tried.push_back("agent (it has not the configured key)");
  login.in_agent = offers.size();
  const auto relay = std::make_shared<AgentRelay>(login.core->loop, target.agent_socket);
  const auto waiting = " (the ssh-agent at " + target.agent_socket + " has not signed yet)";
  relay->on_signing([&stage = login.stage, before = login.stage, waiting](bool asked) {
    stage = asked ? before.substr(0, before.find(" (")) + waiting : before;
  });
  ssh_set_agent_socket(login.session->raw(), ::dup(relay->client_socket()));
  for (const auto& offer : offers) {
    if (!public_key(offer.shown.blob)) {
      --login.in_agent;
      login.tried.push_back("agent (" + blob_type(offer.shown.blob) + " is not supported)");
    } else if (co_await try_agent_key(login, offer, *relay)) {
      co_return true;
    }
  }
  co_return false;
}

Task<bool> try_keyboard(Login& login, std::string password) {
  auto* raw = login.session->raw();
  const auto call = [&] { return ssh_userauth_kbdint(raw, login.target.user.c_str(), nullptr); };
  int result = co_await login.session->step(call, SSH_AUTH_AGAIN);
  // A server that asks again and again did not like the answer.
  for (int round = 0; result == SSH_AUTH_INFO && round < 4; ++round) {
    const int prompts = ssh_userauth_kbdint_getnprompts(raw);
    // What is shown while it is typed is no password: a name, or a code that is good once.
    for (unsigned i = 0; i < static_cast<unsigned>(std::max(prompts, 0)); ++i) {
      char shown = 0;
      ssh_userauth_kbdint_getprompt(raw, i, &shown);
      ssh_userauth_kbdint_setanswer(raw, i, shown ? "" : password.c_str());
    }
    result = co_await login.session->step(call, SSH_AUTH_AGAIN);
  }
  co_return settle_attempt(login, result, "keyboard-interactive");
}

Task<bool> try_password(Login& login, std::string password) {
  const auto call = [&] {
    return ssh_userauth_password(login.session->raw(), login.target.user.c_str(), password.c_str());
  };
  const int result = co_await login.session->step(call, SSH_AUTH_AGAIN);
  co_return settle_attempt(login, result, "password");
}

}  // namespace

Task<void> authenticate(std::shared_ptr<Session> session, std::shared_ptr<Core> core, Target target,
                        Credentials credentials, std::string& stage) {
  Login login{session, core, std::move(target), std::move(credentials), stage, {}, {}};
  for (const auto& file : login.credentials.missing) login.tried.push_back("certificate " + file + " (is not there)");
  if (co_await try_files(login, login.credentials.keys, false)) co_return;
  if (login.target.use_agent && co_await try_agent(login)) co_return;
  if (co_await try_files(login, login.credentials.spare_keys, true)) co_return;
  if (login.credentials.password) {
    auto password = *login.credentials.password;
    if (co_await try_password(login, password)) co_return;
    if (co_await try_keyboard(login, password)) co_return;
  }
  const auto tried = login.all_tried();
  std::string kerberos;
  if (login.target.kerberos && (ssh_userauth_list(session->raw(), nullptr) & SSH_AUTH_METHOD_GSSAPI_MIC))
    kerberos = "; Kerberos (GSSAPIAuthentication) is not used here";
  throw NoAccess("no authentication method worked for user " + login.target.user + ": tried " +
                 (tried.empty() ? "none, as there is no key, agent or password" : tried) + kerberos);
}

}  // namespace cctl
