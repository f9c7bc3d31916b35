"""From nothing to a healthy cluster, through everything that happens to it, and back to nothing."""
import json
import os
import re
import signal
import unittest

from kazoo.client import KazooClient

from cluster import Cluster, docker, listens, say, wait_for

c = Cluster("life")
HOSTS = ["master1", "master2", "master3", "slave1", "slave2"]


def zookeeper(host, ask):
    """What `ask` is answered by a client that knows this member alone."""
    client = KazooClient(hosts=c.address(host) + ":2181", timeout=10)
    client.start(timeout=30)
    try:
        return ask(client)
    finally:
        client.stop()
        client.close()


def harden(host):
    """A host as careful and talkative people keep them: sshd forwards nothing, login shells print, who may sudo uses tcsh."""
    c.on(host, "sh", "-ec", """usermod -s /bin/tcsh ops
        echo 'echo welcome to `hostname`' >/home/ops/.tcshrc
        echo 'echo welcome to $(hostname); echo mind the step >&2' >>/root/.bashrc
        echo 'DisableForwarding yes' >>/etc/ssh/sshd_config
        kill -HUP $(pgrep -o -x sshd)""")
    address = c.address(host)
    wait_for(f"the sshd of {host}", lambda: listens(address, 22))
    line = f"{{name: {host}, address: {address}}}"
    assert line in c.text()
    c.write(c.text().replace(line, line[:-1] + ", ssh: {user: ops, become: sudo}}"))


class Lifecycle(unittest.TestCase):
    """The tests run in the order of their names and build on each other."""

    def test_01_plan_says_what_up_would_do(self):
        plan = c.run("plan", "-o", "json").json()
        self.assertEqual({s["action"] for s in plan["steps"]}, {"pull", "create"})
        self.assertEqual(plan["summary"]["create"], len([s for s in plan["steps"] if s["action"] == "create"]))
        offline = c.run("plan", "--offline", "-o", "json").json()
        self.assertEqual([s for s in offline["steps"] if s["action"] == "create"],
                         [s for s in plan["steps"] if s["action"] == "create"])

    def test_02_no_prompt_without_a_terminal(self):
        r = c.run("up", expect=10)
        self.assertIn("-y", r.err)

    def test_03_up_brings_it_up_the_first_time(self):
        c.run("up", "-y")
        s = c.wait_until_healthy()
        self.assertEqual(s["quorum"]["zookeeper"], {"members": 3, "healthy": 3, "unasked": 0, "tolerates": 1, "led": True})
        standins = {i["component"] for i in s["instances"] if i["standin"]}
        self.assertEqual(standins, {"mesos-master", "mesos-slave", "marathon"})

    def test_04_again_changes_nothing(self):
        before = [c.ids(h) for h in HOSTS]
        self.assertIn("nothing to do", c.run("plan").out)
        r = c.run("up", "-y")
        self.assertIn("nothing to do", r.out + r.err)
        self.assertEqual(before, [c.ids(h) for h in HOSTS])

    def test_05_the_last_cluster_is_remembered(self):
        r = c.call("status", "-o", "json", cwd="/")
        self.assertEqual(r.json()["cluster"], c.status()["cluster"])

    def test_06_files_have_what_domain_says(self):
        myids = sorted(c.on(h, "cat", "/var/lib/zookeeper/myid").strip() for h in HOSTS[:3])
        self.assertEqual(myids, ["1", "2", "3"])
        env = c.on("master1", "docker", "inspect", "-f", "{{json .Config}}", c.container("mesos-master"))
        config = json.loads(env)
        self.assertIn("MESOS_QUORUM=2", config["Env"])
        self.assertIn("--registry=replicated_log", config["Cmd"])

    def test_07_a_name_resolves_from_inside_a_container(self):
        address = next(h["address"] for h in c.status()["hosts"] if h["name"] == "master1")
        image = c.on("slave1", "docker", "inspect", "-f", "{{.Config.Image}}", c.container("consul-client")).strip()
        ask = f"docker run --rm --dns {address} --entrypoint getent {image} ahostsv4 zookeeper.service.consul || true"
        # Consul's own checks may be a moment behind.
        wait_for("three addresses", lambda: len({line.split()[0] for line in c.on("slave1", "sh", "-c", ask).splitlines()}) == 3)

    def test_071_a_memory_that_cannot_be_written_is_told(self):
        usual, c.env = c.env, dict(c.env, XDG_STATE_HOME="/proc/nowhere")
        self.addCleanup(setattr, c, "env", usual)
        self.assertIn("cannot be written: No such file or directory: the next command will not know of", c.run("up", "-y").err)

    def test_08_logs(self):
        r = c.run("logs", "zookeeper", "-l", "master1", "-n", "5")
        self.assertEqual(len(r.out.strip().splitlines()), 5)

    def test_08b_a_log_is_followed_over_a_restart_until_its_reader_has_gone(self):
        p = c.start("logs", "bind", "-l", "master2", "-f", "-n", "1")
        self.addCleanup(p.kill)
        p.stdout.readline()
        c.on("master2", "docker", "restart", c.container("bind"))
        self.assertIn("bind on master2 has stopped; waiting for its next start", p.stderr.readline())
        self.assertTrue(any("starting BIND" in line for line in iter(p.stdout.readline, "")))
        p.stdout.close()
        self.assertEqual(p.wait(timeout=30), 0)
        c.wait_until_healthy()

    def test_09_a_container_removed_by_hand_comes_back(self):
        c.on("slave1", "docker", "rm", "-f", c.container("mesos-slave"))
        s = c.status(expect=[1, 2])
        missing = [i for i in s["instances"] if i["state"] == "missing"]
        self.assertEqual([(i["host"], i["component"]) for i in missing], [("slave1", "mesos-slave")])
        others = c.ids("slave2")
        c.run("up", "-y")
        c.wait_until_healthy()
        self.assertEqual(others, c.ids("slave2"))

    def test_10_a_changed_flag_touches_only_what_depends_on_it(self):
        text = c.text()
        changed = text.replace("flags: {launcher: posix}", "flags: {launcher: posix, executor_registration_timeout: 10mins}")
        self.assertNotEqual(text, changed)
        masters = [c.ids(h) for h in HOSTS[:3]]
        c.write(changed)
        steps = c.run("plan", "-o", "json").json()["steps"]
        self.assertEqual({(s["host"], s["component"], s["action"]) for s in steps},
                         {("slave1", "mesos-slave", "recreate"), ("slave2", "mesos-slave", "recreate")})
        c.run("up", "-y")
        self.assertEqual(masters, [c.ids(h) for h in HOSTS[:3]])
        c.write(text)
        c.run("up", "-y")

    def test_101_a_bad_change_of_a_hardened_host_is_taken_back(self):
        text, before = c.text(), c.ids("slave1")
        c.write(text.replace("cap_add: [ALL]", "cap_add: [ALL]\n      entrypoint: [sleep, '600']"))
        self.assertNotEqual(text, c.text())
        err = c.run("up", "-y", "-l", "slave1", "--timeout", "20", expect=7).err
        self.assertIn("the old container runs again", err)
        self.assertEqual(set(before), set(c.ids("slave1")))
        c.write(text)
        c.wait_until_healthy()
        self.assertIn("nothing to do", c.run("plan").out)

    def test_102_what_a_login_prints_is_told_and_nothing_is_blamed(self):
        found = c.run("check", "-o", "json", "--only", "ssh.quiet,net.mesh,docker.running", expect=0).json()["checks"]
        self.assertEqual([(f["host"], f["verdict"]) for f in found if f["name"] == "ssh.quiet" and f["verdict"] != "ok"],
                         [("slave1", "warning")])
        self.assertEqual({f["verdict"] for f in found if f["name"] in ("net.mesh", "docker.running")}, {"ok"})

    def test_11_a_file_changed_by_hand_is_put_right_one_member_at_a_time(self):
        c.on("master2", "sh", "-c", "echo '# by hand' >> /etc/zookeeper/conf/zoo.cfg")
        steps = c.run("plan", "-o", "json").json()["steps"]
        self.assertEqual([(s["host"], s["component"], s["action"]) for s in steps], [("master2", "zookeeper", "restart")])
        c.run("up", "-y")
        self.assertNotIn("by hand", c.on("master2", "cat", "/etc/zookeeper/conf/zoo.cfg"))

    def test_111_a_running_ensemble_keeps_its_members(self):
        text, before = c.text(), [c.ids(h) for h in HOSTS]
        c.write(text + "place: {zookeeper: [master1]}\n")
        self.assertIn("another ensemble while it runs: master2 leaves, master3 leaves;", c.run("plan", expect=8).out)
        c.run("up", "-y", expect=8)
        c.write(text.replace("components:\n", "components:\n  zookeeper: {ports: {client: 2182}}\n"))
        self.assertIn("master1 changes its port client from 2181 to 2182, master2 ", c.run("up", "-y", expect=8).err)
        c.write(re.sub("(?m)^cluster: .*", "cluster: other", text))
        self.assertIn("if the cluster was renamed", c.run("up", "-y", expect=8).err)
        c.write(text)
        own = c.on("master2", "cat", "/var/lib/zookeeper/myid").strip()
        c.on("master2", "sh", "-c", "echo 77 >/var/lib/zookeeper/myid")
        self.assertIn(f"master2 changes its id from {own} to 77;", c.run("up", "-y", expect=8).err)
        c.on("master2", "sh", "-c", f"echo {own} >/var/lib/zookeeper/myid")
        self.assertEqual(before, [c.ids(h) for h in HOSTS])
        self.assertIn("nothing to do", c.run("plan").out)

    def test_112_a_paused_container_runs_again(self):
        c.on("slave2", "docker", "pause", c.container("consul-client"))
        c.run("up", "-y")
        c.wait_until_healthy()

    def test_113_an_engine_that_hangs_is_told(self):
        c.on("slave2", "sh", "-c", "kill -STOP $(pidof dockerd)")
        try:
            s = c.status(expect=1)
            self.assertEqual({i["state"] for i in s["instances"] if i["host"] == "slave2"}, {"unknown"})
            self.assertIn("the Docker engine of slave2 could not be asked", c.run("up", "-y", expect=3).err)
        finally:
            c.on("slave2", "sh", "-c", "kill -CONT $(pidof dockerd)")
        c.wait_until_healthy()

    def test_114_a_renamed_container_gets_no_successor_on_its_data(self):
        name = c.container("zookeeper")
        c.on("master2", "docker", "rename", name, "mine")
        try:
            c.on("master2", "sh", "-c", "echo '# by hand' >> /etc/zookeeper/conf/zoo.cfg")
            self.assertIn(f"docker rename mine {name}", c.run("up", "-y", expect=3).err)
            s = c.status(expect=1)
            seen = next(i for i in s["instances"] if (i["host"], i["component"]) == ("master2", "zookeeper"))
            self.assertEqual((s["health"], seen["state"], seen["health"]), ("degraded", "missing", "unhealthy"))
        finally:
            c.on("master2", "docker", "rename", "mine", name)
        c.run("up", "-y")
        c.wait_until_healthy()

    def test_12_two_runs_at_once(self):
        name = c.container("marathon")
        for h in HOSTS[:3]:
            c.on(h, "docker", "rm", "-f", name)
            c.on(h, "sh", "-c", "rm -f /var/lib/clusterctl/*/holder")
        first = c.start("up", "-y")
        wait_for("the first run to hold the lock", lambda: c.on(
            "master1", "sh", "-c", "cat /var/lib/clusterctl/*/holder 2>/dev/null || true").strip(), 30)
        first.send_signal(signal.SIGSTOP)
        try:
            self.assertIsNone(first.poll(), "the first run was over before it could be stopped")
            # A down always has something to do; an up may find everything done by now.
            self.assertIn("pid", c.run("down", "-y", expect=5).err)
        finally:
            first.send_signal(signal.SIGCONT)
            out, err = first.communicate(timeout=300)
        self.assertEqual(first.returncode, 0, err)

    def test_13_ctrl_c_stops_and_up_again_finishes(self):
        for h in ("slave1", "slave2"):
            c.on(h, "docker", "rm", "-f", c.container("mesos-slave"))
        p = c.start("up", "-y", "--progress", "plain")
        said = p.stderr.readline()
        p.send_signal(signal.SIGINT)
        said += p.communicate(timeout=300)[1]
        self.assertIn(p.returncode, (130, 0))
        goes_on = p.returncode == 130 and "nothing was changed" not in said
        self.assertEqual(c.ways_on(said), {f"clusterctl up -i {c.inventory}"} if goes_on else set(), said)
        c.run("up", "-y")
        c.wait_until_healthy()

    def test_14_kill_9_and_up_again_finishes(self):
        c.on("master3", "docker", "rm", "-f", c.container("marathon"))
        p = c.start("up", "-y", "--progress", "plain")
        p.stderr.readline()
        p.kill()
        p.communicate()
        wait_for("the lock to go with its run", lambda: c.run("up", "-y", expect=[0, 5]).code == 0, 60)
        c.wait_until_healthy()

    def test_141_a_bad_change_that_was_killed_is_taken_back_by_the_next_run(self):
        text = c.text()
        c.write(text.replace("components:\n", "components:\n  consul: {vars: {config: {verify_incoming: true}}}\n"))
        p = c.start("up", "-y", "--progress", "plain", "--component", "consul")
        for line in p.stderr:
            if "consul" in line and "waiting: " in line:
                break
        p.kill()
        p.communicate()

        def again():
            r = c.run("up", "-y", "--timeout", "20", "--component", "consul", expect=[5, 7])
            return r if r.code == 7 else None
        self.assertIn("the old files are back, and it is ready", wait_for("the lock to go with its run", again).err)
        c.write(text)
        self.assertIn("nothing to do", c.run("plan").out)
        c.wait_until_healthy()

    def test_142_the_question_at_a_terminal(self):
        c.on("slave1", "docker", "rm", "-f", c.container("mesos-slave"))
        shown = c.typed("up", answers=[("[y/N] ", "n\n")], expect=10)
        self.assertIn("cancelled; nothing was changed", shown)
        self.assertIn("1 to start", shown)

        def meanwhile():
            c.on("slave2", "docker", "rm", "-f", c.container("consul-client"))
            return "y\n"
        shown = c.typed("up", answers=[("[y/N] ", meanwhile)], expect=1)
        self.assertIn("nothing was changed: slave2 consul-client: create, not there; next: clusterctl up", shown)
        c.typed("up", answers=[("[y/N] ", "y\n")])
        c.wait_until_healthy()

    def test_143_a_cluster_that_nobody_named_is_taken_down_by_its_name_alone(self):
        name, before = c.status()["cluster"], [c.ids(h) for h in HOSTS]
        question = "It is the cluster of the last up; type its name:"
        for answer in ("y", name.upper()):
            shown = c.typed("down", "--component", "marathon", answers=[(question, answer + "\n")], expect=10, aimed=False)
            self.assertIn(f"Take marathon of {name} ({c.inventory}) down?", shown)
            self.assertIn("cancelled; nothing was changed", shown)
        self.assertEqual(before, [c.ids(h) for h in HOSTS])
        c.typed("down", "--component", "marathon", answers=[(question, name + "\n")], aimed=False)
        marathon = "/" + c.container("marathon")
        for h, old in zip(HOSTS, before):
            self.assertEqual(c.ids(h), {n: stamp for n, stamp in old.items() if n != marathon})
        c.run("up", "-y")
        c.wait_until_healthy()

    def test_15_a_stopped_host_is_a_row_and_costs_at_most_three_seconds(self):
        docker("stop", "-t", "1", c.node("slave2"))
        try:
            s = c.status(expect=1)
            self.assertEqual(s["health"], "degraded")
            row = next(h for h in s["hosts"] if h["name"] == "slave2")
            self.assertFalse(row["reachable"])
            self.assertTrue(row["error"])
            c.run("up", "-y", expect=4)
            self.assertIn("nothing to do", c.run("plan", "--limit", "master1,master2,master3,slave1").out)
            self.assertRegex(c.run("status", expect=1).out, ": degraded: slave2 cannot be reached")
        finally:
            docker("start", c.node("slave2"))
        wait_for("the host to be back by itself", lambda: c.run("status", expect=[0, 1, 2, 3]).code == 0, 180)

    def test_16_every_node_rebooted(self):
        for h in HOSTS:
            docker("restart", "-t", "3", c.node(h))
        wait_for("the cluster to be back unaided", lambda: c.run("status", expect=[0, 1, 2, 3]).code == 0, 300)
        self.assertIn("nothing to do", c.run("plan").out)

    def test_17_down_keeps_data(self):
        zookeeper("master1", lambda client: client.create("/kept", b"acknowledged"))
        self.assertEqual(c.run("down", "-o", "json", expect=10).json()["schema"], "clusterctl.error/1")
        run = c.run("down", "-y", "-o", "json").json()
        self.assertEqual((run["schema"], run["exit_code"], run["failures"]), ("clusterctl.run/1", 0, []))
        self.assertEqual({step["outcome"] for step in run["steps"]}, {"done"})
        for h in HOSTS:
            self.assertEqual(c.on(h, "docker", "ps", "-aq").strip(), "")
        self.assertTrue(c.on("master1", "ls", "/var/lib/zookeeper/version-2").strip())
        self.assertEqual(c.on("master1", "sh", "-c", "ls /etc/zookeeper/conf 2>/dev/null || true").strip(), "")

    def test_17b_members_without_data_elect_nobody_over_one_that_has_some(self):
        for h in ("master1", "master3"):
            c.on(h, "rm", "-rf", "/var/lib/zookeeper/version-2")
        said = c.run("up", "-y", expect=8).err
        self.assertIn("of the 3 members of zookeeper only master2 has data: master1, master3 would start empty", said)
        for h in HOSTS:
            self.assertEqual(c.on(h, "docker", "ps", "-aq").strip(), "")
        # What it says to do. Logs of transactions are mostly holes.
        data = c.on("master2", "sh", "-ec", "tar -C /var/lib/zookeeper -Scz version-2 | base64 -w0")
        c.on("master3", "sh", "-ec", f"echo {data} | base64 -d | tar -C /var/lib/zookeeper -xz")
        self.assertRegex(c.run("plan").out, r"master1 +zookeeper +not there; starts empty, beside those that have data")

    def test_18_up_from_kept_data(self):
        # Data may lie on a disk of its own, or where a link leads.
        c.on("master1", "sh", "-ec", "mv /var/lib/consul /srv/consul; mkdir /var/lib/consul; mount --bind /srv/consul /var/lib/consul")
        c.on("master2", "sh", "-ec", "mv /var/lib/zookeeper /srv/zookeeper; ln -s /srv/zookeeper /var/lib/zookeeper")
        c.run("up", "-y")
        c.wait_until_healthy()
        # Also by the member that started with nothing.
        self.assertEqual(zookeeper("master1", lambda client: client.get("/kept")[0]), b"acknowledged")

    def test_19_purge_needs_the_name_and_leaves_nothing(self):
        c.run("down", "--purge-data", "-y", expect=10)
        name = c.status()["cluster"]
        for host, data in (("master1", "/srv/consul"), ("master2", "/srv/zookeeper")):
            self.assertTrue(c.on(host, "ls", "-A", data).strip())
        c.run("down", "--purge-data", "--confirm", name)
        # What they led to is empty, and they themselves are not ours.
        self.assertEqual(c.on("master1", "sh", "-ec", "umount /var/lib/consul; rmdir /var/lib/consul; ls -A /srv/consul"), "")
        self.assertEqual(c.on("master2", "sh", "-ec", "rm /var/lib/zookeeper; ls -A /srv/zookeeper"), "")
        for h in HOSTS:
            # The lock goes with the connection that held it: a moment after the program has ended.
            wait_for(f"nothing to be left on {h}", lambda: not c.on(
                h, "sh", "-c", "ls -d /etc/zookeeper /var/lib/zookeeper /etc/mesos* /var/lib/mesos* /etc/consul.d "
                               "/var/lib/consul /etc/bind /etc/marathon /var/lib/clusterctl 2>/dev/null || true").split(), 10)
            self.assertEqual(c.on(h, "docker", "ps", "-aq").strip(), "")


if __name__ == "__main__":
    os.makedirs(os.environ["CCTL_E2E_DIR"], exist_ok=True)
    say("sandbox of 3 masters and 2 slaves")
    c.call("sandbox", "up", "--dir", c.dir)
    harden("slave1")
    c.run_tests()
