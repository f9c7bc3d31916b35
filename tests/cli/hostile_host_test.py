"""Hosts that mean harm beside one that is as it should be: every command ends in time, in bounds, with that host's row and the other's."""
import concurrent.futures
import json
import os
import unittest

import paramiko

from hostile_host import (ESCAPES, Engine, Raw, Sshd, drip, endless, ends, flood, reply, says, silent, wait_for_end)
from hostile_lab import Lab, inside

MANY = b"x" * 65536
BANNER = b"SSH-2.0-OpenSSH_9.2\r\n"
DEEP = b"[" * 200000


def blocks(door):
    door.over.wait()
    return False


# name: what serves the hostile host. Before the login, then after it.
SSHD = {
    "it accepts and says nothing": lambda: Raw(silent),
    "it hangs up": lambda: Raw(lambda *_: None),
    "a banner without an end": lambda: Raw(says(b"SSH-2.0-", then=endless(MANY))),
    "lines before the banner without an end": lambda: Raw(endless(b"hello\r\n" * 1000)),
    "a web server": lambda: Raw(says(b"HTTP/1.1 400 Bad Request\r\n\r\n", then=None)),
    "an old protocol": lambda: Raw(says(b"SSH-1.5-old\r\n", then=None)),
    "a banner that moves the cursor": lambda: Raw(says(b"SSH-2.0-" + ESCAPES + b"\n", then=None)),
    "garbage after the banner": lambda: Raw(says(BANNER, os.urandom(4096), then=None)),
    "garbage without an end": lambda: Raw(says(BANNER, then=endless(MANY))),
    "a packet of 4 GB": lambda: Raw(says(BANNER, b"\xff\xff\xff\xff\x00\x14" + b"\0" * 64)),
    "packets of zeros": lambda: Raw(says(BANNER, b"\0" * 65536)),
    "silence after the banner": lambda: Raw(says(BANNER)),
    "it refuses every key": lambda: Sshd(auth=lambda door: paramiko.AUTH_FAILED),
    "it wants ever more keys": lambda: Sshd(auth=lambda door: paramiko.AUTH_PARTIALLY_SUCCESSFUL),
    "it thinks about the key": lambda: Sshd(auth=lambda door: blocks(door) or paramiko.AUTH_FAILED),
    "a login banner that moves the cursor": lambda: Sshd(ends(1), banner=ESCAPES.decode("latin-1") * 1000),
    "it opens no session": lambda: Sshd(opens=lambda door: paramiko.OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED),
    "it closes every session at once": lambda: Sshd(ends(1), kept=False),
    "it thinks about a session": lambda: Sshd(opens=lambda door: blocks(door) or paramiko.OPEN_FAILED_CONNECT_FAILED),
    "it starts no command": lambda: Sshd(execs=lambda door: False),
    "it thinks about a command": lambda: Sshd(execs=blocks),
    "a command that says nothing": lambda: Sshd(ends(mark=False, then=wait_for_end)),
    "a command that begins and says nothing": lambda: Sshd(ends(then=wait_for_end)),
    "a command that prints and ends without a status": lambda: Sshd(ends(out=b"hello\n", then=lambda c, over: c.close())),
    "a command that ends without a word": lambda: Sshd(ends(mark=False)),
    "a command that ends at once, well": lambda: Sshd(ends()),
    "a command that fails": lambda: Sshd(ends(255)),
    "a status that no command has": lambda: Sshd(ends(0xffffffff)),
    "an end of the stream and then nothing": lambda: Sshd(ends(then=lambda c, over: c.shutdown_write() or over.wait())),
    "output without an end": lambda: Sshd(ends(then=flood(MANY))),
    "errors without an end": lambda: Sshd(ends(then=flood(MANY, True))),
    "words before the command without an end": lambda: Sshd(ends(mark=False, then=flood(MANY))),
    "a letter now and then": lambda: Sshd(ends(then=drip)),
    "letters of the mark, one at a time": lambda: Sshd(ends(mark=False, out=b"c" * (60 << 10), then=flood(b"c"))),
    "4 MB of the mark's first letter": lambda: Sshd(ends(mark=False, out=b"c" * (4 << 20), then=flood(b"c"))),
    "a line of 30 MB": lambda: Sshd(ends(out=MANY * 480)),
    "a million lines": lambda: Sshd(ends(out=b"@\n" * 1000000)),
    "garbage": lambda: Sshd(ends(out=os.urandom(1 << 20))),
    "text that moves the cursor": lambda: Sshd(ends(1, out=ESCAPES * 20, err=ESCAPES * 20)),
    "text that moves the cursor before the command": lambda: Sshd(ends(1, out=ESCAPES * 20, err=ESCAPES * 20, mark=False)),
    "JSON of great depth": lambda: Sshd(ends(out=DEEP)),
    "it hangs up in the middle": lambda: Sshd(ends(out=b"@", then=lambda c, over: c.transport.close())),
    "it hangs up when a command comes": lambda: Sshd(ends(mark=False, then=lambda c, over: c.transport.close())),
    "zeros": lambda: Sshd(ends(out=b"\0" * 1000000)),
}


def slowly(connection, over):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not over.wait(0.05):
        connection.sendall(b"[")


def chunked(*parts, then=silent):
    return says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *parts, then=then)


def containers(**fields):
    one = {"Id": "1" * 64, "Names": ["/x"], "Image": "i", "ImageID": "sha256:1", "State": "running", "Status": "Up 2 hours", "Labels": {}}
    one.update(fields)
    return json.dumps([one]).encode()


# name: what the engine of the hostile host answers.
ENGINE = {
    "it says nothing": {"/version": silent},
    "it hangs up": {"/version": lambda *_: None},
    "garbage": {"/version": says(os.urandom(4096), then=None)},
    "garbage without an end": {"/version": endless(MANY)},
    "headers without an end": {"/version": says(b"HTTP/1.1 200 OK\r\n", then=endless(b"A: b\r\n" * 1000))},
    "a header without an end": {"/version": says(b"HTTP/1.1 200 OK\r\nA: ", then=endless(MANY))},
    "ever more to come": {"/version": endless(b"HTTP/1.1 100 Continue\r\n\r\n")},
    "a body without an end": {"/version": says(b"HTTP/1.1 200 OK\r\n\r\n", then=endless(MANY))},
    "a body of 64 TB": {"/version": says(b"HTTP/1.1 200 OK\r\nContent-Length: 70000000000000\r\n\r\n", then=endless(MANY))},
    "a length below nothing": {"/version": says(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}")},
    "a length that no number holds": {"/version": says(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n{}")},
    "a chunk of 2^64 bytes": {"/version": chunked(b"ffffffffffffffff\r\n{}")},
    "a chunk size that is none": {"/version": chunked(b"xyz\r\n{}\r\n")},
    "chunks of one byte": {"/version": chunked(b"1\r\n[\r\n" * 100000)},
    "chunks without an end": {"/version": chunked(then=endless(b"10000\r\n" + MANY + b"\r\n"))},
    "a letter now and then": {"/version": slowly},
    "an error that moves the cursor": {"/version": reply(json.dumps({"message": ESCAPES.decode("latin-1")}).encode(), "500 no")},
    "an error of 10 MB": {"/version": reply(b"x" * 10000000, "500 no")},
    "a version that is a number": {"/version": b'{"Version":5}'},
    "a version that is nothing": {"/version": b'{"Version":null,"ApiVersion":null}'},
    "a version that is a list": {"/version": b'{"Version":[],"ApiVersion":{},"MinAPIVersion":1}'},
    "an API of the far future": {"/version": b'{"Version":"99","ApiVersion":"1.99999999999999999999","MinAPIVersion":"1.99999999999"}'},
    "no object": {"/version": b'"20.10"'},
    "no JSON": {"/version": b"20.10"},
    "JSON of great depth": {"/version": DEEP},
    "objects of great depth": {"/version": b'{"a":' * 200000},
    "containers that are an object": {"/containers/json": b"{}"},
    "containers that are words": {"/containers/json": b'["a", 1, null, [], {}]'},
    "containers of great depth": {"/containers/json": b'[{"Labels":' + DEEP},
    "a container of other kinds": {"/containers/json": containers(Id=1, Names=5, Image=[], State={}, Status=None, Labels=[1])},
    "a container without anything": {"/containers/json": b"[{}]"},
    "a container that moves the cursor": {"/containers/json": containers(Names=["/cctl-c-zookeeper" + ESCAPES.decode("latin-1")], Labels={
        "io.clusterctl.cluster": "c", "io.clusterctl.component": ESCAPES.decode("latin-1")})},
    "broken UTF-8": {"/containers/json": b'[{"Id":"\xff\xfe","Names":["/\xc3\x28"]}]'},
    "fifty thousand containers": {"/containers/json": b"[" + b",".join([containers()[1:-1]] * 50000) + b"]"},
    "a million containers of nothing": {"/containers/json": b"[" + b"{}," * 1000000 + b"{}]"},
    "a million labels": {"/containers/json": containers(Labels={str(n): "" for n in range(1000000)})},
    "a million fields": {"/containers/json": containers(**{str(n): "" for n in range(1000000)})},
    "a million names": {"/images/json": json.dumps([{"Id": "x", "RepoTags": [""] * 1000000}]).encode()},
    "a name of 8 MB": {"/containers/json": containers(Names=["/" + "x" * 8000000])},
    "images that are an object": {"/images/json": b'{"RepoTags": 5}'},
    "images of other kinds": {"/images/json": b'[{"RepoTags": null, "Id": 5}, {"RepoTags": [null, 5, {}]}]'},
    "numbers that no number holds": {"/images/json": b'[{"Size": 1e999999, "Id": 99999999999999999999999999}]'},
    "it hangs up after the first answer": {"/containers/json": lambda *_: None},
}


class Hostile(Lab):
    def status(self, number, bad):
        """What `status` says of a good host and this one."""
        p = self.ctl(self.inventory(number, self.good(), bad), "status", "-o", "json", "--ssh-timeout", "10", "--command-timeout", "5")
        return p, p.took

    def check(self, name, p, took):
        told = p.stdout + p.stderr
        self.assertIn(p.returncode, (1, 2, 3), told[:2000])
        for text in (b"\x1b", b"\x07", b"\x08", "\u009b".encode(), "\u202e".encode()):
            self.assertNotIn(text, told)
        told.decode()  # or it is no UTF-8
        self.assertLess(len(told), 200000)
        seen = json.loads(p.stdout)
        self.assertIn("hosts", seen, told[:2000])
        hosts = {h["name"]: h for h in seen["hosts"]}
        self.assertTrue(hosts["good"]["reachable"], told[:2000])
        states = {i["state"] for i in seen["instances"] if i["host"] == "bad"}
        print(f"{name}: {took:.1f} s; {(hosts['bad']['error'] or str(states))[:200]}", flush=True)
        return hosts["bad"], states

    def of_all(self, cases, one):
        """One status for each, several at once: most of it is waiting for what never comes."""
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            return list(pool.map(one, range(len(cases)), cases.values()))

    def test_hosts(self):
        self.assertGreaterEqual(len(SSHD), 41)

        def one(number, server):
            bad = server()
            try:
                return self.status(f"host{number}", f"{{name: bad, address: 10.77.0.3, ssh: {{port: {bad.port}}}}}")
            finally:
                bad.close()
        for name, (p, took) in zip(SSHD, self.of_all(SSHD, one)):
            with self.subTest(name):
                host, states = self.check(name, p, took)
                self.assertTrue(host["error"])
                self.assertEqual(states, {"unknown"})

    def test_engines(self):
        self.assertGreaterEqual(len(ENGINE), 31)

        def one(number, answers):
            socket = f"{self.dir}/bad{number}.sock"
            bad = Engine(socket, answers)
            try:
                return self.status(f"engine{number}", "{name: bad, address: 10.77.0.4, ssh: {port: %d, docker_host: 'unix://%s'}}" % (self.port, socket))
            finally:
                bad.close()
        for name, (p, took) in zip(ENGINE, self.of_all(ENGINE, one)):
            with self.subTest(name):
                self.check(name, p, took)


if __name__ == "__main__":
    inside()
    unittest.main(verbosity=2)
