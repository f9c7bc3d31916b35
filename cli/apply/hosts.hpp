// The connected hosts of one run: a door each, or the reason why there is none.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "apply/doors.hpp"
#include "model/absence.hpp"
#include "model/error.hpp"

namespace cctl {

// A host that logged in, and then did not answer in the time that it had.
class GivenUp : public Error {
 public:
  explicit GivenUp(const std::string& text) : Error(text, 3) {}
};

struct ConnectLimits {
  std::size_t at_once = 32;
  std::chrono::milliseconds timeout{10000};  // for each host
  std::vector<std::string> only = {};        // the words of --limit: who the run is about; none: all
  std::chrono::milliseconds shortly{10000};  // for an answer of others, once they are logged in to
};

// Why a host has no door.
struct NoDoor {
  Error error;
  Absence absence = Absence::away;
};

class Hosts {
 public:
  Hosts() = default;
  // `named`: the hosts that the run is about; empty: all.
  Hosts(std::set<std::string> named, std::chrono::milliseconds shortly) : named_(std::move(named)), shortly_(shortly) {}

  void connected(const std::string& host, std::unique_ptr<HostDoor> door) { doors_[host] = std::move(door); }
  void failed(const std::string& host, NoDoor why) { absent_.emplace(host, std::move(why)); }

  // The run goes on without it. Its door is kept: a lease may be held through it.
  void leave(const std::string& host, NoDoor why);

  // Null when the host was not asked for or could not be reached.
  HostDoor* door(const std::string& host) const;
  // The door that must be there; throws Unreachable or NoAccess.
  HostDoor& at(const std::string& host) const;
  const std::map<std::string, std::unique_ptr<HostDoor>>& doors() const { return doors_; }
  // Who has no door.
  const std::map<std::string, NoDoor>& absent() const { return absent_; }

  // How long an answer of a look is waited for: nothing for as long as the door has it; 0 for not at all. Hosts that
  // the run is not about cost it little, and those that were given up once cost it little more.
  std::optional<std::chrono::milliseconds> patience(const std::string& host) const;
  // Why it was given up; empty: it was not, or has answered since.
  std::string why_given_up(const std::string& host) const;
  void note_answer(const std::string& host) { given_up_.erase(host); }
  void note_given_up(const std::string& host, const std::string& why) { given_up_.emplace(host, why); }

 private:
  std::map<std::string, std::unique_ptr<HostDoor>> doors_;
  std::vector<std::unique_ptr<HostDoor>> left_;
  std::map<std::string, NoDoor> absent_;
  std::set<std::string> named_;
  std::chrono::milliseconds shortly_{0};
  std::map<std::string, std::string> given_up_;
};

// Logs in to all hosts at once. A host without a login is a value.
Task<Hosts> connect_all(Network& network, const std::vector<Host>& hosts, ConnectLimits limits);

// Asks with the patience that the run has for the host. Throws GivenUp where it did not answer in time, or was not
// asked any more; whatever else the task throws.
Task<void> ask_patiently(Hosts& hosts, std::string host, Task<void> task);
// Connection::run, as ask_patiently() takes it.
Task<void> run_into(Connection& shell, std::string script, std::string input, CommandResult& result);

}  // namespace cctl
