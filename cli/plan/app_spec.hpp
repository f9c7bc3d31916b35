// Apps that Marathon keeps running: definitions made whole, and the probe that tells whether one runs. Pure.
// Source: Marathon 1.11 as measured (an ended deployment proves nothing, so running tasks are counted as well).
#pragma once
#include <string>
#include <vector>

#include "model/probe.hpp"
#include "model/spec.hpp"

namespace cctl {

// From a definition as somebody wrote it: the id gets its slash, instances are 1 where nothing is said, and the label
// with the digest is added. Throws Error when it is no app.
AppSpec app_spec(const std::string& definition, std::vector<std::string> addresses, int port);

// The digest that stands in the label of a definition made by app_spec, or in Marathon's own words about an app
// (`{"app": ...}`); empty when there is none.
std::string app_digest(const std::string& json);

// How many instances Marathon is told to keep running, from its own words; -1 when it does not say.
int app_instances(const std::string& json);

// "/v2/apps//web"
std::string app_path(const std::string& id);

// Every instance runs and no deployment is under way.
Probe app_probe(const AppSpec& app);

}  // namespace cctl
