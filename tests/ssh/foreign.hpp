// A second user who means harm, and what of root's he must not reach.
#pragma once
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>

#include <fstream>

#include "apply/scripts.hpp"
#include "catch.hpp"
#include "model/base64.hpp"
#include "remote/shell.hpp"
#include "run.hpp"

namespace cctl::test {

constexpr uid_t mallory = 65534;  // nobody

inline FileSpec file(const std::string& path, const std::string& content) {
  FileSpec f;
  f.path = path;
  f.content = content;
  f.mode = "0644";
  f.owner = "65534:65534";  // what a chown that went astray would make of the victim
  return f;
}

// A child that runs as the second user until it is ended.
struct Adversary {
  pid_t pid;
  explicit Adversary(const std::function<void()>& turn) : pid(::fork()) {
    if (pid != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::setgroups(0, nullptr) != 0 || ::setgid(mallory) != 0 || ::setuid(mallory) != 0) ::_exit(1);
    for (;;) turn();
  }
  ~Adversary() {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
  Adversary(const Adversary&) = delete;
  Adversary& operator=(const Adversary&) = delete;
};

// The victim: a directory of root's alone with a file of root's alone.
struct Victim {
  TempDir dir;
  std::string secret = dir / "secret";
  struct stat directory_before = {};
  Victim() {
    write_file(secret, "root's own");
    ::chmod(secret.c_str(), 0600);
    ::stat(dir.path.c_str(), &directory_before);
  }
  void unharmed() const {
    struct stat about = {};
    REQUIRE(::stat(secret.c_str(), &about) == 0);
    CHECK(about.st_uid == 0);
    CHECK((about.st_mode & 07777) == 0600);
    CHECK(read_file(secret) == "root's own");
    REQUIRE(::stat(dir.path.c_str(), &about) == 0);
    CHECK(about.st_uid == 0);
    CHECK(about.st_mode == directory_before.st_mode);
    CHECK(std::distance(fs::directory_iterator(dir.path), fs::directory_iterator()) == 1);
  }
};

// A directory of the second user's below one that everybody may enter.
struct Foreign {
  TempDir base;
  std::string path = base / "theirs";
  Foreign() {
    ::chmod(base.path.c_str(), 0755);
    fs::create_directory(path);
    if (::chown(path.c_str(), mallory, mallory) != 0) throw Error("not root");
  }
  // A link of theirs.
  void lay_link(const std::string& name, const std::string& aim) const {
    const std::string link = path + "/" + name;
    REQUIRE(::symlink(aim.c_str(), link.c_str()) == 0);
    REQUIRE(::lchown(link.c_str(), mallory, mallory) == 0);
  }
};

// Every entry of `directory` becomes a link to `aim`, whatever it was.
inline void lay_links(const std::string& directory, const std::string& aim) {
  DIR* listing = ::opendir(directory.c_str());
  if (!listing) return;
  while (const dirent* entry = ::readdir(listing)) {
    const std::string name = entry->d_name;
    if (name == "." || name == ".." || name.starts_with("away")) continue;
    const std::string path = directory + "/" + name;
    static unsigned count = 0;
    const std::string link = directory + "/away-link" + std::to_string(++count % 50);
    ::unlink(link.c_str());
    if (::symlink(aim.c_str(), link.c_str()) != 0) continue;
    ::rename(path.c_str(), (directory + "/away-" + std::to_string(count % 50)).c_str());
    ::rename(link.c_str(), path.c_str());
  }
  ::closedir(listing);
}

inline std::string refusal_of(World& world, HostDoor& door, std::vector<DirectorySpec> directories,
                              std::vector<FileSpec> files) {
  try {
    world.put(door, std::move(directories), std::move(files));
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace cctl::test
