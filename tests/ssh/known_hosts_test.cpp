// known_hosts lines, without a server.
#include "remote/known_hosts.hpp"
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "catch.hpp"
#include "model/error.hpp"
#include "not_run.hpp"
#include "run.hpp"
#include "sshd.hpp"

using namespace cctl;
using namespace cctl::test;

namespace {

KeyVerdict verdict(const std::string& text, const std::string& name, const std::string& key = "AAAA") {
  const auto file = parse_known_hosts(text, "kh");
  return check_key(keys_of(file, name), "ssh-ed25519", key).verdict;
}

}  // namespace

TEST_CASE("which lines of known_hosts speak of a host") {
  CHECK(verdict("web ssh-ed25519 AAAA\n", "web") == KeyVerdict::known);
  CHECK(verdict("web,10.0.0.1 ssh-ed25519 AAAA comment\n", "10.0.0.1") == KeyVerdict::known);
  CHECK(verdict("WEB ssh-ed25519 AAAA\n", "web") == KeyVerdict::known);
  CHECK(verdict("web ssh-ed25519 BBBB\n", "web") == KeyVerdict::changed);
  CHECK(verdict("web ssh-rsa BBBB\n", "web") == KeyVerdict::changed);
  CHECK(verdict("web ssh-ed25519 BBBB\nweb ssh-ed25519 AAAA\n", "web") == KeyVerdict::known);
  CHECK(verdict("[web]:2222 ssh-ed25519 AAAA\n", "web") == KeyVerdict::unknown);
  CHECK(verdict("[web]:2222 ssh-ed25519 AAAA\n", known_host_name("Web", 2222)) == KeyVerdict::known);
  CHECK(verdict("*.example,!bad.example ssh-ed25519 AAAA\n", "good.example") == KeyVerdict::known);
  CHECK(verdict("*.example,!bad.example ssh-ed25519 AAAA\n", "bad.example") == KeyVerdict::unknown);
  CHECK(verdict("w?b ssh-ed25519 AAAA\n", "web") == KeyVerdict::known);
  CHECK(verdict("# web ssh-ed25519 AAAA\nweb ssh-ed25519\n\n", "web") == KeyVerdict::unknown);
  CHECK(verdict("@cert-authority * ssh-ed25519 AAAA\n", "web") == KeyVerdict::unknown);
  CHECK(verdict("web ssh-ed25519 AAAA\n@revoked web ssh-ed25519 AAAA\n", "web") == KeyVerdict::revoked);
  CHECK(verdict("@revoked web ssh-ed25519 BBBB\nweb ssh-ed25519 AAAA\n", "web") == KeyVerdict::known);
  CHECK(verdict("|1|bad|line ssh-ed25519 AAAA\n|1| ssh-ed25519 AAAA\n", "web") == KeyVerdict::unknown);
  const auto file = parse_known_hosts("\n\nweb ssh-ed25519 AAAA\n", "kh");
  CHECK(keys_of(file, "web").at(0)->line == 3);
}

TEST_CASE("a file that cannot be read has a fault, and one that is not there has none", "[known-hosts]") {
  const test::TempDir dir;
  CHECK(read_known_hosts(dir / "none").fault.empty());
  CHECK(read_known_hosts("/dev/null/none").fault.empty());
  test::write_file(dir / "empty", "");
  CHECK(read_known_hosts(dir / "empty").fault.empty());
  CHECK(read_known_hosts(dir.path).fault == dir.path.string() + " cannot be read: it is a directory");
  REQUIRE(::symlink("loop", (dir / "loop").c_str()) == 0);
  CHECK(read_known_hosts(dir / "loop").fault == dir / "loop" + " cannot be read: Too many levels of symbolic links");
}

TEST_CASE("many stars cost no more than one") {
  std::string stars, letters;
  for (int i = 0; i < 5000; ++i) stars += "*a", letters += "a";
  CHECK(verdict(stars + "b ssh-ed25519 AAAA\n", letters + "c") == KeyVerdict::unknown);
  CHECK(verdict(stars + " ssh-ed25519 AAAA\n", letters) == KeyVerdict::known);
}

TEST_CASE("a port is looked up with its name, then without") {
  const auto verdict = [](const std::string& text) {
    const auto file = parse_known_hosts(text, "kh");
    return check_key(keys_of(file, "[web]:2222"), keys_of(file, "web"), "ssh-ed25519", "AAAA");
  };
  CHECK(verdict("web ssh-ed25519 AAAA\n").verdict == KeyVerdict::known);
  CHECK(verdict("web ssh-ed25519 BBBB\n").verdict == KeyVerdict::unknown);
  CHECK(verdict("web ssh-ed25519 AAAA\n[web]:2222 ssh-ed25519 BBBB\n").verdict == KeyVerdict::changed);
  CHECK(verdict("web ssh-ed25519 BBBB\n[web]:2222 ssh-ed25519 AAAA\n").verdict == KeyVerdict::known);
  CHECK(verdict("@revoked web ssh-ed25519 AAAA\n").verdict == KeyVerdict::revoked);
  CHECK(verdict("").authority == nullptr);
  CHECK(verdict("@cert-authority w* ssh-ed25519 AAAA\n").verdict == KeyVerdict::unknown);
  CHECK(verdict("@cert-authority w* ssh-ed25519 AAAA\n").authority->line == 1);
  CHECK(verdict("@cert-authority *,!web ssh-ed25519 AAAA\n").authority->line == 1);  // [web]:2222 is another name
  // The line that is named is one of the same kind, where there is one.
  CHECK(verdict("[web]:2222 ssh-rsa CCCC\n[web]:2222 ssh-ed25519 BBBB\n").line->line == 2);
}

TEST_CASE("what is known is read, and what is learned written, through links of our own, and of nobody else") {
  constexpr uid_t other = 65534;
  struct Case {
    const char* name;
    mode_t mode;
    uid_t directory, link;
    bool written;
  };
  const Case cases[] = {
      {"as dotfiles are kept", 0700, 0, 0, true}, {"laid by another, in a directory of ours", 0755, 0, other, true},
      {"in /tmp, laid by us", 01777, 0, 0, true}, {"in /tmp, laid by another", 01777, 0, other, false},
      {"where all may write", 0777, 0, 0, false}, {"in another's directory", 0755, other, other, false}};
  for (const Case& c : cases) {
    INFO(c.name);
    const TempDir dir;
    ::chmod(dir.path.c_str(), 0755);
    write_file(dir / "dotfile", "# no newline");
    fs::create_directory(dir / "ssh");
    fs::create_symlink("../dotfile", dir / "ssh/known_hosts");
    REQUIRE(::lchown((dir / "ssh/known_hosts").c_str(), c.link, c.link) == 0);
    REQUIRE(::chown((dir / "ssh").c_str(), c.directory, c.directory) == 0);
    REQUIRE(::chmod((dir / "ssh").c_str(), c.mode) == 0);
    const std::string fault = read_known_hosts(dir / "ssh/known_hosts").fault;
    CHECK(fault.empty() == c.written);
    if (c.written) {
      append_known_host(dir / "ssh/known_hosts", "web", "ssh-ed25519", "AAAA");
      CHECK(read_file(dir / "dotfile") == "# no newline\nweb ssh-ed25519 AAAA\n");
      CHECK(fs::is_symlink(dir / "ssh/known_hosts"));
    } else {
      CHECK_THAT(fault, Contains("cannot be read: \"known_hosts\" is a symbolic link of uid"));
      CHECK_THROWS_WITH(append_known_host(dir / "ssh/known_hosts", "web", "ssh-ed25519", "AAAA"),
                        Contains("\"known_hosts\" is a symbolic link of uid") && Contains("name another place"));
      CHECK(read_file(dir / "dotfile") == "# no newline");
    }
    fs::create_directory(dir / "victim");
    fs::create_directory_symlink("../victim", dir / "ssh/way");
    REQUIRE(::lchown((dir / "ssh/way").c_str(), c.link, c.link) == 0);
    try {
      append_known_host(dir / "ssh/way/new/known_hosts", "web", "ssh-ed25519", "AAAA");
    } catch (const Error&) {
      CHECK_FALSE(c.written);
    }
    CHECK(fs::exists(dir / "victim/new") == c.written);
  }
  append_known_host("/dev/null", "web", "ssh-ed25519", "AAAA");
  const TempDir dir;
  append_known_host(dir / "ssh/known_hosts", "web", "ssh-ed25519", "AAAA");
  CHECK(read_file(dir / "ssh/known_hosts") == "web ssh-ed25519 AAAA\n");
  CHECK((fs::status(dir / "ssh").permissions() & fs::perms(0777)) == fs::perms(0700));
}

TEST_CASE("who has locked the file holds nobody up for long") {
  const TempDir dir;
  const std::string file = dir / "known_hosts";
  write_file(file, "a ssh-ed25519 AAAA\n");
  const int locked = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(::flock(locked, LOCK_EX) == 0);
  append_known_host(file, "b", "ssh-ed25519", "AAAA");
  CHECK(read_file(file) == "a ssh-ed25519 AAAA\nb ssh-ed25519 AAAA\n");
  ::close(locked);
}

TEST_CASE("lines that are learned at once stand one behind the other") {
  const TempDir dir;
  const std::string file = dir / "ssh/known_hosts";
  constexpr int many = 40;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < many; ++i)
      threads.emplace_back(
          [&, i] { append_known_host(file, "h" + std::to_string(i), "ssh-ed25519", std::string(2000, 'A')); });
  }
  const auto known = read_known_hosts(file);
  CHECK(known.keys.size() == many);
  for (const auto& key : known.keys) CHECK(key.key.size() == 2000);
}

TEST_CASE("what the file says of a host by the time of writing stands") {
  const TempDir dir;
  const std::string file = dir / "known_hosts";
  for (const char* before : {"web ssh-ed25519 BBBB\n", "web ssh-rsa BBBB\n", "we* ssh-ed25519 BBBB\n",
                             "@revoked web ssh-ed25519 AAAA\n", "web ssh-ed25519 AAAA\n"}) {
    CAPTURE(before);
    write_file(file, before);
    const KnownHostsFile has = append_known_host(file, "web", "ssh-ed25519", "AAAA");
    CHECK(read_file(file) == before);
    CHECK(keys_of(has, "web").size() == 1);
  }
  write_file(file, "other ssh-ed25519 BBBB\n");
  const KnownHostsFile has = append_known_host(file, "web", "ssh-ed25519", "AAAA");
  REQUIRE(keys_of(has, "web").size() == 1);
  CHECK(keys_of(has, "web")[0]->line == 2);
}

TEST_CASE("a line is written whole or not at all") {
  const TempDir dir;
  const std::string place = dir / "small";
  fs::create_directory(place);
  if (const auto mount = run_program({"mount", "-t", "tmpfs", "-o", "size=64k", "none", place}); mount.status != 0)
    return not_run(mount.err);
  const std::string file = place + "/known_hosts", line = "a ssh-ed25519 AAAA\n";
  write_file(file, line);
  SECTION("on a full disk") {
    // To the last byte of its last page but ten.
    const std::string filler(4096 - 10 - line.size() % 4096, '#');
    write_file(file, line + filler);
    write_file(place + "/rest", std::string(128 << 10, 'x'));
    CHECK_THROWS_WITH(append_known_host(file, "b", "ssh-ed25519", "AAAA"),
                      Contains(file + " cannot be written: No space left on device"));
    CHECK(read_file(file) == line + filler);
  }
  SECTION("where nothing may be written") {
    REQUIRE(run_program({"mount", "-o", "remount,ro", place}).status == 0);
    CHECK_THROWS_WITH(append_known_host(file, "b", "ssh-ed25519", "AAAA"),
                      Contains(file + " cannot be written: Read-only file system"));
    CHECK_THROWS_WITH(append_known_host(place + "/new/known_hosts", "b", "ssh-ed25519", "AAAA"),
                      Contains("/new/known_hosts cannot be written: Read-only file system"));
    CHECK(read_file(file) == line);
  }
  run_program({"umount", place});
}

TEST_CASE("what is learned goes to no file of another's") {
  constexpr uid_t other = 65534;
  const TempDir dir;
  ::chmod(dir.path.c_str(), 0755);
  write_file(dir / "known_hosts", "a ssh-ed25519 AAAA\n");
  REQUIRE(::chown((dir / "known_hosts").c_str(), other, other) == 0);
  CHECK_THROWS_WITH(append_known_host(dir / "known_hosts", "b", "ssh-ed25519", "AAAA"),
                    Contains("belongs to uid 65534"));
  CHECK_THROWS_WITH(append_known_host("/dev/full", "b", "ssh-ed25519", "AAAA"),
                    Contains("/dev/full cannot be written: No space left on device"));
  fs::create_symlink("/dev/full", dir / "link");
  CHECK_THROWS_WITH(append_known_host(dir / "link", "b", "ssh-ed25519", "AAAA"), Contains("No space left on device"));
}
