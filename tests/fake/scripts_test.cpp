// The shell scripts of apply, run by this machine's sh.
#include "apply/scripts.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "catch.hpp"
#include "model/error.hpp"

using namespace cctl;
namespace fs = std::filesystem;

namespace {

struct Room {
  std::string path;
  Room() {
    char name[] = "/tmp/cctl-scripts-XXXXXX";
    path = mkdtemp(name);
  }
  ~Room() { fs::remove_all(path); }
  std::string file(const std::string& name, const std::string& content) const {
    std::ofstream(path + "/" + name) << content;
    return path + "/" + name;
  }
  std::string text(const std::string& name) const {
    std::stringstream out;
    out << std::ifstream(path + "/" + name).rdbuf();
    return out.str();
  }
};

// What `script` prints when it is fed `input`; it must end well.
std::string sh(const std::string& script, const std::string& input) {
  const Room room;
  room.file("script", script);
  room.file("input", input);
  const std::string at = room.path;
  REQUIRE(std::system(("sh " + at + "/script < " + at + "/input > " + at + "/output").c_str()) == 0);
  return room.text("output");
}

}  // namespace

TEST_CASE("a survey tells bytes, modes and owners, whatever is in them") {
  const Room room;
  std::string bytes("a\n\0b\xff\n\n", 7);
  const std::string odd = room.file("it's $(odd) \"x\"", bytes), empty = room.file("empty", "");
  fs::permissions(odd, fs::perms(0640));
  const std::vector<std::string> files{odd, empty, room.path + "/none"}, directories{room.path, room.path + "/none"};
  const Survey seen = survey_from(sh(survey_script(), survey_input(files, directories)), 3, 2);
  CHECK(seen.files[0].exists);
  CHECK(seen.files[0].bytes == bytes);
  CHECK(seen.files[0].mode == "0640");
  CHECK(seen.files[0].owner == std::to_string(getuid()) + ":" + std::to_string(getgid()));
  CHECK(seen.files[1].exists);
  CHECK(seen.files[1].bytes.empty());
  CHECK_FALSE(seen.files[2].exists);
  CHECK(seen.directories == std::vector<bool>{true, false});
}

TEST_CASE("clearing removes what it is told and tells which directories are not empty") {
  const Room room;
  fs::create_directories(room.path + "/tree/deep");
  fs::create_directories(room.path + "/empty");
  fs::create_directories(room.path + "/full");
  room.file("full/theirs", "x");
  const std::string ours = room.file("ours; rm -rf x", "x");
  const std::vector<std::string> directories{room.path + "/full", room.path + "/empty", room.path + "/gone"};
  const auto kept = kept_from(sh(clear_script(), clear_input({ours}, {room.path + "/tree"}, directories)));
  CHECK(kept == std::vector<std::string>{room.path + "/full"});
  CHECK_FALSE(fs::exists(ours));
  CHECK_FALSE(fs::exists(room.path + "/tree"));
  CHECK_FALSE(fs::exists(room.path + "/empty"));
  CHECK(fs::exists(room.path + "/full/theirs"));
}

TEST_CASE("clearing a tree that is a link empties what it leads to") {
  const Room room;
  fs::create_directories(room.path + "/disk/deep");
  room.file("disk/deep/file", "x");
  room.file("disk/.hidden", "x");
  fs::create_directory_symlink(room.path + "/disk", room.path + "/link");
  fs::create_directory_symlink(room.path + "/none", room.path + "/broken");
  sh(clear_script(), clear_input({}, {room.path + "/link", room.path + "/broken", room.path + "/gone"}, {}));
  CHECK(fs::is_symlink(room.path + "/link"));
  CHECK(fs::is_empty(room.path + "/disk"));
  // A link to the whole of /proc, say, is nobody's data directory.
  fs::create_directory_symlink("/proc", room.path + "/top");
  const std::string told = "(" + clear_script() + ") 2>&1 && echo cleared || echo refused";
  CHECK(sh(told, clear_input({}, {room.path + "/top"}, {})) ==
        "will not empty what the link " + room.path + "/top leads to\nrefused\n");
}

TEST_CASE("where a container may write, no link is followed, whoever laid it") {
  struct Case {
    const char* name;
    std::set<std::string> lent;  // in the room
    bool followed;
  };
  const std::vector<Case> cases = {
      {"nowhere", {}, true},
      {"elsewhere", {"other"}, true},
      {"a name that begins alike", {"lent/x", "len"}, true},
      {"there", {"lent"}, false},
      {"there, and below", {"lent", "lent/tree"}, false},
      {"above", {"."}, false},
      {"there by a link of ours", {"way"}, false},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const Room room;
    const std::string at = fs::canonical(room.path).string();
    for (const char* directory : {"/lent/deep", "/victim/deep", "/other"}) fs::create_directories(at + directory);
    room.file("victim/secret", "root's own");
    room.file("victim/deep/file", "precious");
    fs::create_directory_symlink(at + "/lent", at + "/way");
    fs::create_symlink(at + "/victim/secret", at + "/lent/conf");
    fs::create_directory_symlink(at + "/victim", at + "/lent/tree");
    fs::create_directory_symlink("../../victim", at + "/lent/deep/tree");
    std::set<std::string> lent;
    for (const auto& name : c.lent) lent.insert(name == "." ? at : at + "/" + name);

    const auto looked = survey_from(sh(survey_script(), survey_input({at + "/lent/conf"}, {}, lent)), 1, 0);
    CHECK(looked.files[0].bytes == (c.followed ? "root's own" : ""));
    for (const char* path : {"/lent/tree/secret", "/lent/deep/tree/secret", "/way/tree/secret"}) {
      CAPTURE(path);
      const std::string told = "(" + survey_script() + ") 2>&1 || echo refused";
      const auto said = sh(told, survey_input({at + path}, {}, lent));
      CHECK((said.find("refused") == std::string::npos) == c.followed);
      if (!c.followed) CHECK(said.find("is a link, in a directory that a container may write to") != said.npos);
    }
    const std::string cleared = "(" + clear_script() + ") 2>&1 || echo refused";
    for (const char* path : {"/lent/tree", "/lent/deep/tree"})
      CHECK((sh(cleared, clear_input({}, {at + path}, {}, lent)).find("refused") == std::string::npos) == c.followed);
    CHECK(fs::exists(at + "/victim/deep/file") == !c.followed);
    // What is there by its own name goes, in any of them.
    CHECK(sh(cleared, clear_input({at + "/lent/conf"}, {at + "/lent/deep"}, {}, lent)).empty());
    CHECK_FALSE(fs::exists(fs::symlink_status(at + "/lent/conf")));
    CHECK_FALSE(fs::exists(at + "/lent/deep"));
  }
}

TEST_CASE("paths that could be read as something else are refused") {
  CHECK_THROWS_AS(survey_input({"relative"}, {}), Error);
  CHECK_THROWS_AS(survey_input({"/a\nf /etc/passwd"}, {}), Error);
  for (const char* tree : {"/", "/etc", "", "etc/x", "/var/lib/../.."})
    CHECK_THROWS_AS(clear_input({}, {tree}, {}), Error);
}

TEST_CASE("the lease is held while lines come, names its holder, and ends with its input") {
  const Room room;
  const std::string where = room.path + "/it's here";
  room.file("first", lease_script(where, "me@here, pid 1, it's \"up\""));
  const std::string first = "sh '" + room.path + "/first' > '" + room.path + "/first.out'";
  FILE* feed = popen(first.c_str(), "w");
  REQUIRE(feed);
  while (room.text("first.out").empty()) usleep(1000);
  CHECK(room.text("first.out") == "held\n");
  CHECK(sh(lease_script(where, "other"), "") == "busy me@here, pid 1, it's \"up\"\n");
  fputs("\n", feed);
  fflush(feed);
  CHECK(sh(lease_script(where, "other"), "") == "busy me@here, pid 1, it's \"up\"\n");
  while (room.text("first.out") != "held\n\n") usleep(1000);
  pclose(feed);
  CHECK(sh(lease_script(where, "other"), "") == "held\n");
}

TEST_CASE("a lock with nothing beside it goes with the run that held it, and not before") {
  const Room room;
  const std::string home = room.path + "/clusterctl", where = home + "/c";
  for (const bool cluster_there : {true, false}) {
    fs::create_directories(where);
    room.file("clusterctl/c/manifest.json", "{}");
    room.file("first", lease_script(where, "me"));
    const std::string first = "sh '" + room.path + "/first' > '" + room.path + "/first.out'";
    FILE* feed = popen(first.c_str(), "w");
    REQUIRE(feed);
    while (room.text("first.out") != "held\n") usleep(1000);
    // What down does meanwhile.
    if (!cluster_there) sh(clear_script(), clear_input({where + "/manifest.json"}, {}, {where, home}));
    CHECK(fs::exists(where + "/lock"));
    CHECK(sh(lease_script(where, "other"), "") == "busy me\n");
    pclose(feed);
    CHECK(fs::exists(where) == cluster_there);
    CHECK(fs::exists(home) == cluster_there);
    fs::remove(room.path + "/first.out");
  }
}

TEST_CASE("a lock that was removed before it could be taken is made anew") {
  const Room room;
  const std::string where = room.path + "/c", theirs = room.path + "/bin";
  fs::create_directories(theirs);
  // Between the opening of the file and its locking another run ends and removes it.
  room.file("bin/flock", "#!/bin/sh\n[ -e " + room.path + "/once ] || { touch " + room.path + "/once; rm -f " + where +
                             "/lock; }\nexec /usr/bin/flock \"$@\"\n");
  fs::permissions(theirs + "/flock", fs::perms::owner_all);
  const std::string script = "PATH=" + theirs + ":$PATH\n" + lease_script(where, "me");
  CHECK(sh(script, "") == "held\n");
  CHECK(fs::exists(room.path + "/once"));
}
