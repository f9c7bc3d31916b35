// What the six verbs of `clusterctl images` share.
#pragma once
#include <string>
#include <vector>

#include "commands/options.hpp"
#include "model/image_name.hpp"
#include "plan/needed_images.hpp"
#include "registry/copy.hpp"
#include "registry/registry.hpp"

namespace cctl {

struct ImagesOptions {
  std::string to, from, file;
  std::vector<std::string> insecure;  // registries that speak plain http
  bool all_platforms = false;
  bool hosts = false;  // list: which hosts have it
  bool again = false;  // pull: where it is present, too
};

// What the inventory needs of what --component and --limit name; Error when that is nothing.
std::vector<NeededImage> images_of(const Options& options, const Sources& sources, const Desired& desired);

// With the logins that `docker login` has left.
Registries open_registries(const ImagesOptions& wanted);

// What `docker login` has left for a registry; nothing: no login.
Login login_at(const std::string& host);

// --to or --from as a prefix of image names; Error (exit 2) when it is none.
void check_prefix(const std::string& option, const std::string& prefix);

// What is true of every copy into a registry that did not come to its end.
constexpr const char* arrived_is_kept = "what has arrived is kept: the next run goes on from there";

// What came of a copy, as a table or JSON, `lines` behind it; the exit code. Error when an image failed. `sources`:
// null where no inventory was asked.
int tell_copied(const Options& options, const Sources* sources, const std::vector<CopyResult>& results,
                const std::string& lines);

int images_list(const Options& options, const ImagesOptions& wanted);
int images_pull(const Options& options, const ImagesOptions& wanted);
int images_mirror(const Options& options, const ImagesOptions& wanted);
int images_push(const Options& options, const ImagesOptions& wanted);
int images_save(const Options& options, const ImagesOptions& wanted);
int images_load(const Options& options, const ImagesOptions& wanted);

}  // namespace cctl
