"""The rules that guard a sandbox, among real users: guarded.py USER OTHER, in a network of its own, the script on standard input.
Prints a line for each who asked what listens on 127.0.0.1:49153."""
import os
import signal
import socket
import subprocess
import sys
import threading

PLACE = ("127.0.0.1", 49153)


def echo(connection):
    with connection:
        while data := connection.recv(1000):
            connection.sendall(data)


def serve(listener):
    while True:
        threading.Thread(target=echo, args=(listener.accept()[0],), daemon=True).start()


def ask(connection):
    try:
        connection.settimeout(5)
        connection.sendall(b"x")
        return connection.recv(10) == b"x"
    except OSError:
        return False


def anew():
    try:
        return ask(socket.create_connection(PLACE, 5))
    except OSError:
        return False


class As:
    """A process of a user's, which holds a connection from its beginning."""

    def __init__(self, user):
        self.told, told = os.pipe()
        heard, self.heard = os.pipe()
        self.process = os.fork()
        if self.process == 0:
            os.setuid(user)
            kept = socket.create_connection(PLACE, 5)
            self.say(told, ask(kept))
            while os.read(heard, 1):
                self.say(told, ask(kept) if ask_kept(heard) else anew())
            os._exit(0)
        os.close(heard)
        self.first = self.hear()

    @staticmethod
    def say(pipe, held):
        os.write(pipe, b"y" if held else b"n")

    def hear(self):
        return {b"y": "answered", b"n": "refused"}[os.read(self.told, 1)]

    def asks(self, kept):
        os.write(self.heard, b"?k" if kept else b"?n")
        return self.hear()


def ask_kept(pipe):
    return os.read(pipe, 1) == b"k"


def main():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    script = sys.stdin.read()
    listener = socket.create_server(PLACE)
    threading.Thread(target=serve, args=(listener,), daemon=True).start()
    people = {"root": As(0), "user": As(int(sys.argv[1])), "other": As(int(sys.argv[2]))}
    for name, person in people.items():
        print(name, "before:", person.first)
    for again in ("", " again"):  # the rules may be set any number of times
        subprocess.run(["sh", "-ec", script], check=True)
        for name, person in people.items():
            print(f"{name} kept{again}: {person.asks(kept=True)}, new{again}: {person.asks(kept=False)}")
    rules = subprocess.run(["iptables", "-w", "-S"], check=True, capture_output=True, text=True).stdout
    print("jumps:", sum(line.startswith("-A OUTPUT") for line in rules.splitlines()))
    for person in people.values():
        os.kill(person.process, signal.SIGKILL)
        os.waitpid(person.process, 0)


main()
