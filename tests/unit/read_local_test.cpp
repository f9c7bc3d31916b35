// What is read of this machine, and what is refused: nobody is waited for.
#include "model/read_local.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "load/text_file.hpp"

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
