"""Health checks over HTTP and TCP, made from Marathon's own host, as in the real one."""
import socket
import threading
import time
import urllib.request

import log

DEFAULTS = {"protocol": "HTTP", "path": "/", "portIndex": 0, "gracePeriodSeconds": 300, "intervalSeconds": 60,
            "timeoutSeconds": 20, "maxConsecutiveFailures": 3}
HTTP, TCP = ("HTTP", "MESOS_HTTP"), ("TCP", "MESOS_TCP")


def passes(check, task):
    port = check.get("port") or task["ports"][check["portIndex"]]
    try:
        if check["protocol"] in TCP:
            socket.create_connection((task["host"], port), check["timeoutSeconds"]).close()
            return True
        url = "http://%s:%d%s" % (task["host"], port, check["path"])
        return urllib.request.urlopen(url, timeout=check["timeoutSeconds"]).status < 400
    except OSError:  # URLError and HTTPError are such
        return False


class Checks:
    """Writes task["alive"] of each running task; kills one that fails too often once its grace period is over."""

    def __init__(self, scheduler):
        self.scheduler, self.due, self.failed = scheduler, {}, {}

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
                    self.note(task["id"], passes(check, task), check)
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
                self.scheduler.kill(task)
