"""The rules that guard a sandbox, among other machines: neighbours.py GUARD UNGUARD, two scripts, in a network of its own.
Prints who reaches a registry at 198.18.7.2:5000 behind the bridge br-own, which is published on 127.0.0.1:49153 as an engine does it."""
import socket
import subprocess
import sys
import threading

REGISTRY, PUBLISHED, NEIGHBOUR = ("198.18.7.2", 5000), ("127.0.0.1", 49153), ("203.0.113.2", 7000)
SECONDS = 5  # what is dropped is waited for that long


def echo(connection):
    while data := connection.recv(1000):
        connection.sendall(data)


def serve(host, port):
    listener = socket.create_server((host, int(port)))
    print("listens", flush=True)
    while True:
        threading.Thread(target=echo, args=(listener.accept()[0],), daemon=True).start()


def answers(connection):
    connection.settimeout(SECONDS)
    connection.sendall(b"x")
    return connection.recv(10) == b"x"


def ask(host, port):
    """Whether the place answers, for each line of standard input: by the connection of the first, or by a new one."""
    kept = None
    for line in sys.stdin:
        try:
            connection = kept if line == "kept\n" else socket.create_connection((host, int(port)), SECONDS)
            said = connection is not None and answers(connection)
            kept = kept or connection
        except OSError:
            said = False
        print("answered" if said else "silent", flush=True)


def run(*words):
    subprocess.run(words, check=True)


class Machine:
    """A network of its own, joined to ours by one cable; `end` is ours."""

    def __init__(self, end, address, gateway):
        self.process = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo up; exec sleep 600"], stdout=subprocess.PIPE)
        self.process.stdout.readline()
        run("ip", "link", "add", end, "type", "veth", "peer", "name", "eth0", "netns", str(self.process.pid))
        run("ip", "link", "set", end, "up")
        self.run("ip", "address", "add", address, "dev", "eth0")
        for device in ("lo", "eth0"):
            self.run("ip", "link", "set", device, "up")
        self.run("ip", "route", "add", "default", "via", gateway)

    def inside(self, *words):
        return ["nsenter", "--net", "--target", str(self.process.pid), *words]

    def run(self, *words):
        run(*self.inside(*words))

    def python(self, *words):
        return subprocess.Popen(self.inside(sys.executable, __file__, *map(str, words)), stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, text=True)

    def listens(self, place):
        server = self.python("serve", *place)
        server.stdout.readline()
        return server


class Ourselves(Machine):
    def __init__(self):
        pass

    def inside(self, *words):
        return list(words)


def bridge(name, address, *ends):
    run("ip", "link", "add", name, "type", "bridge")
    run("ip", "address", "add", address, "dev", name)
    for device in (name, *ends):
        run("ip", "link", "set", device, "up")
    for end in ends:
        run("ip", "link", "set", end, "master", name)


def published():
    """As an engine publishes on loopback: whoever asks for that address gets to the container, and any device leads there."""
    run("iptables", "-w", "-t", "nat", "-A", "PREROUTING", "-d", PUBLISHED[0], "-p", "tcp", "--dport", str(PUBLISHED[1]),
        "-j", "DNAT", "--to-destination", "%s:%d" % REGISTRY)


def sends_loopback_out(machine):
    machine.run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet")
    machine.run("ip", "address", "flush", "dev", "lo")
    machine.run("ip", "route", "add", PUBLISHED[0], "via", "203.0.113.1")


def tell(when, askers, word):
    for asker in askers.values():  # all at once: who is not answered waits
        asker.stdin.write(word + "\n")
        asker.stdin.flush()
    for name, asker in askers.items():
        print(f"{when}, {word}: {name}: {asker.stdout.readline().strip()}", flush=True)


def rules():
    said = "".join(subprocess.run(["iptables", "-w", "-t", table, "-S"], check=True, capture_output=True, text=True).stdout
                   for table in ("filter", "mangle"))
    return [line for line in said.splitlines() if "CCTL-test" in line]


def set_up():
    run("ip", "link", "set", "lo", "up")
    with open("/proc/sys/net/ipv4/ip_forward", "w") as f:
        f.write("1\n")
    machines = {"registry": Machine("own1", "198.18.7.2/24", "198.18.7.1"), "node": Machine("own2", "198.18.7.11/24", "198.18.7.1"),
                "container": Machine("other1", "198.18.9.2/24", "198.18.9.1"), "neighbour": Machine("lan", "203.0.113.2/24", "203.0.113.1")}
    bridge("br-own", "198.18.7.1/24", "own1", "own2")
    bridge("br-other", "198.18.9.1/24", "other1")
    run("ip", "address", "add", "203.0.113.1/24", "dev", "lan")
    published()
    sends_loopback_out(machines["neighbour"])
    return machines


def main(guard, unguard):
    machines = set_up()
    running = [machines["registry"].listens(REGISTRY), machines["neighbour"].listens(NEIGHBOUR)]
    us, node, neighbour, container = Ourselves(), machines["node"], machines["neighbour"], machines["container"]
    ours = {"ourselves": us.python("ask", *REGISTRY), "a node": node.python("ask", *REGISTRY),
            "a node to the neighbour": node.python("ask", *NEIGHBOUR)}
    others = {"the neighbour": neighbour.python("ask", *REGISTRY),
              "the neighbour by loopback's address": neighbour.python("ask", *PUBLISHED),
              "another container": container.python("ask", *REGISTRY)}
    everybody = {**ours, **others}
    try:
        tell("before", everybody, "new")
        run("sh", "-ec", unguard)  # where there is nothing yet
        run("sh", "-ec", guard)
        first = sorted(rules())
        run("sh", "-ec", guard)
        print("rules the same again:", sorted(rules()) == first and len(first) > 4)
        for word in ("kept", "new"):
            tell("guarded", everybody, word)
        for _ in range(2):
            run("sh", "-ec", unguard)
        print("rules left:", len(rules()))
        tell("unguarded", everybody, "new")
    finally:
        for process in [*running, *everybody.values(), *(machine.process for machine in machines.values())]:
            process.kill()
            process.wait()


if sys.argv[1] in ("serve", "ask"):
    {"serve": serve, "ask": ask}[sys.argv[1]](*sys.argv[2:])
else:
    with open(sys.argv[1]) as one, open(sys.argv[2]) as two:
        main(one.read(), two.read())
