"""Keeps HAProxy's file as the template and Marathon have it: rendered, validated, written, reloaded.

Up to 0.2.14 nothing is validated, and a template or a reload that fails ends Bamboo; later the old file stays and
Bamboo goes on. A reload that fails leaves the new file behind, so that the same content is not tried again.
"""
import os
import queue
import subprocess
import tempfile
import threading

import log
import marathon_apps
from go_template import ExecError, ParseError, Template

FUNCTIONS = {
    "hasKey": lambda services, id: id in services,
    "getService": lambda services, id: services.get(id, {"Id": "", "Acl": "", "Config": {}}),
    "Split": lambda text, mark: text.split(mark), "Join": lambda texts, mark: mark.join(texts),
    "Replace": lambda text, old, new, count: text.replace(old, new, count),
    "ToUpper": str.upper, "ToLower": str.lower, "Contains": lambda text, part: part in text,
}


class Failed(Exception):
    """Why this update has not happened."""


class HAProxy:
    def __init__(self, settings, version, services):
        self.settings, self.version, self.services = settings, version, services
        self.careful = version.since("0.2.15")
        self.pending = queue.Queue(1)

    def start(self):
        log.say("Starting update loop")
        threading.Thread(target=self.loop, daemon=True).start()

    def ask(self):
        """One update is enough for all that has happened before it begins."""
        try:
            self.pending.put_nowait(True)
            log.say("Queuing an haproxy update.")
        except queue.Full:
            log.say("Found pending update request. Don't start another one.")

    def loop(self):
        while True:
            try:
                self.pending.get(timeout=1)
                self.update()
            except queue.Empty:
                pass
            self.reap()

    @staticmethod
    def reap():
        """What HAProxy leaves behind belongs to the first process of the container: this one."""
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass

    def update(self):
        try:
            if self.ensure_latest():
                log.say("Reloaded HAProxy configuration")
            else:
                log.say("Skipped HAProxy configuration reload due to lack of changes")
        except Failed as error:
            if not self.careful:
                log.fatal("HAProxy: update failed: %s" % error)
            log.say("Failed to update HAProxy configuration: %s" % error)

    def ensure_latest(self):
        content = self.render()
        path = self.settings["HAProxy.OutputPath"]
        if os.path.exists(path):
            with open(path) as file:
                if file.read() == content:
                    return False
        if self.careful:
            self.validate(content)
        try:
            with open(path, "w") as file:
                file.write(content)
            self.run(self.settings["HAProxy.ReloadCommand"])
        except OSError as error:
            raise Failed("open %s: %s" % (path, error.strerror.lower()))
        finally:
            if self.careful:
                log.say("Cleaning up config")
                self.clean_up()
        return True

    def data(self):
        """Up to 0.2.11 a Marathon that does not answer counts as one without apps."""
        try:
            apps = marathon_apps.fetch(self.settings, self.version)
        except OSError as error:
            if self.version.since("0.2.12"):
                log.say("Failed to retrieve template data")
                raise Failed(str(error))
            apps = []
        return {"Apps": apps, "Services": self.services.all()}

    def render(self):
        path = self.settings["HAProxy.TemplatePath"]
        try:
            with open(path) as file:
                source = file.read()
        except OSError as error:
            if not self.careful:
                log.panic("Cannot read template file: open %s: %s" % (path, error.strerror.lower()))
            log.say("Failed to read template contents")
            raise Failed("open %s: %s" % (path, error.strerror.lower()))
        data = self.data()
        try:
            return self.fill(path, source, data)
        except ExecError as error:
            log.say("Template syntax error")
            raise Failed(str(error))

    def fill(self, name, source, data):
        """A template that cannot be parsed is a panic in every version."""
        known = {name: function for name, function in FUNCTIONS.items()
                 if name != "Contains" or self.version.since("0.2.13")}
        try:
            return Template(name, source, known).render(data)
        except ParseError as error:
            log.panic(str(error))

    def validate(self, content):
        command = self.settings["HAProxy.ReloadValidationCommand"]
        if not command:
            return
        log.say("Generating validation command")
        with tempfile.NamedTemporaryFile("w", prefix="bamboo", dir="/tmp") as file:
            file.write(content)
            file.flush()
            log.say("Validating config")
            self.run(self.fill("validate", command, file.name))

    def clean_up(self):
        try:
            self.run(self.settings["HAProxy.ReloadCleanupCommand"])
        except Failed:
            pass

    @staticmethod
    def run(command):
        log.say("Exec cmd: %s " % command)
        # A daemon that the command starts keeps the output open: a file, so that nobody waits for its end.
        with tempfile.TemporaryFile() as output:
            status = subprocess.call(["sh", "-c", command], stdin=subprocess.DEVNULL, stdout=output, stderr=output)
            if status:
                output.seek(0)
                log.say("exit status %d" % status)
                log.say("Output:\n" + output.read().decode(errors="replace"))
                raise Failed("exit status %d" % status)
