"""Apps of Marathon's on real hosts: the inventory's own, Mesos-DNS with resolv.conf, mesos-consul, and the commands."""
import json
import os
import socket
import struct
import time
import unittest
import urllib.request

from cluster import Cluster, say, wait_for

c = Cluster("apps")
OWN_DNS = "nameserver 10.9.9.9"  # what a DHCP client would write

MORE = """healthChecks: [{protocol: HTTP, path: /health, portIndex: 0, gracePeriodSeconds: 60, intervalSeconds: 1, timeoutSeconds: 5}]
    env: {GENERATION: "1"}"""


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def marathon(path):
    return json.loads(get(f"http://{MASTER}:8080{path}"))


def app(id):
    return marathon(f"/v2/apps/{id}")["app"]


def apps():
    return {a["id"]: a for a in c.run("app", "list", "-o", "json").json()["apps"]}


def tasks(id):
    return {t["id"] for t in app(id)["tasks"]}


def lookup(name, server):
    """The A records that a nameserver has for a name."""
    question = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0" + struct.pack(">HH", 1, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(2)
        s.sendto(struct.pack(">6H", 1, 0x100, 1, 0, 0, 0) + question, (server, 53))
        try:
            answer = s.recv(4096)
        except (socket.timeout, ConnectionRefusedError):
            return None
    count, at, found = struct.unpack(">H", answer[6:8])[0], 12 + len(question), []
    for _ in range(count):  # names in answers are pointers or repeat the question's
        at += 2 if answer[at] & 0xC0 else len(question) - 4
        kind, _, _, size = struct.unpack(">HHIH", answer[at:at + 10])
        at += 10 + size
        if kind == 1:
            found.append(socket.inet_ntoa(answer[at - 4:at]))
    return found


def resolv(host):
    return c.on(host, "cat", "/etc/resolv.conf")


def run_on(host, script):
    return c.on(host, "sh", "-ec", script)


def definition(name, **fields):
    """A file of its own for each definition."""
    path = os.path.join(c.dir, f"{name}-{len(os.listdir(c.dir))}.json")
    with open(path, "x") as f:
        json.dump(dict({"id": "/" + name, "cmd": "sleep 1000", "cpus": 0.1, "mem": 16}, **fields), f)
    return path


class Apps(unittest.TestCase):
    def test_01_up_brings_everything_and_changes_nothing_again(self):
        before.update({host: resolv(host) for host in HOSTS})
        started = time.monotonic()
        c.run("up", "-y")
        say(f"up with apps: {time.monotonic() - started:.0f} s")
        status = c.wait_until_healthy()
        rows = {i["component"]: i for i in status["instances"]}
        self.assertEqual((rows["/web"]["state"], rows["/web"]["health"]), ("running", "healthy"))
        self.assertEqual(rows["mesos-dns"]["version"], "0.6.0")
        self.assertIn("nothing to do", c.run("up", "-y").out)

    def test_02_a_name_has_an_address_for_each_instance(self):
        hosts = {t["host"] for t in app("web")["tasks"]}
        self.assertEqual(len(hosts), 2)
        wait_for("web.marathon.mesos", lambda: set(lookup("web.marathon.mesos", DNS) or []) == hosts, 20)
        self.assertEqual(lookup("leader.mesos", DNS), [MASTER])
        for t in app("web")["tasks"]:
            self.assertIn(t["id"], get(f"http://{t['host']}:{t['ports'][0]}/"))

    def test_03_hosts_ask_mesos_dns_first_whoever_writes_the_file(self):
        for host in HOSTS:
            self.assertTrue(resolv(host).startswith(f"nameserver {DNS}\n"), host)
        # As dhclient-script does it: a new file, then the hooks in its own shell.
        run_on("slave2", f"echo '{OWN_DNS}' > /etc/resolv.conf; reason=BOUND; "
                         "for script in $(run-parts --list /etc/dhcp/dhclient-exit-hooks.d); do . $script; done; "
                         "echo still here > /tmp/after-the-hooks")
        self.assertEqual(resolv("slave2"), f"nameserver {DNS}\n{OWN_DNS}\n")
        self.assertIn("still here", c.on("slave2", "cat", "/tmp/after-the-hooks"))
        # As NetworkManager does it: a program, with the interface and what has happened to it.
        run_on("slave1", f"printf 'search x\\n{OWN_DNS}\\n' > /etc/resolv.conf; "
                         "for program in /etc/NetworkManager/dispatcher.d/*; do $program eth0 up; $program eth0 up; done")
        self.assertEqual(resolv("slave1"), f"nameserver {DNS}\nsearch x\n{OWN_DNS}\n")
        self.assertIn("nothing to do", c.run("plan").out)

    def test_04_scaled_to_three_and_back(self):
        out = c.run("app", "scale", "/web", "3")
        self.assertIn("/web: 3 of 3 run, 3 of 3 healthy", out.out)
        self.assertIn("the next clusterctl up goes back", out.err)
        began = time.monotonic()
        wait_for("three addresses", lambda: len(set(lookup("web.marathon.mesos", DNS) or [])) == 3, 20)
        say(f"three addresses {time.monotonic() - began:.1f} s after the third instance was healthy")
        seen = apps()["/web"]
        self.assertEqual((seen["instances"], seen["running"], seen["healthy"], seen["deployments"]), (3, 3, 3, []))
        self.assertTrue(seen["image"].endswith("clusterctl/webapp:1"))
        self.assertIn("instances 3 -> 2", c.run("plan").out)
        c.run("up", "-y", "--component", "/web")
        self.assertEqual(app("web")["tasksRunning"], 2)
        wait_for("two addresses", lambda: len(set(lookup("web.marathon.mesos", DNS) or [])) == 2, 20)

    def test_05_what_no_slave_can_run_is_refused_and_all_stays(self):
        text, running = c.text(), tasks("web")
        c.write(text.replace("    mem: 32\n", "    mem: 9000000\n"))
        r = c.run("up", "-y", expect=[1, 6])
        self.assertIn("no slave can run /web: it asks for 9000000 MB of memory", r.err)
        self.assertIn("whatever is cached", r.err)
        self.assertEqual(tasks("web"), running)
        c.write(text)
        self.assertIn("nothing to do", c.run("plan").out)
        r = c.run("app", "deploy", definition("huge", cpus=640), expect=8)
        self.assertIn("no slave can run /huge: it asks for 640 cpus", r.err)
        self.assertNotIn("/huge", apps())

    def test_06_more_than_there_are_slaves_for_is_refused_and_all_stays(self):
        text, running = c.text(), tasks("web")
        c.write(text.replace("instances: 2", "instances: 4"))  # a host each, and there are three
        r = c.run("up", "-y", "--timeout", "8", expect=[1, 6])
        self.assertIn("each of its 4 instances wants a slave of its own (hostname UNIQUE), and there are 3 that can run it", r.err)
        c.write(text)
        self.assertEqual((app("web")["instances"], app("web")["deployments"]), (2, []))
        self.assertEqual(tasks("web"), running)
        self.assertIn("nothing to do", c.run("plan").out)
        r = c.run("app", "deploy", definition("crowd", instances=4, constraints=[["hostname", "UNIQUE"]]), expect=8)
        self.assertIn("each of its 4 instances wants a slave of its own", r.err)
        self.assertNotIn("/crowd", apps())

    def test_07_deployed_and_removed_by_command(self):
        path = definition("job")
        self.assertIn("/job: 1 of 1 run", c.run("app", "deploy", path).out)
        first = tasks("job")
        c.run("app", "deploy", path)
        self.assertEqual(tasks("job"), first)
        c.run("app", "deploy", definition("job", cmd="sleep 2000"))
        self.assertEqual(len(tasks("job") & first), 0)
        # One that cannot end is in the way of the next, unless that goes over it.
        stuck = definition("job", healthChecks=[{"protocol": "HTTP", "path": "/", "portIndex": 0, "gracePeriodSeconds": 600}])
        self.assertIn("has begun", c.run("app", "deploy", stuck, "--no-wait").out)
        r = c.run("app", "deploy", path, expect=5)
        self.assertIn("another deployment of /job is under way", r.err)
        self.assertIn("--force", r.err)
        self.assertIn("/job: 1 of 1 run", c.run("app", "deploy", path, "--force").out)
        r = c.run("app", "remove", "job", expect=10)
        self.assertIn("-y (--yes)", r.err)
        self.assertIn("/job is removed", c.run("app", "remove", "job", "-y").out)
        self.assertNotIn("/job", apps())
        for line in (["remove", "/", "-y"], ["scale", "/", "1"]):
            self.assertIn('"/" is the group of all apps', c.run("app", *line, expect=2).err)
        r = c.run("app", "scale", "/wep", "1", expect=2)
        self.assertIn('unknown app "/wep", did you mean "/web"?', r.err)

    def test_07a_a_crash_loop_is_not_deployed(self):
        began = time.monotonic()
        r = c.run("app", "deploy", definition("loop", cmd="echo to its end; exit 3"), expect=9)
        say(f"a crash loop was told after {time.monotonic() - began:.0f} s")
        self.assertIn("/loop does not stay up: ", r.err)
        self.assertIn("3 tasks of it have ended, each soon after its start", r.err)
        self.assertIn("with TASK_FAILED: Command exited with status 3", r.err)
        self.assertRegex(r.err, "clusterctl app remove -i [^ ]+ /loop ends that")
        c.run("app", "remove", "loop", "-y")
        began = time.monotonic()
        c.run("app", "deploy", definition("calm"))
        say(f"an app that starts well took {time.monotonic() - began:.0f} s")
        c.run("app", "remove", "calm", "-y")

    def test_07a1_one_that_ends_while_another_is_proved_is_not_told_as_deployed(self):
        r = c.run("app", "deploy", definition("late", cmd="sleep 8; exit 4"), definition("calm"), expect=6)
        self.assertIn("/late does not stay up: ", r.err)
        self.assertNotIn("/late", r.out)
        self.assertRegex(r.out, r"/calm: 1 of 1 run for 1[5-9]|/calm: 1 of 1 run for [2-9][0-9]")
        c.run("app", "remove", "late", "calm", "-y")

    def test_07aa_a_crash_loop_is_healthy_to_nobody(self):
        text = c.text()
        c.write(text + "  - {id: /loop, cmd: sleep 1; exit 3, cpus: 0.1, mem: 16}\n")
        self.assertIn("does not stay up", c.run("up", "-y", expect=[6, 9]).err)
        for _ in range(5):  # whatever the moment is
            status = c.run("status", expect=1).out
            self.assertRegex(status, r"/loop +- +restarting .*TASK_FAILED: Command exited with status 3")
        r = c.run("up", "-y", "--component", "/loop", "--timeout", "5", expect=9)
        self.assertIn("nothing to do", r.out)
        self.assertIn("/loop on master1 is not healthy", r.err)
        self.assertIn("Command exited with status 3", r.err)
        c.write(text)
        c.run("app", "remove", "loop", "-y")

    def test_07b_one_refused_app_stops_no_other(self):
        refused = definition("refused", fetch=[{"uri": "http://198.18.0.1/x"}])  # the stand-in fetches nothing
        r = c.run("app", "deploy", refused, definition("good"), expect=6)
        self.assertIn("/good: 1 of 1 run", r.out)
        self.assertIn("Marathon answered 422", r.err)
        self.assertIn("1 of 2 files were not deployed", r.err)
        told = c.run("app", "deploy", refused, definition("good"), "-o", "json", expect=6).json()
        self.assertEqual([a["id"] for a in told["apps"]], ["/good"])
        self.assertEqual([(o["id"], o["became"]) for o in told["outcomes"]], [("/refused", "failed"), ("/good", "deployed")])
        self.assertIn("Marathon answered 422", told["outcomes"][0]["error"])
        c.run("app", "remove", "good", "-y")
        text = c.text()
        c.write(text + "  - {id: /refused, cmd: sleep 1, cpus: 0.1, mem: 16, fetch: [{uri: 'http://198.18.0.1/x'}]}\n"
                       "  - {id: /loop, cmd: exit 3, cpus: 0.1, mem: 16}\n"
                       "  - {id: /good, cmd: sleep 1000, cpus: 0.1, mem: 16}\n"
                       "  - {id: /needy, cmd: sleep 1000, cpus: 0.1, mem: 16, dependencies: [/loop]}\n")
        r = c.run("up", "-y", expect=6)
        self.assertIn("Marathon answered 422", r.err)
        self.assertIn("does not stay up", r.err)
        self.assertEqual(apps()["/good"]["running"], 1)
        self.assertNotIn("/needy", apps())
        c.write(text)
        for name in ("good", "loop"):
            c.run("app", "remove", name, "-y")
        self.assertIn("nothing to do", c.run("plan").out)

    def test_07c_a_definition_is_held_against_the_marathon_that_runs(self):
        r = c.run("app", "deploy", definition("wrong", role="a", args=["b"]), expect=2)
        self.assertIn('role of app "/wrong" came with Marathon 1.9, and this is 1.5.8', r.err)
        self.assertIn('args of app "/wrong" stands beside cmd', r.err)
        self.assertNotIn("/wrong", apps())

    def test_08_a_changed_file_of_an_app_restarts_its_task(self):
        running = tasks("mesos-dns")
        c.write(c.text().replace('refresh: "1"', 'refresh: "2"'))
        self.assertIn("config.json changed", c.run("plan").out)
        c.run("up", "-y")
        self.assertEqual(json.loads(get(f"http://{DNS}:8123/v1/config"))["RefreshSeconds"], 2)
        self.assertEqual(len(tasks("mesos-dns") & running), 0)

    def test_09_mesos_is_in_consuls_catalogue(self):
        def masters():
            found = json.loads(get(f"http://{MASTER}:8500/v1/catalog/service/mesos"))
            return [s for s in found if "leader" in s["ServiceTags"]]
        self.assertEqual(len(wait_for("mesos in Consul", masters, 30)), 1)
        wait_for("web in Consul", lambda: len(json.loads(get(f"http://{MASTER}:8500/v1/catalog/service/web"))) == 2, 30)

    def test_10_down_ends_the_apps_and_puts_the_files_back(self):
        c.run("down", "--purge-data", "--confirm", c.status()["cluster"])
        for host in HOSTS:
            left = c.on(host, "sh", "-c", "ls -d /etc/dhcp /etc/NetworkManager /etc/mesos-dns 2>/dev/null; docker ps -aq")
            self.assertEqual(left.split(), [], host)
        self.assertEqual(resolv("master1"), before["master1"])
        self.assertEqual(resolv("slave2"), OWN_DNS + "\n")  # others have written it since: only our line goes
        self.assertEqual(resolv("slave1"), f"search x\n{OWN_DNS}\n")


if __name__ == "__main__":
    os.makedirs(os.environ["CCTL_E2E_DIR"], exist_ok=True)
    shape = ["--masters", "1", "--slaves", "3", "--only", "zookeeper,mesos,marathon,consul"]
    c.call("sandbox", "up", "--dir", c.dir, *shape, "--versions", "mesos=1.4.1,marathon=1.5.8")
    c.write(c.text().replace("versions:\n", "versions:\n  mesos-dns: 0.6.0\n  mesos-consul: 0.4.0\n")
            .replace("components:\n", 'components:\n  resolv: {enabled: true}\n  marathon: {env: {STANDIN_TIME_SCALE: "1"}}\n  mesos-dns: {vars: {refresh: "1"}}\n')
            + "apps:\n" + c.web_app(MORE))
    c.call("sandbox", "up", "--dir", c.dir)
    HOSTS = [h["name"] for h in c.status()["hosts"]]
    MASTER, DNS, before = c.address("master1"), c.address("slave1"), {}
    c.run_tests()
