// In which way a host could not be asked: nobody there, no access, or of no use once we are in.
#include "model/absence.hpp"

#include "account.hpp"
#include "catch.hpp"
#include "openssh.hpp"
#include "run.hpp"

using namespace cctl;
using namespace cctl::test;

namespace {

struct Row {
  const char* what;
  const char* settings;  // of its sshd
  std::function<void(Host&, const Sshd&)> change;
  Absence absence;
  int exit;
};

// A host that nobody is to be asked about on this machine.
Error why(World& world, const Host& host, Absence& absence) {
  try {
    auto door = world.connect(host);
    world.look(*door, {});
  } catch (const Error& error) {
    absence = absence_by(error);
    return error;
  }
  return Error("it was asked", 0);
}

}  // namespace

TEST_CASE("a host that is away, one that gives no access, and one that is of no use") {
  const auto nothing = [](Host&, const Sshd&) {};
  const auto row = GENERATE_COPY(values<Row>({
      {"nobody listens", "", [](Host& h, const Sshd&) { h.ssh.port = free_port(); }, Absence::away, 4},
      {"no such name", "", [](Host& h, const Sshd&) { h.address = "no.such.name.invalid"; }, Absence::away, 4},
      {"another key", "", [](Host& h, const Sshd& s) { h.ssh.key = make_key(s.dir / "other"); }, Absence::no_access, 4},
      {"the key's file is gone", "", [](Host& h, const Sshd&) { h.ssh.key = "/nowhere/key"; }, Absence::no_access, 4},
      {"the password's file is gone", "", [](Host& h, const Sshd&) { h.ssh.password_file = "/nowhere/password"; },
       Absence::no_access, 4},
      {"a password, and nobody to ask for it", "", [](Host& h, const Sshd&) { h.ssh.password_prompt = true; },
       Absence::no_access, 10},
      {"a host key that is not known", "",
       [](Host& h, const Sshd& s) {
         write_file(s.dir / "none", "");
         h.ssh.known_hosts = s.dir / "none";
       },
       Absence::no_access, 4},
      {"a host key that is new and cannot be kept", "",
       [](Host& h, const Sshd&) {
         h.ssh.known_hosts = "/proc/none/known_hosts";
         h.ssh.host_key = HostKeyPolicy::accept_new;
       },
       Absence::no_access, 4},
      {"a host key that has changed", "",
       [](Host&, const Sshd& s) { write_file(s.known_hosts, s.name() + " " + read_file(s.user_key + ".pub")); },
       Absence::no_access, 4},
      {"no key exchange in common", "KexAlgorithms sntrup761x25519-sha512@openssh.com", nothing, Absence::no_access, 4},
      {"users that are not let in", "AllowUsers nobody", nothing, Absence::no_access, 4},
      {"no shell", "ForceCommand /usr/sbin/nologin", nothing, Absence::unusable, 3},
      {"a shell that ends", "ForceCommand exit 1", nothing, Absence::unusable, 3},
  }));
  CAPTURE(row.what);
  const Sshd sshd(row.settings);
  auto host = sshd.host();
  row.change(host, sshd);
  World world;
  Absence absence{};
  const Error error = why(world, host, absence);
  CAPTURE(error.what());
  CHECK(to_text(absence) == std::string(to_text(row.absence)));
  CHECK(error.exit_code() == row.exit);
}

TEST_CASE("a jump host that does not let us in, and a sudo that does not, give no access") {
  World world;
  Absence absence{};
  const Sshd outer, sshd("", true);
  write_file(sshd.known_hosts, read_file(sshd.known_hosts) + read_file(outer.known_hosts));
  auto host = sshd.host();
  host.ssh.jump = {{"127.0.0.1", "root", outer.port, make_key(outer.dir / "other"), {}, {}}};
  CHECK(why(world, host, absence).exit_code() == 4);
  CHECK(absence == Absence::no_access);

  for (const char* sudoers : {"", "ALL=(ALL) ALL", "ALL=(ALL) NOPASSWD: /bin/ls"}) {
    CAPTURE(sudoers);
    const Account account("/bin/sh", {}, sudoers);
    auto other = sshd.host();
    other.ssh.user = account.name;
    other.ssh.become = "sudo";
    absence = {};
    const Error error = why(world, other, absence);
    CAPTURE(error.what());
    CHECK(error.exit_code() == 3);
    CHECK(absence == Absence::no_access);
  }
}
