// What the manifest of a host remembers of a step: the ledger notes it while the step goes on, and a plan of several
// legs beforehand. Pure.
#pragma once
#include <optional>
#include <string>

#include "model/manifest.hpp"
#include "model/plan.hpp"

namespace cctl {

// Before files are written: what they are, and what stood there before the first of ours. What goes is forgotten once
// it is gone: note_applied.
void note_file(Manifest& manifest, const FileChange& change, const PendingFile& before);
// The directories whose content outlives the instance.
void note_data(Manifest& manifest, const Instance& instance);
// A container that is yet to be made reads what is there by then. One that exists has its entry from now on, so that
// the next run knows what it has not read, should this one end early.
void note_reading(Manifest& manifest, const Instance& instance, bool no_container);
// Its container was started on, or told to read, the files as they are now. True when that was not known.
bool note_applied(Manifest& manifest, const Instance& instance, const Step& step);
// The gate has passed: there is no way back any more. True when there was one, or another thing was not known.
bool note_passed(Manifest& manifest, const Instance& instance);

// A file with the bytes that stood there before.
FileSpec as_it_was(const std::string& path, const std::string& bytes, const std::string& mode, const std::string& owner,
                   bool in_place = false);
// What stands there when our part of a file goes; none: nothing. `now`: what a merged file has in it by now, whoever
// wrote it; null: there is none, or it is ours alone.
std::optional<FileSpec> without_ours(const std::string& path, const ManifestFile& ours, const FileSpec* now);

}  // namespace cctl
