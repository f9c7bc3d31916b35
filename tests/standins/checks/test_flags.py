"""The command lines of masters, agents and Marathon."""
import os
import signal
import socket

from support import AGENT, Case, MARATHON, MASTER, free_port, until, value


class Flags(Case):
    """What is wrong is said in the words of the real programs, and ends with their exit codes."""

    def fails(self, version, program, arguments, status, text, **environment):
        process = self.start("x", version, program, *arguments, **environment)
        self.assertEqual(process.wait(5), status, self.log("x"))
        self.assertIn(text, self.log("x"))
        os.unlink(os.path.join(self.folder, "x.log"))

    def test_texts(self):
        work, zk = "--work_dir=" + self.folder, "--zk=" + self.mesos
        newline = os.path.join(self.folder, "quorum")
        with open(newline, "w") as file:
            file.write("2\n")
        unreadable = "Failed to load flag 'quorum': Failed to load value '%s': Failed to convert into required type"
        for version, program, arguments, text, environment in [
            ("0.28.1", MASTER, ["--nosuch=1"], "Failed to load unknown flag 'nosuch'", {}),
            ("1.11.0", MASTER, ["--no-nosuch"], "Failed to load unknown flag 'nosuch' via 'no-nosuch'", {}),
            ("1.0.1", MASTER, [], "--work_dir needed for replicated log based registry", {}),
            ("1.11.0", MASTER, [work, zk], "EXIT with status 1: Need to specify --quorum for replicated log based registry", {}),
            ("1.11.0", MASTER, [work, zk, "--quorum=two"], unreadable % "two", {}),
            ("1.11.0", MASTER, [work, zk], unreadable % ("file://" + newline), {"MESOS_QUORUM": "file://" + newline}),
            ("1.11.0", MASTER, [work, "--quorum=1", "--zk=127.0.0.1:2181"], "Expecting 'zk://' at the beginning of the URL", {}),
            ("1.11.0", MASTER, [work, "--quorum=1", "--zk=zk://127.0.0.1:1"], "Expecting a (chroot) path for ZooKeeper", {}),
            ("1.0.1", MASTER, [work, "--registry_strict"], "'--registry_strict' has been disabled", {}),
            ("0.24.1", MASTER, ["--quorum=2"], "Duplicate flag 'quorum' on command line", {"MESOS_QUORUM": "2"}),
            ("0.28.1", MASTER, ["--quorum=2", "--quorum=2"], "Duplicate flag 'quorum' on command line", {}),
            ("1.0.1", MASTER, ["--agent_ping_timeout=1secs"], "Flag 'slave_ping_timeout' is already loaded via name "
             "'agent_ping_timeout'", {"MESOS_SLAVE_PING_TIMEOUT": "20secs"}),
            ("0.28.1", MASTER, ["--agent_ping_timeout=1secs"], "Failed to load unknown flag 'agent_ping_timeout'", {}),
            ("0.23.0", MASTER, ["--advertise_ip=1.2.3.4"], "Failed to load unknown flag 'advertise_ip'", {}),
            ("0.28.1", AGENT, [], "Missing required option `--master`", {}),
            ("1.0.1", AGENT, ["--master=" + self.mesos], "Flag 'work_dir' is required, but it was not provided", {}),
            ("0.27.0", AGENT, ["--systemd_enable_support=false"], "Failed to load unknown flag 'systemd_enable_support'", {}),
            ("0.22.1", AGENT, ["--docker_mesos_image=x"], "Failed to load unknown flag 'docker_mesos_image'", {}),
            ("1.11.0", AGENT, [work, "--master=foo", "--systemd_enable_support=false"],
             "Failed to create a master detector: Failed to parse 'foo'", {}),
            ("1.11.0", AGENT, [work, "--master=" + self.mesos, "--no-systemd_enable_support", "--resources=cpus=1"],
             "Failed to determine agent resources: Bad value for resources, missing or extra ':' in cpus=1", {}),
            ("1.11.0", AGENT, [work, "--master=" + self.mesos, "--no-systemd_enable_support", "--resources=ports:31000-32000"],
             "Bad type for resource ports value 31000-32000 type TEXT", {}),
            ("0.22.1", AGENT, [work, "--master=" + self.mesos, "--isolation=posix/cpu,posix/disc"],
             "Could not create MesosContainerizer: Unknown or unsupported isolator: posix/disc", {}),
            ("0.28.1", AGENT, [work, "--master=" + self.mesos, "--no-systemd_enable_support"],
             "Failed to create a containerizer: Could not create MesosContainerizer: Could not create isolator 'foo/bar': "
             "Unknown or unsupported isolator", {"MESOS_ISOLATION": "foo/bar"}),
            ("1.1.1", AGENT, [work, "--master=" + self.mesos, "--no-systemd_enable_support", "--isolation=cgroups/blkio"],
             "Failed to create isolator 'cgroups/blkio': Unknown or unsupported isolator", {}),
            ("1.11.0", AGENT, [work, "--master=" + self.mesos, "--no-systemd_enable_support", "--isolation=process,a"],
             "EXIT with status 1: Failed to create a containerizer: Could not create MesosContainerizer: Unknown or unsupported "
             "isolator 'a'", {}),
            ("1.11.24", MARATHON, ["--nosuch"], "[scallop] Error: Unknown option 'nosuch'", {}),
            ("1.11.24", MARATHON, [], "[scallop] Error: Required option 'master' not found", {}),
            ("1.11.24", MARATHON, ["--master", "zk://a:1/m"], "'zk://a:1/b zk://a:1/m' - Expected exactly one connection string",
             {"MARATHON_MASTER": "zk://a:1/b"}),
            ("1.11.24", MARATHON, ["--master", "zk://a:1/m", "--http_port", "abc"], "bad Int value", {}),
            ("1.5.0", MARATHON, ["--event_subscriber", "http_callback"], "Unknown option 'event_subscriber'", {}),
            ("1.1.1", MARATHON, ["--master", "zk://a:1/m"], "Unknown option 'nosuch'", {"MARATHON_NOSUCH": "1"}),
        ]:
            with self.subTest(version=version, arguments=arguments):
                self.fails(version, program, arguments, 1, text, **environment)

    def test_binding(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = "--port=%d" % taken.getsockname()[1]
            arguments = ["--registry=in_memory", "--ip=127.0.0.1", port]
            self.fails("1.11.0", MASTER, arguments, 134, "Failed to bind on 127.0.0.1")
        self.fails("1.11.0", MASTER, ["--registry=in_memory", "--ip=192.0.2.1"], 134, "Cannot assign requested address")

    def test_accepted(self):
        """The environment is overruled from 0.25, unknown names in it are ignored, old names live on with a warning."""
        port = free_port()
        self.start("m", "1.11.0", MASTER, "--registry=in_memory", "--ip=127.0.0.1", "--port=%d" % port, "--no-quiet",
                   MESOS_PORT="1", MESOS_NOSUCH="1", MESOS_SLAVE_PING_TIMEOUT="20secs", MESOS_CLUSTER="c")
        flags = until(lambda: value("127.0.0.1:%d" % port, "/flags"))["flags"]
        self.assertEqual((flags["port"], flags["agent_ping_timeout"], flags["cluster"], flags["quiet"]),
                         (str(port), "20secs", "c", "false"))
        self.assertIn("Loaded deprecated flag 'slave_ping_timeout'", self.log("m"))
        self.assertEqual(self.kill("m", signal.SIGTERM), 143)

    def test_changed_agent(self):
        for number in (1, 2):
            self.master(number, "0.28.1")
        self.master(3, "0.28.1")
        leader = self.leader(1, 2, 3)
        self.agent(11, "0.28.1", "--attributes=rack:r1")
        id = self.registered(leader)[0]["id"]
        # The master lists it a moment before the agent has checkpointed its id: without that it starts as a new one.
        until(lambda: "given slave ID" in self.log("a11"))
        self.assertEqual(self.kill("a11", signal.SIGTERM), 143)
        self.agent(11, "0.28.1", "--attributes=rack:r2")
        self.assertEqual(self.ends("a11"), 1)
        self.assertIn("Incompatible slave info detected", self.log("a11"))
        self.agent(11, "0.28.1", "--attributes=rack:r1")
        until(lambda: "Re-registered" in self.log("a11"))
        self.assertEqual(self.registered(leader)[0]["id"], id)
        self.assertEqual(self.kill("a11", signal.SIGUSR1), 0)
        self.assertEqual(self.slaves(leader), [])
        self.agent(12, "0.22.1")
        self.assertEqual(self.ends("a12"), 1)
        self.assertIn("Failed to parse data of unknown label 'json.info'", self.log("a12"))
