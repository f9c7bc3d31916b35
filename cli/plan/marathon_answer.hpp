// Whether what answers on Marathon's port is Marathon: another program there says nothing about apps, not even that
// there are none. Pure.
// Source: Marathon 0.8 to 1.11 as measured.
#pragma once
#include <string>

#include "plan/extract.hpp"

namespace cctl {

enum class Asked {
  app,          // GET /v2/apps/ID: {"app": {"id": ID, "instances": N, ...}}
  apps,         // GET /v2/apps: {"apps": [...]}
  change,       // whatever begins a deployment: {"deploymentId": ...}
  deployments,  // GET /v2/deployments: [{"id": ...}, ...]
  info,         // GET /v2/info: {"version": ...}
  advice        // what is only told beside what is known: anything
};

// Why the answer is none of Marathon's to that question about the app `id`; empty: it is one. An answer of a kind that
// claims nothing (a refusal, an error) is one, whoever gave it.
std::string not_marathons(Asked what, const std::string& id, const Answer& answer);

// The deployment that an answer to `change` names.
std::string deployment_of(const Answer& answer);

}  // namespace cctl
