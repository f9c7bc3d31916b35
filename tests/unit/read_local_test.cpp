// What is read of this machine, and what is refused: nobody is waited for.
#include "model/read_local.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "acl.hpp"
#include "catch.hpp"
#include "load/text_file.hpp"
#include "not_run.hpp"

using namespace cctl;

namespace {

struct Directory {
  std::string path;
  Directory() {
    char name[] = "/tmp/cctl-read-XXXXXX";
    path = ::mkdtemp(name);
  }
  ~Directory() { std::filesystem::remove_all(path); }
  std::string operator/(const char* name) const { return path + "/" + name; }
};

void make_socket(const std::string& path) {
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  path.copy(at.sun_path, sizeof at.sun_path - 1);
  const int made = ::socket(AF_UNIX, SOCK_STREAM, 0);
  REQUIRE(::bind(made, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
  ::close(made);
}

}  // namespace

TEST_CASE("what is no file of a size that makes sense is refused at once, by name", "[read_local]") {
  const Directory dir;
  REQUIRE(::mkfifo((dir / "pipe").c_str(), 0600) == 0);
  std::filesystem::create_symlink("pipe", dir / "link");
  const std::string whole(1024, 'x');
  std::ofstream(dir / "whole") << whole;
  std::ofstream(dir / "more") << whole << "x";
  std::ofstream(dir / "huge") << "";
  std::filesystem::resize_file(dir / "huge", std::uintmax_t{20} << 30);
  make_socket(dir / "socket");
  const std::string long_way = "/proc/self/root" + dir.path + "/pipe";
  struct Row {
    std::string path;
    std::size_t most;
    std::string text, fault;
  };
  for (const Row& row : std::vector<Row>{
           {dir / "whole", 1024, whole, ""},
           {dir / "more", 1024, "", "it is larger than 1 KiB"},
           {dir / "huge", 16 << 20, "", "it is larger than 16 MiB"},
           {dir / "huge", 64 << 10, "", "it is larger than 64 KiB"},
           {dir / "pipe", 8, "", "it is a pipe"},
           {dir / "link", 8, "", "it is a pipe"},
           {long_way, 8, "", "it is a pipe"},
           {dir / "socket", 8, "", "No such device or address"},
           {dir.path, 8, "", "it is a directory"},
           {dir / "none", 8, "", "No such file or directory"},
           {"/dev/null", 8, "", ""},
           {"/dev/zero", 1 << 20, "", "it is larger than 1 MiB"},
           {"/dev/fd/", 8, "", "it is a directory"},
           {"/dev/fd/1234567", 8, "", "No such file or directory"},
       }) {
    INFO(row.path);
    const LocalText read = read_local(row.path, row.most);
    CHECK(read.fault == row.fault);
    CHECK(bool(read) == row.fault.empty());
    if (read) CHECK(read.text == row.text);
  }
}

TEST_CASE("a pipe that the caller has open here is read to its end, as <(...) wants it", "[read_local]") {
  for (const char* directory : {"/dev/fd/", "/proc/self/fd/"}) {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    REQUIRE(::write(ends[1], "cluster: x\n", 11) == 11);
    ::close(ends[1]);
    std::string fault;
    CHECK(read_text_file(directory + std::to_string(ends[0]), fault) == "cluster: x\n");
    CHECK(fault.empty());
    ::close(ends[0]);
  }
}

TEST_CASE("a terminal that says nothing is not waited for", "[read_local]") {
  const int main = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  REQUIRE(main >= 0);
  REQUIRE(::grantpt(main) == 0);
  REQUIRE(::unlockpt(main) == 0);
  const std::string name = ::ptsname(main);
  const int held = ::open(name.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  REQUIRE(held >= 0);
  CHECK(read_local(name, 8).fault == "it says nothing");
  ::close(held);
  ::close(main);
}

TEST_CASE("what is believed as our own can have been written by nobody else", "[read_local]") {
  struct Row {
    const char* what;
    mode_t file, directory;
    uid_t owner, above;
    gid_t group;
    std::string fault;        // FILE and DIR stand for the two
    const char* listed = "";  // which of them has a list that lets another write
  };
  constexpr uid_t other = 65534;
  const std::vector<Row> rows = {
      {"ours", 0600, 0700, 0, 0, 0, ""},
      {"ours, which others read", 0644, 0755, 0, 0, 0, ""},
      {"root's group may write", 0664, 0775, 0, 0, 0, ""},
      {"everybody may write", 0666, 0755, 0, 0, 0,
       "it may be changed by others (mode 0666); look at it, then chmod go-w FILE"},
      {"everybody may write and nobody read", 0602, 0755, 0, 0, 0,
       "it may be changed by others (mode 0602); look at it, then chmod go-w FILE"},
      {"a group may write", 0660, 0755, 0, 0, other,
       "it may be changed by others (mode 0660); look at it, then chmod go-w FILE"},
      {"another's", 0600, 0755, other, 0, 0,
       "it belongs to uid 65534, whose words it may be; look at it, then chown 0 FILE"},
      {"where everybody may exchange it", 0600, 0777, 0, 0, 0,
       "its directory may be changed by others (mode 0777); look at it, then chmod go-w DIR"},
      {"where a group may exchange it", 0600, 0770, 0, 0, other,
       "its directory may be changed by others (mode 0770); look at it, then chmod go-w DIR"},
      {"in a directory like /tmp", 0600, 01777, 0, 0, 0, ""},
      {"another's in a directory like /tmp", 0644, 01777, other, 0, 0,
       "it belongs to uid 65534, whose words it may be; look at it, then chown 0 FILE"},
      {"in another's directory", 0600, 0755, 0, other, 0,
       "its directory belongs to uid 65534, whose words it may be; look at it, then chown 0 DIR"},
      {"in another's directory like /tmp", 0600, 01777, 0, other, 0,
       "its directory belongs to uid 65534, whose words it may be; look at it, then chown 0 DIR"},
      {"by a list another may write", 0600, 0755, 0, 0, 0,
       "it may be changed by others (mode 0775); look at it, then chmod go-w FILE", "FILE"},
      {"by a list another may exchange it", 0600, 0755, 0, 0, 0,
       "its directory may be changed by others (mode 0775); look at it, then chmod go-w DIR", "DIR"},
  };
  const bool may_give_away = ::geteuid() == 0;
  for (const Row& row : rows) {
    if (!may_give_away && (row.owner || row.above || row.group)) continue;
    INFO(row.what);
    const Directory dir;
    const std::string file = dir / "a file", link = dir.path + "-link";
    std::ofstream(file) << "text";
    if (may_give_away) {
      REQUIRE(::chown(file.c_str(), row.owner, row.group) == 0);
      REQUIRE(::chown(dir.path.c_str(), row.above, row.group) == 0);
    }
    REQUIRE(::chmod(file.c_str(), row.file) == 0);
    REQUIRE(::chmod(dir.path.c_str(), row.directory) == 0);
    const std::string listed = *row.listed == 'F' ? file : *row.listed == 'D' ? dir.path : "";
    if (!listed.empty() && !test::let_write(listed, other)) continue;
    std::string fault = row.fault;
    if (const auto at = fault.find("FILE"); at != fault.npos) fault.replace(at, 4, "'" + file + "'");
    if (const auto at = fault.find("DIR"); at != fault.npos) fault.replace(at, 3, dir.path);
    const LocalText read = read_own(file, 8);
    CHECK(read.fault == fault);
    CHECK(read.text == (fault.empty() ? "text" : ""));
    CHECK(read_local(file, 8).text == "text");
    if (!listed.empty()) {
      REQUIRE(::chmod(listed.c_str(), 0755) == 0);
      CHECK(read_own(file, 8).text == "text");
    }
    // What a link of ours leads to is meant, and told.
    std::filesystem::create_symlink(file, link);
    CHECK(read_own(link, 8).fault == (listed.empty() ? fault : ""));
    std::filesystem::remove(link);
  }
  CHECK(read_own("/dev/null", 8).fault.empty());
  CHECK(read_own("/no/such", 8).error == ENOENT);
}

TEST_CASE("what a login goes by is read by no link and no second name that somebody else can have laid",
          "[read_local]") {
  if (::geteuid() != 0) return test::not_run("other users are for root to be");
  constexpr uid_t other = 65534;
  const std::string link =
      "\"way\" is a symbolic link of uid 65534, in a directory where others write; it is not followed";
  const std::string named = "it has 2 names and is of uid 0, in a directory where others write";
  struct Row {
    const char* what;
    mode_t directory;
    uid_t above, layer;
    mode_t file;
    const char* caller;  // of sudo
    std::string by_link, by_name;
  };
  const std::vector<Row> rows = {
      {"ours", 0755, 0, 0, 0600, "", "", ""},
      {"their link in ours", 0755, 0, other, 0600, "", "", ""},
      {"ours in a directory like /tmp", 01777, 0, 0, 0600, "", "", named},
      {"theirs in a directory like /tmp", 01777, 0, other, 0600, "", link, named},
      {"in theirs", 0755, other, other, 0600, "", link, named},
      {"in theirs, what everybody may read", 0755, other, other, 0644, "", link, ""},
      {"in theirs, who called sudo", 0755, other, other, 0600, "65534", "", ""},
      {"of who called sudo, in a directory like /tmp", 01777, 0, other, 0600, "65534", "", named},
      {"in theirs, another called sudo", 0755, other, other, 0600, "65533", link, named},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    const Directory dir;
    const std::string room = dir / "room", way = room + "/way", name = room + "/name", file = dir / "file";
    std::ofstream(file) << "text";
    REQUIRE(::chmod(file.c_str(), row.file) == 0);
    std::filesystem::create_directory(room);
    std::filesystem::create_symlink(dir.path, way);
    std::filesystem::create_hard_link(file, name);
    REQUIRE(::lchown(way.c_str(), row.layer, row.layer) == 0);
    REQUIRE(::chown(room.c_str(), row.above, row.above) == 0);
    REQUIRE(::chmod(room.c_str(), row.directory) == 0);
    if (*row.caller) ::setenv("SUDO_UID", row.caller, 1);
    CHECK(read_private(way + "/file", 8).fault == row.by_link);
    CHECK(read_own(way + "/file", 8).fault == row.by_link);
    CHECK(read_private(name, 8).fault == row.by_name);
    CHECK(read_local(way + "/file", 8).text == "text");
    std::filesystem::remove(name);
    CHECK(read_private(way + "/file", 8).text == (row.by_link.empty() ? "text" : ""));
    ::unsetenv("SUDO_UID");
  }
  CHECK(read_private("/dev/null", 8).fault.empty());
  CHECK(read_private("/no/such", 8).error == ENOENT);
  CHECK(read_private("/dev/null/such", 8).error == ENOTDIR);
}

TEST_CASE("root believes who called sudo, and nobody else", "[read_local]") {
  if (::geteuid() != 0) return test::not_run("other users are for root to be");
  const Directory dir;
  std::ofstream(dir / "file") << "text";
  REQUIRE(::chown((dir / "file").c_str(), 65534, 65534) == 0);
  REQUIRE(::chown(dir.path.c_str(), 65534, 65534) == 0);
  ::setenv("SUDO_UID", "65534", 1);
  CHECK(read_own(dir / "file", 8).text == "text");
  ::setenv("SUDO_UID", "65533", 1);
  CHECK(read_own(dir / "file", 8).fault.starts_with("it belongs to uid 65534"));
  ::unsetenv("SUDO_UID");
}
