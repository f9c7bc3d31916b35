"""Health checks over HTTP and TCP, made from Marathon's own host, as in the real one."""
import socket
import threading
import time
import urllib.error
import urllib.request

import log

DEFAULTS = {"protocol": "HTTP", "path": "/", "portIndex": 0, "gracePeriodSeconds": 300, "intervalSeconds": 60,
            "timeoutSeconds": 20, "maxConsecutiveFailures": 3}
HTTP, TCP = ("HTTP", "MESOS_HTTP"), ("TCP", "MESOS_TCP")


def fault_of(check, task):
    """Why the check fails; empty when it passes."""
    port = check.get("port") or task["ports"][check["portIndex"]]
    place = "%s:%d" % (task["host"], port)
    try:
        if check["protocol"] in TCP:
            socket.create_connection((task["host"], port), check["timeoutSeconds"]).close()
            return ""
        status = urllib.request.urlopen("http://" + place + check["path"], timeout=check["timeoutSeconds"]).status
        return "" if status < 400 else "HTTP status %d" % status
    except urllib.error.HTTPError as error:
        return "HTTP status %d" % error.code
    except OSError:  # URLError is one
        return "ConnectionAttemptFailedException: Connection attempt to %s failed" % place


class Checks:
    """Writes task["alive"] of each running task; kills one that fails too often once its grace period is over."""

    def __init__(self, scheduler):
        self.scheduler, self.due, self.failed, self.reasons = scheduler, {}, {}, {}

    def start(self):
        threading.Thread(target=self.loop, daemon=True).start()

    def loop(self):
        while True:
            with self.scheduler.lock:
                work = [(dict(task), check) for task in self.scheduler.tasks.values() if task["state"] == "TASK_RUNNING"
                        for check in self.scheduler.apps.get(task["appId"], {}).get("healthChecks", [])]
            for task, check in work:
                if time.monotonic() >= self.due.get(task["id"], 0):
                    self.due[task["id"]] = time.monotonic() + check["intervalSeconds"]
                    fault = fault_of(check, task)
                    self.reasons[task["id"]] = fault
                    self.note(task["id"], not fault, check)
            time.sleep(0.3)

    def note(self, id, alive, check):
        with self.scheduler.lock:
            task = self.scheduler.tasks.get(id)
            if task is None:
                return
            self.failed[id] = 0 if alive else self.failed.get(id, 0) + 1
            started = task.setdefault("checked", time.time())
            if alive or task.get("alive") is not None or time.time() - started > check["gracePeriodSeconds"]:
                task["alive"] = alive
            young = time.time() - started < check["gracePeriodSeconds"] and task.get("alive") is None
            if self.failed[id] >= check["maxConsecutiveFailures"] and not young:
                log.info("Tasks are not healthy, killing %s" % id)
                self.failed[id] = 0
                self.scheduler.failed(task, "TASK_KILLED", "Task was killed since health check failed. Reason: %s"
                                      % self.reasons.get(id, "unknown"))
                self.scheduler.kill(task)
