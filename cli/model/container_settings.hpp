// What may be said of a container, in a playbook and, in its place, in an inventory: one table, by which it is read,
// rendered, compared, told to the engine and shown as a command. A new setting is a member, its row here, its check in
// load/container.hpp and its line in inventory/schema.json.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace cctl {

template <class T>
using Always = T;  // Maybe<T>: unset means that nobody said so
template <class T>
using Maybe = std::optional<T>;

template <template <class> class Of>
struct ContainerSettings {
  using Texts = std::vector<std::string>;

  Of<std::string> network = usually<std::string>("host");
  Of<std::string> pid = {};  // "host" or empty
  Of<bool> privileged = {}, init = {};
  Of<Texts> cap_add = {}, cap_drop = {}, security_opt = {}, dns = {};
  std::map<std::string, std::int64_t> ulimits;  // merged by name
  Of<std::string> user = {};
  Of<std::int64_t> memory = {};  // bytes; 0 is no limit
  Of<std::string> stop_signal = {};
  Of<int> stop_timeout = usually<int>(10);  // seconds
  Of<Texts> entrypoint = {}, args = {};

 private:
  template <class T>
  static Of<T> usually(T value) {
    if constexpr (std::is_same_v<Of<T>, T>)
      return value;
    else
      return {};
  }
};

struct ContainerRow {
  std::string_view name;  // in playbooks, inventories and manifests
  std::string_view flag;  // of docker run; empty: it has none
  std::string_view body;  // where it stands in the request that makes a container, as a JSON pointer
};

// Calls `f` with each row, and with what it is in each of the settings given. In the order in which a command has them.
template <class F, class... Settings>
void each_setting(F&& f, Settings&... of) {
  f(ContainerRow{"network", "--network", "/HostConfig/NetworkMode"}, of.network...);
  f(ContainerRow{"pid", "--pid", "/HostConfig/PidMode"}, of.pid...);
  f(ContainerRow{"privileged", "--privileged", "/HostConfig/Privileged"}, of.privileged...);
  f(ContainerRow{"init", "--init", "/HostConfig/Init"}, of.init...);
  f(ContainerRow{"cap_add", "--cap-add", "/HostConfig/CapAdd"}, of.cap_add...);
  f(ContainerRow{"cap_drop", "--cap-drop", "/HostConfig/CapDrop"}, of.cap_drop...);
  f(ContainerRow{"security_opt", "--security-opt", "/HostConfig/SecurityOpt"}, of.security_opt...);
  f(ContainerRow{"dns", "--dns", "/HostConfig/Dns"}, of.dns...);
  f(ContainerRow{"ulimits", "--ulimit", "/HostConfig/Ulimits"}, of.ulimits...);
  f(ContainerRow{"user", "--user", "/User"}, of.user...);
  f(ContainerRow{"memory", "--memory", "/HostConfig/Memory"}, of.memory...);
  f(ContainerRow{"stop_signal", "--stop-signal", "/StopSignal"}, of.stop_signal...);
  f(ContainerRow{"stop_timeout", "--stop-timeout", "/StopTimeout"}, of.stop_timeout...);
  f(ContainerRow{"entrypoint", "", "/Entrypoint"}, of.entrypoint...);
  f(ContainerRow{"args", "", "/Cmd"}, of.args...);
}

}  // namespace cctl
