"""What a host says in our own form is one row, however long, however often: every command stays small, and tells of the other host."""
import concurrent.futures
import json
import unittest

from hostile_answers import Knowing, content, facts, packed, says, sections
from hostile_host import Engine, Sshd, ends, reply, silent, wait_for_end
from hostile_lab import Lab, inside

MOST_PRINTED = 200000  # bytes
MOST_MEMORY = 700  # MB, where 64 may come of one command
LABELS = {"clusterctl.cluster": "c", "clusterctl.component": "consul-client", "clusterctl.version": "1.8.7", "clusterctl.spec": "0" * 64}
LONG = b"A" * (20 << 20)


def container(number, name, **fields):
    return {"Id": f"{number:064x}", "Names": ["/" + name], "Image": "i", "ImageID": "sha256:1", "State": "running", "Status": "Up 2 hours",
            "Labels": LABELS, **fields}


def labelled(number, name, **labels):
    return container(number, name, Labels={**LABELS, **{"clusterctl." + key: value for key, value in labels.items()}})


def running(*all_of_them):
    return {"/containers/json": json.dumps(all_of_them).encode()}


CLIENT = "cctl-c-consul-client"

# name: what it says to a look at it; what its engine says.
LOOKS = {
    "an index without an end": (sections((b"files", b"999999 " + LONG + b"\n")), None),
    "a link's layer": (sections((b"files", b"0 l " + LONG + b"\n")), None),
    "what is in the way": (sections((b"files", b"0 b " + b"A " * (10 << 20) + b"\n")), None),
    "a holder": (sections((b"holder", LONG + b"\n")), None),
    "entries": (sections((b"entries", b"0 f 1 a\n" * (7 << 20))), None),
    "900,000 entries": (sections((b"entries", b"".join(b"0 f 1 a%d\n" % n for n in range(900000)))), None),
    "sections": (lambda script, given: sections(*((b"s%d" % n, b"") for n in range(1200000)))(script, given), None),
    "empty lines": (sections((b"files", b"\n" * (60 << 20))), None),
    "a million of them in manifests": (sections(manifest=packed({"files": {f"/x/{n}": {"digest": "a"} for n in range(300000)}})), None),
    "a path in a manifest": (sections(manifest=packed({"files": {"/x/" + "A" * (11 << 20): {"digest": "a"}}})), None),
    "what was prepared": (sections((b"prepared", packed({"done": [{"item": "x" * 900, "why": "y", "undo": [["rm"]]}] * 9000}))), None),
    "lines of a file": (content("agent.json", b"\n" * ((1 << 20) - 1)), running(labelled(1, CLIENT))),
    "a line of a file": (content("agent.json", b"x" * ((1 << 20) - 1)), running(labelled(1, CLIENT))),
    "a version": (None, running(labelled(1, CLIENT, version="v" * 8000000))),
    "a state": (None, running(container(1, CLIENT, State="s" * 8000000))),
    "a component": (None, running(labelled(1, "cctl-c-" + "x" * 8000000, component="x" * 8000000))),
    "strays": (None, running(*(labelled(n, f"cctl-c-x{n}", component=f"x{n}") for n in range(15000)))),
    "who bears our labels": (None, running(*(labelled(n, f"other{n}") for n in range(15000)))),
    "clusters": (None, running(*(labelled(n, f"other{n}", cluster=f"c{n}") for n in range(15000)))),
    "an engine's version": (None, {"/version": json.dumps({"Version": "9" * 8000000, "ApiVersion": "1.41", "MinAPIVersion": "1.12"}).encode()}),
    "a refusal": (None, {"/containers/json": b"HTTP/1.1 500 no\r\nContent-Length: 7000014\r\n\r\n" + b'{"message":"' + b"m" * 7000000 + b'"}'}),
}

# name: what it says of what the checks go by.
CHECKS = {
    "a host name": facts(b"hostname", LONG + b"\n"),
    "a system": facts(b"os", LONG + b"\n"),
    "a setting": facts(b"sysctls", b"/proc/sys/vm/max_map_count=" + LONG + b"\n"),
    "disks": facts(b"disks", b"0 d 1 1 1 1 1 tmpfs\n" * 300000),
    "a disk's type": facts(b"disks", b"0 d 1 1 1 1 1 " + LONG + b"\n"),
    "a file's name": facts(b"engine", b"runs\nsettings /x" + b"y" * 3000000 + b"\n"),
    "name servers": facts(b"nameservers", b"".join(b"nameserver 10.0.0.%d\n" % (n % 250) for n in range(900000))),
    "time services": facts(b"time_services", b"".join(b"ntp%d\n" % n for n in range(300000))),
    "sockets": facts(b"sockets", b"read\n" + b"tcp 00000000:1F90 5\n" * 900000),
    "routes": facts(b"routes", b"e 0 0 0 0 0 0 0\n" * 900000),
    "links": facts(b"links", b"".join(b"e%d %d aa\n" % (n, n % 9000) for n in range(300000))),
    "rules": facts(b"forward_rules", b"-A FORWARD -j DROP\n" * 900000),
    "empty lines": facts(b"uid", b"\n" * (60 << 20)),
}

# name: the kind of script that an `up` runs, and what it says to that.
RUNS = {
    "why the lock cannot be made": {"lease": says(b"no " + b"A" * 900000 + b"\n")},
    "who has the lock": {"lease": says(b"busy " + b"A\x1b[2J" * 100000 + b"\n")},
    "why files cannot be read": {"survey": says(err=b"E" * 5000000, status=1)},
    "what is no survey": {"survey": says(b"B" * 5000000 + b"\n\n")},
    "why files cannot be written": {"put": says(err=b"E" * 5000000, status=1)},
}


class Answers(Lab):
    def ran(self, name, server, engine, *words, first=False):
        """A run over a good host and this one, which is the only master where it comes `first`."""
        socket = f"{self.dir}/{name}.sock"
        bad, its_engine = server(), Engine(socket, engine or {})
        row = "{name: bad, address: 10.77.0.3, ssh: {port: %d, docker_host: 'unix://%s'}}" % (bad.port, socket)
        try:
            masters, slaves = (row, self.good()) if first else (self.good(), row)
            return self.ctl(self.inventory(name, masters, slaves), *words, "--ssh-timeout", "10", "--command-timeout", "60", data_mb=3000)
        finally:
            bad.close()
            its_engine.close()

    def hold(self, name, words, p):
        told = p.stdout + p.stderr
        print(f"{words[0]} {name}: {p.took:.1f} s, {len(told)} bytes, {p.memory} MB", flush=True)
        with self.subTest(f"{words[0]} {name}"):
            self.assertIn(p.returncode, range(11), told[:2000])
            self.assertLess(len(told), MOST_PRINTED, told[:2000])
            self.assertLess(p.memory, MOST_MEMORY)
            self.assertNotIn(b"\x1b", told)
            told.decode()

    def of_all(self, jobs):
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            for (name, words, *_), p in zip(jobs, pool.map(lambda n: self.ran(f"{jobs[n][2]}{n}", *jobs[n][3:5], *jobs[n][1], first=jobs[n][5]), range(len(jobs)))):
                self.hold(name, words, p)
                yield name, words, p

    def test_looks(self):
        jobs = [(name, words, "look", lambda look=look: Knowing(**({"observe": look} if look else {})), engine, False)
                for name, (look, engine) in LOOKS.items() for words in (("status",), ("plan", "-o", "json"), ("plan", "-v"), ("down", "--no-input"))]
        for name, words, p in self.of_all(jobs):
            if words == ("status",):
                self.assertIn(b"good  consul", p.stdout, name)

    def test_checks(self):
        jobs = [(name, ("check", "-v"), "check", lambda check=check: Knowing(observe=check), None, False) for name, check in CHECKS.items()]
        for name, _, p in self.of_all(jobs):
            self.assertIn(b" good ", p.stdout, name)

    def test_runs(self):
        skipped = [w for c in ("disk.persistent", "ip.unique", "hostname.unique", "machine_id.unique") for w in ("--skip-check", c)]
        jobs = [(name, ("up", "-y", "--timeout", "10", *skipped), "run", lambda answers=answers: Knowing(**answers), None, True) for name, answers in RUNS.items()]
        for name, _, p in self.of_all(jobs):
            self.assertIn(b"bad", p.stderr, name)

    def test_silence(self):
        """A host that lets us in and then says nothing: whom the limit leaves out costs ten seconds, once."""
        commands = [("plan", "-l", "good"), ("down", "-l", "good", "--no-input"), ("status", "-l", "good"), ("check", "-l", "good"),
                    ("images", "list", "--hosts", "-l", "good"), ("plan",)]

        def one(number):
            bad = Sshd(ends(then=wait_for_end))
            try:
                own = self.inventory(f"silent{number}", self.good(), "{name: bad, address: 10.77.0.3, ssh: {port: %d}}" % bad.port)
                words = commands[number]
                at = 2 if words[0] == "images" else 1
                return self.ctl(own, *words, words_before=at, limit=200)
            finally:
                bad.close()
        with concurrent.futures.ThreadPoolExecutor(len(commands)) as pool:
            for words, p in zip(commands, pool.map(one, range(len(commands)))):
                print(f"{words}: {p.took:.1f} s, exit {p.returncode}", flush=True)
                with self.subTest(words):
                    self.assertIn(b"good", p.stdout + p.stderr)
                    if "-l" in words:
                        self.assertLess(p.took, 35)  # 10 of the look, and the rest of a machine with much to do
                    else:
                        self.assertIn(b"has not ended in 60 s", p.stdout + p.stderr)

    def test_logs(self):
        """Lines are those of the hosts in their order; a host that gives none costs ten seconds, and every one is told."""
        path = f"/containers/{CLIENT}/logs"
        line = b"\x01\0\0\0\0\0\0\x0agood line\n"
        sockets = {name: f"{self.dir}/logs-{name}.sock" for name in ("a-mute", "b-good", "c-sorry", "d-good")}
        answers = {"a-mute": silent, "b-good": reply(line), "c-sorry": reply(b'{"message":"' + b"m" * 7000000 + b'"}', "500 no"), "d-good": reply(line)}
        engines = [Engine(sockets[name], {path: answers[name]}) for name in sockets]
        try:
            rows = ", ".join("{name: %s, address: 10.77.0.%d, ssh: {port: %d, docker_host: 'unix://%s'}}" % (name, at, self.port, socket)
                             for at, (name, socket) in zip((4, 5, 6, 7), sockets.items()))
            p = self.ctl(self.inventory("logs", self.good(), rows), "logs", "consul-client", words_before=2)
        finally:
            for engine in engines:
                engine.close()
        told = p.stdout + p.stderr
        self.assertEqual(p.returncode, 3, told[:2000])
        self.assertEqual([row.split() for row in p.stdout.splitlines()], [[b"b-good", b"good", b"line"], [b"d-good", b"good", b"line"]])
        self.assertIn(b"consul-client on a-mute: docker: nothing came for 10 s", p.stderr)
        self.assertIn(b"consul-client on c-sorry: mmm", p.stderr)
        self.assertLess(p.took, 60)
        self.assertLess(len(told), 3000)


if __name__ == "__main__":
    inside("/var/lib", "/etc/consul.d")
    unittest.main(verbosity=2)
