// Apps that Marathon keeps running: definitions made whole, and the probe that tells whether one runs. Pure.
// Source: Marathon 1.11 as measured (an ended deployment proves nothing, so running tasks are counted as well).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/plan.hpp"
#include "model/probe.hpp"
#include "model/spec.hpp"
#include "plan/extract.hpp"

namespace cctl {

// From a definition as somebody wrote it: the id gets its slash, instances are 1 where nothing is said, and labels are
// added, with the version of the component that it is (if it is one) and the digest. Throws Error when it is no app.
AppSpec app_spec(const std::string& definition, std::vector<std::string> addresses, int port,
                 const std::string& version = "");

// The digest that stands in the label of a definition made by app_spec.
std::string app_digest(const std::string& definition);

// From Marathon's answer about the app, which it may not have; empty: it is none of Marathon's, or says nothing.
std::optional<ObservedApp> observed_app(const std::string& id, const Answer& answer);

// The ids of the apps that a definition says it depends on, whole: relative ones are told from its own group.
std::vector<std::string> app_dependencies(const std::string& definition);

// "/v2/apps//web"
std::string app_path(const std::string& id);

// Every instance runs, is healthy where that is checked, and no deployment is under way. Any Marathon may be asked.
Probe app_probe(const AppSpec& app);

}  // namespace cctl
