#include "apply/prepare.hpp"

#include "apply/parallel.hpp"
#include "model/cut.hpp"

namespace cctl {

Task<std::map<std::string, HostFacts>> ask_facts(Hosts& hosts, const Prepare& wanted, const std::vector<Host>& all,
                                                 Observed& observed) {
  std::map<std::string, HostFacts> out;
  std::vector<const Host*> asked;
  for (const Host& host : all)
    if (const auto seen = observed.hosts.find(host.name); seen != observed.hosts.end() && seen->second.reachable)
      asked.push_back(&host);
  const std::function<Task<void>(std::size_t)> ask = [&](std::size_t i) -> Task<void> {
    const Host& host = *asked[i];
    ObservedHost& seen = observed.hosts.at(host.name);
    HostFacts facts;
    try {
      std::string script = kFactsScript, input = facts_input(wanted, host.ip);
      CommandResult result;
      Task<void> looked = run_into(hosts.at(host.name).shell(), std::move(script), std::move(input), result);
      co_await ask_patiently(hosts, host.name, std::move(looked));
      facts = facts_from(result.out);
    } catch (const Error& e) {
      seen.reachable = false;
      seen.error = cut_text(e.what()), seen.exit_code = e.exit_code();
      co_return;
    } catch (const std::system_error&) {
      throw;  // cancelled
    } catch (const std::exception& e) {
      const Error told = unreadable(e);
      seen.reachable = false;
      seen.error = cut_text(told.what()), seen.exit_code = told.exit_code();
      co_return;
    }
    facts.engine_answers = seen.engine_error.empty();
    if (facts.docker_installed && !seen.engine_off) facts.engine_unknown = seen.engine_error;
    out[host.name] = std::move(facts);
  };
  co_await for_all(asked.size(), asked.size(), ask);
  co_return out;
}

}  // namespace cctl
