// clusterctl images save and load: between registries and a file.
#include "commands/at_terminal.hpp"
#include "commands/context.hpp"
#include "commands/farewell.hpp"
#include "commands/images.hpp"
#include "commands/images_progress.hpp"
#include "commands/target.hpp"
#include "model/error.hpp"
#include "registry/archive.hpp"

namespace cctl {
namespace {

// From its first image on the unfinished archive is this run's own.
class Saving : public CopyWatcher {
 public:
  Saving(Progress& progress, std::string file, const std::vector<CopyJob>& jobs)
      : CopyWatcher(progress, file, jobs), part_(std::move(file) + ".part") {}
  void started(const CopyJob& job) override {
    Farewell::takes_along(part_);
    CopyWatcher::started(job);
  }

 private:
  std::string part_;
};

}  // namespace

int images_save(const Options& options, const ImagesOptions& wanted) {
  if (!wanted.from.empty()) check_prefix("--from", wanted.from);
  if (wanted.file == "-") throw Error("an archive is written to a file, not to standard output", 2);
  const std::string file = file_to_replace(wanted.file);
  const Sources sources = load_sources(options);
  tell_target(options, sources);
  std::vector<CopyJob> jobs;
  std::vector<ImageName> names;
  for (const NeededImage& image : images_of(options, sources, expand_sources(sources, {}))) {
    jobs.push_back({ImageName::parse(image.source(wanted.from, "")), ImageName::parse(image.bare)});
    names.push_back(ImageName::parse(image.reference));
  }
  const auto progress = progress_for(options);
  Registries registries = open_registries(wanted);
  RegistrySource source(registries);
  std::vector<CopyResult> results;
  {
    const Farewell farewell("no archive was written");
    Saving watcher(*progress, file, jobs);
    results = save_images(source, jobs, names, file, wanted.all_platforms, watcher);
  }
  return tell_copied(options, &sources, results, "");
}

int images_load(const Options& options, const ImagesOptions& wanted) {
  check_prefix("--to", wanted.to);
  ArchiveSource source(wanted.file);
  if (source.images().empty()) throw Error(wanted.file + " holds no images");
  std::vector<CopyJob> jobs;
  for (const ArchivedImage& image : source.images())
    jobs.push_back({image.name, ImageName::parse(wanted.to + "/" + image.name.text())});
  const auto progress = progress_for(options);
  Registries registries = open_registries(wanted);
  Registry& to = registries.at(jobs.front().target.host);
  std::vector<CopyResult> results;
  {
    const Farewell farewell(arrived_is_kept);
    CopyWatcher watcher(*progress, to.name(), jobs);
    constexpr bool whatever_it_holds = true;
    results = copy_images(source, to, jobs, whatever_it_holds, watcher);
  }
  return tell_copied(options, nullptr, results, "images: {registry: \"" + wanted.to + "\"}\n");
}

}  // namespace cctl
