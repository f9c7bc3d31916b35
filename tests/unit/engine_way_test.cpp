// What is left where a Docker engine starts: the script itself, over places of a directory of its own, and its words.
#include <re2/re2.h>

#include <filesystem>

#include "catch.hpp"
#include "load_support.hpp"
#include "model/engine_way.hpp"
#include "model/process_group.hpp"

using namespace cctl;
namespace fs = std::filesystem;

namespace {

// A host's /var/run and /etc below a directory.
struct Places {
  test::Scratch scratch;
  std::string root = scratch.path();
  std::string socket = root + "/var/run/docker.sock";

  Places() {
    fs::create_directories(root + "/var/run/docker/containerd");
    fs::create_directories(root + "/etc/docker");
  }
  std::vector<EngineObstacle> look(bool clear) {
    std::string script = engine_way_script(clear, "/var/run/docker.sock");
    RE2::GlobalReplace(&script, "/(var/run|etc)/docker", root + "/\\1/docker");
    std::string out = run_program({"sh", "-c", script}).out;
    RE2::GlobalReplace(&out, root, "");  // as a host would say it
    return engine_way_from(out);
  }
  std::string told(bool clear) {
    const auto way = look(clear);
    return cleared_in_words(way) + "|" + standing_in_words(way);
  }
};

}  // namespace

TEST_CASE("nothing is in the way of an engine where there is nothing, a file, a socket or a link") {
  Places p;
  CHECK(p.told(true) == "|");
  p.scratch.file("var/run/docker.sock", "");
  CHECK(p.told(true) == "|");
  fs::remove(p.socket);
  fs::create_directories(p.root + "/elsewhere");
  fs::create_directory_symlink(p.root + "/elsewhere", p.socket);
  CHECK(p.told(true) == "|");
  CHECK(fs::is_directory(p.root + "/elsewhere"));
}

TEST_CASE("an empty directory in the place of a file of the engine's is told, and removed when that is asked") {
  for (const std::string place : {"/var/run/docker.sock", "/etc/docker/daemon.json", "/var/run/docker.pid"}) {
    Places p;
    fs::create_directory(p.root + place);
    INFO(place);
    const std::string what = place.ends_with("sock")   ? "its socket"
                             : place.ends_with("json") ? "its settings"
                                                       : "the number of its process";
    CHECK(p.told(false) == "|" + place + " is a directory, in the place of " + what +
                               ", and it does not start with that: rmdir " + place);
    CHECK(fs::exists(p.root + place));
    CHECK(p.told(true) == "removed the empty directory " + place + ", which was in the place of " + what + "|");
    CHECK_FALSE(fs::exists(p.root + place));
  }
}

TEST_CASE("a directory with something in it stays, whatever that is, and is named with a command") {
  for (const std::string inside : {"a", ".a", "a b"}) {
    Places p;
    fs::create_directories(p.socket + "/" + inside);
    for (const bool clear : {false, true})
      CHECK(p.told(clear) ==
            "|/var/run/docker.sock is a directory, in the place of its socket (it is not empty), and it does not start "
            "with that: mv /var/run/docker.sock /var/run/docker.sock.old");
    CHECK(fs::exists(p.socket + "/" + inside));
  }
}

TEST_CASE("a file that names a process which is no engine is told and dropped; other files of numbers are not") {
  const std::string other = std::to_string(getpid());
  struct Row {
    const char *file, *holds;
    bool stale;
  };
  for (const Row& row : std::vector<Row>{{"var/run/docker.pid", other.c_str(), true},
                                         {"var/run/docker/containerd/containerd.pid", other.c_str(), true},
                                         {"var/run/docker.pid", "999999999", false},  // nobody has it
                                         {"var/run/docker.pid", "", false},
                                         {"var/run/docker.pid", "../1", false}}) {
    Places p;
    const std::string path = p.scratch.file(row.file, row.holds);
    INFO(row.file << " " << row.holds);
    const auto seen = p.look(false);
    REQUIRE(seen.size() == (row.stale ? 1 : 0));
    if (row.stale) {
      CHECK(seen[0].kind == EngineObstacle::Kind::stale_pid);
      CHECK(seen[0].in_words().find("names process " + other + " ") != std::string::npos);
      CHECK(seen[0].cure() == std::string("rm /") + row.file);
    }
    CHECK(p.look(true).size() == seen.size());
    CHECK(fs::exists(path) == !row.stale);
  }
}

TEST_CASE("what another socket of the inventory's has in its place is told; the usual one is cleared, and not blamed") {
  Places p;
  fs::create_directories(p.root + "/srv/d.sock");
  fs::create_directories(p.socket + "/full");
  std::string script = engine_way_script(true, p.root + "/srv/d.sock");
  RE2::GlobalReplace(&script, "/(var/run|etc)/docker", p.root + "/\\1/docker");
  const auto way = engine_way_from(run_program({"sh", "-c", script}).out);
  REQUIRE(way.size() == 1);
  CHECK(way[0].cleared);
  CHECK(way[0].path == p.root + "/srv/d.sock");
}

TEST_CASE("lines that are not the script's own are passed over") {
  CHECK(engine_way_from("Welcome\nway\nway full\nway odd /x\n  way of life\n").empty());
}
