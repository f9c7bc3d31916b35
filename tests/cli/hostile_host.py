"""What stands in for hosts that mean harm: an SSH server that lets everybody in and then misbehaves, and a Docker engine on a Unix
socket that does. Both serve one mode at a time, on threads that end with the process."""
import os
import re
import socket
import threading
import time

import paramiko

ESCAPES = b"\x1b[2J\x1b]0;owned\x07\x9b31m\xe2\x80\xae\xff\r"


def listening(address="10.77.0.3"):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((address, 0))
    s.listen(64)
    return s


class Serving:
    """Answers each connection by `one`, on a thread of its own."""

    def __init__(self, socket_):
        self.socket, self.over = socket_, threading.Event()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.one, args=(connection,), daemon=True).start()

    def close(self):
        self.over.set()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


class Raw(Serving):
    """Speaks no SSH: `does` gets each connection."""

    def __init__(self, does):
        self.does = does
        super().__init__(listening())

    def one(self, connection):
        try:
            self.does(connection, self.over)
            connection.close()
        except OSError:
            pass

    @property
    def port(self):
        return self.socket.getsockname()[1]


def endless(part):
    def does(connection, over):
        while not over.is_set():
            connection.sendall(part)
    return does


def silent(connection, over):
    over.wait()


def says(*parts, then=silent):
    def does(connection, over):
        for part in parts:
            connection.sendall(part)
        if then:
            then(connection, over)
    return does


class Transport(paramiko.Transport):
    """Tells when it has answered a request: what a command says comes after that."""

    def __init__(self, connection):
        super().__init__(connection)
        self.answered, self.changed = set(), threading.Condition()

    def _send_user_message(self, data):
        super()._send_user_message(data)
        if data.asbytes()[0] == paramiko.common.MSG_CHANNEL_SUCCESS:
            with self.changed:
                self.answered.add(int.from_bytes(data.asbytes()[1:5], "big"))
                self.changed.notify_all()

    def await_answer(self, channel):
        with self.changed:
            self.changed.wait_for(lambda: channel.remote_chanid in self.answered, 10)


class Door(paramiko.ServerInterface):
    """Lets everybody in. `auth`, `opens` and `execs` are asked first; None: the usual answer."""

    def __init__(self, mode, over):
        self.mode, self.over, self.commands = mode, over, []

    def get_allowed_auths(self, username):
        return "publickey,password"

    def check_auth_publickey(self, username, key):
        if self.mode.auth:
            return self.mode.auth(self)
        return paramiko.AUTH_SUCCESSFUL

    def check_channel_request(self, kind, number):
        if kind == "session" and self.mode.opens:
            return self.mode.opens(self)
        return paramiko.OPEN_SUCCEEDED if kind == "session" else paramiko.OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED

    def check_channel_exec_request(self, channel, command):
        if self.mode.execs:
            answer = self.mode.execs(self)
            if answer is not None:
                return answer
        threading.Thread(target=self.run, args=(channel, command), daemon=True).start()
        return True

    def run(self, channel, command):
        mark = re.search(rb"sh (cctl) ([0-9]+) '", command)
        line = mark[1] + mark[2] + b"\n" if mark else b""
        channel.command = command
        try:
            channel.transport.await_answer(channel)
            self.mode.runs(channel, line, self.over)
        except (OSError, EOFError):
            pass


class Sshd(Raw):
    key = None

    def __init__(self, runs=None, auth=None, opens=None, execs=None, banner=None, kept=True):
        Sshd.key = Sshd.key or paramiko.ECDSAKey.generate()
        self.runs, self.auth, self.opens, self.execs, self.banner, self.kept = runs, auth, opens, execs, banner, kept
        super().__init__(self.ssh)

    def ssh(self, connection, over):
        transport = Transport(connection)
        transport.add_server_key(Sshd.key)
        door = Door(self, over)
        if self.banner:
            door.get_banner = lambda: (self.banner, "en")
        try:
            transport.start_server(server=door)
            held = []
            while transport.is_active() and not over.is_set():
                channel = transport.accept(0.1)
                if channel and not self.kept:
                    channel.close()
                held.append(channel)  # paramiko closes one that nobody holds
        except (paramiko.SSHException, EOFError, OSError):
            pass
        transport.close()


def ends(status=0, out=b"", err=b"", mark=True, then=None):
    """A command that prints this, and ends with that; `then` in place of the end."""
    def runs(channel, line, over):
        if mark:
            channel.sendall(line)
            channel.sendall_stderr(line)
        if out:
            channel.sendall(out)
        if err:
            channel.sendall_stderr(err)
        if then:
            then(channel, over)
            return
        channel.send_exit_status(status)
        channel.close()
    return runs


def wait_for_end(channel, over):
    over.wait()


def flood(part, to_stderr=False):
    def then(channel, over):
        while not over.is_set():
            (channel.sendall_stderr if to_stderr else channel.sendall)(part)
    return then


def drip(channel, over):
    while not over.is_set():
        channel.sendall(b".")
        time.sleep(0.05)


class Engine(Serving):
    """A Docker engine on a Unix socket: `answers` maps a path to raw bytes, or to what gets the connection. `asked`: all requests."""

    usual = {"/version": b'{"Version":"20.10.24","ApiVersion":"1.41","MinAPIVersion":"1.12"}',
             "/containers/json": b"[]", "/images/json": b"[]"}

    def __init__(self, path, answers=None):
        self.answers, self.asked = answers or {}, []
        place = socket.socket(socket.AF_UNIX)
        if os.path.exists(path):
            os.unlink(path)
        place.bind(path)
        place.listen(64)
        super().__init__(place)

    def one(self, connection):
        try:
            with connection, connection.makefile("rb") as requests:
                while True:
                    first = requests.readline()
                    if not first:
                        return
                    while requests.readline() not in (b"\r\n", b"\n", b""):
                        pass
                    self.asked.append(first.decode("latin-1").strip())
                    path = re.sub(r"^/v1\.\d+", "", first.split()[1].decode()).split("?")[0]
                    answer = self.answers.get(path, self.usual.get(path, b"{}"))
                    if callable(answer):
                        answer(connection, self.over)
                        return
                    connection.sendall(answer if answer.startswith(b"HTTP/") else reply(answer))
        except OSError:
            pass


def reply(body, status="200 OK", more=b""):
    return (f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n".encode() + more + b"\r\n" + body)
