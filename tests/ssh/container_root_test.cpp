// Directories that a container may write to, whose root means harm: it is root's uid, and none of ours.
#include "foreign.hpp"

using namespace cctl;
using namespace cctl::test;

namespace {

// A directory that a container may write to, whose root is root here, too.
struct Lent {
  TempDir base;
  std::string path = base / "conf";
  std::set<std::string> lent{path};
  explicit Lent(const Victim& victim) {
    ::chmod(base.path.c_str(), 0755);
    fs::create_directory(path);
    fs::create_directory_symlink(victim.dir.path, path + "/rendered");
    fs::create_symlink(victim.secret, path + "/base.cfg");
  }
};

}  // namespace

TEST_CASE("root of a container leads nobody astray where it may write") {
  World world;
  auto door = world.connect(shared_sshd().host());
  const Victim victim;
  const Lent there(victim);
  LookRequest request;
  request.cluster = "x";
  request.content_paths = {there.path + "/base.cfg", there.path + "/rendered/secret"};
  request.listed = {there.path + "/rendered"};
  request.lent = there.lent;
  const ObservedHost host = world.observe(*door, request);
  for (const auto& [path, file] : host.files) CHECK(file.content.empty());
  CHECK(host.files.at(there.path + "/base.cfg").link == "root (uid 0)");
  CHECK_THAT(host.files.at(there.path + "/rendered/secret").barred, Contains("that a container may write to"));
  CHECK(host.entries.empty());

  LookRequest disks;
  disks.facts = {&fact::disks};
  disks.disks = {there.path + "/rendered"};
  disks.lent = there.lent;
  const Facts seen = world.look(*door, disks);
  CHECK(seen.disks.at(there.path + "/rendered").owner < 0);

  const auto put = [&](const std::vector<DirectorySpec>& directories, const std::vector<FileSpec>& files) {
    try {
      world.put(*door, directories, files, there.lent);
      return std::string();
    } catch (const Error& error) {
      return std::string(error.what());
    }
  };
  DirectorySpec data;
  data.path = there.path + "/rendered";
  data.owner = "65534:65534";
  CHECK_THAT(put({data}, {}), Contains("cannot make directory"));
  CHECK_THAT(put({}, {file(there.path + "/rendered/secret", "x")}), Contains("is a link"));
  // A link in a file's place goes, also in directories that are made, or lead there by a link of the operator's.
  CHECK(put({}, {file(there.path + "/base.cfg", "new"), file(there.path + "/a/b", "deep")}).empty());
  CHECK(fs::is_regular_file(fs::symlink_status(there.path + "/base.cfg")));
  CHECK(read_file(there.path + "/base.cfg") == "new");
  CHECK(read_file(there.path + "/a/b") == "deep");
  CHECK(put({}, {file(there.path + "/base.cfg", "newer"), file(there.path + "/rendered/secret", "x")}) != "");
  CHECK(read_file(there.path + "/base.cfg") == "new");
  struct stat about = {};
  REQUIRE(::stat((there.path + "/base.cfg").c_str(), &about) == 0);
  CHECK(about.st_uid == 65534);
  // Nothing of ours is left beside it.
  CHECK(std::distance(fs::directory_iterator(there.base.path), fs::directory_iterator()) == 1);
  victim.unharmed();
}

TEST_CASE("root of a container who races for names reaches nothing of the host's") {
  World world;
  auto door = world.connect(shared_sshd().host());
  const Victim victim;
  const Lent there(victim);
  int ended = 0;
  for (const auto& aim : {victim.secret, victim.dir.path.string()}) {
    struct Rootly {
      pid_t pid;
      Rootly(const std::string& directory, const std::string& to) : pid(::fork()) {
        if (pid != 0) return;
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;) {
          lay_links(directory, to);
          std::error_code gone;
          for (fs::directory_iterator one(directory, gone), end; !gone && one != end; one.increment(gone))
            if (one->is_directory(gone) && !one->is_symlink(gone)) lay_links(one->path(), to);
        }
      }
      ~Rootly() {
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
      }
    };
    const Rootly root(there.path, aim);
    for (int i = 0; i < 20; ++i) {
      DirectorySpec data;
      data.path = there.path + "/data";
      data.owner = "65534:65534";
      try {
        world.put(*door, {data}, {file(there.path + "/conf", "x"), file(there.path + "/data/secret", "x")}, there.lent);
      } catch (const Error&) {
      }
      ++ended;
    }
  }
  CHECK(ended == 40);
  victim.unharmed();
}
