// What of a merged file others have written: everything but our part. Pure.
#pragma once
#include <optional>
#include <string>

#include "model/manifest.hpp"

namespace cctl {

// Whether `now` is neither what we wrote, nor what an interrupted run of ours was about to replace.
bool others_changed(const ManifestFile& ours, const std::string& now);

// `now` without our part; none: nothing is left, and nothing stood there before us. Where nobody else has changed it
// since, what we first found; where it can no longer be read as what it was, `now` as others wrote it.
std::optional<std::string> theirs(const ManifestFile& ours, const std::string& now);

}  // namespace cctl
