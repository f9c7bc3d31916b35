// The command that logs in to a host, for people to paste.
#include "model/ssh_command.hpp"

#include "catch.hpp"

using namespace cctl;

TEST_CASE("the command that logs in as we do") {
  Host host;
  host.name = "m1";
  host.address = "10.0.0.1";
  CHECK(ssh_command(host) == "ssh 10.0.0.1");
  host.ssh.user = "ops";
  host.ssh.port = 2222;
  host.ssh.jump = {{"b", "me", 22, {}, {}, {}}, {"::1", {}, 2200, {}, {}, {}}};
  CHECK(ssh_command(host, "-v") == "ssh -v -p 2222 -J 'me@b:22,[::1]:2200' ops@10.0.0.1");
  host.ssh.jump.emplace();
  host.ssh.key = "/home/me/My Keys/k";
  host.ssh.agent = false;
  CHECK(
      ssh_command(host) ==
      "ssh -p 2222 -i '/home/me/My Keys/k' -o IdentitiesOnly=yes -o IdentityAgent=none -o ProxyJump=none ops@10.0.0.1");
  host = {};
  host.address = "h";
  host.ssh.config = "none";
  host.ssh.known_hosts = "/k";
  host.ssh.host_key = HostKeyPolicy::accept_new;
  const std::string files = "-F none -o UserKnownHostsFile=/k -o StrictHostKeyChecking=accept-new";
  CHECK(ssh_command(host) == "ssh " + files + " h");
  host.ssh.jump = {{"b", "me", 22, "/b", {}, {}}};
  CHECK(ssh_command(host) ==
        "ssh " + files + " -o 'ProxyCommand=ssh " + files + " -p 22 -i /b -W '\\''[%h]:%p'\\'' me@b' h");
}
