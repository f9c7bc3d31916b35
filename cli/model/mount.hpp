// "/on/the/host:/in/the/container[:OPTIONS]": what a container is shown of its host, as Docker reads it. Pure.
// Options, with commas between: ro or rw, and how mounts that come later below it are passed on (propagation): private,
// slave (from the host), shared (both ways), each with an r in front for those below it, too.
#pragma once
#include <string>
#include <vector>

namespace cctl {

struct Mount {
  std::string source, target;  // as written
  std::vector<std::string> options;

  bool read_only() const;
};

// Without any check: what is not there is empty.
Mount mount_of(const std::string& text);

// Empty, or what it is instead.
std::string why_no_mount(const std::string& text);

}  // namespace cctl
