// Directories that a container may write to, whose root means harm: it is root's uid, and none of ours.
#include "foreign.hpp"
#include "look/fact.hpp"
#include "not_run.hpp"

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
  CHECK(seen.disks.count(there.path + "/rendered") == 0);

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

TEST_CASE("of what a container lays in a file's place on a disk of its own only a file is kept, and within a limit") {
  World world;
  auto door = world.connect(shared_sshd().host());
  TempDir base;
  const std::string path = base / "lent", conf = path + "/conf", blocked = path + "/blocked";
  fs::create_directory(path);
  const auto ran = [](const std::vector<std::string>& words) {
    return run_program(words, {.time = std::chrono::seconds(5)}).status == 0;
  };
  if (!ran({"mount", "-t", "tmpfs", "-o", "size=1m", "none", path})) return not_run("nothing can be mounted here");
  fs::create_directories(blocked + "/full");
  struct Row {
    std::vector<std::string> lays;
    const char* refused;  // with this; empty: ours comes, and with a second that fails what was there, or nothing
    std::string back;
  };
  for (const Row& row : {Row{{"mkfifo", conf}, "", ""}, Row{{"mknod", conf, "c", "1", "5"}, "", ""},
                         Row{{"ln", "-s", "/dev/zero", conf}, "", ""},
                         Row{{"truncate", "-s", "100G", conf}, "is larger than 16 MiB", ""},
                         Row{{"sh", "-c", "echo theirs > " + conf + "; chmod 4755 " + conf}, "", "theirs\n"}}) {
    INFO(row.lays.front());
    const auto put = [&](const std::vector<FileSpec>& files) {
      try {
        world.put(*door, {}, files, {path});
        return std::string();
      } catch (const Error& error) {
        return std::string(error.what());
      }
    };
    fs::remove(conf);
    REQUIRE(ran(row.lays));
    std::vector<FileSpec> files{file(conf, "ours")};
    if (!*row.refused) files.push_back(file(blocked, "never"));
    const std::string why = put(files);
    CHECK_THAT(why, Contains(*row.refused ? row.refused : "is a directory"));
    fs::remove(conf);
    REQUIRE(ran(row.lays));
    // The second is refused after the first was replaced.
    FileSpec gone = file(blocked, "");
    gone.absent = true;
    const std::string late = put({file(conf, "ours"), gone});
    CHECK_FALSE(late.empty());
    if (!*row.refused) CHECK(fs::exists(fs::symlink_status(conf)) == !row.back.empty());
    if (!row.back.empty()) CHECK(read_file(conf) == row.back);
    if (!row.back.empty()) CHECK((fs::status(conf).permissions() & fs::perms::set_uid) == fs::perms::none);
    CHECK(std::distance(fs::directory_iterator(base.path), fs::directory_iterator()) == 1);
  }
  CHECK(ran({"umount", path}));
}
