// Files in directories that belong to somebody else, who means harm: a real second user races root for the names.
#include "foreign.hpp"
#include "look/fact.hpp"
#include "model/manifest_json.hpp"

using namespace cctl;
using namespace cctl::test;

TEST_CASE("a second user who races for the names of what is written reaches nothing of root's") {
  World world;
  auto door = world.connect(shared_sshd().host());
  const Victim victim;
  const Foreign foreign;
  int written = 0, refused = 0;
  // Names become links to the secret, or to the directory that it is in.
  for (const auto& aim : {victim.secret, victim.dir.path.string()}) {
    const Adversary adversary([&] { lay_links(foreign.path, aim); });
    for (int i = 0; i < 50; ++i) {
      DirectorySpec data;
      data.path = foreign.path + "/data";
      data.owner = "65534:65534";
      const auto files = {file(foreign.path + "/conf", "theirs"), file(foreign.path + "/data/secret", "theirs")};
      (refusal_of(world, *door, {data}, files).empty() ? written : refused) += 1;
    }
  }
  CHECK(written + refused == 100);
  victim.unharmed();
}

TEST_CASE("links that another user laid are not followed, those of root are") {
  World world;
  auto door = world.connect(shared_sshd().host());
  const Victim victim;
  const Foreign foreign;
  const auto as_them = [&](const std::string& name, const std::string& aim) { foreign.lay_link(name, aim); };
  as_them("dir", victim.dir.path.string());
  as_them("conf", victim.secret);

  // Below a link of theirs nothing is written, and the refusal names it; a link of theirs in place of a file goes.
  CHECK_THAT(refusal_of(world, *door, {}, {file(foreign.path + "/dir/secret", "x")}),
             Contains("theirs/dir is a link, in a directory that is not root's alone"));
  CHECK(refusal_of(world, *door, {}, {file(foreign.path + "/conf", "new")}).empty());
  CHECK(fs::is_regular_file(fs::symlink_status(foreign.path + "/conf")));
  CHECK(read_file(foreign.path + "/conf") == "new");
  DirectorySpec data;
  data.path = foreign.path + "/dir";
  data.owner = "65534:65534";
  CHECK_FALSE(refusal_of(world, *door, {data}, {}).empty());
  victim.unharmed();

  // What would be replaced is asked for beforehand: a link of theirs is nothing to put back. Neither is a pipe.
  as_them("asked", victim.secret);
  const auto survey = [&](const std::string& path) {
    return world.shell(*door, survey_script(), survey_input({path}, {}));
  };
  CHECK(survey(foreign.path + "/asked").out == "-\n");
  CHECK_THAT(survey(foreign.path + "/dir/secret").err, Contains("not root's alone"));
  CHECK(survey(foreign.path + "/asked").out.find(to_base64("root's own")) == std::string::npos);
  REQUIRE(::mkfifo((foreign.path + "/pipe").c_str(), 0666) == 0);
  CHECK(survey(foreign.path + "/pipe").out == "-\n");
  CHECK(survey_from(survey(foreign.path + "/conf").out, 1, 0).files[0].bytes == "new");

  // What is removed is removed by its name in the directory that is meant.
  const auto cleared = world.shell(*door, clear_script(), clear_input({foreign.path + "/dir/secret"}, {}, {}));
  CHECK(cleared.exit_status != 0);
  CHECK_THAT(cleared.err, Contains("theirs/dir is a link"));
  CHECK(world.shell(*door, clear_script(), clear_input({}, {foreign.path + "/dir"}, {})).exit_status != 0);
  victim.unharmed();

  // Root's own links in a directory of root's lead where root wants.
  fs::create_directory_symlink(foreign.path, foreign.base / "link");
  CHECK(refusal_of(world, *door, {}, {file(foreign.base / "link/conf", "by link")}).empty());
  CHECK(read_file(foreign.path + "/conf") == "by link");
}

TEST_CASE("a look follows no link that another user laid, opens no pipe, and says who laid it") {
  World world;
  auto door = world.connect(shared_sshd().host());
  const Victim victim;
  const Foreign foreign;
  const auto as_them = [&](const std::string& name, const std::string& aim) { foreign.lay_link(name, aim); };
  as_them("link", victim.secret);
  as_them("dir", victim.dir.path.string());
  as_them("gone", "/nowhere/at/all");
  as_them("loop", foreign.path + "/loop");
  fs::create_directory(foreign.path + "/sub");
  as_them("sub/up", "../../theirs");
  REQUIRE(::mkfifo((foreign.path + "/pipe").c_str(), 0666) == 0);
  write_file(foreign.path + "/id", "7\n");
  std::ofstream(foreign.path + "/large") << std::string(2000000, 'x');
  fs::create_symlink(victim.secret, foreign.base / "own");                   // root's, in root's
  fs::create_symlink(foreign.path + "/link", foreign.base / "own-to-link");  // and leads to one of theirs
  fs::create_symlink(foreign.path + "/id", foreign.base / "own-to-id");

  LookRequest request;
  request.cluster = "x";
  for (const char* name :
       {"link", "dir", "gone", "loop", "dir/secret", "sub/up/link", "pipe", "id", "large", "missing"})
    request.content_paths.insert(foreign.path + "/" + name);
  for (const char* name : {"own", "own-to-link", "own-to-id"}) request.content_paths.insert(foreign.base / name);
  request.paths = request.content_paths;
  request.listed = {foreign.path, foreign.path + "/dir"};
  const ObservedHost host = world.observe(*door, request);

  const auto about = [&](const std::string& name) { return host.files.at(foreign.path + "/" + name); };
  const std::string who = "nobody (uid 65534)";
  for (const char* name : {"link", "dir", "gone", "loop"}) {
    INFO(name);
    CHECK(about(name).exists);
    CHECK(about(name).link == who);
  }
  CHECK(host.files.at(foreign.base / "own-to-link").link == who);
  for (const char* name : {"dir/secret", "sub/up/link"}) {
    INFO(name);
    CHECK_FALSE(about(name).exists);
    CHECK_THAT(about(name).barred, Contains("is a link, in a directory that is not root's alone, laid by " + who));
  }
  CHECK_THAT(host.files.at(foreign.path + "/dir").barred, Contains("theirs/dir is a link"));
  for (const auto& [path, file] : host.files) {
    INFO(path);
    CHECK((file.content.find("root's own") == std::string::npos || path == (foreign.base / "own")));
  }
  CHECK(host.files.at(foreign.base / "own").content == "root's own");
  CHECK(about("pipe").exists);
  CHECK(about("pipe").unread);
  CHECK(about("large").unread);
  CHECK(about("large").content.empty());
  CHECK(about("id").content == "7\n");
  CHECK(about("id").mode == "0644");
  CHECK(host.files.at(foreign.base / "own-to-id").content == "7\n");
  CHECK_FALSE(about("missing").exists);
  CHECK(host.entries.at(foreign.path).size() == 8);
  CHECK(host.entries.count(foreign.path + "/dir") == 0);
  CHECK(world.network->traffic()["here"].exchanges == 1);

  // The look of the checks is the same.
  LookRequest wanted;
  wanted.facts = {&fact::disks};
  wanted.disks = {foreign.path + "/dir"};
  const Facts facts = world.look(*door, wanted);
  CHECK(facts.disks.count(foreign.path + "/dir") == 0);
  victim.unharmed();
}

TEST_CASE("a directory of root's that a group may write is not root's alone: an access list shows as that") {
  World world;
  auto door = world.connect(shared_sshd().host());
  for (const mode_t mode : {0775, 0770, 0777}) {
    CAPTURE(mode);
    const Victim victim;
    const Foreign foreign;
    REQUIRE(::chown(foreign.path.c_str(), 0, 0) == 0);
    REQUIRE(::chmod(foreign.path.c_str(), mode) == 0);
    foreign.lay_link("conf", victim.secret);
    foreign.lay_link("dir", victim.dir.path.string());
    CHECK(world.shell(*door, survey_script(), survey_input({foreign.path + "/conf"}, {})).out == "-\n");
    CHECK_THAT(refusal_of(world, *door, {}, {file(foreign.path + "/dir/secret", "x")}),
               Contains("theirs/dir is a link, in a directory that is not root's alone"));
    LookRequest request;
    request.cluster = "x";
    request.paths = request.content_paths = {foreign.path + "/conf"};
    const ObservedHost host = world.observe(*door, request);
    CHECK(host.files.at(foreign.path + "/conf").link == "nobody (uid 65534)");
    CHECK(host.files.at(foreign.path + "/conf").content.empty());
    victim.unharmed();
  }
}

TEST_CASE("a look that a second user races sees nothing of root's") {
  World world;
  auto door = world.connect(shared_sshd().host());
  const Victim victim;
  const Foreign foreign;
  fs::create_directory(foreign.path + "/sub");
  LookRequest request;
  request.cluster = "x";
  request.content_paths = {foreign.path + "/conf", foreign.path + "/sub/secret"};
  request.paths = request.content_paths;
  request.listed = {foreign.path + "/sub"};
  for (const auto& aim : {victim.secret, victim.dir.path.string()}) {
    const Adversary adversary([&] {
      const std::string conf = foreign.path + "/conf", sub = foreign.path + "/sub";
      ::unlink(conf.c_str());
      ::close(::open(conf.c_str(), O_WRONLY | O_CREAT, 0644));
      ::mkdir(sub.c_str(), 0755);
      lay_links(foreign.path, aim);
      ::unlink(sub.c_str());
    });
    for (int i = 0; i < 30; ++i) {
      ObservedHost host;
      try {
        host = world.observe(*door, request);
      } catch (const Error&) {
        continue;  // files were changing
      }
      for (const auto& [path, file] : host.files) CHECK(file.content.find("root's own") == std::string::npos);
      for (const auto& [path, entries] : host.entries)
        for (const auto& entry : entries) CHECK(entry.name != "secret");
    }
  }
  victim.unharmed();
}

TEST_CASE("what a link of theirs stood for is replaced, also where a file is written but once") {
  World world;
  auto door = world.connect(shared_sshd().host());
  const Victim victim;
  const Foreign foreign;
  const std::string path = foreign.path + "/myid";
  foreign.lay_link("myid", victim.secret);
  FileSpec id = file(path, "3\n");
  id.once = true;
  CHECK(refusal_of(world, *door, {}, {id}).empty());
  CHECK(fs::is_regular_file(fs::symlink_status(path)));
  CHECK(read_file(path) == "3\n");
  victim.unharmed();
}

TEST_CASE("a pipe in the place of what is kept of us keeps nobody waiting, and is told as damaged") {
  World world;
  auto door = world.connect(shared_sshd().host());
  LookRequest request;
  request.cluster = "pipes-" + std::to_string(::getpid());
  const fs::path kept = manifest_directory(request.cluster);
  fs::create_directories(kept);
  for (const char* name : {"manifest.json", "prepared.json", "holder"})
    REQUIRE(::mkfifo((kept / name).c_str(), 0600) == 0);
  ObservedHost host;
  try {
    host = world.observe(*door, request);
  } catch (...) {
    fs::remove_all(kept);
    throw;
  }
  fs::remove_all(kept);
  CHECK(host.manifest.damaged);
  CHECK(host.prepared_damaged);
}
