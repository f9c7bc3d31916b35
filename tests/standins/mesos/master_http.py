"""What a master answers over HTTP: only the routes that its version has."""
import time

import resources
import web
from replica import InMemory

# path: first and last version; None in the place of a version means no limit
VERSIONS = {
    "/health": (None, None), "/redirect": (None, None), "/metrics/snapshot": (None, None),
    "/slaves": ("0.22", None), "/state.json": (None, "1.8"), "/state": ("0.25", None), "/state-summary": ("0.24", None),
    "/flags": ("0.26", None), "/version": ("0.26", None), "/frameworks": ("0.28", None),
    "/roles": ("0.27", None), "/roles.json": (None, "1.8"), "/tasks.json": (None, "1.8"), "/tasks": ("0.25", None), "/api/v1": ("1.0", None),
}
FOR_ALL = ("/health", "/redirect", "/metrics/snapshot", "/flags", "/version")  # answered by every master itself
AT_ROOT_ONLY = ("/metrics/snapshot", "/version")
CAPABILITIES = ("MULTI_ROLE", "HIERARCHICAL_ROLE", "RESERVATION_REFINEMENT")


class Routes:
    def __init__(self, master):
        self.master, self.version = master, master.version
        self.handlers = {
            "/health": lambda request: web.Answer(200), "/redirect": self.redirect, "/version": self.tell_version,
            "/metrics/snapshot": self.metrics, "/flags": self.flags, "/slaves": self.slaves, "/state": self.state,
            "/state.json": self.state, "/state-summary": self.summary, "/frameworks": self.frameworks,
            "/tasks": self.tasks, "/tasks.json": self.tasks, "/api/v1": self.api, "/roles": self.roles, "/roles.json": self.roles,
        }

    def answer(self, request):
        if request.path.startswith("/standin/"):
            return self.private(request)
        path = request.path
        if path.startswith("/master/") and path[7:] not in AT_ROOT_ONLY:
            path = path[7:]
        first, last = VERSIONS.get(path, ("999.0", None))
        if (first and self.version.before(first)) or (last and self.version.since(last)):
            return web.as_text(404, "404 Not Found." if self.version.since("1.0") else "")
        if path not in FOR_ALL and not self.master.leading and self.version.since("1.0"):
            return self.elsewhere("/master" + path)
        return self.handlers[path](request)

    def private(self, request):
        """Between stand-ins. Only a leader with a recovered registry takes agents and frameworks."""
        master, cluster = self.master, self.master.cluster
        if request.path == "/standin/replica":
            if isinstance(master.replica, InMemory):
                return web.as_text(404, "in memory")
            return master.replica.answer(request)
        if not master.leading or not master.recovered:
            return web.as_text(503, "not a recovered leader")
        return {"register": cluster.register_agent, "unregister": cluster.unregister_agent,
                "update": cluster.update_request, "subscribe": cluster.subscribe, "offers": cluster.offers,
                "launch": cluster.launch, "kill": cluster.kill}[request.path[9:]](request)

    def elsewhere(self, path):
        leader = self.master.leader
        if leader is None:
            return web.as_text(503, "No leader elected")
        return web.Answer(307, headers=[("Location", "//%s:%d%s" % (leader["hostname"], leader["port"], path))])

    def redirect(self, request):
        """Up to 0.28 a master that knows no leader points at itself."""
        if self.master.leader is None and self.version.before("1.0"):
            info = self.master.info
            return web.Answer(307, headers=[("Location", "//%s:%d" % (info["hostname"], info["port"]))])
        return self.elsewhere("")

    def roles(self, request):
        """Only the role of everybody: stand-ins know no other."""
        cluster = self.master.cluster
        with cluster.lock:
            used = resources.total(cluster.tasks.values())
            frameworks = sorted(cluster.frameworks)
        return web.as_json({"roles": [{"name": "*", "weight": 1.0, "frameworks": frameworks, "resources": self.shown(used)}]})

    def build(self):
        return {"build_date": "2026-01-01 00:00:00 UTC", "build_time": 1767225600.0, "build_user": "stand-in",
                "version": self.version.text}

    def tell_version(self, request):
        return web.as_json(self.build())

    def flags(self, request):
        return web.as_json({"flags": self.master.flags.as_json()})

    def agent(self, agent):
        cluster, info = self.master.cluster, agent.info
        used = resources.total(t for t in cluster.tasks.values() if t["slave_id"] == agent.id)
        value = {"id": agent.id, "hostname": info["hostname"], "port": info["port"], "attributes": info["attributes"],
                 "pid": "slave(1)@%s:%d" % (info["ip"], info["port"]), "registered_time": agent.registered_time,
                 "resources": self.shown(info["resources"]), "used_resources": self.shown(used),
                 "offered_resources": self.shown({"disk": 0.0, "mem": 0.0, "cpus": 0.0}), "reserved_resources": {},
                 "unreserved_resources": self.shown(info["resources"]), "active": agent.connected}
        if self.version.since("1.9"):
            value["deactivated"] = False
        if self.version.since("0.24"):
            value["version"] = info["version"]
        if self.version.since("1.4"):
            value["capabilities"] = list(CAPABILITIES)
        return value

    def shown(self, values):
        return dict(values, gpus=values.get("gpus", 0.0)) if self.version.since("1.0") else values

    def agents(self):
        with self.master.cluster.lock:
            return [self.agent(agent) for agent in self.master.cluster.agents.values()]

    def recovered(self):
        if self.version.before("1.2"):
            return {}
        with self.master.cluster.lock:
            return {"recovered_slaves": [
                {"id": id, "hostname": info["hostname"], "port": info["port"], "attributes": info["attributes"],
                 "pid": "slave(1)@%s:%d" % (info["ip"], info["port"]), "resources": self.shown(info["resources"])}
                for id, info in self.master.cluster.recovered.items()]}

    def slaves(self, request):
        return web.as_json(dict({"slaves": self.agents()}, **self.recovered()))

    def framework(self, framework):
        info, tasks = framework.info, []
        for task in self.master.cluster.tasks.values():
            if task["framework_id"] == framework.id:
                tasks.append(task)
        value = {"id": framework.id, "name": info["name"], "pid": info["pid"], "user": info["user"],
                 "hostname": info["hostname"], "webui_url": info["webui_url"], "role": "*", "active": framework.connected,
                 "checkpoint": info["checkpoint"], "failover_timeout": info["failover_timeout"],
                 "registered_time": framework.registered_time, "tasks": tasks, "completed_tasks": [], "offers": []}
        if self.version.since("1.0"):
            value["connected"] = framework.connected
        return value

    def all_frameworks(self):
        with self.master.cluster.lock:
            return [self.framework(framework) for framework in self.master.cluster.frameworks.values()]

    def frameworks(self, request):
        return web.as_json({"frameworks": self.all_frameworks(), "completed_frameworks": [], "unregistered_frameworks": []})

    def tasks(self, request):
        with self.master.cluster.lock:
            return web.as_json({"tasks": list(self.master.cluster.tasks.values())})

    def summary(self, request):
        return web.as_json({"hostname": self.master.info["hostname"], "cluster": self.master.flags["cluster"],
                            "slaves": self.agents(), "frameworks": self.all_frameworks()})

    def state(self, request):
        master, agents = self.master, self.agents()
        active = sum(agent["active"] for agent in agents)
        value = dict(self.build(), start_time=master.start_time, id=master.info["id"], pid=master.pid,
                     hostname=master.info["hostname"], activated_slaves=float(active),
                     deactivated_slaves=float(len(agents) - active), flags=master.flags.as_json())
        if master.leading:
            value["elected_time"] = master.elected_time
        if self.version.since("1.2"):
            value["unreachable_slaves"] = float(len(master.cluster.unreachable))
        if master.leader:
            value["leader"] = master.leader["pid"]
            if self.version.since("1.0"):
                value["leader_info"] = {key: master.leader[key] for key in ("id", "pid", "port", "hostname")}
        if master.flags["cluster"]:
            value["cluster"] = master.flags["cluster"]
        value.update({"slaves": agents, "frameworks": self.all_frameworks(), "completed_frameworks": [],
                      "orphan_tasks": [], "unregistered_frameworks": []}, **self.recovered())
        return web.as_json(value)

    def metrics(self, request):
        master, cluster, agents = self.master, self.master.cluster, self.agents()
        active = float(sum(agent["active"] for agent in agents))
        gone = len(agents) - active
        found = {"master/elected": float(master.leading), "master/uptime_secs": time.time() - master.start_time,
                 "master/slaves_active": active, "master/slaves_connected": active, "master/slaves_inactive": gone,
                 "master/slaves_disconnected": gone,
                 "master/slave_registrations": float(cluster.count["registrations"]),
                 "master/slave_reregistrations": float(cluster.count["reregistrations"]),
                 "master/slave_removals": float(cluster.count["removals"])}
        if self.version.since("1.2"):
            found["master/slaves_unreachable"] = float(len(cluster.unreachable))
        with cluster.lock:
            connected = sum(framework.connected for framework in cluster.frameworks.values())
            found["master/frameworks_active"] = found["master/frameworks_connected"] = float(connected)
            found["master/frameworks_inactive"] = float(len(cluster.frameworks) - connected)
            for state in ("running", "staging", "starting", "lost"):
                found["master/tasks_" + state] = float(sum(
                    task["state"] == "TASK_" + state.upper() for task in cluster.tasks.values()))
        if not isinstance(master.replica, InMemory):
            if self.version.since("1.0"):
                found["registrar/log/recovered"] = float(master.replica.status == "VOTING")
            if self.version.since("1.4"):
                found["registrar/log/ensemble_size"] = float(master.replica.reachable)
        if master.recovered:
            found["registrar/registry_size_bytes"] = 100.0 + 100 * len(agents)
            found["registrar/state_fetch_ms"] = found["registrar/state_store_ms"] = 1.0
        return web.as_json(found)

    def api(self, request):
        """GET_HEALTH and GET_VERSION of the operator API: what tells that a leader is usable."""
        if request.method != "POST":
            answer = web.as_text(405, "405 Method Not Allowed. Expecting one of { 'POST' }, but received '%s'." % request.method)
            answer.headers.append(("Allow", "POST"))
            return answer
        if request.headers.get("Content-Type") not in ("application/json", "application/x-protobuf"):
            return web.as_text(415, "Expecting 'Content-Type' of application/json or application/x-protobuf")
        if not self.master.recovered:
            return web.as_text(503, "Master has not finished recovery")
        try:
            type = request.json()["type"]
        except (ValueError, KeyError, TypeError):
            return web.as_text(400, "Failed to parse body into JSON: syntax error at line 1 near: "
                               + request.body.decode(errors="replace"))
        if type == "GET_HEALTH":
            return web.as_json({"type": type, "get_health": {"healthy": True}})
        if type == "GET_VERSION":
            return web.as_json({"type": type, "get_version": {"version_info": self.build()}})
        return web.as_text(400, "Failed to validate master::Call: Expecting 'type' to be present")
