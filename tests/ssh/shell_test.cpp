// Commands and files on a real host.
#include "remote/shell.hpp"

#include <csignal>

#include "catch.hpp"
#include "run.hpp"

using namespace cctl;
using namespace cctl::test;

namespace {

FileSpec file(const std::string& path, const std::string& content, const std::string& mode = "0644") {
  FileSpec f;
  f.path = path;
  f.content = content;
  f.mode = mode;
  return f;
}

int entries(const fs::path& directory) {
  return static_cast<int>(std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("a command's exit status, output and input") {
  World world;
  auto door = world.connect(shared_sshd().host());
  auto result = world.shell(*door, "echo out; echo err >&2; exit 7");
  CHECK(result.exit_status == 7);
  CHECK(result.out == "out\n");
  CHECK(result.err == "err\n");

  CHECK(world.shell(*door, "kill -KILL $$").exit_status == -1);
  CHECK(world.shell(*door, "exit 0").exit_status == 0);
  CHECK(world.shell(*door, "cat", "").out.empty());

  CHECK(world.shell(*door, "printf '%s' 'it'\\''s $HOME'").out == "it's $HOME");

  std::string large;
  for (unsigned i = 0; i < 3000000; ++i) large += static_cast<char>((i * 7919u >> 3) & 255);
  const bool same = world.shell(*door, "cat", large).out == large;
  CHECK(same);
  // A command that does not read its input.
  CHECK(world.shell(*door, "exit 3", large).exit_status == 3);
  // A script too long for a command line goes by another way.
  std::string longest = "echo begin\n";
  for (int i = 0; i < 20000; ++i) longest += ": filling\n";
  CHECK(world.shell(*door, longest + "echo end; exit 4").exit_status == 4);
}

TEST_CASE("files arrive whole under hostile names") {
  World world;
  const TempDir dir;
  auto door = world.connect(shared_sshd().host());
  std::string bytes;
  for (int i = 0; i < 70000; ++i) bytes += static_cast<char>(i % 256);
  const std::vector<std::string> names = {"plain", "with space", "qu'ote",      "dou\"ble", "$(touch x)", "`touch y`",
                                          "-rf",   "new\nline",  "back\\slash", "*",        "END_",       "ümlaut"};
  std::vector<FileSpec> files;
  for (const auto& name : names) files.push_back(file(dir / name, bytes + name, "0640"));
  files.push_back(file(dir / "empty", ""));
  files.push_back(file(dir / "sub/dir/deep", "no newline at end"));
  files[0].owner = "12:34";
  world.put(*door, {}, files);
  for (const auto& f : files) CHECK(read_file(f.path) == f.content);
  struct stat about = {};
  REQUIRE(::stat(files[0].path.c_str(), &about) == 0);
  CHECK((about.st_mode & 07777) == 0640);
  CHECK(about.st_uid == 12);
  CHECK(about.st_gid == 34);
  CHECK(entries(dir.path) == static_cast<int>(names.size()) + 2);

  // Written again: replaced, and nothing of ours left beside it.
  files[0].content = "second";
  world.put(*door, {}, {files[0]});
  CHECK(read_file(files[0].path) == "second");
  CHECK(entries(dir.path) == static_cast<int>(names.size()) + 2);
}

TEST_CASE("directories are made, or kept as they are") {
  World world;
  const TempDir dir;
  auto door = world.connect(shared_sshd().host());
  fs::create_directory(dir.path / "kept");
  ::chmod((dir / "kept").c_str(), 0711);
  DirectorySpec fresh, kept;
  fresh.path = dir / "a/b c";
  fresh.mode = "0750";
  fresh.owner = "5:6";
  kept.path = dir / "kept";
  world.put(*door, {fresh, kept}, {});
  struct stat about = {};
  REQUIRE(::stat(fresh.path.c_str(), &about) == 0);
  CHECK((about.st_mode & 07777) == 0750);
  CHECK(about.st_uid == 5);
  REQUIRE(::stat(kept.path.c_str(), &about) == 0);
  CHECK((about.st_mode & 07777) == 0711);
}

TEST_CASE("an empty directory where a file should be makes room") {
  World world;
  const TempDir dir;
  auto door = world.connect(shared_sshd().host());
  fs::create_directory(dir.path / "one");
  world.put(*door, {}, {file(dir / "one", "new")});
  CHECK(read_file(dir / "one") == "new");
}

TEST_CASE("a put that fails changes nothing") {
  World world;
  const TempDir dir;
  auto door = world.connect(shared_sshd().host());
  write_file(dir / "one", "old");
  fs::create_directory(dir.path / "two");
  write_file(dir / "two/kept", "");
  const auto failing = [&](std::vector<FileSpec> files) {
    try {
      world.put(*door, {}, std::move(files));
      return std::string();
    } catch (const Error& error) {
      return std::string(error.what());
    }
  };
  // A directory stands where a file should be.
  CHECK(failing({file(dir / "one", "new"), file(dir / "two", "new")}).find("is a directory") != std::string::npos);
  CHECK(read_file(dir / "one") == "old");
  CHECK(entries(dir.path) == 2);
  CHECK(fs::exists(dir.path / "two/kept"));
  // An owner that does not exist fails after the first temporary file was written.
  auto second = file(dir / "three", "new");
  second.owner = "no such user";
  CHECK_FALSE(failing({file(dir / "one", "new"), second}).empty());
  CHECK(read_file(dir / "one") == "old");
  CHECK(entries(dir.path) == 2);
  // A file system that cannot be written.
  CHECK_FALSE(failing({file(dir / "one", "new"), file("/proc/cctl", "x")}).empty());
  CHECK(read_file(dir / "one") == "old");
  CHECK(entries(dir.path) == 2);
  // A full disk, noticed in the second file.
  fs::create_directory(dir.path / "small");
  if (run_program({"mount", "-t", "tmpfs", "-o", "size=64k", "none", dir / "small"}, {.time = std::chrono::seconds(5)})
          .status == 0) {
    write_file(dir / "small/a", "old");
    CHECK_FALSE(failing({file(dir / "small/a", "new"), file(dir / "small/b", std::string(200000, 'x'))}).empty());
    CHECK(read_file(dir / "small/a") == "old");
    CHECK(entries(dir.path / "small") == 1);
    ran({"umount", dir / "small"});
  }
}

TEST_CASE("once: an existing file is left alone") {
  World world;
  const TempDir dir;
  auto door = world.connect(shared_sshd().host());
  auto id = file(dir / "myid", "3");
  id.once = true;
  world.put(*door, {}, {id});
  CHECK(read_file(id.path) == "3");
  id.content = "4";
  world.put(*door, {}, {id});
  CHECK(read_file(id.path) == "3");
  CHECK(entries(dir.path) == 1);
}

TEST_CASE("a held command ends with its connection") {
  SshOptions options;
  options.heartbeat = std::chrono::milliseconds(50);
  World world(options);
  const TempDir dir;
  auto door = world.connect(shared_sshd().host());
  std::string first;
  const std::function<Task<void>()> body = [&]() -> Task<void> {
    first =
        co_await door->shell().hold("echo pid $$; while IFS= read -r x; do echo b >> " + shell_quoted(dir / "beats") +
                                    "; done; echo over > " + shell_quoted(dir / "over"));
    auto clock = make_clock(world.loop);
    co_await clock->sleep(std::chrono::milliseconds(400));
  };
  world.run(body);
  CHECK(first.starts_with("pid "));
  CHECK(door->shell().holding());
  CHECK(read_file(dir / "beats").size() >= 6);
  door.reset();
  for (int i = 0; i < 100 && !fs::exists(dir.path / "over"); ++i) {
    world.loop.restart();
    world.loop.poll();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  CHECK(fs::exists(dir.path / "over"));
}

TEST_CASE("what is held counts as lost after a silence, whatever the connection says") {
  SshOptions options;
  options.longest_silence = std::chrono::milliseconds(100);  // and no beat in all that time
  World world(options);
  auto door = world.connect(shared_sshd().host());
  const std::function<Task<void>()> body = [&]() -> Task<void> {
    co_await door->shell().hold("echo taken; while IFS= read -r x; do :; done");
    auto clock = make_clock(world.loop);
    co_await clock->sleep(std::chrono::milliseconds(150));
  };
  world.run(body);
  CHECK_FALSE(door->shell().holding());
}

TEST_CASE("a beat counts once the far end has answered it") {
  SshOptions options;
  options.heartbeat = std::chrono::milliseconds(20);
  options.longest_silence = std::chrono::milliseconds(400);
  World world(options);
  for (const bool answers : {true, false}) {
    auto door = world.connect(shared_sshd().host());
    const std::function<Task<void>()> body = [&]() -> Task<void> {
      co_await door->shell().hold(std::string("echo taken; while IFS= read -r x; do ") + (answers ? "echo" : ":") +
                                  "; done");
      auto clock = make_clock(world.loop);
      co_await clock->sleep(std::chrono::milliseconds(800));
    };
    world.run(body);
    CHECK(door->shell().holding() == answers);
  }
}

TEST_CASE("a held command that ends by itself is noticed") {
  World world;
  auto door = world.connect(shared_sshd().host());
  const std::function<Task<void>()> body = [&]() -> Task<void> {
    CHECK(co_await door->shell().hold("echo taken; sleep 0.2") == "taken");
    CHECK(door->shell().holding());
    auto clock = make_clock(world.loop);
    for (int i = 0; i < 100 && door->shell().holding(); ++i) co_await clock->sleep(std::chrono::milliseconds(20));
    CHECK_FALSE(door->shell().holding());
  };
  world.run(body);
  const std::function<Task<void>()> refused = [&]() -> Task<void> {
    co_await door->shell().hold("echo no >&2; exit 1");
  };
  CHECK_THROWS_WITH(world.run(refused), Contains("no"));
}

TEST_CASE("sudo: with a password, without one, and where it wants none") {
  const TempDir dir;
  // The commands that it lets run without a password, as patterns of a shell.
  const auto fake = [&](const std::string& free) {
    write_file(dir / "sudo",
               "#!/bin/sh\nn=$1; if [ $n = -n ]; then shift; else shift 3; fi\n"
               "case $1 in " +
                   free +
                   ") exec \"$@\" ;; esac\n[ $n != -n ] || exit 1\n"
                   "IFS= read -r p; [ \"$p\" = secret ] || exit 9; exec \"$@\"\n");
    ::chmod((dir / "sudo").c_str(), 0755);
  };
  const auto local = [&](const Access& access, const std::string& script, const std::string& input) {
    const auto mark = new_mark();
    const auto how = invocation(access, script, mark, 60);
    write_file(dir / "input", how.input + input);
    auto result = run_program({"env", "PATH=" + dir.path.string() + ":/usr/bin:/bin", "sh", "-c",
                               "{ " + how.line + "; } < " + shell_quoted(dir / "input")},
                              {.time = std::chrono::seconds(10)});
    if (result.out.starts_with(mark.line())) result.out.erase(0, mark.line().size());
    return result;
  };
  const Access with{true, "secret", "u", "h"}, without{true, std::nullopt, "u", "h"};
  const std::string large = "cat; : '" + std::string(70'000, 'x') + "'";  // comes by the input
  for (const char* wants : {"none", "true"}) {
    INFO(wants);
    fake(wants);
    CHECK(local(with, "echo \"it's\"; cat", "input").out == "it's\ninput");
    CHECK(local(with, large, "input").out == "input");
    CHECK(local(without, "cat", "input").status == 1);
  }
  fake("sh");
  CHECK(local(with, "cat", "input").out == "input");
  CHECK(local(with, large, "input").out == "input");
  fake("*");
  CHECK(local(with, "cat", "input").out == "input");
  CHECK(local(with, "echo 'a\\nb' '\\c'", "").out == "a\\nb \\c\n");  // in dash, too
  CHECK(local(without, "cat", "input").out == "input");
  CHECK(invocation(with, "x", new_mark(), 0).line.find("secret") == std::string::npos);
}

TEST_CASE("sudo's refusals, in words that say what to do") {
  const Access access{true, std::nullopt, "ops", "m1"};
  struct Row {
    const char *said, *listed, *why;
  };
  for (const auto& row :
       {Row{"sudo: a password is required\n", "", "`password: prompt` or `password_file`"},
        Row{"sudo: a terminal is required to read the password; ...\nsudo: a password is required\n", "",
            "sudo wants a password, and there is none"},
        Row{"\nsudo: 1 incorrect password attempt\n", "", "sudo does not take the password"},
        Row{"\nSorry, try again.\nsudo: no password was provided\nsudo: 1 incorrect password attempt\n", "",
            "sudo does not take the password"},
        Row{"sudo: sorry, you must have a tty to run sudo\n", "", "(requiretty): say Defaults:ops !requiretty"},
        Row{"Sorry, user ops is not allowed to execute '/usr/bin/sh -c x' as root on m1.\n", "",
            "sudo does not let ops on m1 run every command: it has to allow sh"},
        Row{"ops is not in the sudoers file.\n", "", "sudo does not let ops on m1 run every command"},
        Row{"sudo: a password is required\n",
            "User ops may run the following commands on m1:\n    (ALL) NOPASSWD: /usr/bin/docker\n    (root) /bin/ls\n",
            "only /usr/bin/docker, /bin/ls: it has to allow sh (ops ALL=(ALL) NOPASSWD: ALL)"},
        Row{"sudo: a password is required\n",
            "User ops may run the following commands on m1:\n    (ALL : ALL) ALL\n    (root) NOPASSWD: /bin/ls\n",
            "sudo wants a password, and there is none"},
        Row{"bash: line 1: exec: sudo: not found\n", "", "there is no sudo on m1"},
        Row{"sudo: Command not found.\n", "", "there is no sudo on m1"},
        Row{"fish: Unknown command: sudo\n", "", "there is no sudo on m1"},
        Row{"zsh:1: command not found: sudo\n", "", "there is no sudo on m1"}}) {
    INFO(row.said);
    CHECK_THAT(why_not_begun(access, {1, "", row.said}, row.listed), Contains(row.why));
  }
}

TEST_CASE("of two holders one knows that it has lost the lease before the other can have it") {
  SshOptions options;
  options.heartbeat = std::chrono::milliseconds(20);
  options.longest_silence = std::chrono::milliseconds(400);
  World world(options), other(options);
  const TempDir dir;
  auto first = world.connect(shared_sshd().host()), second = other.connect(shared_sshd().host());
  const std::string script = lease_script(dir / "c", "me"), told = "echo $$ > " + shell_quoted(dir / "pid") + "\n";
  const auto take = [](World& in, HostDoor& door, std::string text) {
    std::string said;
    const std::function<Task<void>()> body = [&]() -> Task<void> { said = co_await door.shell().hold(text); };
    in.run(body);
    return said;
  };
  REQUIRE(take(world, *first, told + script) == "held");
  CHECK(take(other, *second, script) == "busy me");
  // Its connection is as good as cut: the far end takes beats in, and answers none.
  const pid_t far_end = std::stoi(read_file(dir / "pid"));
  REQUIRE(::kill(far_end, SIGSTOP) == 0);
  const std::function<Task<void>()> silence = [&]() -> Task<void> {
    auto clock = make_clock(world.loop);
    for (int i = 0; i < 500 && first->shell().holding(); ++i) co_await clock->sleep(std::chrono::milliseconds(10));
  };
  world.run(silence);
  CHECK_FALSE(first->shell().holding());
  CHECK(take(other, *second, script) == "busy me");
  REQUIRE(::kill(far_end, SIGKILL) == 0);
  std::string said;
  for (int i = 0; i < 500 && said != "held"; ++i) said = take(other, *second, script);
  CHECK(said == "held");
  CHECK(second->shell().holding());
  CHECK_FALSE(first->shell().holding());
}
