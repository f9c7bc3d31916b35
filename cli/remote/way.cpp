#include "remote/way.hpp"

#include <algorithm>

#include "model/lower_case.hpp"

namespace cctl {
namespace {

Task<void> settled(std::shared_ptr<Core> core, Wanted wanted, Target& out) {
  auto work = [program = core->options.ssh_program, wanted] {
    return settle(wanted, ask_openssh(program, wanted.address, wanted.settings));
  };
  out = co_await core->threads.run(work);
}

// A name with the port it was asked for with.
std::string name_of(const std::string& host, const std::optional<int>& port) {
  return lower_case(host) + (port ? " " + std::to_string(*port) : "");
}

// `before` are the names that led here, so that a circle is seen.
Task<void> add_hops(std::shared_ptr<Core> core, Wanted wanted, std::chrono::milliseconds limit,
                    std::vector<std::string> before, std::vector<Hop>& out) {
  Hop hop;
  auto settling = settled(core, wanted, hop.target);
  if (!co_await within(core->loop, limit, std::move(settling)))
    throw NoAccess("ssh -G did not tell its configuration of " + wanted.address + " in " +
                   std::to_string(limit.count()) + " ms");
  for (const auto& warning : hop.target.warnings) core->warn(warning);
  before.push_back(name_of(wanted.address, wanted.settings.port));
  bool first = true;
  for (const auto& jump : hop.target.jumps) {
    const auto name = name_of(jump.host, jump.port);
    if (name == before.back()) continue;  // `Host *` with a ProxyJump covers the jump host itself
    if (std::find(before.begin(), before.end(), name) != before.end())
      throw NoAccess("ProxyJump goes in a circle: " + wanted.address + " is reached through " + jump.host +
                     ", and that through " + wanted.address);
    auto next = as_wanted(jump, wanted);
    if (!first) next.settings.jump.emplace();  // it is reached from the one before
    first = false;
    co_await add_hops(core, std::move(next), limit, before, out);
  }
  auto target = hop.target;
  hop.credentials = co_await gather_credentials(core, std::move(target), limit);
  out.push_back(std::move(hop));
}

}  // namespace

Task<std::vector<Hop>> find_way(std::shared_ptr<Core> core, Wanted wanted, std::chrono::milliseconds limit) {
  std::vector<Hop> hops;
  std::vector<std::string> before;
  co_await add_hops(core, std::move(wanted), limit, before, hops);
  co_return hops;
}

}  // namespace cctl
