// clusterctl images push: from the Docker engine of this machine to a registry, as docker tag and docker push would.
#include <algorithm>
#include <cstdlib>

#include "commands/at_terminal.hpp"
#include "commands/context.hpp"
#include "commands/farewell.hpp"
#include "commands/images.hpp"
#include "commands/images_progress.hpp"
#include "commands/target.hpp"
#include "model/error.hpp"
#include "registry/local_engine.hpp"

namespace cctl {
namespace {

// The name by which the engine has an image: the inventory's own, or the one without a registry.
ImageName name_here(LocalEngine& engine, const NeededImage& image) {
  for (const std::string& text : {image.reference, image.bare}) {
    const ImageName name = ImageName::parse(text);
    if (engine.has(name)) return name;
  }
  throw Error("this machine's Docker engine has neither " + image.reference + " nor " + image.bare +
              "; build or pull it, or copy it from its registry with clusterctl images mirror");
}

void push(LocalEngine& engine, CopyResult& result, CopyListener& listener) {
  const CopyJob& job = result.job;
  if (job.target.tag.empty()) throw Error("it is named by its digest, which a push cannot promise; use images mirror");
  listener.started(job);
  const bool had_name = engine.has(job.target);
  if (job.source.text() != job.target.text()) engine.tag(job.source, job.target);
  const auto moving = [&](long long done, long long total) { listener.moving(job, done, total); };
  const PushResult pushed = engine.push(job.target, login_at(job.target.host), moving);
  if (!had_name) engine.untag(job.target);
  result.digest = pushed.digest;
  result.size = result.copied = pushed.size;
  result.state = pushed.size > 0 ? CopyState::copied : CopyState::present;
}

}  // namespace

int images_push(const Options& options, const ImagesOptions& wanted) {
  check_prefix("--to", wanted.to);
  const Sources sources = load_sources(options);
  tell_target(options, sources);
  const std::vector<NeededImage> images = images_of(options, sources, expand_sources(sources, {}));
  const char* docker_host = std::getenv("DOCKER_HOST");
  LocalEngine engine(engine_socket(docker_host ? docker_host : ""));
  std::vector<CopyJob> jobs;
  std::vector<CopyResult> results(images.size());
  for (std::size_t i = 0; i < images.size(); ++i) {
    CopyJob& job = results[i].job;
    job = {ImageName::parse(images[i].reference), ImageName::parse(images[i].target(wanted.to))};
    try {
      job.source = name_here(engine, images[i]);
    } catch (const Error& e) {
      results[i].error = e.what();
    }
    jobs.push_back(job);
  }
  const auto progress = progress_for(options);
  {
    const Farewell farewell(arrived_is_kept);
    CopyWatcher watcher(*progress, jobs.front().target.host, jobs);
    for (CopyResult& result : results) {
      try {
        if (result.error.empty()) push(engine, result, watcher);
      } catch (const Error& e) {
        result.error = e.what();
      }
      watcher.ended(result);
    }
  }
  return tell_copied(options, &sources, results, inventory_lines(images, wanted.to));
}

}  // namespace cctl
