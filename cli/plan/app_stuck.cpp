#include "plan/app_stuck.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "model/outside_json.hpp"
#include "plan/app_fit.hpp"
#include "plan/app_pulse.hpp"
#include "plan/app_state.hpp"
#include "plan/json_at.hpp"

namespace cctl {
namespace {

using nlohmann::json;

struct Reason {
  std::string word;
  int declined = 0, offers = 0;
};

// The step of the matching at which most offers fell out.
Reason main_reason(const json& summary) {
  Reason out;
  for (const auto& row : summary) {
    out.offers = std::max(out.offers, count_at(row, "/processed"));
    const int declined = count_at(row, "/declined");
    if (declined > out.declined) out.declined = declined, out.word = text_at(row, "/reason");
  }
  return out;
}

// The largest amount in an offer that was not used; empty when Marathon shows none.
std::optional<double> largest_offer(const json& item, const std::string& resource) {
  std::optional<double> most;
  for (const auto& one : list_at(item, "/lastUnusedOffers")) {
    double sum = 0;
    for (const auto& r : list_at(one, "/offer/resources"))
      if (text_at(r, "/name") == resource) sum += number_at(r, "/scalar");
    most = std::max(most.value_or(0), sum);
  }
  return most;
}

std::string too_small(const json& item, const Reason& reason, const std::string& offers, const std::string& resource) {
  std::string out =
      "no slave offers " + amount(resource, number_at(item, "/app/" + resource)) + ": " + offers + " had too little";
  if (const auto most = largest_offer(item, resource)) out += ", the largest " + amount(resource, *most);
  return out + " (" + reason.word + "); " + more_of(resource);
}

// Host ports that the definition asks for by number.
std::string fixed_ports(const json& app) {
  std::string out;
  const auto add = [&](const char* list, const char* field) {
    for (const auto& port : list_at(app, list))
      if (const int number = count_at(port, field); number > 0)
        out += (out.empty() ? " " : ", ") + std::to_string(number);
  };
  if (json_at(app, "/requirePorts") == true) add("/portDefinitions", "/port");  // else they are service ports
  add("/container/portMappings", "/hostPort");
  add("/container/docker/portMappings", "/hostPort");
  return out;
}

std::string unfit(const json& item, const Reason& reason) {
  static const std::map<std::string, std::string> resources = {{"InsufficientCpus", "cpus"},
                                                               {"InsufficientMemory", "mem"},
                                                               {"InsufficientDisk", "disk"},
                                                               {"InsufficientGpus", "gpus"}};
  const std::string offers = std::to_string(reason.declined) + " of " + std::to_string(reason.offers) +
                             (reason.offers == 1 ? " offer" : " offers");
  if (const auto found = resources.find(reason.word); found != resources.end())
    return too_small(item, reason, offers, found->second);
  if (reason.word == "UnfulfilledConstraint")
    return offers + " did not meet its constraints " + list_at(item, "/app/constraints").dump() +
           " (UnfulfilledConstraint); see hostname and attributes of mesos-slave";
  if (reason.word == "UnfulfilledRole")
    return offers +
           " were for another role (UnfulfilledRole); see acceptedResourceRoles of the app, and the roles in " +
           "resources of mesos-slave";
  if (reason.word == "InsufficientPorts")
    return offers + " lacked a port that it asks for" + fixed_ports(json_at(item, "/app")) +
           " (InsufficientPorts); a slave offers 31000 to 32000 unless its resources say otherwise, each port once";
  if (reason.word == "AgentMaintenance") return offers + " came from slaves in maintenance (AgentMaintenance)";
  return offers + " were declined: " + reason.word;
}

std::string waiting(const json& item) {
  Reason reason = main_reason(list_at(item, "/processedOffersSummary/rejectSummaryLastOffers"));
  if (reason.word.empty()) reason = main_reason(list_at(item, "/processedOffersSummary/rejectSummaryLaunchAttempt"));
  if (!reason.word.empty()) return unfit(item, reason);
  if (json_at(item, "/processedOffersSummary/processedOffersCount") == 0)
    return "Marathon has had no offer for it: no slave is registered, or all that they have is in use";
  if (count_at(item, "/delay/timeLeftSeconds") > 0) return "Marathon waits for a while before it tries again";
  return "";
}

}  // namespace

std::string app_definition(const std::string& answer) {
  const json app = json_at(parse_outside(answer).value, "/app");
  return app.is_object() ? app.dump() : "";
}

std::string app_stuck(const std::string& id, const std::string& queue, const std::string& app) {
  std::string out;
  for (const auto& item : list_at(parse_outside(queue).value, "/queue"))
    if (text_at(item, "/app/id") == id) out = waiting(item);
  const std::string failure = failure_in_words(app_state(app));
  return out + (out.empty() || failure.empty() ? "" : "; ") + failure;
}

}  // namespace cctl
