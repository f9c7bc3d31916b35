"""Marathon."""
import json
import os
import signal
import socket

from support import Case, MARATHON, request, until, value


class Marathons(Case):
    def api(self, number, path, method="GET", body=None):
        status, headers, text = request(self.at(number, "marathon"), path, method, body)
        try:
            return status, json.loads(text), headers
        except ValueError:
            return status, text, headers

    def up(self, count=3):
        for number in (1, 2, 3):
            self.master(number)
        for number in range(1, count + 1):
            self.marathon(number)
        self.mesos_leader = self.leader(1, 2, 3)
        return self.agreed(*range(1, count + 1))

    def agreed(self, *numbers):
        """The number of the leading Marathon, once all agree on it and it is registered."""
        def look():
            found = {self.api(number, "/v2/leader")[1]["leader"] for number in numbers}
            info = self.api(numbers[0], "/v2/info")[1]
            return len(found) == 1 and info["marathon_config"]["mesos_leader_ui_url"] and found.pop()
        return int(until(look, sentence="no Marathon led").split(":")[0][-1])

    def test_cluster(self):
        leader = self.up()
        standby = leader % 3 + 1
        status, info, headers = self.api(standby, "/v2/info")
        self.assertTrue(info["elected"])
        self.assertEqual(headers["X-Marathon-Leader"], "http://" + self.at(leader, "marathon"))
        self.assertEqual(headers["X-Marathon-Via"], "1.1 " + self.at(standby, "marathon"))
        self.assertIsNone(self.api(leader, "/ping")[2]["X-Marathon-Via"])
        self.assertEqual(self.api(standby, "/nosuch")[:2], (500, {"message": "URI not found"}))
        self.assertEqual(self.api(standby, "/v2/deployments")[1], [])

        self.agent(11)
        self.registered(self.mesos_leader)
        app = {"id": "/s", "cmd": "sleep 1000", "cpus": 0.5, "mem": 32, "instances": 2}
        self.assertEqual(self.api(standby, "/v2/apps", "POST", app)[0], 201)
        self.assertEqual(self.api(standby, "/v2/apps", "POST", app)[0], 409)
        until(lambda: self.api(standby, "/v2/deployments")[1] == [] and self.api(standby, "/v2/apps/s")[1]["app"]["tasksRunning"] == 2)
        before = self.api(standby, "/v2/apps/s")[1]["app"]["tasks"]

        # more than fits: the deployment stays open and the queue says why
        self.assertEqual(self.api(standby, "/v2/apps/s", "PUT", {"instances": 5})[0], 200)
        queue = until(lambda: [q for q in self.api(standby, "/v2/queue?embed=lastUnusedOffers")[1]["queue"] if q["lastUnusedOffers"]])
        self.assertEqual(queue[0]["lastUnusedOffers"][0]["reason"], ["InsufficientCpus"])
        self.assertEqual(self.api(standby, "/v2/apps/s", "PUT", {"instances": 2})[0], 409)
        self.assertEqual(self.api(standby, "/v2/apps/s?force=true", "PUT", {"instances": 2})[0], 200)
        until(lambda: self.api(standby, "/v2/deployments")[1] == [])

        # a killed instance comes back
        pid = [task["runs"] for task in value(self.at(11, "agent"), "/state")["frameworks"][0]["executors"][0]["tasks"]][0]
        os.kill(pid, signal.SIGKILL)
        until(lambda: "lastTaskFailure" in self.api(standby, "/v2/apps/s")[1]["app"])
        until(lambda: self.api(standby, "/v2/apps/s")[1]["app"]["tasksRunning"] == 2)

        # the framework and its tasks outlive the leader
        tasks = {task["id"] for task in self.api(standby, "/v2/apps/s")[1]["app"]["tasks"]}
        self.kill("f%d" % leader)
        self.assertIn(self.api(standby, "/ping")[0], (500, 502))
        others = [number for number in (1, 2, 3) if number != leader]
        until(lambda: self.api(others[0], "/v2/leader")[1]["leader"] != self.at(leader, "marathon"))
        new = self.agreed(*others)
        self.assertEqual(self.api(new, "/v2/info")[1]["frameworkId"], info["frameworkId"])
        until(lambda: {task["id"] for task in self.api(new, "/v2/apps/s")[1]["app"]["tasks"]} == tasks)
        frameworks = value(self.at(self.mesos_leader), "/state")["frameworks"]
        self.assertEqual([(f["id"], f["active"]) for f in frameworks], [(info["frameworkId"], True)])
        self.assertEqual(len(before), 2)
        self.assertEqual(self.api(new, "/v2/leader", "DELETE")[0], 200)
        self.assertEqual(self.ends("f%d" % new), 103)

    def test_health(self):
        self.small_cluster("1.11.0", "1.11.24")
        check = {"protocol": "HTTP", "path": "/", "portIndex": 0, "gracePeriodSeconds": 1, "intervalSeconds": 1,
                 "timeoutSeconds": 1, "maxConsecutiveFailures": 2}
        good = {"id": "/good", "cmd": "exec python3 -m http.server --bind $HOST $PORT0", "cpus": 0.1, "mem": 16,
                "healthChecks": [dict(check, gracePeriodSeconds=60, timeoutSeconds=5)]}  # as a busy machine wants it
        sick = {"id": "/sick", "cmd": "sleep 1000", "cpus": 0.1, "mem": 16, "env": {"A": "b"}, "healthChecks": [check]}
        for app in (good, sick):
            self.assertEqual(self.api(1, "/v2/apps", "POST", app)[0], 201)
        until(lambda: self.api(1, "/v2/apps/good")[1]["app"]["deployments"] == [], 60)
        app = self.api(1, "/v2/apps/good")[1]["app"]
        self.assertEqual((app["tasksHealthy"], app["tasksUnhealthy"]), (1, 0))
        self.assertEqual(app["tasks"][0]["healthCheckResults"], [{"alive": True}])
        until(lambda: "killing sick" in self.log("f1"), 60)
        sick_now = until(lambda: "lastTaskFailure" in self.api(1, "/v2/apps/sick")[1]["app"] and self.api(1, "/v2/apps/sick")[1]["app"])
        self.assertEqual(len(sick_now["deployments"]), 1)
        self.assertEqual(sick_now["lastTaskFailure"]["state"], "TASK_KILLED")
        # Nobody listens there, or another program of this machine does and knows no such path.
        self.assertRegex(sick_now["lastTaskFailure"]["message"],
                         "^Task was killed since health check failed. Reason: (.*[0-9] failed|HTTP status 404)$")
        # a whole definition drops what it does not say, a part of one does not
        self.api(1, "/v2/apps/sick?force=true", "PUT", {"cmd": "sleep 999"})
        self.assertEqual(self.api(1, "/v2/apps/sick")[1]["app"]["env"], {"A": "b"})
        self.api(1, "/v2/apps/sick?force=true&partialUpdate=false", "PUT", {"cmd": "sleep 998"})
        self.assertEqual(self.api(1, "/v2/apps/sick")[1]["app"]["env"], {})
        # more of the same keeps what runs, though the definition leaves the service port to Marathon
        running = {task["id"] for task in self.api(1, "/v2/apps/good")[1]["app"]["tasks"]}
        self.assertEqual(self.api(1, "/v2/apps/good?partialUpdate=false", "PUT", dict(good, instances=2))[0], 200)
        until(lambda: self.api(1, "/v2/apps/good")[1]["app"]["deployments"] == [], 60)
        now = {task["id"] for task in self.api(1, "/v2/apps/good")[1]["app"]["tasks"]}
        self.assertEqual((len(now), running - now), (2, set()))
        # more than fits, taken back: those that ran run on
        _, begun, _ = self.api(1, "/v2/apps/good?partialUpdate=false", "PUT", dict(good, instances=40))
        self.assertEqual(self.api(1, "/v2/deployments/" + begun["deploymentId"], "DELETE")[0], 200)
        until(lambda: self.api(1, "/v2/apps/good")[1]["app"]["deployments"] == [], 60)
        self.assertEqual({task["id"] for task in self.api(1, "/v2/apps/good")[1]["app"]["tasks"]}, now)
        status, refused, _ = self.api(1, "/v2/apps", "POST", dict(good, id="/c", healthChecks=[{"protocol": "COMMAND"}]))
        self.assertEqual((status, refused["details"][0]["path"]), (422, "/healthChecks"))

    def test_crash_loop(self):
        """A deployment without health checks ends once its tasks have started, whatever becomes of them."""
        self.small_cluster("1.11.0", "1.11.24")
        self.assertEqual(self.api(1, "/v2/apps", "POST", {"id": "/fails", "cmd": "exit 3", "cpus": 0.1, "mem": 16})[0], 201)
        until(lambda: self.api(1, "/v2/deployments")[1] == [])
        seen = set()

        def failures():
            failure = self.api(1, "/v2/apps/fails")[1]["app"].get("lastTaskFailure")
            if failure:
                seen.add(failure["taskId"])
                self.assertEqual((failure["state"], failure["message"]), ("TASK_FAILED", "Command exited with status 3"))
            return len(seen) >= 3
        until(failures)
        self.assertEqual(self.api(1, "/v2/deployments")[1], [])
        app = self.api(1, "/v2/apps/fails")[1]["app"]
        self.assertEqual(app["lastTaskFailure"]["version"], app["versionInfo"]["lastConfigChangeAt"])
        # one that ends well is started again, and has not failed
        self.api(1, "/v2/apps", "POST", {"id": "/ends", "cmd": "true", "cpus": 0.1, "mem": 16})
        until(lambda: not self.api(1, "/v2/apps/ends")[1]["app"]["deployments"])
        self.assertNotIn("lastTaskFailure", self.api(1, "/v2/apps/ends")[1]["app"])
        # what real ones have been asked beside
        for path, status in (("/status", 500), ("/health", 500), ("/v2/pods", 200), ("/metrics/prometheus", 200),
                             ("/v2/apps/fails/versions", 200), ("/v2/apps/none/versions", 404)):
            self.assertEqual(self.api(1, path)[0], status, path)
        for wrong in ({"cmd": "a", "args": ["b"]}, {"cmd": "a", "acceptedResourceRoles": []}, {"cmd": "a", "env": {"A": 1}},
                      {"cmd": "a", "version": "2026-11-21T10:14:14.159Z"}):
            self.assertEqual(self.api(1, "/v2/apps/fails", "PUT", wrong)[0], 422, wrong)

    def test_exits(self):
        leader = self.up(2)
        other = 3 - leader
        self.assertEqual(self.kill("f%d" % other, signal.SIGTERM), 143)
        self.kill("f%d" % leader)
        self.marathon(leader)  # before its old session has expired
        self.assertEqual(self.ends("f%d" % leader), 104)
        until(lambda: not self.zk.get_children("/%s/marathon/leader-curator" % self.path))
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", self.ports["marathon"]))
            taken.listen()
            self.marathon(1)
            self.assertEqual(self.ends("f1"), 111)
        self.marathon(2)
        self.agreed(2)
        self.kill("m%d" % self.mesos_leader)
        self.assertEqual(self.ends("f2"), 103)
        self.start("f9", "1.11.24", MARATHON, "--master", self.mesos, "--zk", "zk://127.0.0.1:1/m", "--hostname", "x")
        self.assertEqual(self.ends("f9"), 100)
