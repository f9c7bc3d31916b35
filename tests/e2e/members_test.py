"""Consul's servers become others, by the documented way: real raft data, which lists its members."""
import re
import unittest

from cluster import Cluster, wait_for

c = Cluster("members")


def kv(*args):
    return c.on("master1", "docker", "exec", c.name_of, "consul", "kv", *args).strip()


def peers():
    out = c.on("master1", "docker", "exec", c.name_of, "consul", "operator", "raft", "list-peers")
    return sorted(re.findall(r" ([0-9.]+):8300 ", out))


class Members(unittest.TestCase):
    def test_0_the_configuration_is_roots_and_the_data_its_users_alone(self):
        for host in ("master1", "slave1"):
            said = c.on(host, "stat", "-c", "%a %u:%g %n", "/etc/consul.d", "/etc/consul.d/agent.json", "/var/lib/consul")
            self.assertEqual(said.splitlines(), ["755 0:0 /etc/consul.d", "644 0:0 /etc/consul.d/agent.json",
                                                 "700 100:1000 /var/lib/consul"], host)
        # What the image writes of a variable stays in the container.
        text = c.text()
        said = '  consul: {env: {CONSUL_LOCAL_CONFIG: \'{"log_level": "DEBUG"}\'}}\n'
        c.write(re.sub(r"(?m)^components:\n|\Z", lambda at: (at.group() or "components:\n") + said, text, count=1))
        c.run("up", "-y")
        self.assertIn("[DEBUG]", c.on("slave1", "docker", "logs", c.container("consul-client")))
        self.assertEqual(c.on("slave1", "sh", "-c", "ls /etc/consul.d/local.json 2>/dev/null || true"), "")
        self.assertIn("nothing to do", c.run("plan").out)
        # An older clusterctl let the image have the directory, and write into it: both are put right with the roll.
        for host in ("master1", "slave1"):
            c.on(host, "sh", "-c", "chown 100:1000 /etc/consul.d; chmod 775 /etc/consul.d /var/lib/consul; "
                                   "echo '{\"log_level\": \"DEBUG\"}' >/etc/consul.d/local.json")
        c.write(text)
        c.run("up", "-y")
        for host in ("master1", "slave1"):
            said = c.on(host, "stat", "-c", "%a %u", "/etc/consul.d", "/var/lib/consul").split("\n")[:2]
            self.assertEqual(said, ["755 0", "700 100"], host)
            self.assertNotIn("local.json", c.on(host, "ls", "/etc/consul.d"))
        c.wait_until_healthy()

    def test_1_names_that_are_exchanged_are_refused_before_anything_stops(self):
        text = c.text()
        exchanged = re.sub(r"name: slave([12])", lambda at: f"name: slave{3 - int(at.group(1))}", text)
        self.assertNotEqual(exchanged, text)
        c.write(exchanged)
        before = [c.ids(host) for host in ("slave1", "slave2")]
        refused = c.run("up", "-y", expect=8).err
        self.assertIn('on slave1 would go by "slave1", which that on slave2 has', refused)
        self.assertRegex(refused, r"\(clusterctl down .*--component consul-client -l slave1,slave2 keeps their data\)")
        self.assertEqual([c.ids(host) for host in ("slave1", "slave2")], before)
        # The way out that it names, to the other names and back.
        for wanted in (exchanged, text):
            c.run("down", "-y", "--component", "consul-client", "-l", "slave1,slave2")
            c.write(wanted)
            c.run("up", "-y")
            c.wait_until_healthy()
        self.assertIn("nothing to do", c.run("plan").out)

    def test_1_three_that_become_one_would_have_no_leader_and_are_refused(self):
        c.name_of = c.container("consul")
        c.three = c.text()
        c.first = c.address("master1")
        # A connection that an agent kept to a leader of before ends with the first question on it.
        wait_for("a write", lambda: "Success" in c.on("master1", "docker", "exec", c.name_of, "sh", "-c", "consul kv put kept yes || true"))
        self.assertEqual(len(peers()), 3)
        self.assertIn("would become another ensemble", self.change_to_one())
        c.write(c.three)
        c.run("down", "-y")
        refused = self.change_to_one()
        self.assertIn("no majority of them is left: nobody would ever lead", refused)
        c.line = re.search(r"on master1: (echo .*peers\.json); then up starts it", refused).group(1)

    def change_to_one(self):
        c.write(re.sub(r"\n  - \{name: master[23],.*", "", c.three))
        return c.run("up", "-y", expect=8).err

    def test_2_the_line_that_it_names_makes_it_lead_again(self):
        c.on("master1", "sh", "-c", c.line)
        c.run("up", "-y")
        self.assertEqual(peers(), [c.first])
        self.assertEqual(kv("get", "kept"), "yes")
        c.wait_until_healthy()

    def test_3_the_others_do_not_come_back_with_what_they_knew(self):
        c.run("down", "-y")
        c.write(c.three)
        refused = c.run("up", "-y", expect=8).err
        self.assertIn("tells of different members on", refused)
        for host in ("master2", "master3"):
            c.on(host, "mv", "/var/lib/consul/raft", "/var/lib/consul/raft.old")
        c.run("up", "-y")
        wait_for("three voters", lambda: len(peers()) == 3)
        self.assertEqual(kv("get", "kept"), "yes")

    def test_4_a_voter_that_is_none_of_ours_is_named(self):
        c.run("down", "-y")
        c.write(c.three + "place: {consul: [master1, master2]}\n")
        c.run("up", "-y", expect=[0, 9])
        status = c.status()
        if len(peers()) == 3:  # until Consul itself drops who is gone
            self.assertEqual(status["health"], "degraded")
            self.assertIn("none in peers but its own", "\n".join(status["wanting"]))
            third = re.search(r"name: master3, address: ([0-9.]+)", c.three).group(1)

            def is_gone():
                # Consul may drop it meanwhile, or change its leader: the command is refused then.
                try:
                    if len(peers()) == 3:
                        c.on("master1", "docker", "exec", c.name_of, "consul", "operator", "raft", "remove-peer", f"-address={third}:8300")
                    return len(peers()) == 2
                except AssertionError:
                    return False

            wait_for("the voter that is none of ours to be gone", is_gone)
        c.wait_until_healthy()


def setUpModule():
    c.call("sandbox", "up", "--masters", "3", "--slaves", "2", "--dir", c.dir, "--only", "consul")
    c.run("up", "-y")
    c.wait_until_healthy()


def tearDownModule():
    c.call("sandbox", "down", "--dir", c.dir)


if __name__ == "__main__":
    unittest.main(verbosity=2)
