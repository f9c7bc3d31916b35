"""mesos-consul: what it takes for a command line, and what it tells which Consul agent."""
import os
import sys
import unittest

from consul import Agent
from support import HERE, MESOS_CONSUL, Case, free_port, until

sys.path.insert(0, os.path.join(HERE, "mesos-consul"))
import tasks  # noqa: E402


class MesosConsul(Case):
    def setUp(self):
        super().setUp()
        self.port = free_port()
        self.consuls = {ip: Agent(ip, self.port) for ip in ("127.0.0.1", "127.0.0.11")}
        for consul in self.consuls.values():
            self.addCleanup(consul.close)

    def bridge(self, *more, version="v0.4.0", name="c"):
        self.start(name, version, MESOS_CONSUL, "--zk=" + self.mesos, "--consul", "--consul-port=%d" % self.port,
                   "--log-level=debug", "--refresh=500ms", *more)

    def services(self, ip, name):
        """(id, port, tags) of the services of this name that were registered with the agent on this address."""
        found = [service for service in self.consuls[ip].services.values() if service["Name"] == name]
        return sorted((service["ID"], service["Port"], service["Tags"]) for service in found)

    def refreshes(self, name="c"):
        return self.log(name).count("reloading from master")

    def test_command_line(self):
        for version, arguments, text in [
            ("v0.4.0", ["--registry-port=1"], "unknown flag: --registry-port"),
            ("v0.4.0", ["-zk=a"], "unknown shorthand flag: 'z' in -zk=a"),
            ("v0.4.0", ["--zk"], "flag needs an argument: --zk"),
            ("v0.4.0", ["--refresh=5"], 'time: invalid duration \\"5\\"'),
            ("v0.4.0", ["--heartbeats-before-remove=x"], 'invalid argument \\"x\\" for --heartbeats-before-remove'),
            ("v0.4.0", ["--consul", "true"], 'extra argument(s): [\\"true\\"]'),
            ("v0.4.0", ["--task-tag=a"], "task-tag pattern invalid, must include 1 colon separator"),
            ("v0.4.0", ["--dry-run"], "unknown flag: --dry-run"),
            ("latest", ["--zk=127.0.0.1/mesos"], "Expecting 'zk://' at the beginning of the URL"),
        ]:
            with self.subTest(arguments=arguments):
                self.start("x", version, MESOS_CONSUL, *arguments)
                self.assertEqual(self.ends("x"), 1, self.log("x"))
                self.assertIn(text, self.log("x").splitlines()[-1])

    def test_services(self):
        """Hosts and tasks appear with the agent on their own address, and go when they are gone; an earlier life is known."""
        self.small_cluster()
        app = {"id": "/g/web", "cmd": "sleep 1000", "cpus": 0.1, "mem": 16, "instances": 2,
               "labels": {"tags": "a,b", "check_http": "http://{host}:{port}/"}}
        ports = self.deploy(app)
        self.bridge("--task-tag=WEB:tagged")
        until(lambda: len(self.services("127.0.0.11", "web-g")) == 2)
        prefix = "mesos-consul:127.0.0.11:web-g:127.0.0.11:"
        self.assertEqual(self.services("127.0.0.11", "web-g"),
                         [(prefix + str(port), port, ["a", "b", "tagged"]) for port in ports])
        service = self.consuls["127.0.0.11"].services[prefix + str(ports[0])]
        self.assertEqual((service["Address"], service["Check"]), ("127.0.0.11", {"HTTP": "http://127.0.0.11:%d/" % ports[0]}))
        (_, port, tags), = self.services("127.0.0.11", "mesos")
        self.assertEqual((port, tags), (self.ports["agent"], ["agent", "follower"]))
        self.assertEqual(self.services("127.0.0.1", "mesos"), [("mesos-consul:mesos:" + self.at(1), self.ports["master"],
                                                                 ["leader", "master"])])
        # what Consul forgot is not told again
        del self.consuls["127.0.0.11"].services[prefix + str(ports[1])]
        seen = self.refreshes()
        until(lambda: self.refreshes() >= seen + 2)
        self.assertEqual(len(self.services("127.0.0.11", "web-g")), 1)
        # a new one reads its cache from the leader's agent, and removes what is gone
        self.kill("c")
        self.consuls["127.0.0.1"].services["mesos-consul:gone"] = {"ID": "mesos-consul:gone", "Name": "gone", "Tags": [], "Port": 1}
        self.bridge()
        until(lambda: not self.services("127.0.0.1", "gone"))
        self.deploy(dict(app, instances=0))
        until(lambda: not self.services("127.0.0.11", "web-g"))

    def test_lists(self):
        """Two lists of patterns decide by the task's name, which a label may overrule."""
        self.small_cluster()
        for name, labels in (("web", {}), ("db", {}), ("other", {"overrideTaskName": "web_2"})):
            self.deploy({"id": name, "cmd": "sleep 1000", "cpus": 0.1, "mem": 16, "labels": labels})
        self.bridge("--whitelist=^web", "--whitelist=^db", "--blacklist=^db", "--group-separator=-")
        until(lambda: self.services("127.0.0.11", "web") and self.services("127.0.0.11", "web-2"))
        self.assertEqual({service["Name"] for service in self.consuls["127.0.0.11"].services.values()}, {"mesos", "web", "web-2"})

    def test_new_mesos(self):
        """A Mesos of 1.8 has no /master/state.json: nothing is registered, nothing removed, and nothing said."""
        self.master(1, "1.11.0")
        self.master(2, "1.11.0")
        self.master(3, "1.11.0")
        self.leader(1, 2, 3)
        self.bridge()
        until(lambda: self.refreshes() >= 2)
        self.assertEqual(self.consuls["127.0.0.1"].services, {})
        self.assertNotIn("level=warning", self.log("c"))


class Tasks(unittest.TestCase):
    """What a task in the state says about its addresses and ports."""

    def status(self, timestamp, address):
        return {"state": "TASK_RUNNING", "timestamp": timestamp,
                "labels": [{"key": "Docker.NetworkSettings.IPAddress", "value": "172.17.0.9"}],
                "container_status": {"network_infos": [{"ip_addresses": [{"ip_address": address}]}]}}

    def test_addresses(self):
        """The container's own address comes before the host's, which is why bridged tasks need the order host."""
        task = {"statuses": [self.status(2, "172.17.0.3"), self.status(1, "172.17.0.2"), {"state": "TASK_KILLED", "timestamp": 9}]}
        for order, expected in (("netinfo,mesos,host", "172.17.0.3"), ("host", "10.0.0.1"), ("mesos,docker", "172.17.0.9"),
                                ("mesos", "")):
            self.assertEqual(tasks.address(task, "10.0.0.1", order.split(",")), expected)
        self.assertEqual(tasks.address({}, "10.0.0.1", ["netinfo", "host"]), "10.0.0.1")

    def test_ports(self):
        """One service for each port, from 0.5 on with a number from the second; or one without a port."""
        flags = {"mesos-ip-order": "host", "service-id-prefix": "p", "task-tag": [], "service-port-label": "public"}
        task = {"resources": {"ports": "[31000-31001, 31005-31005]"}, "labels": [{"key": "public", "value": "0,2"}]}
        for newer, expected in ((False, [("n", 31000), ("n", 31001), ("n", 31005)]), (True, [("n", 31000), ("n-port3", 31005)])):
            found = tasks.services(task, "n", "10.0.0.1", flags, newer)
            self.assertEqual([(service["Name"], service["Port"]) for service in found], expected)
        alone, = tasks.services({"resources": {}}, "n", "10.0.0.1", flags, False)
        self.assertEqual((alone["ID"], alone["Port"]), ("p:10.0.0.1-n:10.0.0.1", 0))
