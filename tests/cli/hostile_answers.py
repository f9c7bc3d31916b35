"""A host that knows what we ask for: its sshd reads our scripts, and answers each in our own form, with our own mark."""
import base64
import hashlib
import json
import os
import re
import shlex
import subprocess
import threading

from hostile_host import Sshd

KINDS = (("observe", b"m manifest"), ("look", b"\nm end\n"), ("lease", b"flock -n 9"), ("survey", b"most=256\nlook()"), ("put", b"sh -s"),
         ("talk", b"@ none"), ("stream", b".sock"))


def script_of(channel, command):
    """What is to be run: an argument, or the first line of the input."""
    text = re.search(rb"sh cctl [0-9]+ '(.*)' [0-9]+", command, re.S)[1]
    if not text:
        with channel.makefile("rb") as lines:
            text = lines.readline().rstrip(b"\n")
    return re.sub(rb"\\0([0-7]{3})", lambda octal: bytes([int(octal[1], 8)]), text)


def pass_on(channel, script):
    """The way to the engine, or to what is probed, as this machine has it."""
    with subprocess.Popen(["sh", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as way:
        def there():
            with way.stdin:
                while part := channel.recv(65536):
                    way.stdin.write(part)
                    way.stdin.flush()
        threading.Thread(target=there, daemon=True).start()
        while part := os.read(way.stdout.fileno(), 65536):
            channel.sendall(part)


def input_of(channel):
    parts = []
    while part := channel.recv(65536):
        parts.append(part)
    return b"".join(parts)


class Knowing(Sshd):
    """`answers`: of a kind of script, (its text, its input) -> (output, errors, status). Others: observe and look as this machine is,
    all else as if nothing were there, and nothing is changed."""

    def __init__(self, **answers):
        self.answers = answers
        super().__init__(self.answer)

    def answer(self, channel, line, over):
        script = script_of(channel, channel.command)
        channel.sendall(line)
        channel.sendall_stderr(line)
        kind = next((name for name, mark in KINDS if mark in script), "")
        if kind in ("talk", "stream"):
            pass_on(channel, script)
            channel.send_exit_status(0)
            channel.close()
            return
        given = b"" if kind == "lease" else input_of(channel)
        out, err, status = (self.answers.get(kind) or getattr(self, kind, self.nothing))(script, given)
        for at in range(0, len(out), 1 << 18):
            channel.sendall(out[at:at + (1 << 18)])
        if err:
            channel.sendall_stderr(err)
        if kind == "lease" and out.startswith(b"held"):
            with channel.makefile("rb") as beats:
                while beats.readline():
                    channel.sendall(b"\n")
        channel.send_exit_status(status)
        channel.close()

    @staticmethod
    def nothing(script, given):
        return b"", b"", 0

    @staticmethod
    def observe(script, given):
        ran = subprocess.run(["sh", "-c", script], input=given, capture_output=True)
        return ran.stdout, b"", 0

    look = observe

    @staticmethod
    def lease(script, given):
        return b"held\n", b"", 0

    @staticmethod
    def survey(script, given):
        return b"".join({b"f": b"-\n", b"d": b"+\n"}.get(line[:1], b"") for line in given.splitlines()), b"", 0


def mark_of(script):
    return re.search(rb'm\(\) \{ echo "([^"]*) \$1"', script)[1]


def sections(*parts, manifest=b""):
    """A whole answer to a look: `parts` are (name, lines)."""
    def answer(script, given):
        mark = mark_of(script)
        out = b"".join(mark + b" " + name + b"\n" + lines for name, lines in ((b"engine_installed", b"/usr/bin/dockerd\n"), (b"manifest", manifest), *parts, (b"end", b"")))
        return out, b"", 0
    return answer


def packed(value):
    return base64.b64encode(json.dumps(value).encode()) + b"\n"


def content(name, data):
    """The file of ours that is called so holds this."""
    def answer(script, given):
        paths = shlex.split(re.search(r"\nm files\nset -- (.*)\n", script.decode("latin-1"))[1])[2::2]
        index = next((i for i, path in enumerate(paths) if path.endswith(name)), None)
        if index is None:
            return sections()(script, given)
        return sections((b"files", b"%d f\n" % index), (b"stat", b"%d 644 0:0\n" % len(data)),
                        (b"sha", hashlib.sha256(data).hexdigest().encode() + b"  x\n"), (b"content", base64.b64encode(data) + b"\n"))(script, given)
    return answer


def facts(section, lines):
    """A look at this machine, with other lines in a section."""
    def answer(script, given):
        out, mark = Knowing.observe(script, given)[0], mark_of(script)
        told, count = re.subn(rb"(?<=%b %b\n).*?(?=%b )" % (mark, section, mark), lambda _: lines, out, count=1, flags=re.S)
        assert count == 1, section
        return told, b"", 0
    return answer


def says(out=b"", err=b"", status=0):
    return lambda script, given: (out, err, status)
