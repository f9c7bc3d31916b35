// Settings of a container: the same words in a playbook and, as overrides, in an inventory.
#pragma once
#include <vector>

#include "load/reader.hpp"

namespace cctl {

// Bytes out of "512m", "1g" or a plain number.
std::optional<long long> memory_size(const Tree& tree, const Reader& r);

// The engine refuses a number of open files without end.
void read_ulimits(const Tree& tree, const Reader& r, std::map<std::string, long long>& out);

template <class Container>
std::vector<Key> container_keys(const Reader& r, Container& out) {
  const auto memory = [&r, &out](const Tree& tree) {
    if (const auto size = memory_size(tree, r)) out.memory = *size;
  };
  return {
      {"entrypoint", r.texts(out.entrypoint, any_text)},
      {"args", r.texts(out.args, any_text)},
      {"cap_add", r.texts(out.cap_add, is_capability)},
      {"cap_drop", r.texts(out.cap_drop, is_capability)},
      {"security_opt", r.texts(out.security_opt, is_security_opt)},
      {"dns", r.texts(out.dns, is_dns)},
      {"user", r.text(out.user, is_container_user)},
      {"network", r.text(out.network, is_network)},
      {"pid", r.text(out.pid, is_pid_mode)},
      {"stop_signal", r.text(out.stop_signal, is_stop_signal)},
      {"privileged", r.boolean(out.privileged)},
      {"init", r.boolean(out.init)},
      {"memory", memory},
      {"stop_timeout", r.number(out.stop_timeout, 0, 3600)},
      {"ulimits", [&r, &out](const Tree& tree) { read_ulimits(tree, r, out.ulimits); }},
  };
}

}  // namespace cctl
