// Files that are written here: their mode, and whose links are followed. A directory of a real second user's.
#include "model/local_file.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "acl.hpp"
#include "catch.hpp"
#include "model/error.hpp"
#include "not_run.hpp"

using namespace cctl;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

constexpr uid_t other = 65534;

struct Room {
  fs::path path;
  Room() {
    std::string name = (fs::temp_directory_path() / "local-file-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()));
    path = name;
  }
  ~Room() { fs::remove_all(path); }
  std::string at(const std::string& name) const { return (path / name).string(); }
  void file(const std::string& name, const std::string& text) const { std::ofstream(path / name) << text; }
  std::string text(const std::string& name) const {
    std::stringstream out;
    out << std::ifstream(path / name).rdbuf();
    return out.str();
  }
};

mode_t mode_of(const std::string& path) {
  struct stat found {};
  REQUIRE(::lstat(path.c_str(), &found) == 0);
  return found.st_mode & 07777;
}

std::string refusal(const std::string& path) {
  try {
    write_local(path, "new");
    return "";
  } catch (const Error& e) {
    return e.what();
  }
}

}  // namespace

TEST_CASE("a local file is its owner's alone from the first moment, and whole or not there") {
  const Room room;
  const mode_t before = ::umask(0);
  write_local(room.at("a/b/file"), "one");
  ::umask(before);
  CHECK(mode_of(room.at("a/b/file")) == 0600);
  CHECK(mode_of(room.at("a")) == 0700);
  CHECK(mode_of(room.at("a/b")) == 0700);
  fs::permissions(room.at("a/b/file"), fs::perms(0644));
  {
    LocalFile unfinished(room.at("a/b/file"));
    unfinished.write("half");
    CHECK(room.text("a/b/file") == "one");
  }
  CHECK(std::distance(fs::directory_iterator(room.at("a/b")), fs::directory_iterator()) == 1);
  write_local(room.at("a/b/file"), "two", true);
  CHECK(mode_of(room.at("a/b/file")) == 0644);
  write_local(room.at("a/b/file"), "three");
  CHECK(mode_of(room.at("a/b/file")) == 0600);
  CHECK(room.text("a/b/file") == "three");
}

TEST_CASE("a link in the file's place is replaced, one of our own on the way is followed") {
  const Room room;
  room.file("victim", "kept");
  fs::create_symlink("victim", room.path / "link");
  write_local(room.at("link"), "new");
  CHECK(room.text("victim") == "kept");
  CHECK(fs::is_regular_file(fs::symlink_status(room.path / "link")));
  fs::create_directory(room.path / "real");
  fs::create_directory_symlink("real", room.path / "way");
  fs::create_directory_symlink("way", room.path / "way2");
  write_local(room.at("way2/file"), "new");
  CHECK(room.text("real/file") == "new");
  fs::create_symlink("real/file", room.path / "mine");
  CHECK(fs::equivalent(behind_links(room.at("mine")), room.at("real/file")));
  fs::create_symlink("turn", room.path / "turn");
  CHECK_THAT(refusal(room.at("turn/x")), Contains("Too many levels of symbolic links"));
}

TEST_CASE("links that somebody else can have laid are not followed") {
  if (::geteuid() != 0) return test::not_run("other users are for root to be");
  const Room room;
  fs::permissions(room.path, fs::perms(0755));
  room.file("victim", "kept");
  struct Case {
    const char* name;
    mode_t mode;
    uid_t directory, link;
    bool followed, listed = false;
  };
  const Case cases[] = {{"ours", 0755, 0, 0, true},
                        {"ours, their link", 0755, 0, other, true},
                        {"sticky, ours", 01777, 0, 0, true},
                        {"sticky, theirs", 01777, 0, other, false},
                        {"open", 0777, 0, 0, false},
                        {"theirs", 0755, other, other, false},
                        {"theirs, our link", 0755, other, 0, false},
                        {"ours, by a list theirs", 0755, 0, 0, false, true}};
  for (const Case& c : cases) {
    INFO(c.name);
    const std::string directory = room.at(c.name);
    fs::create_directory(directory);
    fs::create_directory_symlink(room.path, directory + "/way");
    fs::create_symlink(room.path / "victim", directory + "/file");
    REQUIRE(::lchown((directory + "/way").c_str(), c.link, c.link) == 0);
    REQUIRE(::lchown((directory + "/file").c_str(), c.link, c.link) == 0);
    REQUIRE(::chown(directory.c_str(), c.directory, c.directory) == 0);
    REQUIRE(::chmod(directory.c_str(), c.mode) == 0);
    if (c.listed && !test::let_write(directory, other)) continue;
    const std::string why = refusal(directory + "/way/made");
    CHECK(why.empty() == c.followed);
    CHECK(fs::exists(room.path / "made") == c.followed);
    if (!c.followed) CHECK_THAT(why, Contains("\"way\" is a symbolic link of uid") && Contains("name another place"));
    fs::remove(room.path / "made");
    std::ofstream(room.path / "gone") << "";
    remove_local(directory + "/way/gone");
    CHECK(fs::exists(room.path / "gone") != c.followed);
    if (c.followed)
      CHECK(behind_links(directory + "/file") == room.at("victim"));
    else
      CHECK_THROWS_AS(behind_links(directory + "/file"), Error);
    bool appended = true;
    try {
      ::close(append_local(directory + "/file"));
    } catch (const Error&) {
      appended = false;
    }
    CHECK(appended == c.followed);
    CHECK(room.text("victim") == "kept");
  }
  CHECK_THROWS_WITH(make_local_directory(room.at("theirs")),
                    Contains("belongs to uid 65534: name a directory of your own"));
  CHECK_THROWS_WITH(make_local_directory(room.at("sticky, ours")),
                    Contains("may be changed by others (mode 1777): name a directory of your own"));
  CHECK_THROWS_WITH(make_local_directory(room.at("sticky, theirs/way/made")), Contains("\"way\" is a symbolic link"));
  CHECK_FALSE(fs::exists(room.path / "made"));
  CHECK_NOTHROW(make_local_directory(room.at("ours/way/made")));
  CHECK(mode_of(room.at("made")) == 0700);
}

TEST_CASE("a link is removed and not what it leads to, and a directory only when it is empty") {
  const Room room;
  room.file("victim", "kept");
  fs::create_symlink("victim", room.path / "link");
  fs::create_directory_symlink(".", room.path / "here");
  fs::create_directories(room.path / "empty");
  fs::create_directories(room.path / "full/x");
  for (const char* name : {"link", "here", "empty", "full", "none", "no/such"}) remove_local(room.at(name));
  CHECK(room.text("victim") == "kept");
  for (const char* name : {"link", "here", "empty"}) CHECK_FALSE(fs::exists(fs::symlink_status(room.path / name)));
  CHECK(fs::exists(room.path / "full/x"));
}

TEST_CASE("nothing is appended to what somebody else has laid, and nobody is waited for") {
  const Room room;
  struct Case {
    const char* name;
    mode_t kind, mode;
    uid_t owner;
    const char* refused;  // nullptr: it is not
  };
  const Case cases[] = {{"ours", S_IFREG, 0600, ::geteuid(), nullptr},
                        {"ours, open to others", S_IFREG, 0666, ::geteuid(), nullptr},
                        {"theirs", S_IFREG, 0666, other, "belongs to uid 65534"},
                        {"theirs, closed", S_IFREG, 0600, other, "belongs to uid 65534"},
                        {"our pipe that nobody reads", S_IFIFO, 0600, ::geteuid(), "cannot be written"},
                        {"their pipe that nobody reads", S_IFIFO, 0666, other, "cannot be written"}};
  for (const Case& c : cases) {
    if (c.owner != ::geteuid() && ::geteuid() != 0) continue;
    INFO(c.name);
    const std::string path = room.at(c.name);
    REQUIRE(::mknod(path.c_str(), c.kind | 0600, 0) == 0);
    REQUIRE(::chmod(path.c_str(), c.mode) == 0);
    REQUIRE(::chown(path.c_str(), c.owner, static_cast<gid_t>(-1)) == 0);
    if (c.refused) {
      CHECK_THROWS_WITH(append_local(path), Contains(c.refused));
      CHECK(mode_of(path) == c.mode);
      continue;
    }
    const int fd = append_local(path);
    CHECK((::fcntl(fd, F_GETFL) & O_NONBLOCK) == 0);
    CHECK(keep_to_ourselves(fd));
    CHECK(mode_of(path) == 0600);
    ::close(fd);
  }
  ::close(append_local("/dev/null"));
  // What is open here is ours, whatever it is: a name for it in /proc leads nowhere.
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  for (const std::string directory : {"/dev/fd/", "/proc/self/fd/"}) {
    const int fd = append_local(directory + std::to_string(ends[1]));
    CHECK(::write(fd, "x", 1) == 1);
    char read = 0;
    CHECK(::read(ends[0], &read, 1) == 1);
    ::close(fd);
  }
  ::close(ends[0]), ::close(ends[1]);
  CHECK_THROWS_WITH(append_local("/dev/fd/" + std::to_string(ends[1])), Contains("cannot be written"));
  if (::geteuid() != 0) return test::not_run("other users are for root to be");
  REQUIRE(::mkfifo(room.at("read").c_str(), 0600) == 0);
  REQUIRE(::chown(room.at("read").c_str(), other, static_cast<gid_t>(-1)) == 0);
  const int reader = ::open(room.at("read").c_str(), O_RDONLY | O_NONBLOCK);
  CHECK_THROWS_WITH(append_local(room.at("read")), Contains("belongs to uid 65534"));
  ::close(reader);
}

TEST_CASE("what is appended to is made for its owner alone") {
  const Room room;
  const mode_t before = ::umask(0);
  const int fd = append_local(room.at("log"));
  ::umask(before);
  REQUIRE(::write(fd, "a\n", 2) == 2);
  ::close(fd);
  const int again = append_local(room.at("log"));
  REQUIRE(::write(again, "b\n", 2) == 2);
  ::close(again);
  CHECK(room.text("log") == "a\nb\n");
  CHECK(mode_of(room.at("log")) == 0600);
  CHECK_THROWS_WITH(append_local(room.path.string() + "/."), Contains("Is a directory"));
  fs::create_symlink("turn", room.path / "turn");
  CHECK_THROWS_WITH(append_local(room.at("turn")), Contains("Too many levels of symbolic links"));
}

TEST_CASE("who makes a file at the same time appends to the same one") {
  for (int round = 0; round < 50; ++round) {
    const Room room;
    std::vector<std::thread> writers;
    std::atomic<int> faults = 0, ready = 0;
    for (int n = 0; n < 4; ++n)
      writers.emplace_back([&] {
        for (++ready; ready < 4;) std::this_thread::yield();
        try {
          const int fd = append_local(room.at("log"));
          if (::write(fd, "x\n", 2) != 2) ++faults;
          ::close(fd);
        } catch (const Error&) {
          ++faults;
        }
      });
    for (std::thread& writer : writers) writer.join();
    REQUIRE(faults == 0);
    REQUIRE(room.text("log") == "x\nx\nx\nx\n");
  }
}

TEST_CASE("a second name is not appended to where others could have given it, whoever owns the file") {
  if (::geteuid() != 0) return test::not_run("other users are for root to be");
  struct Case {
    const char* name;
    mode_t mode;
    uid_t directory, file;
    const char* refused;  // empty: it is appended to
    bool listed = false;
  };
  const char *named = "it has 2 names and is of uid", *theirs = "belongs to uid 65534";
  const Case cases[] = {{"ours", 0755, 0, 0, ""},
                        {"ours, their file", 0755, 0, other, theirs},
                        {"theirs, root's file", 0755, other, 0, named},
                        {"theirs, their file", 0755, other, other, named},
                        {"open, their file", 01777, 0, other, named},
                        {"open, our file", 01777, 0, 0, named},
                        {"open without the sticky bit, our file", 0777, 0, 0, named},
                        {"ours, by a list theirs, our file", 0755, 0, 0, named, true}};
  for (const Case& c : cases) {
    INFO(c.name);
    const Room room;
    fs::permissions(room.path, fs::perms(0755));
    fs::create_directory(room.path / "way");
    room.file("victim", "kept");
    REQUIRE(::chown(room.at("victim").c_str(), c.file, c.file) == 0);
    fs::create_hard_link(room.path / "victim", room.path / "way/file");
    REQUIRE(::chown(room.at("way").c_str(), c.directory, c.directory) == 0);
    REQUIRE(::chmod(room.at("way").c_str(), c.mode) == 0);
    if (c.listed && !test::let_write(room.at("way"), other)) continue;
    if (!*c.refused) {
      const int fd = append_local(room.at("way/file"));
      CHECK(fd >= 0);
      ::close(fd);
    } else {
      CHECK_THROWS_WITH(append_local(room.at("way/file")), Contains(c.refused));
    }
  }
}

TEST_CASE("a link in a directory of a user's own group is the user's") {
  if (::geteuid() != 0) return test::not_run("other users are for root to be");
  struct Case {
    const char* user;
    const char* group;
    bool followed;
  };
  const Case cases[] = {{"mail", "mail", true}, {"mail", "nogroup", false}, {"nobody", "nogroup", false}};
  for (const Case& c : cases) {
    INFO(c.user << " " << c.group);
    const Room room;
    fs::permissions(room.path, fs::perms(0755));
    const uid_t user = ::getpwnam(c.user)->pw_uid;
    const gid_t own = ::getpwnam(c.user)->pw_gid, group = ::getgrnam(c.group)->gr_gid;
    fs::create_directory(room.path / "ssh");
    room.file("dotfile", "");
    fs::create_symlink("../dotfile", room.path / "ssh/known_hosts");
    REQUIRE(::chown(room.at("dotfile").c_str(), user, own) == 0);
    REQUIRE(::lchown(room.at("ssh/known_hosts").c_str(), user, own) == 0);
    REQUIRE(::chown(room.at("ssh").c_str(), user, group) == 0);
    REQUIRE(::chmod(room.at("ssh").c_str(), 0775) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
      if (::setgroups(0, nullptr) != 0 || ::setgid(own) != 0 || ::setuid(user) != 0) ::_exit(2);
      try {
        append_local(room.at("ssh/known_hosts"));
        ::_exit(0);
      } catch (const Error&) {
        ::_exit(1);
      }
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == (c.followed ? 0 : 1));
  }
}
