"""Settings of the hosts' Docker engines, and names resolved from inside their containers."""
import hashlib
import json
import unittest

from cluster import Cluster, wait_for

c = Cluster("engine")
HOSTS = ["master1", "slave1"]


def daemon_json(host):
    return json.loads(c.on(host, "cat", "/etc/docker/daemon.json"))


def pid(host):
    return c.on(host, "cat", "/var/run/docker.pid").strip()


def engine_answers(host):
    return "20." in c.on(host, "sh", "-c", "docker version --format '{{.Server.Version}}' 2>/dev/null || true")


def write_on(host, path, text):
    c.on(host, "sh", "-c", f"cat > {path} <<'END'\n{text.rstrip()}\nEND\n")


def leave_refused_file(host):
    """As an earlier version of clusterctl left it: a daemon.json of ours with which the engine does not start."""
    settings = daemon_json(host)
    settings["max-concurrent-downloads"] = -1
    text = json.dumps(settings) + "\n"
    write_on(host, "/etc/docker/daemon.json", text)
    path = f"/var/lib/clusterctl/{c.status()['cluster']}/manifest.json"
    manifest = json.loads(c.on(host, "cat", path))
    manifest["files"]["/etc/docker/daemon.json"]["digest"] = hashlib.sha256(text.encode()).hexdigest()
    write_on(host, path, json.dumps(manifest))


def resolve(name):
    """What a container on the slave, started without any --dns, gets for a name."""
    image = c.on("slave1", "docker", "inspect", "-f", "{{.Config.Image}}", c.container("consul-client")).strip()
    return c.on("slave1", "sh", "-c", f"docker run --rm --entrypoint getent {image} ahostsv4 {name} || true")


class Engine(unittest.TestCase):
    def test_01_settings_are_merged_and_the_engine_restarted_once(self):
        c.found = {h: daemon_json(h) for h in HOSTS}
        c.bytes = {h: c.on(h, "cat", "/etc/docker/daemon.json") for h in HOSTS}
        c.master = next(h["address"] for h in c.status()["hosts"] if h["name"] == "master1")
        c.write(c.text() + f"""
docker:
  live-restore: true
  dns: ["{c.master}"]
  dns-search: [service.consul]
  insecure-registries: ["registry.example:5000"]
""")
        before = {h: pid(h) for h in HOSTS}
        r = c.run("plan")
        self.assertIn("docker-daemon", r.out)
        c.run("up", "-y")
        for host in HOSTS:
            now = daemon_json(host)
            for key, value in c.found[host].items():
                wanted = value if isinstance(value, list) else [value]
                have = now[key] if isinstance(now[key], list) else [now[key]]
                self.assertTrue(set(wanted) <= set(have), f"{host} lost {key}: {now}")
            self.assertEqual(now["dns"][0], c.master)
            self.assertIn("registry.example:5000", c.on(host, "docker", "info"))
            self.assertNotEqual(pid(host), before[host])

    def test_02_again_nothing(self):
        before = {h: (pid(h), c.ids(h)) for h in HOSTS}
        r = c.run("up", "-y")
        self.assertIn("nothing to do", r.out + r.err)
        self.assertEqual(before, {h: (pid(h), c.ids(h)) for h in HOSTS})

    def test_03_names_from_inside_a_container(self):
        c.write(c.text().replace("components:\n", "components:\n  bind: {vars: {forwarders: \"127.0.0.11;\"}}\n", 1))
        c.run("up", "-y")
        self.assertIn(c.master, wait_for("zookeeper in DNS", lambda: resolve("zookeeper.service.consul")))
        self.assertIn(c.master, wait_for("consul in DNS", lambda: resolve("consul.service.consul")))
        self.assertIn(c.master, wait_for("a short name by the search domain", lambda: resolve("zookeeper")))
        upstream = c.node("registry")  # known to the resolver behind BIND alone
        self.assertIn("198.18.", wait_for("a name from upstream", lambda: resolve(upstream)))

    def test_04_what_a_running_engine_takes_in_restarts_nothing(self):
        before = {h: (pid(h), c.ids(h)) for h in HOSTS}
        c.write(c.text().replace('"registry.example:5000"', '"registry.example:5000", "other.example:5000"'))
        plan = c.run("plan", "-o", "json").json()
        self.assertEqual({(s["component"], s["action"]) for s in plan["steps"]}, {("docker-daemon", "reload")})
        c.run("up", "-y")
        self.assertIn("other.example:5000", c.on("slave1", "docker", "info"))
        self.assertEqual(before, {h: (pid(h), c.ids(h)) for h in HOSTS})

    def test_05_a_restart_leaves_the_containers_alone(self):
        before = {h: (pid(h), c.ids(h)) for h in HOSTS}
        c.write(c.text().replace("dns-search: [service.consul]", "dns-search: [service.consul, node.consul]"))
        c.run("up", "-y")
        for host in HOSTS:
            self.assertNotEqual(pid(host), before[host][0])
            self.assertEqual(c.ids(host), before[host][1])

    def test_06_a_file_that_does_not_parse_is_told_before_anything_changes(self):
        whole = c.on("slave1", "cat", "/etc/docker/daemon.json")
        c.on("slave1", "sh", "-c", "printf '{ \"dns\": [' > /etc/docker/daemon.json")
        before = {h: (pid(h), c.ids(h)) for h in HOSTS}
        r = c.run("up", "-y", expect=3)
        self.assertIn("on slave1: /etc/docker/daemon.json does not parse as JSON: line 1, column", r.err)
        self.assertEqual(before, {h: (pid(h), c.ids(h)) for h in HOSTS})
        c.on("slave1", "sh", "-c", f"cat > /etc/docker/daemon.json <<'END'\n{whole}END\n")
        self.assertIn("nothing to do", c.run("plan").out)

    def test_061_a_setting_of_the_wrong_kind_is_told_before_any_connection(self):
        text = c.text()
        c.write(text.replace("live-restore: true", "live-restore: 'true'"))
        self.assertIn('"live-restore" of docker is a boolean, not a text', c.run("up", "-y", expect=2).err)
        c.write(text)

    def test_062_an_engine_that_does_not_start_again_gets_its_old_settings_back(self):
        text = c.text()
        before = c.on("slave1", "cat", "/etc/docker/daemon.json")
        c.write(text.replace("live-restore: true", "live-restore: true\n  log-opts: {no-such-option: x}"))
        r = c.run("up", "-y", "--timeout", "20", "--limit", "slave1", expect=[6, 7])
        self.assertIn("docker-daemon", r.err)
        self.assertEqual(c.on("slave1", "cat", "/etc/docker/daemon.json"), before)
        wait_for("the engine", lambda: c.on("slave1", "docker", "version", "--format", "{{.Server.Version}}").strip())
        c.write(text)
        self.assertIn("nothing to do", c.run("plan").out)

    def test_063_a_refused_reload_is_a_failure_in_the_engines_words_and_restarts_nothing(self):
        text = c.text()
        before = c.on("slave1", "cat", "/etc/docker/daemon.json"), pid("slave1"), c.ids("slave1")
        # Newer engines take a mirror with a path.
        c.write(text.replace("live-restore: true", "live-restore: true\n  registry-mirrors: [\"http://mirror.example/v1/\"]"))
        r = c.run("up", "-y", "--limit", "slave1", expect=7)
        self.assertIn("failed to reload", r.err)
        self.assertIn("the engine refused it: Error reconfiguring the daemon: invalid mirror", r.err)
        self.assertIn("the old files are back, and it is ready", r.err)
        self.assertEqual(before, (c.on("slave1", "cat", "/etc/docker/daemon.json"), pid("slave1"), c.ids("slave1")))
        self.assertNotIn("mirror.example", c.on("slave1", "docker", "info"))
        # With a setting that wants a restart: the engine is asked first, and runs on.
        c.write(c.text().replace("live-restore: true", "live-restore: true\n  mtu: 1400"))
        self.assertIn("the engine refused it: ", c.run("up", "-y", "--limit", "slave1", expect=7).err)
        self.assertEqual(before, (c.on("slave1", "cat", "/etc/docker/daemon.json"), pid("slave1"), c.ids("slave1")))
        c.write(text)
        self.assertIn("nothing to do", c.run("plan").out)

    def test_064_an_engine_that_has_not_what_its_file_says_is_told_again(self):
        c.write(c.text().replace("live-restore: true", "live-restore: true\n  labels: [rack=r1]"))
        c.run("up", "-y")
        whole = c.on("slave1", "cat", "/etc/docker/daemon.json")
        write_on("slave1", "/etc/docker/daemon.json", whole.replace("rack=r1", "rack=r2"))
        c.on("slave1", "sh", "-c", "kill -HUP $(cat /var/run/docker.pid)")
        wait_for("another label", lambda: "rack=r2" in c.on("slave1", "docker", "info"))
        write_on("slave1", "/etc/docker/daemon.json", whole)
        row = next(i for i in c.status(expect=1)["instances"] if (i["host"], i["component"]) == ("slave1", "docker-daemon"))
        self.assertEqual(row["health"], "unhealthy")
        self.assertEqual(row["drift"], "daemon.json: its engine has another labels")
        c.run("up", "-y")
        self.assertIn("rack=r1", c.on("slave1", "docker", "info"))
        self.assertIn("nothing to do", c.run("plan").out)

    def test_065_an_engine_that_a_file_of_ours_keeps_down_is_started_by_up(self):
        ids = c.ids("slave1")
        leave_refused_file("slave1")
        c.on("slave1", "sh", "-c", "service docker restart || true")
        wait_for("the engine to be gone", lambda: c.on("slave1", "sh", "-c", "pidof dockerd || echo gone").strip() == "gone")
        said = "invalid max concurrent downloads: -1"
        r = c.run("status", expect=[1, 2, 3])
        row = next(line for line in r.out.splitlines() if line.startswith("slave1") and "docker-daemon" in line)
        self.assertIn("stopped", row)
        self.assertIn(said, row)
        self.assertIn("clusterctl up", row)
        r = c.run("check", "--only", "docker.running", expect=3)
        self.assertIn(said, r.out)
        self.assertIn(" writes /etc/docker/daemon.json anew and starts it", r.out)
        self.assertIn(said, c.run("down", "-y", "--confirm", c.status()["cluster"], expect=3).err)
        r = c.call("sandbox", "up", "--dir", c.dir, expect=1)
        self.assertIn("the Docker engine of node slave1 does not start", r.err)
        self.assertIn(said, r.err)
        self.assertIn(f"clusterctl up {c.inventory}", r.err)
        r = c.run("up", "-y")
        self.assertTrue(engine_answers("slave1"))
        self.assertNotIn("max-concurrent-downloads", daemon_json("slave1"))
        self.assertEqual(ids, c.ids("slave1"))
        c.wait_until_healthy()
        self.assertIn("nothing to do", c.run("plan").out)

    def test_0655_a_directory_in_the_place_of_the_socket_is_named_and_removed(self):
        stop = "kill $(cat /var/run/docker.pid); while pidof dockerd >/dev/null; do sleep 0.2; done; rm -f /var/run/docker.sock"
        c.on("slave1", "sh", "-c", stop + "; mkdir -p /var/run/docker.sock/full")
        named = "/var/run/docker.sock is a directory, in the place of its socket"
        self.assertIn("not known whether it is there: its engine does not run", c.run("plan", expect=3).out)
        steps = c.run("plan", "-o", "json", expect=3).json()["steps"]
        self.assertEqual({s["action"] for s in steps if s["host"] == "slave1" and s["component"] == "consul-client"}, {"unknown"})
        self.assertIn(named, c.run("status", expect=[1, 2, 3]).out)
        r = c.run("check", "--only", "docker.way,docker.running", "--fix", "-y", expect=3)
        self.assertIn("could not mend docker.way on slave1: " + named, r.err)
        self.assertNotIn("mended docker", r.err.replace("could not mend", ""))
        c.on("slave1", "rmdir", "/var/run/docker.sock/full")
        r = c.run("check", "--only", "docker.way,docker.running", "--fix", "-y")
        self.assertIn("mended docker.way on slave1", r.err)
        self.assertIn("mended docker.running on slave1", r.err)
        self.assertTrue(engine_answers("slave1"))
        # A run that starts an engine clears its place, and says so.
        leave_refused_file("slave1")
        c.on("slave1", "sh", "-c", stop + "; mkdir /var/run/docker.sock")
        r = c.run("up", "-y")
        self.assertIn("removed the empty directory /var/run/docker.sock", r.err)
        self.assertTrue(engine_answers("slave1"))
        c.wait_until_healthy()
        self.assertIn("nothing to do", c.run("plan").out)

    def test_066_sandbox_up_starts_an_engine_that_has_ended(self):
        c.on("slave1", "sh", "-c", "kill -9 $(cat /var/run/docker.pid)")
        wait_for("the engine to be gone", lambda: not engine_answers("slave1"))
        self.assertIn("started again", c.call("sandbox", "up", "--dir", c.dir).err)
        self.assertTrue(engine_answers("slave1"))
        c.wait_until_healthy()

    def test_067_values_that_no_engine_takes_are_told_before_any_connection(self):
        text = c.text()
        for setting, said in (("max-concurrent-downloads: -1", "a whole number from 0"), ("labels: [a]", "name=value"),
                              ("registry-mirrors: [\"http://m:5000?x=1\"]", "without a query")):
            c.write(text.replace("live-restore: true", f"live-restore: true\n  {setting}"))
            self.assertIn(said, c.run("up", "-y", expect=2).err)
        c.write(text)

    def test_068_another_data_root_is_an_empty_world_that_nobody_runs_in_yet(self):
        text, other = c.text(), "/var/lib/docker/other"
        root = lambda: c.on("slave1", "docker", "info", "--format", "{{.DockerRootDir}}").strip()
        before, usual = c.ids("slave1"), root()
        for wanted, settings in ((other, text.replace("live-restore: true", f"live-restore: true\n  data-root: {other}")), (usual, text)):
            c.write(settings)
            refused = c.run("up", "-y", "-l", "slave1", expect=8)
            self.assertIn("data-root", refused.err + refused.out)
            self.assertNotEqual(root(), wanted)
            c.run("down", "-y", "-l", "slave1")
            c.run("up", "-y", "-l", "slave1")
            self.assertEqual(root(), wanted)
            self.assertNotEqual(c.ids("slave1"), before)
            self.assertIn("nothing to do", c.run("plan", "-l", "slave1").out)
        c.wait_until_healthy()
        self.assertIn("nothing to do", c.run("plan").out)

    def test_07_down_puts_the_file_back(self):
        c.run("down", "-y", "--purge-data", "--confirm", c.status()["cluster"])
        for host in HOSTS:
            self.assertEqual(c.on(host, "cat", "/etc/docker/daemon.json"), c.bytes[host])


def setUpModule():
    c.call("sandbox", "up", "--masters", "1", "--slaves", "1", "--dir", c.dir, "--only", "zookeeper,consul,bind")


def tearDownModule():
    c.call("sandbox", "down", "--dir", c.dir)


if __name__ == "__main__":
    unittest.main(verbosity=2)
