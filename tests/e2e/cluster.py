"""A sandbox of real hosts and the clusterctl under test, driven as a person would: by its command line."""
import dataclasses
import json
import os
import pty
import re
import select
import shutil
import socket
import subprocess
import sys
import time
import unittest

BINARY = os.environ["CCTL_BIN"]
ROOT = os.environ["CCTL_E2E_DIR"]  # kept between the tests of one ctest run


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def json(self):
        return json.loads(self.out)


class Cluster:
    """One sandbox directory; `run` is clusterctl with that sandbox's inventory."""

    def __init__(self, name):
        self.name = name
        self.dir = os.path.join(ROOT, name)
        self.inventory = os.path.join(self.dir, "inventory.yml")
        # What a run that was cut off left without its sandbox must not be taken for this one's.
        if not os.path.exists(os.path.join(self.dir, "sandbox.json")):
            shutil.rmtree(self.dir, ignore_errors=True)
        # Many sandboxes share two cores: a login may take longer than a person would wait for.
        self.env = dict(os.environ, XDG_STATE_HOME=os.path.join(ROOT, "state", name), NO_COLOR="1", CLUSTERCTL_SSH_TIMEOUT="15")

    def call(self, *args, expect=0, timeout=900, **more):
        """Runs clusterctl; a wrong exit code fails the test with everything that was said."""
        started = time.monotonic()
        p = subprocess.run([BINARY, *args], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                           timeout=timeout, env=self.env, **more)
        took = time.monotonic() - started
        print(f"$ clusterctl {' '.join(args)}   [{p.returncode}] {took:.1f}s", flush=True)
        wanted = expect if isinstance(expect, (list, tuple)) else [expect]
        if p.returncode not in wanted:
            raise AssertionError(f"clusterctl {' '.join(args)}: exit {p.returncode}, wanted {expect}\n"
                                 f"--- stdout\n{p.stdout}\n--- stderr\n{p.stderr}")
        return Result(p.returncode, p.stdout, p.stderr)

    def run(self, command, *args, **more):
        return self.call(command, "-i", self.inventory, *args, **more)

    def run_tests(self, failfast=True):
        """Every test of the program, then the sandbox goes, unless CCTL_KEEP says otherwise."""
        try:
            unittest.main(verbosity=2, failfast=failfast)
        finally:
            if not os.environ.get("CCTL_KEEP") and os.path.exists(os.path.join(self.dir, "sandbox.json")):
                self.call("sandbox", "down", "--dir", self.dir)

    def text(self):
        with open(self.inventory) as f:
            return f.read()

    def write(self, text):
        with open(self.inventory, "w") as f:
            f.write(text)

    def start(self, command, *args):
        """The same in the background, for tests that interrupt it."""
        return subprocess.Popen([BINARY, command, "-i", self.inventory, *args], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.env)

    def typed(self, command, *args, answers=(), expect=0, timeout=120, aimed=True):
        """The same on a terminal of its own: each answer is typed once its question is seen (a function says it at that moment).
        Not aimed, it goes at the cluster of the last up. Returns what was shown."""
        env = {k: v for k, v in self.env.items() if k != "CI"}  # clusterctl asks nothing there
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir("/")  # where no inventory.yml lies
            os.execve(BINARY, [BINARY, command, *(("-i", self.inventory) if aimed else ()), *args], env)
        shown, left, end = "", list(answers), time.monotonic() + timeout
        while select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
            try:
                more = os.read(terminal, 65536).decode(errors="replace")
            except OSError:  # the program has ended
                break
            shown += more
            if left and left[0][0] in shown:
                answer = left.pop(0)[1]
                os.write(terminal, (answer() if callable(answer) else answer).encode())
        else:
            os.kill(pid, 9)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.close(terminal)
        print(f"$ clusterctl {command} {' '.join(args)}   [{code}] on a terminal", flush=True)
        if code != expect or left:
            raise AssertionError(f"clusterctl {command}: exit {code}, wanted {expect}, not asked: {left}\n{shown}")
        return shown

    def ways_on(self, said):
        """Each command that is told to come next, once."""
        return set(re.findall(r"\bnext:? +(clusterctl .*)", said))

    def status(self, **more):
        return self.run("status", "-o", "json", expect=more.pop("expect", [0, 1, 2, 3]), **more).json()

    def wait_until_healthy(self, seconds=30):
        """The status then. What was healthy when a run ended may elect anew where many sandboxes share two cores."""
        seen = {}

        def healthy():
            r = self.run("status", "-o", "json", expect=[0, 1, 2, 3])
            seen.update(r.json())
            assert (r.code == 0) == (seen["health"] == "healthy"), f"exit {r.code}, {seen['health']}"
            return seen["health"] == "healthy"
        try:
            wait_for("a healthy cluster", healthy, seconds)
            return seen
        except AssertionError as e:
            sick = [i for i in seen["instances"] if i["health"] != "healthy"]
            raise AssertionError(f"{e}\n{json.dumps([sick, seen['wanting'], seen['hosts']], indent=1)}") from None

    def instances(self, component):
        return [i for i in self.status()["instances"] if i["component"] == component]

    def leader(self, component):
        found = [i["host"] for i in self.instances(component) if i["leader"]]
        assert len(found) == 1, f"{component} leaders: {found}"
        return found[0]

    def node(self, host):
        """The node's container on this machine."""
        with open(os.path.join(self.dir, "sandbox.json")) as f:
            prefix = json.load(f)
        out = docker("ps", "-a", "--filter", f"label=clusterctl.sandbox={prefix['id']}", "--format", "{{.Names}}")
        found = [n for n in out.split() if n.endswith("-" + host)]
        assert len(found) == 1, f"node of {host}: {found} among {out.split()}"
        return found[0]

    def registry(self):
        """The sandbox's registry as this machine's engine reaches it."""
        name = self.node("registry")
        return docker("port", name, "5000").split()[0]

    def on(self, host, *command):
        """Runs a command on a host."""
        return docker("exec", self.node(host), *command)

    def container(self, component):
        return f"cctl-{self.status()['cluster']}-{component}"

    def address(self, host):
        return re.search(rf"name: {host}, address: ([0-9.]+)", self.text()).group(1)

    def hosts_registry(self):
        """The sandbox's registry as its hosts reach it."""
        return re.search(r'registry: "([^"]+)"', self.text()).group(1)

    def vip(self):
        """The virtual address that the sandbox's inventory gives to its load balancers."""
        return self.address("lb1").rsplit(".", 1)[0] + ".100"

    def holders(self):
        """The load balancers that have the virtual address."""
        hosts = re.findall(r"name: (lb\d+),", self.text())
        return [lb for lb in hosts if f" {self.vip()}/" in self.on(lb, "ip", "-4", "-o", "addr")]

    def holder(self):
        def one():
            found = self.holders()
            return len(found) == 1 and found[0]
        return wait_for("one holder of the address", one)

    def web_app(self, more):
        """An entry of apps: with two instances, one a host, so that each has an address of its own."""
        return f"""  - id: /web
    instances: 2
    cpus: 0.1
    mem: 32
    constraints: [[hostname, UNIQUE]]
    container:
      type: DOCKER
      docker: {{image: "{self.hosts_registry()}/clusterctl/webapp:1", network: BRIDGE, portMappings: [{{containerPort: 8080, hostPort: 0}}]}}
    {more}
"""

    def addresses(self, role):
        return [h["address"] for h in self.status()["hosts"] if h["name"].startswith(role)]

    def ids(self, host):
        """Every container on a host, by name: equal before and after means that nobody touched one."""
        seen = self.on(host, "sh", "-c", "docker ps -aq --no-trunc | xargs -r docker inspect "
                                         "-f '{{.Name}} {{.Id}} {{.State.StartedAt}} {{.RestartCount}}'")
        return {line.split()[0]: Stamp(*line.split()[1:]) for line in seen.splitlines()}


@dataclasses.dataclass(eq=False)
class Stamp:
    """One life of a container. Docker starts again what ends by itself, and counts it: that is nobody's touch."""
    id: str
    started: str
    restarts: str  # a restart that somebody asked for sets it to 0

    def __eq__(self, other):
        first, last = sorted((self, other), key=lambda stamp: stamp.started)
        by_itself = int(last.restarts) > int(first.restarts)
        return self.id == other.id and (self.started == other.started or by_itself)


def docker(*args, check=True):
    p = subprocess.run(["docker", *args], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if check and p.returncode:
        raise AssertionError(f"docker {' '.join(args)}: {p.stderr.strip()}")
    return p.stdout


def wait_for(what, question, seconds=60):
    """Polls until question() is true; the error says what was awaited and what was seen last."""
    end = time.monotonic() + seconds
    seen = None
    while time.monotonic() < end:
        seen = question()
        if seen:
            return seen
        time.sleep(0.2)  # between polls of a condition
    raise AssertionError(f"waited {seconds}s for {what}; last seen: {seen!r}")


def listens(address, port):
    """Whether something listens there."""
    try:
        socket.create_connection((address, port), timeout=1).close()
        return True
    except OSError:
        return False


def say(text):
    print(f"-- {text}", flush=True)
    sys.stdout.flush()
