"""Keeps as many instances of each app as it asks for, and carries the deployments that say when that is so."""
import math
import threading
import time
import uuid

import apps
import checks
import log
import offers
from events import now
from pace import hurried

LIVE = ("TASK_STAGING", "TASK_STARTING", "TASK_RUNNING")
DELAYED = ("TASK_DROPPED", "TASK_ERROR", "TASK_FAILED", "TASK_FINISHED", "TASK_GONE")
FAILURES = ("TASK_DROPPED", "TASK_ERROR", "TASK_FAILED", "TASK_GONE", "TASK_LOST")
FORGOTTEN = 60  # seconds after which a delay that is over is remembered no more


class Locked(Exception):
    """Another deployment works on the app."""


class Scheduler:
    def __init__(self, version, options, store, events):
        self.version, self.options, self.store, self.events = version, options, store, events
        saved = store.load()
        self.apps, self.tasks = saved["apps"], saved["tasks"]
        self.deployments, self.waiting, self.failures, self.backoff = {}, {}, {}, {}
        self.started = {}  # by app: the tasks that have run since its last deployment began
        self.lock, self.framework, self.changed = threading.RLock(), None, False

    def start(self, framework):
        self.framework = framework
        threading.Thread(target=self.loop, daemon=True).start()
        checks.Checks(self).start()

    def loop(self):
        asked = 0.0
        while True:
            try:
                with self.lock:
                    short = self.step()
                if short or time.monotonic() - asked > 5:  # the latter is the heartbeat
                    asked = time.monotonic()
                    found = self.framework.ask("offers")
                    if found is not None:
                        with self.lock:
                            self.place(short, found)
                with self.lock:
                    self.finish_deployments()
                    if self.changed:
                        self.changed = False
                        self.store.save(self.apps, self.tasks)
            except Exception as error:
                log.error("stand-in: %r" % error)
            time.sleep(0.3)

    # Apps and deployments

    def next_port(self):
        used = {port for app in self.apps.values() for port in apps.service_ports(app)}
        used |= self.handed_out
        port = next(p for p in range(int(self.options["local_port_min"]), int(self.options["local_port_max"])) if p not in used)
        self.handed_out.add(port)
        return port

    def put(self, given, force=False, restart=False):
        """A new app or a change of one. Returns the deployment."""
        self.handed_out = set()
        old = self.apps.get(apps.canonical_id(given["id"]))
        # Where any port will do, an app keeps those that it had: another one would be another version.
        kept = [port for port in apps.service_ports(old) if port not in apps.said_ports(given)] if old else []
        app = apps.complete(given, self.version, lambda: kept.pop(0) if kept else self.next_port())
        if old and not restart:
            config = [{k: v for k, v in a.items() if k not in ("instances", "version", "versionInfo")} for a in (old, app)]
            restart = config[0] != config[1]
        app["version"] = at = now()
        app["versionInfo"] = {"lastScalingAt": at, "lastConfigChangeAt": at if restart or not old
                              else old["versionInfo"]["lastConfigChangeAt"]}
        actions = ["RestartApplication" if restart else "ScaleApplication"] if old else ["StartApplication", "ScaleApplication"]
        deployment = self.deploy(app["id"], actions, force)
        self.apps[app["id"]], self.changed = app, True
        self.backoff.pop(app["id"], None)
        return deployment

    def delete(self, id, force=False):
        deployment = self.deploy(id, ["StopApplication"], force)
        del self.apps[id]
        self.changed = True
        return deployment

    def deploy(self, id, actions, force):
        others = self.of(id)
        if others and not force:
            raise Locked(others)
        for other in others:
            self.deployments.pop(other["id"])
            self.events.send("deployment_failed", {"id": other["id"], "plan": self.plan(other)})
        steps = [{"actions": [{"action": action, "app": id}]} for action in actions]
        deployment = {"id": str(uuid.uuid4()), "steps": steps, "version": now(), "affectedApps": [id], "affectedPods": [],
                      "currentActions": [{"action": actions[-1], "app": id, "readinessCheckResults": []}],
                      "currentStep": len(steps), "totalSteps": len(steps)}
        deployment["before"] = self.apps.get(id)
        self.started[id] = {task["id"]: task for task in self.tasks_of(id) if task["state"] == "TASK_RUNNING"}
        self.deployments[deployment["id"]] = deployment
        for step in steps:
            self.events.send("deployment_info", {"plan": self.plan(deployment), "currentStep": step})
        return deployment

    def of(self, id):
        return [deployment for deployment in self.deployments.values() if id in deployment["affectedApps"]]

    @staticmethod
    def plan(deployment):
        return {key: deployment[key] for key in ("id", "steps", "version")}

    def cancel(self, id, force):
        """Without force the app goes back to what it was; an app that was new is removed."""
        deployment = self.deployments.pop(id)
        self.events.send("deployment_failed", {"id": id, "plan": self.plan(deployment)})
        app = deployment["affectedApps"][0]
        if force:
            return None
        if deployment["before"]:
            return self.put(deployment["before"], True)
        return self.delete(app) if app in self.apps else None

    def finish_deployments(self):
        for deployment in list(self.deployments.values()):
            id = deployment["affectedApps"][0]
            app, mine = self.apps.get(id), self.tasks_of(id)
            done = not mine if app is None else self.has_started(app, mine)
            if done:
                del self.deployments[deployment["id"]]
                self.events.send("deployment_step_success", {"plan": self.plan(deployment), "currentStep": deployment["steps"][-1]})
                self.events.send("deployment_success", {"id": deployment["id"], "plan": self.plan(deployment)})
                log.info("Deployment %s of %s finished" % (deployment["id"], id))

    def has_started(self, app, mine):
        """Without health checks it is enough that each has run once, whatever has become of it since."""
        if any(not self.current(app, task) for task in mine) or len(mine) > app["instances"]:
            return False
        if app.get("healthChecks"):
            return len(mine) == app["instances"] and all(t["state"] == "TASK_RUNNING" and t.get("alive") for t in mine)
        return sum(self.current(app, task) for task in self.started[app["id"]].values()) >= app["instances"]

    # Instances

    def tasks_of(self, id):
        return [task for task in self.tasks.values() if task["appId"] == id]

    @staticmethod
    def current(app, task):
        return task["version"] >= app["versionInfo"]["lastConfigChangeAt"]

    def step(self):
        """Kills what is too much; returns the apps that lack instances, each with how many."""
        short = {}
        for task in list(self.tasks.values()):
            if task["appId"] not in self.apps:
                self.kill(task)
        for id, app in self.apps.items():
            mine, strategy = self.tasks_of(id), app["upgradeStrategy"]
            new = [task for task in mine if self.current(app, task)]
            old = [task for task in mine if not self.current(app, task)]
            for task in sorted(new, key=lambda task: task["stagedAt"])[app["instances"]:]:
                self.kill(task)
            running = sum(task["state"] == "TASK_RUNNING" for task in mine if "killed" not in task)
            spare = running - math.ceil(strategy["minimumHealthCapacity"] * app["instances"])
            if sum(task["state"] == "TASK_RUNNING" for task in new) >= app["instances"]:
                spare = len(old)
            for task in old:
                if spare > 0 or task["state"] != "TASK_RUNNING":
                    spare -= "killed" not in task
                    self.kill(task)
            most = app["instances"] + math.floor(strategy["maximumOverCapacity"] * app["instances"])
            lack = min(app["instances"] - len(new), most - len(mine))
            if lack > 0:
                short[id] = lack
        for id in list(self.waiting):
            if id not in short:
                del self.waiting[id]
        return short

    def place(self, short, found):
        found = [offer for offer in found if offer["resources"].get("cpus", 0) >= 0.01]
        for id, lack in short.items():
            app = self.apps.get(id)
            if app is None:
                continue
            record = self.waiting.setdefault(id, offers.Record())
            record.begin()
            if self.delay_left(id) > 0:
                continue
            for offer in found:
                while lack:
                    reason, ports = offers.obstacle(app, offer, self.tasks_of(id))
                    if reason:
                        record.refused(offer, reason)
                        break
                    if not self.launch(app, offer, ports):
                        return  # the offers are out of date: the next round has new ones
                    record.used()
                    lack -= 1

    def launch(self, app, offer, ports):
        name = app["id"][1:].replace("/", "_")
        if self.version.since("1.9"):
            id = "%s.instance-%s._app.1" % (name, uuid.uuid1())
        else:
            id = "%s.%s" % (name, uuid.uuid1())
        task = apps.task(app, id, offer["agent_id"], self.framework.id, offer["hostname"], ports)
        if self.framework.ask("launch", task) is None:
            return False
        for key in ("cpus", "mem", "disk"):
            offer["resources"][key] = offer["resources"].get(key, 0) - app[key]
        taken = [piece for piece in offers.ranges(offer["resources"].get("ports", "[]"))]
        for port in ports:
            taken = [p for low, high in taken for p in ([(low, high)] if not low <= port <= high else
                                                         [q for q in ((low, port - 1), (port + 1, high)) if q[0] <= q[1]])]
        offer["resources"]["ports"] = "[%s]" % ",".join("%d-%d" % piece for piece in taken)
        self.tasks[id] = {"appId": app["id"], "id": id, "host": offer["hostname"], "attributes": offer["attributes"],
                          "ports": ports, "slaveId": offer["agent_id"], "state": "TASK_STAGING", "stagedAt": now(),
                          "version": app["version"]}
        self.changed = True
        return True

    def kill(self, task):
        if time.time() - task.get("killed", 0) > 5:
            task["killed"] = time.time()
            self.framework.ask("kill", {"task_id": task["id"], "framework_id": self.framework.id})

    def delay_left(self, id):
        return self.backoff.get(id, (0, 0))[1] - time.monotonic()

    # News from Mesos

    def registered(self, known):
        """Tasks that Mesos has and this Marathon has not are left alone; the rest comes as updates."""
        with self.lock:
            for task in known:
                if task["id"] in self.tasks:
                    self.tasks[task["id"]]["state"] = task["state"]

    def update(self, update):
        with self.lock:
            task = self.tasks.get(update["task_id"])
            if task is None:
                return
            task["state"], self.changed = update["state"], True
            if update["state"] == "TASK_RUNNING":
                task.setdefault("startedAt", now())
                self.started.setdefault(task["appId"], {})[task["id"]] = task
            elif update["state"] not in LIVE:
                del self.tasks[task["id"]]
                if update["state"] in FAILURES:
                    self.failed(task, update["state"], update.get("message", ""))
                if update["state"] in DELAYED:
                    self.delay(task)
        self.events.send("status_update_event", {
            "slaveId": task["slaveId"], "taskId": task["id"], "taskStatus": update["state"],
            "message": update.get("message", ""), "appId": task["appId"], "host": task["host"],
            "ports": task["ports"], "version": task["version"]})

    def failed(self, task, state, message):
        self.failures[task["appId"]] = {
            "appId": task["appId"], "host": task["host"], "message": message, "state": state, "taskId": task["id"],
            "timestamp": now(), "version": task["version"], "slaveId": task["slaveId"]}

    def delay(self, task):
        """The next try waits, each time longer; a change of the app forgets it, and so does a minute without a failure."""
        app = self.apps.get(task["appId"])
        if app is None:
            return
        before, until = self.backoff.get(app["id"], (0, 0))
        if not before or time.monotonic() - until > FORGOTTEN:
            before = app["backoffSeconds"] / app["backoffFactor"]
        delay = min(before * app["backoffFactor"], app["maxLaunchDelaySeconds"])
        self.backoff[app["id"]] = (delay, time.monotonic() + hurried(delay))
