"""Flags in files, the oldest and newest servers, logins that are not root, and giving up, on one master and one slave."""
import json
import os
import re
import signal
import unittest
import urllib.request

from cluster import Cluster, listens, say, wait_for

c = Cluster("styles")
HOSTS = ["master1", "slave1"]
PASSWORD = "it's a $ecret"
PASSWORD_PORT = 2222  # an sshd beside the node's own, which takes keys only
WRITTEN = "/etc/mesos /etc/mesos-master /etc/mesos-slave /etc/marathon/conf"


def flags_in_force(host, port):
    with urllib.request.urlopen(f"http://{c.address(host)}:{port}/state", timeout=10) as answer:
        return json.load(answer)["flags"]


def file_text(host, path):
    return c.on(host, "cat", path)


def files(host):
    """Every file of the style with its inode: a file that is written anew has another one."""
    return set(c.on(host, "sh", "-c", f"find {WRITTEN} -type f -printf '%p %i\\n' 2>/dev/null || true").splitlines())


def volumes(host, *filters):
    return c.on(host, "docker", "volume", "ls", "-q", *filters).split()


def as_user(user, *settings, key=True):
    """The sandbox with ZooKeeper alone, reached as someone else."""
    lines = "".join(f"  {line}\n" for line in (f"user: {user}", *settings))
    text = BASE.replace("  user: root\n", lines)
    if not key:
        text = re.sub(r"(?m)^  key: .*\n", "", text)
    text = re.sub(r"(?m)^  (mesos|marathon|consul|bind): .*\n", "", text)
    c.write(text[:text.index("components:")])


def password_file(text):
    path = os.path.join(c.dir, "password")
    with open(path, "w", opener=lambda p, flags: os.open(p, flags, 0o600)) as f:
        f.write(text + "\n")
    return f"password_file: {path}"


class Styles(unittest.TestCase):
    """The tests run in the order of their names and build on each other."""

    def the_life_of_a_cluster(self):
        c.run("up", "-y")
        c.wait_until_healthy()
        self.assertIn("nothing to do", c.run("plan").out)
        self.assertEqual(len(c.run("logs", "zookeeper", "-n", "3").out.splitlines()), 3)
        c.run("down", "-y")
        self.assertEqual(c.on("master1", "docker", "ps", "-aq").strip(), "")

    def test_01_flags_stand_in_files(self):
        c.write(BASE.replace("launcher: posix", "launcher: posix, logging_level: INFO") + "style: files\n")
        c.run("up", "-y")
        c.wait_until_healthy()
        master, slave = c.address("master1"), c.address("slave1")
        wanted = {
            "master1": {"/etc/mesos/zk": f"zk://{master}:2181/mesos", "/etc/mesos-master/quorum": "1",
                        "/etc/mesos-master/hostname": master, "/etc/mesos-master/ip": master,
                        "/etc/mesos-master/work_dir": "/var/lib/mesos-master",
                        "/etc/marathon/conf/hostname": master, "/etc/marathon/conf/zk": f"zk://{master}:2181/marathon"},
            "slave1": {"/etc/mesos/zk": f"zk://{master}:2181/mesos", "/etc/mesos-slave/containerizers": "docker,mesos",
                       "/etc/mesos-slave/executor_registration_timeout": "5mins", "/etc/mesos-slave/hostname": slave},
        }
        for host, contents in wanted.items():
            self.assertEqual({path: file_text(host, path) for path in contents}, contents)
        command = c.on("master1", "docker", "inspect", "-f", "{{json .Config.Cmd}}", c.container("mesos-master"))
        self.assertIn("--quorum=file:///etc/mesos-master/quorum", json.loads(command))
        self.assertEqual(flags_in_force("master1", 5050)["quorum"], "1")

    def test_02_again_nothing_to_do(self):
        before = [c.ids(h) for h in HOSTS]
        self.assertIn("nothing to do", c.run("up", "-y").out)
        self.assertEqual(before, [c.ids(h) for h in HOSTS])

    def test_03_a_changed_flag_writes_its_file_and_restarts_its_container(self):
        text = c.text()
        changed = text.replace("launcher: posix", "launcher: posix, executor_registration_timeout: 10mins")
        self.assertNotEqual(text, changed)
        c.write(changed)
        steps = c.run("plan", "-o", "json").json()["steps"]
        path = "/etc/mesos-slave/executor_registration_timeout"
        self.assertEqual([(s["host"], s["component"], s["action"], [f["path"] for f in s["files"]]) for s in steps],
                         [("slave1", "mesos-slave", "restart", [path])])
        master, old_files = c.ids("master1"), files("slave1")
        old = c.ids("slave1")
        c.run("up", "-y")
        self.assertEqual(master, c.ids("master1"))
        self.assertEqual({line.split()[0] for line in files("slave1") ^ old_files}, {path})
        new = c.ids("slave1")
        self.assertEqual({stamp.id for stamp in old.values()}, {stamp.id for stamp in new.values()})
        restarted = [name for name, stamp in new.items() if stamp != old[name]]
        self.assertEqual(restarted, ["/" + c.container("mesos-slave")])
        self.assertEqual(file_text("slave1", path), "10mins")
        self.assertEqual(flags_in_force("slave1", 5051)["executor_registration_timeout"], "10mins")

    def test_03b_the_file_of_a_flag_that_goes_goes_along(self):
        path = "/etc/mesos-slave/logging_level"
        self.assertEqual(file_text("slave1", path), "INFO")
        c.write(c.text().replace(", logging_level: INFO", ""))
        step, = c.run("plan", "-o", "json").json()["steps"]
        self.assertEqual((step["host"], step["action"], step["files"]),
                         ("slave1", "recreate", [{"path": path, "exists": True, "gone": True}]))
        c.run("up", "-y")
        self.assertNotIn(path, {line.split()[0] for line in files("slave1")})
        self.assertIn("nothing to do", c.run("plan").out)

    def test_04_from_the_oldest_bind_to_the_newest_servers(self):
        def named():
            return c.on("master1", "docker", "exec", c.container("bind"), "named", "-v")

        self.assertIn("BIND 9.16", named())
        c.run("upgrade", "--bind", "9.20", "--zookeeper", "3.9.3", "-y")
        self.assertIn("BIND 9.20", named())
        s = c.wait_until_healthy()
        self.assertEqual({i["version"] for i in s["instances"] if i["component"] == "zookeeper"}, {"3.9.3"})
        self.assertIn("nothing to do", c.run("plan").out)

    def test_05_a_removed_container_takes_its_anonymous_volumes_along(self):
        self.assertNotEqual(volumes("master1"), [], "no image declares a volume: nothing is tested here")
        self.assertEqual(volumes("master1", "-f", "dangling=true"), [], "left by the upgrade")

    def test_06_down_removes_the_files_and_purge_the_rest(self):
        c.run("down", "-y")
        for h in HOSTS:
            self.assertEqual(files(h), set(), h)
            self.assertEqual(c.on(h, "sh", "-c", f"ls -d {WRITTEN} /etc/marathon 2>/dev/null || true"), "", h)
            self.assertEqual(volumes(h), [], h)
        self.assertTrue(c.on("master1", "ls", "/var/lib/zookeeper/version-2").strip())
        c.run("down", "--purge-data", "--confirm", "styles")
        for h in HOSTS:
            self.assertEqual(volumes(h), [], h)
            # The lock goes with the connection that held it: a moment after the program has ended.
            wait_for(f"nothing to be left on {h}", lambda: not c.on(
                h, "sh", "-c", "ls -d /var/lib/zookeeper /var/lib/mesos* /var/lib/consul /var/lib/clusterctl "
                               "2>/dev/null || true"), 10)

    def test_07_by_sudo_where_the_user_may_not_talk_to_docker(self):
        c.on("master1", "su", "ops", "-c", "test ! -w /var/run/docker.sock")
        as_user("ops", "become: none")
        self.assertIn("is forbidden to this user; use `become: sudo` or the docker group", c.run("plan", expect=3).err)
        as_user("ops", "become: sudo")
        self.the_life_of_a_cluster()
        as_user("ops")
        self.assertIn("become: sudo", c.run("up", "-y", expect=3).err)

    def test_08_with_a_password(self):
        for h in HOSTS:
            c.on(h, "sh", "-c", "for u in walker asked; do useradd -m -s /bin/bash $u; done; "
                                "echo 'walker ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/walker; "
                                "echo 'asked ALL=(ALL) ALL' >/etc/sudoers.d/asked; "
                                'printf "%s\\n" "walker:$1" "asked:$1" | chpasswd', "sh", PASSWORD)
            c.on(h, "/usr/sbin/sshd", "-p", str(PASSWORD_PORT), "-o", "PasswordAuthentication=yes", "-o", "PidFile=none")
            wait_for(f"the sshd beside that of {h}", lambda: listens(c.address(h), PASSWORD_PORT))
        there = f"port: {PASSWORD_PORT}"
        as_user("walker", there, "become: sudo", password_file(PASSWORD), key=False)
        self.the_life_of_a_cluster()
        as_user("walker", there, "become: sudo", password_file("wrong"), key=False)
        self.assertIn("tried password", c.run("up", "-y", expect=4).err)

    def test_09_a_password_is_asked_for_once_and_not_shown(self):
        as_user("walker", f"port: {PASSWORD_PORT}", "become: sudo", "password: prompt", key=False)
        question = "SSH and sudo password for walker on the hosts: "
        shown = c.typed("up", answers=[(question, PASSWORD + "\n"), ("[y/N] ", "y\n")])
        self.assertNotIn(PASSWORD, shown)
        self.assertEqual(shown.count(question), 1)
        self.assertIn("healthy", shown)
        c.typed("status", answers=[(question, "\x03")], expect=130)
        c.typed("down", answers=[(question, PASSWORD + "\n"), ("[y/N] ", "y\n")])
        self.assertIn("password_file", c.run("up", "-y", expect=10).err)

    def test_10_sudo_that_asks(self):
        as_user("asked", "become: sudo", password_file(PASSWORD))
        self.the_life_of_a_cluster()
        log = os.path.join(c.dir, "run.log")
        c.run("status", "--log-file", log, expect=[0, 1, 2, 3])
        with open(log) as f:
            written = f.read()
        self.assertIn("master1    logged in", written)
        self.assertIn(': exit 0, ', written)
        self.assertNotIn(PASSWORD, written)
        as_user("asked", "become: sudo", password_file("wrong"))
        self.assertIn("sudo does not take the password", c.run("up", "-y", expect=3).err)
        as_user("asked", "become: sudo")
        self.assertIn("sudo wants a password", c.run("up", "-y", expect=3).err)

    def test_11_a_second_ctrl_c_gives_up_at_once(self):
        as_user("root")
        text = c.text()
        c.run("up", "-y")
        name = c.container("zookeeper")
        # Runs, but never gets healthy.
        c.write(text + "components: {zookeeper: {container: {entrypoint: [sleep, infinity], stop_signal: SIGKILL}}}\n")
        p = c.start("up", "-y", "--progress", "plain")
        said = self.read_until(p, "waiting: srvr")
        p.send_signal(signal.SIGINT)
        said += self.read_until(p, "Ctrl-C again")
        p.send_signal(signal.SIGINT)
        _, rest = p.communicate(timeout=20)  # the gate alone would wait for 90 s
        self.assertEqual(p.returncode, 130, said + rest)
        self.assertIn("left half-way: recreate of zookeeper on master1; next: clusterctl up -i ", rest)
        self.assertEqual(c.ways_on(said + rest), {f"clusterctl up -i {c.inventory}"}, said + rest)
        left = c.on("master1", "docker", "ps", "-a", "--format", "{{.Names}} {{.State}}").splitlines()
        self.assertEqual(sorted(left), [f"{name} running", f"{name}.previous exited"])
        self.assertNotEqual(c.status()["health"], "healthy")
        c.write(text)
        wait_for("the lock to go with its run", lambda: c.run("up", "-y", expect=[0, 5]).code == 0)
        c.wait_until_healthy()
        self.assertEqual(c.on("master1", "docker", "ps", "-a", "--format", "{{.Names}}").split(), [name])

    def read_until(self, process, words):
        said = ""
        for line in process.stderr:
            said += line
            if words in line:
                return said
        self.fail(f"it ended with {process.wait()} and never said {words!r}:\n{said}")


if __name__ == "__main__":
    os.makedirs(os.environ["CCTL_E2E_DIR"], exist_ok=True)
    say("sandbox of 1 master and 1 slave")
    # The versions that are upgraded to must be in the registry as well.
    c.call("sandbox", "up", "--dir", c.dir, "--masters", "1", "--slaves", "1", "--versions", "bind=9.20,zookeeper=3.9.3")
    c.call("sandbox", "up", "--dir", c.dir, "--versions", "bind=9.16")
    BASE = c.text()
    c.run_tests()
