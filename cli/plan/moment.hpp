// Times as others write them. Pure.
#pragma once
#include <optional>
#include <string>

namespace cctl {

// Seconds since 1970 of "2026-11-21T10:14:14.159Z" or "Sat, 21 Nov 2026 10:14:14 GMT"; nothing of anything else.
std::optional<double> moment_of(const std::string& text);

}  // namespace cctl
