"""What the program is built with, read back from it, and what it keeps to itself while it runs."""
import json
import os
import resource
import shlex
import signal
import subprocess
import tempfile
import threading
import unittest

from scripted_registry import Server

BINARY = os.environ["CCTL_BIN"]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NOBODY = 65534


def readelf(*options):
    return subprocess.run(["readelf", "--wide", *options, BINARY], check=True, capture_output=True, text=True).stdout


class Hardening(unittest.TestCase):
    def test_how_it_is_built(self):
        segments, dynamic, symbols = readelf("--segments"), readelf("--dynamic"), readelf("--dyn-syms")
        for what, text, form in [
                ("it is loaded anywhere", readelf("--file-header"), r"Type: +DYN"),
                ("it is a program", dynamic, r"FLAGS_1\).*\bPIE\b"),
                ("addresses of functions are read-only once it runs", segments, r"GNU_RELRO"),
                ("all of them", dynamic, r"FLAGS_1\).*\bNOW\b"),
                ("the stack is no code", segments, r"GNU_STACK +0x0+ 0x0+ 0x0+ 0x0+ 0x0+ RW +"),
                ("stacks are watched", symbols, r"__stack_chk_fail"),
                ("lengths are checked", symbols, r"__(mem|str|read|recv|f?printf|snprintf|vsnprintf|poll|fdelt)\w*_chk\b")]:
            with self.subTest(what):
                self.assertRegex(text, form)
        for what, text, form in [
                ("nothing is written to and run", segments, r"LOAD.* RWE "),
                ("no place of its own for libraries", dynamic, r"\((RPATH|RUNPATH)\)"),
                ("no code is changed while it is loaded", dynamic, r"TEXTREL")]:
            with self.subTest(what):
                self.assertNotRegex(text, form)

    def test_how_it_is_compiled_for_those_who_use_it(self):
        """The program under test is compiled for the tests. Nothing is built here."""
        with tempfile.TemporaryDirectory() as build:
            plain = {k: v for k, v in os.environ.items() if not k.endswith("FLAGS")}
            subprocess.run(["cmake", "-S", ROOT, "-B", build, "-DCCTL_TESTS=OFF"], check=True, capture_output=True, env=plain)
            with open(os.path.join(build, "compile_commands.json")) as f:
                commands = {command["file"]: shlex.split(command["command"]) for command in json.load(f)}
        cli = os.path.join(ROOT, "cli")
        sources = {os.path.join(place, name) for place, _, names in os.walk(cli) for name in names if name.endswith(".cpp")}
        self.assertEqual(set(commands), sources)
        for source, words in commands.items():
            with self.subTest(source):
                # The last of each holds.
                self.assertEqual([word for word in words if word.startswith("-O")][-1:], ["-O2"])
                self.assertEqual([word for word in words if "stack-protector" in word][-1:], ["-fstack-protector-strong"])
                self.assertEqual([word for word in words if "_FORTIFY_SOURCE" in word][-1:], ["-D_FORTIFY_SOURCE=2"])

    def started(self, **how):
        """The program, in the middle of its work: it waits for a registry that never answers."""
        work = tempfile.TemporaryDirectory()
        self.addCleanup(work.cleanup)
        os.chmod(work.name, 0o777)
        with open(work.name + "/i.yml", "w") as f:
            f.write("cluster: x\nversions: {zookeeper: 3.8.0}\nmasters: [{name: m1, address: 192.0.2.1}]\n")
        asked, over = threading.Event(), threading.Event()
        self.addCleanup(over.set)
        server = Server(lambda request: asked.set() or over.wait() and b"")
        self.addCleanup(server.close)
        p = subprocess.Popen([BINARY, "images", "mirror", "i.yml", "--from", server.address, "--to", server.address],
                             cwd=work.name, env={"PATH": os.environ["PATH"], "HOME": work.name, "XDG_STATE_HOME": work.name},
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **how)
        self.addCleanup(p.wait)
        self.addCleanup(p.kill)
        self.assertTrue(asked.wait(30), "it never asked")
        return p, work.name

    def test_it_leaves_no_core(self):
        unlimited = lambda: resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
        p, directory = self.started(preexec_fn=unlimited)
        with open(f"/proc/{p.pid}/limits") as f:
            self.assertRegex(f.read(), r"Max core file size +0 +0 ")
        os.kill(p.pid, signal.SIGABRT)
        _, status = os.waitpid(p.pid, 0)
        p.returncode = -signal.SIGABRT
        self.assertFalse(os.WCOREDUMP(status))
        self.assertEqual([n for n in os.listdir(directory) if n.startswith("core")], [])

    @unittest.skipUnless(os.geteuid() == 0, "needs root to be somebody else")
    def test_nobody_else_of_the_same_user_looks_into_it(self):
        p, _ = self.started(user=NOBODY)
        # A process that may not be dumped belongs to root, whoever runs it.
        self.assertEqual(os.stat(f"/proc/{p.pid}/mem").st_uid, 0)
        look = subprocess.run(["cat", f"/proc/{p.pid}/environ"], user=NOBODY, capture_output=True)
        self.assertNotEqual(look.returncode, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
