"""Where the real programs are awkward: stops, recoveries, names, and what they answer."""
import os
import shutil
import signal
import subprocess
import sys
import types
import unittest

from support import HERE, MASTER, Case, request, until, value

sys.path[:0] = [os.path.join(HERE, "mesos"), os.path.join(HERE, "common")]


class Settings(dict):
    def seconds(self, name, otherwise=None):
        return 300


def may_unshare():
    return os.geteuid() == 0 and shutil.which("unshare") and subprocess.run(["unshare", "-fp", "true"]).returncode == 0


class AsInLife(Case):
    @unittest.skipUnless(may_unshare(), "needs a process namespace of its own")
    def test_process_1_does_not_end_on_sigterm(self):
        self.start("m1", "1.11.0", "unshare", "-fp", "--kill-child", MASTER, "--registry=in_memory", "--ip=127.0.0.1",
                   "--hostname=127.0.0.1", "--port=%d" % self.ports["master"])
        until(lambda: request(self.at(1), "/health")[0] == 200)
        children = "/proc/%d/task/%d/children" % (self.running["m1"].pid, self.running["m1"].pid)
        with open(children) as file:
            first = int(file.read().split()[0])
        os.kill(first, signal.SIGTERM)
        until(lambda: "Received signal SIGTERM" in self.log("m1"))
        self.assertEqual(request(self.at(1), "/health")[0], 200)
        os.kill(first, signal.SIGKILL)
        self.ends("m1")
        # With another process 1 it ends at once.
        self.start("m2", "1.11.0", MASTER, "--registry=in_memory", "--ip=127.0.0.2", "--hostname=127.0.0.2",
                   "--port=%d" % self.ports["master"])
        until(lambda: request(self.at(2), "/health")[0] == 200)
        self.assertEqual(self.kill("m2", signal.SIGTERM), 143)

    def test_flags_that_name_a_file(self):
        """The path itself, never what lies there: a file that holds a path is no file of credentials."""
        def write(name, text):
            path = os.path.join(self.folder, name)
            with open(path, "w") as file:
                file.write(text)
            return path

        good = write("good", '{"credentials": [{"principal": "a", "secret": "b"}]}')
        one = write("one", '{"principal": "a", "secret": "b"}')
        by_file, empty, gone = write("by_file", good), write("empty", ""), self.folder + "/gone"
        for path, words in ((by_file, "Invalid credential format at line 1: " + good), (empty, "at least one credential"),
                            (gone, "Failed to read credentials file '%s': No such file" % gone)):
            for given in (path, "file://" + path):
                self.start("m1", "1.11.0", MASTER, "--registry=in_memory", "--ip=127.0.0.1", "--port=%d" % self.ports["master"],
                           "--credentials=" + given)
                self.assertEqual(self.ends("m1"), 1)
                self.assertIn(words, self.log("m1"))
        self.agent(11, "1.11.0", "--credential=" + by_file)
        self.assertEqual(self.ends("a11"), 1)
        self.assertIn("(see --credential flag)", self.log("a11"))
        self.start("m1", "1.11.0", MASTER, "--registry=in_memory", "--zk=" + self.mesos, "--ip=127.0.0.1",
                   "--hostname=127.0.0.1", "--port=%d" % self.ports["master"], "--credentials=" + good)
        self.leader(1)
        self.agent(12, "1.11.0", "--credential=" + one)
        self.registered(1)

    def test_a_change_that_is_refused_comes_with_advice(self):
        for version, advice in (("1.11.0", "these commands will erase all containers"), ("1.0.1", "Step 1: rm -f ")):
            self.start("m1", version, MASTER, "--registry=in_memory", "--zk=" + self.mesos, "--ip=127.0.0.1",
                       "--hostname=127.0.0.1", "--port=%d" % self.ports["master"], "--zk_session_timeout=2secs")
            self.leader(1)
            self.agent(11, version, "--attributes=rack:r1")
            until(lambda: os.path.lexists(self.folder + "/a11/meta/slaves/latest"))
            self.kill("a11")
            self.agent(11, version, "--attributes=rack:r2")
            self.assertEqual(self.ends("a11"), 1)
            self.assertIn("Failed to perform recovery: Incompatible agent info detected.", self.log("a11"))
            self.assertIn(advice, self.log("a11"))
            self.kill("m1")
            shutil.rmtree(self.folder + "/a11")
            self.zk.delete("/%s/mesos" % self.path, recursive=True)

    def test_paths(self):
        self.start("m1", "1.11.0", MASTER, "--registry=in_memory", "--zk=" + self.mesos, "--ip=127.0.0.1",
                   "--hostname=127.0.0.1", "--port=%d" % self.ports["master"])
        self.leader(1)
        self.agent(11)
        self.registered(1)
        self.assertEqual([role["name"] for role in value(self.at(1), "/roles")["roles"]], ["*"])
        for path in ("/containers", "/monitor/statistics", "/slave(1)/containers"):
            self.assertEqual(value(self.at(11, "agent"), path), [])
        for at in (self.at(1), self.at(11, "agent")):
            for path in ("/nosuch", "/state.json", "/health/x"):
                self.assertEqual(request(at, path)[0], 404, path)

    def test_an_agent_that_was_given_up_loses_its_tasks(self):
        self.start("m1", "1.11.0", MASTER, "--registry=in_memory", "--zk=" + self.mesos, "--ip=127.0.0.1",
                   "--hostname=127.0.0.1", "--port=%d" % self.ports["master"], STANDIN_TIME_SCALE="0.02")
        self.agent(11)
        self.marathon(1)
        self.leader(1)
        self.registered(1)
        until(lambda: value(self.at(1, "marathon"), "/v2/info")["marathon_config"]["mesos_leader_ui_url"])
        self.deploy({"id": "/t", "cmd": "sleep 1000", "cpus": 0.1, "mem": 32, "instances": 1})
        agent = self.running["a11"]
        agent.send_signal(signal.SIGSTOP)
        until(lambda: "health check timed out" in self.log("m1"))
        agent.send_signal(signal.SIGCONT)
        until(lambda: "because the agent was unreachable" in self.log("m1"))
        until(lambda: "Asked to kill task" in self.log("a11"))

    def test_names_of_containers(self):
        """By version: with the agent's id or without, and a second one for the executor where that has an image."""
        import executor
        from version import Version
        os.environ["STANDIN_VERSION"] = "1.11.0"
        self.addCleanup(os.environ.pop, "STANDIN_VERSION")
        for version, image, names in (("0.28.1", None, r"^mesos-AGENT-S0\.[0-9a-f-]{36}$"),
                                      ("1.2.0", None, r"^mesos-AGENT-S0\.[0-9a-f-]{36}$"),
                                      ("1.4.0", None, r"^mesos-[0-9a-f-]{36}$"),
                                      ("1.11.0", "mesos", r"^mesos-([0-9a-f-]{36})\.executor mesos-\1$")):
            os.environ["STANDIN_VERSION"] = version
            flags = {"docker_socket": None, "containerizers": "docker,mesos", "docker_mesos_image": image}
            agent = executor.Executor(Version(HERE), Settings(flags), lambda *_: None)
            agent.use(self.folder + "/" + version, "AGENT-S0")
            ran = []
            agent.docker = types.SimpleNamespace(image=lambda name: {"Entrypoint": None}, run=lambda name, _: ran.append(name))
            agent.start_container({"id": "t", "state": "TASK_STAGING", "env": {}, "command": {"value": "true"}, "resources": {
                "cpus": 1, "mem": 32}, "container": {"image": "x", "network": "HOST", "binds": [], "privileged": False}})
            self.assertRegex(" ".join(ran), names, version)
            if version != "0.28.1":
                self.assertTrue(all(agent.claimed(name) for name in ran), version)
