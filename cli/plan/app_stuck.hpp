// Why an app does not start, from Marathon's launch queue and its last failure. Pure.
// Source: /v2/queue of Marathon 1.11 as measured. Before 1.4 the queue gives no reasons.
#pragma once
#include <string>

namespace cctl {

// One line; empty when neither answer tells. `queue` is that of ?embed=lastUnusedOffers, `app` that of
// ?embed=app.lastTaskFailure.
std::string app_stuck(const std::string& id, const std::string& queue, const std::string& app);

// The definition in Marathon's answer about one app; empty when there is none.
std::string app_definition(const std::string& answer);

}  // namespace cctl
