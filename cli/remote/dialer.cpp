#include "remote/dialer.hpp"

namespace cctl {

// sshd allows ten session channels at once; one is kept for a command and one for the lease.
constexpr int stdio_at_once = 8, straight_at_once = 256;
constexpr std::chrono::seconds kFindOut{60};

EngineDialer::EngineDialer(std::shared_ptr<Session> session, Access access, std::string socket)
    : session_(std::move(session)), access_(std::move(access)), socket_(std::move(socket)), asked_(session_->loop()) {}

int EngineDialer::at_once() const {
  return way_ == Way::stdio ? stdio_at_once : straight_at_once;
}

Task<std::unique_ptr<Channel>> EngineDialer::open() {
  while (asking_) co_await asked_.wait();
  if (way_ == Way::straight) {
    try {
      co_return co_await Channel::open_unix(session_, socket_);
    } catch (const OpenRefused&) {
      // sshd says the same of a socket that is missing, not ours, or not to be forwarded.
    }
    // The first to be refused finds out for all.
    while (asking_) co_await asked_.wait();
    if (way_ == Way::straight) co_await find_out();
  }
  co_return co_await open_by_stdio();
}

Task<void> EngineDialer::find_out() {
  struct Asking {
    EngineDialer& self;
    explicit Asking(EngineDialer& s) : self(s) { self.asking_ = true; }
    ~Asking() {
      self.asking_ = false;
      self.asked_.wake();
    }
  } asking(*this);
  const auto path = shell_quoted(socket_);
  std::string script = "[ -S " + path + " ] || echo nosocket; [ -w " + path +
                       " ] || echo nowrite; command -v docker >/dev/null 2>&1 || echo nodocker";
  CommandResult result;
  const auto ask = [](EngineDialer& self, std::string asked, CommandResult& said) -> Task<void> {
    auto channel = co_await start_script(self.session_, self.access_, std::move(asked), kFindOut, kFindOut);
    channel->send_eof();
    said = co_await finish(std::move(channel), self.access_);
  };
  if (!co_await within(session_->loop(), kFindOut, ask(*this, std::move(script), result)))
    throw Error(
        "docker: the host has not told in " + std::to_string(kFindOut.count()) + " s whether there is an engine", 3);
  const auto says = [&](const char* word) { return result.out.find(word) != std::string::npos; };
  if (says("nosocket"))
    throw Error(says("nodocker")
                    ? "docker: neither the socket " + socket_ + " nor the docker command is there; is Docker installed?"
                    : "docker: the socket " + socket_ + " is missing; is the daemon running?",
                3);
  if (says("nowrite"))
    throw Forbidden("docker: the socket " + socket_ +
                    " is forbidden to this user; use `become: sudo` or the docker group");
  if (says("nodocker"))
    throw Error(
        "docker: sshd does not forward to the socket " + socket_ +
            " (AllowStreamLocalForwarding, sshd 6.7 or later), and there is no docker command of 18.09 or later "
            "to go round it",
        3);
  way_ = Way::stdio;
}

Task<std::unique_ptr<Channel>> EngineDialer::open_by_stdio() {
  std::string script = "exec docker -H unix://" + shell_quoted(socket_) + " system dial-stdio";
  co_return co_await start_script(session_, access_, std::move(script), kFindOut);
}

}  // namespace cctl
