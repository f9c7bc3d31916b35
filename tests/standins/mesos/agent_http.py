"""What an agent answers over HTTP: only the routes that its version has."""
import time

import resources
import web

# path: first and last version
VERSIONS = {"/health": (None, None), "/metrics/snapshot": (None, None), "/state.json": (None, "1.8"), "/state": ("0.25", None),
            "/flags": ("0.26", None), "/version": ("0.26", None), "/api/v1": ("1.0", None), "/containers": ("0.27", None),
            "/monitor/statistics": ("0.25", None), "/monitor/statistics.json": (None, "1.8")}
AT_ROOT_ONLY = ("/metrics/snapshot", "/version")


class Routes:
    def __init__(self, agent):
        self.agent, self.version = agent, agent.version
        self.handlers = {"/health": lambda request: web.Answer(200), "/metrics/snapshot": self.metrics,
                         "/state": self.state, "/state.json": self.state, "/flags": self.flags,
                         "/version": lambda request: web.as_json(self.build()), "/api/v1": self.api,
                         "/containers": self.containers, "/monitor/statistics": self.statistics,
                         "/monitor/statistics.json": self.statistics}

    def answer(self, request):
        path = request.path
        if path.startswith("/slave(1)/") and path[9:] not in AT_ROOT_ONLY:
            path = path[9:]
        first, last = VERSIONS.get(path, ("999.0", None))
        if (first and self.version.before(first)) or (last and self.version.since(last)):
            return web.as_text(404, "404 Not Found." if self.version.since("1.0") else "")
        return self.handlers[path](request)

    def containers(self, request):
        return web.as_json([dict(one, container_id=str(task.get("runs")).removeprefix("mesos-"), status={})
                            for task, one in self.executors()])

    def statistics(self, request):
        return web.as_json([dict(one, statistics={"cpus_limit": task["resources"]["cpus"], "timestamp": time.time(),
                                                  "mem_limit_bytes": int(task["resources"]["mem"] * 2 ** 20)})
                            for task, one in self.executors()])

    def executors(self):
        return [(task, {"executor_id": task["id"], "executor_name": "", "framework_id": task["framework_id"], "source": task["id"]})
                for task in self.agent.executor.alive()]

    def build(self):
        return {"build_date": "2026-01-01 00:00:00 UTC", "build_time": 1767225600.0, "build_user": "stand-in",
                "version": self.version.text}

    def flags(self, request):
        return web.as_json({"flags": self.agent.flags.as_json()})

    def state(self, request):
        agent = self.agent
        value = dict(self.build(), start_time=agent.start_time, id=agent.id or "", pid=agent.pid,
                     hostname=agent.info["hostname"], resources=agent.info["resources"],
                     attributes=agent.info["attributes"], flags=agent.flags.as_json(), completed_frameworks=[])
        if agent.leader:
            value["master_hostname"] = agent.leader["hostname"]
        frameworks = {}
        for task in agent.executor.alive():
            frameworks.setdefault(task["framework_id"], []).append(task)
        value["frameworks"] = [
            {"id": id, "executors": [{"id": task["id"], "container": task.get("runs"), "tasks": [task]} for task in tasks]}
            for id, tasks in frameworks.items()]
        return web.as_json(value)

    def metrics(self, request):
        agent, tasks = self.agent, self.agent.executor.alive()
        used = resources.total(tasks)
        found = {"slave/registered": float(agent.leader is not None),  # that a leader is known, no more
                 "slave/uptime_secs": time.time() - agent.start_time, "slave/recovery_errors": 0.0,
                 "slave/executors_running": float(sum(task["state"] == "TASK_RUNNING" for task in tasks)),
                 "slave/frameworks_active": float(len({task["framework_id"] for task in tasks}))}
        for state in ("running", "staging", "starting"):
            found["slave/tasks_" + state] = float(sum(task["state"] == "TASK_" + state.upper() for task in tasks))
        for name in ("cpus", "mem", "disk"):
            found["slave/%s_total" % name] = agent.info["resources"].get(name, 0.0)
            found["slave/%s_used" % name] = used.get(name, 0.0)
        return web.as_json(found)

    def api(self, request):
        if request.method != "POST":
            answer = web.as_text(405, "405 Method Not Allowed. Expecting one of { 'POST' }, but received '%s'." % request.method)
            answer.headers.append(("Allow", "POST"))
            return answer
        try:
            type = request.json()["type"]
        except (ValueError, KeyError, TypeError):
            type = None
        if type == "GET_HEALTH":
            return web.as_json({"type": type, "get_health": {"healthy": True}})
        return web.as_text(400, "Failed to validate agent::Call: Expecting 'type' to be present")
