// The connected hosts of one run: a door each, or the reason why there is none.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "apply/doors.hpp"
#include "model/error.hpp"

namespace cctl {

class Hosts {
 public:
  void connected(const std::string& host, std::unique_ptr<HostDoor> door) { doors_[host] = std::move(door); }
  void failed(const std::string& host, const Error& error) { errors_.emplace(host, error); }

  // Null when the host was not asked for or could not be reached.
  HostDoor* door(const std::string& host) const;
  // The door that must be there; throws Unreachable.
  HostDoor& at(const std::string& host) const;
  const std::map<std::string, std::unique_ptr<HostDoor>>& doors() const { return doors_; }
  // Host -> why it could not be reached.
  const std::map<std::string, Error>& unreachable() const { return errors_; }

 private:
  std::map<std::string, std::unique_ptr<HostDoor>> doors_;
  std::map<std::string, Error> errors_;
};

struct ConnectLimits {
  std::size_t at_once = 32;
  std::chrono::milliseconds timeout{10000};  // for each host
};

// Logs in to all hosts at once. An unreachable host is a value.
Task<Hosts> connect_all(Network& network, const std::vector<Host>& hosts, ConnectLimits limits);

}  // namespace cctl
