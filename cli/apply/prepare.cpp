#include "apply/prepare.hpp"

#include "apply/parallel.hpp"

namespace cctl {

Task<std::map<std::string, HostFacts>> ask_facts(Hosts& hosts, const Prepare& wanted, const std::vector<Host>& all,
                                                 const Observed& observed) {
  std::map<std::string, HostFacts> out;
  std::vector<const Host*> asked;
  for (const Host& host : all)
    if (const auto seen = observed.hosts.find(host.name); seen != observed.hosts.end() && seen->second.reachable)
      asked.push_back(&host);
  const std::function<Task<void>(std::size_t)> ask = [&](std::size_t i) -> Task<void> {
    const Host& host = *asked[i];
    std::string script = kFactsScript, input = facts_input(wanted, host.ip);
    const CommandResult result = co_await hosts.at(host.name).shell().run(std::move(script), std::move(input));
    HostFacts facts;
    try {
      facts = facts_from(result.out);
    } catch (const Error& e) {
      throw e.during("looking at " + host.name);
    }
    const ObservedHost& seen = observed.hosts.at(host.name);
    facts.engine_answers = seen.engine_error.empty();
    if (facts.docker_installed && !seen.engine_off) facts.engine_unknown = seen.engine_error;
    out[host.name] = std::move(facts);
  };
  co_await for_all(asked.size(), asked.size(), ask);
  co_return out;
}

}  // namespace cctl
