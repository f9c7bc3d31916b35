// What is left where a Docker engine starts, and keeps it from starting: looked for, and cleared. One script on the
// host, and its answer as plain values. Pure.
#pragma once
#include <string>
#include <vector>

namespace cctl {

struct EngineObstacle {
  enum class Kind {
    empty_directory,  // made by Docker for a container that mounts a path which is not there
    directory,        // with something in it, or one that cannot be removed
    stale_pid         // the file names a process that is no engine
  };
  std::string path;
  Kind kind = Kind::directory;
  std::string detail;    // stale_pid: "12 sleep"; directory: why it stands
  bool cleared = false;  // it was in the way, and is removed

  std::string in_words() const;  // "/var/run/docker.sock is a directory, in the place of its socket"
  std::string cure() const;      // "rmdir /var/run/docker.sock"
};

// POSIX sh, to run as root: prints a line for each obstacle. With `clear` what is safe to remove is removed first:
// empty directories, and files with the number of a process that is no engine. Nothing else is ever removed. `socket`
// is where the inventory says that the engine listens; it may listen at the usual place, too.
std::string engine_way_script(bool clear, const std::string& socket);
// Lines that are none of its own are passed over.
std::vector<EngineObstacle> engine_way_from(const std::string& answer);

// "removed the empty directory /var/run/docker.sock, which was in the place of its socket"; empty: nothing was cleared.
std::string cleared_in_words(const std::vector<EngineObstacle>& way);
// What stands in the way still, each with the command that takes it away; empty: nothing does.
std::string standing_in_words(const std::vector<EngineObstacle>& way);

}  // namespace cctl
