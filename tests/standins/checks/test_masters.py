"""Masters and agents."""
import json
import shutil
import time

from support import Case, MASTER, request, until, value


class Masters(Case):
    def test_gate(self):
        """A fresh log waits for all three; a recovered one is content with two."""
        health = {"Content-Type": "application/json"}
        def healthy(number):
            return request(self.at(number), "/api/v1", "POST", {"type": "GET_HEALTH"}, health)
        for number in (1, 2):
            self.master(number, "1.0.1", "--registry_fetch_timeout=8secs")
        first = until(lambda: self.redirect(1) and self.redirect(1) == self.redirect(2) and self.redirect(1))
        self.assertEqual(request(first, "/state")[0], 200)
        time.sleep(2)
        leading = int(first.split(":")[0][-1])
        self.assertEqual(healthy(leading)[::2], (503, "Master has not finished recovery"))
        self.assertEqual(self.ends("m%d" % leading), 134)
        self.assertIn("Failed to recover registrar: Failed to perform fetch within 8secs", self.log("m%d" % leading))
        self.kill("m%d" % (3 - leading))  # it has no more than the 8 s either
        for number in (1, 2, 3):
            self.master(number, "1.0.1")
        leader = self.leader(1, 2, 3)
        self.assertEqual(healthy(leader)[0], 200)
        follower = leader % 3 + 1
        status, headers, _ = healthy(follower)
        self.assertEqual((status, headers["Location"]), (307, "//%s/master/api/v1" % self.at(leader)))
        names = sorted(self.zk.get_children("/%s/mesos" % self.path))
        self.assertRegex(" ".join(names), r"^json.info_\d{10} json.info_\d{10} json.info_\d{10} log_replicas$")
        info = json.loads(self.zk.get("/%s/mesos/%s" % (self.path, names[0]))[0])
        self.assertEqual((info["pid"], info["version"]), ("master@" + self.at(leader), "1.0.1"))
        self.kill("m%d" % follower)
        shutil.rmtree("%s/m%d" % (self.folder, follower))
        self.master(follower, "1.0.1")  # an empty replica catches up from the other two
        until(lambda: value(self.at(follower), "/metrics/snapshot")["registrar/log/recovered"] == 1)

    def test_failover(self):
        """kill -9 of the leader: another leads, the agent keeps its id, the lost one comes back as a follower."""
        for number in (1, 2, 3):
            self.master(number)
        leader = self.leader(1, 2, 3)
        self.agent(11)
        self.agent(12)
        ids = {slave["id"] for slave in self.registered(leader, 2)}
        self.kill("a12")
        until(lambda: [s["active"] for s in self.slaves(leader)].count(False), 10, "the dead agent stayed active")
        self.kill("m%d" % leader)
        self.master(leader)  # at once: its predecessor's znode still leads
        until(lambda: self.redirect(leader) == self.at(leader))
        self.assertEqual(request(self.at(leader), "/state")[0], 307)
        others = [number for number in (1, 2, 3) if number != leader]
        until(lambda: self.redirect(others[0]) not in (None, self.at(leader)))
        new = self.leader(1, 2, 3)
        self.assertIn(new, others)
        self.registered(new)
        answer = value(self.at(new), "/slaves")
        self.assertEqual({s["id"] for s in answer["slaves"] + answer["recovered_slaves"]}, ids)
        self.assertEqual(len(answer["recovered_slaves"]), 1)
        self.assertEqual(request(self.at(leader), "/state.json")[0], 404)

    def test_old_versions(self):
        """Before 1.0 a standby answers for itself; routes and znodes come and go with the version."""
        for number in (1, 2, 3):
            self.master(number, "0.22.1")
        leader = self.leader_of_old(1, 2, 3)
        follower = leader % 3 + 1
        self.agent(11, "0.22.1")
        self.registered(leader)
        self.assertEqual(value(self.at(follower), "/state.json")["slaves"], [])
        self.assertEqual(request(self.at(leader), "/state")[0], 404)
        self.assertEqual(request(self.at(leader), "/api/v1")[0], 404)
        self.assertTrue(any(name.startswith("info_") for name in self.zk.get_children("/%s/mesos" % self.path)))

    def leader_of_old(self, *numbers):
        """A master without a leader points at itself, so that elected has to be asked."""
        def elected():
            found = [n for n in numbers if value(self.at(n), "/metrics/snapshot")["master/elected"] == 1]
            return len(found) == 1 and "registrar/state_fetch_ms" in value(self.at(found[0]), "/metrics/snapshot") and found
        return until(elected, sentence="no master was elected")[0]

    def test_in_memory(self):
        self.start("m1", "1.11.0", MASTER, "--registry=in_memory", "--zk=" + self.mesos, "--ip=127.0.0.1",
                   "--hostname=127.0.0.1", "--port=%d" % self.ports["master"], "--zk_session_timeout=2secs")
        self.leader(1)
        self.agent(11)
        self.registered(1)
        self.kill("a11")
        self.kill("m1")
        self.start("m1", "1.11.0", MASTER, "--registry=in_memory", "--zk=" + self.mesos, "--ip=127.0.0.1",
                   "--hostname=127.0.0.1", "--port=%d" % self.ports["master"], "--zk_session_timeout=2secs")
        self.leader(1)
        answer = value(self.at(1), "/slaves")
        self.assertEqual(answer, {"slaves": [], "recovered_slaves": []})
