// What Marathon says of apps, as values. Pure.
// Source: Marathon 1.11 as measured; earlier ones have the same fields.
#pragma once
#include <string>
#include <vector>

#include "model/app_state.hpp"
#include "plan/extract.hpp"

namespace cctl {

// Of `{"app": {...}}`, or of the app alone.
AppState app_state(const std::string& json);
AppState app_state(const Answer& answer);  // with the time that Marathon has
// Of `{"apps": [...]}`, by id.
std::vector<AppState> app_states(const std::string& json);
std::vector<AppState> app_states(const Answer& answer);  // with the time that Marathon has

// The Docker image of a definition; empty: it has none.
std::string app_image(const std::string& definition);

// What an answer has at a JSON pointer, as text; empty when it is not there.
std::string answer_text(const std::string& json, const std::string& pointer);

}  // namespace cctl
