"""The HTTP interface of the leader."""
import base64
import json
import re

import apps
import web
from offers import Record
from scheduler import LIVE, Locked

LOCKED = ("App is locked by one or more deployments. Override with the option '?force=true'. "
          "View details at '/v2/deployments/<DEPLOYMENT_ID>'.")


def message(status, text, **more):
    return web.as_json(dict({"message": text}, **more), status)


class Api:
    def __init__(self, marathon):
        self.marathon, self.version, self.options = marathon, marathon.version, marathon.options
        self.routes = [
            ("GET", "/v2/info", self.info), ("GET", "/v2/leader", self.leader), ("DELETE", "/v2/leader", self.abdicate),
            ("GET", "/v2/apps", self.list), ("POST", "/v2/apps", self.create), ("GET", "/v2/tasks", self.tasks),
            ("GET", "/v2/deployments", self.deployments), ("GET", "/v2/queue", self.queue),
            ("GET", "/v2/groups", self.groups), ("GET", "/metrics", self.metrics),
            ("DELETE", "/v2/deployments/(.+)", self.cancel), ("POST", "/v2/apps/(.+)/restart", self.restart),
            ("GET", "/v2/apps/(.+)/versions", self.versions), ("GET", "/v2/apps/(.+)/tasks", self.app_tasks), ("DELETE", "/v2/apps/(.+)/tasks", self.kill_tasks),
            ("GET", "/v2/apps/(.+)", self.show), ("PUT", "/v2/apps/(.+)", self.change), ("DELETE", "/v2/apps/(.+)", self.delete)]
        if self.version.since("1.4"):
            self.routes.append(("GET", "/v2/pods", lambda request: web.as_json([])))
        if self.version.since("1.7"):
            self.routes.append(("GET", "/metrics/prometheus", lambda request: web.as_text(200, "")))
        if self.version.since("0.9"):
            self.routes.append(("GET", "/v2/events", self.events))
        if self.version.before("1.5"):
            self.routes += [(method, "/v2/eventSubscriptions", self.subscriptions) for method in ("GET", "POST", "DELETE")]

    def refuse(self, request):
        """401 for every path, /ping too, when credentials are set and not given."""
        wanted = self.options["http_credentials"]
        given = (request.headers.get("Authorization") or "").partition(" ")[2]
        if not wanted or given == base64.b64encode(wanted.encode()).decode():
            return None
        return web.Answer(401, "<html><body><h2>HTTP ERROR 401</h2></body></html>\n", "text/html;charset=iso-8859-1",
                          [("WWW-Authenticate", 'basic realm="%s"' % (self.options["http_realm"] or "null"))])

    def answer(self, request):
        answer = self.refuse(request) or self.dispatch(request)
        answer.headers[:0] = [("X-Marathon-Leader", "http://" + self.marathon.own),
                              ("Cache-Control", "no-cache, no-store, must-revalidate")]
        return answer

    def dispatch(self, request):
        path = request.path
        if path == "/ping":
            return self.ping(request)
        if path == "/":
            return web.Answer(302, headers=[("Location", "http://%s/ui/" % self.marathon.own)])
        for method, pattern, handler in self.routes:
            found = re.fullmatch(pattern, path.rstrip("/") or "/")
            if found and method == request.method:
                with self.marathon.scheduler.lock:
                    try:
                        return handler(request, *found.groups())
                    except apps.Invalid as error:
                        return message(422, "Object is not valid", details=[{"path": error.args[0], "errors": [error.args[1]]}])
                    except Locked as error:
                        return message(409, LOCKED, deployments=[{"id": other["id"]} for other in error.args[0]])
        # 1.5 and later answer 500 here, earlier ones 404
        return message(500 if self.version.since("1.5") else 404, "URI not found")

    def ping(self, request):
        if request.method not in ("GET", "HEAD"):
            return web.Answer(405)
        if "json" in (request.headers.get("Accept") or ""):
            return web.as_json("pong")
        return web.Answer(200, "pong", "text/plain")

    # About itself

    def info(self, request):
        framework, options = self.marathon.framework, self.options
        config = {"master": options["master"], "failover_timeout": int(options["failover_timeout"]),
                  "framework_name": options["framework_name"], "ha": options["ha"], "checkpoint": options["checkpoint"],
                  "hostname": options["hostname"], "executor": "//cmd", "mesos_role": options["mesos_role"],
                  "mesos_user": options["mesos_user"], "local_port_min": int(options["local_port_min"]),
                  "local_port_max": int(options["local_port_max"])}
        if self.version.since("0.11"):
            config["mesos_leader_ui_url"] = options["mesos_leader_ui_url"] or framework.ui_url
        value = {"name": options["framework_name"], "version": self.version.text, "elected": True, "leader": self.marathon.own,
                 "frameworkId": framework.id, "marathon_config": config,
                 "zookeeper_config": {"zk": options["zk"], "zk_session_timeout": int(options["zk_session_timeout"])},
                 "http_config": {"http_port": int(options["http_port"]), "https_port": 8443}}
        if self.version.before("1.5"):
            value["event_subscriber"] = {"type": options["event_subscriber"]} if options["event_subscriber"] else None
        return web.as_json(value)

    def leader(self, request):
        return web.as_json({"leader": self.marathon.own})

    def abdicate(self, request):
        self.marathon.abdicate_soon()
        return message(200, "Leadership abdicated", **({"details": []} if self.version.since("1.5") else {}))

    def metrics(self, request):
        return web.as_json({"version": "4.0.0", "gauges": {}, "counters": {}})

    def events(self, request):
        if "text/event-stream" not in (request.headers.get("Accept") or ""):
            return web.Answer(405)
        return web.Answer(200, self.marathon.events.attach(request.peer), "text/event-stream;charset=utf-8")

    def subscriptions(self, request):
        """Callbacks: only with --event_subscriber http_callback, and gone in 1.5."""
        events, url = self.marathon.events, request.query.get("callbackUrl")
        if self.options["event_subscriber"] != "http_callback":
            return message(400, "http event callback system is not running on this Marathon instance. Please re-start this "
                           "instance with \"--event_subscriber http_callback\".")
        if request.method == "GET":
            return web.as_json({"callbackUrls": sorted(events.callbacks)})
        change, kind = (events.callbacks.add, "subscribe_event") if request.method == "POST" \
            else (events.callbacks.discard, "unsubscribe_event")
        with events.lock:
            change(url)
        self.marathon.store.save_subscribers(events.callbacks)
        value = {"clientIp": request.peer, "callbackUrl": url}
        events.send(kind, value)
        return web.as_json(dict(value, eventType=kind))

    # Apps

    def shown(self, app, full=False):
        scheduler = self.marathon.scheduler
        tasks = scheduler.tasks_of(app["id"])
        value = dict(app, tasksStaged=sum(task["state"] in LIVE[:2] for task in tasks),
                     tasksRunning=sum(task["state"] == "TASK_RUNNING" for task in tasks), tasksHealthy=sum(task.get("alive") is True for task in tasks),
                     tasksUnhealthy=sum(task.get("alive") is False for task in tasks),
                     deployments=[{"id": other["id"]} for other in scheduler.of(app["id"])])
        if full:
            value["tasks"] = [self.task(task) for task in tasks]
            if app["id"] in scheduler.failures:  # here it is told unasked, as all is of one app
                value["lastTaskFailure"] = scheduler.failures[app["id"]]
        return value

    def task(self, task):
        value = {key: item for key, item in task.items() if key not in ("attributes", "killed", "alive", "checked")}
        app = self.marathon.scheduler.apps.get(task["appId"])
        return dict(value, servicePorts=apps.service_ports(app) if app else [], healthCheckResults=[{"alive": task["alive"]}] if "alive" in task else [])

    def list(self, request):
        embed, failures = request.query.get("embed", ""), self.marathon.scheduler.failures
        listed = [self.shown(app, "apps.tasks" in embed) for app in self.marathon.scheduler.apps.values()]
        for app in listed:
            if "apps.lastTaskFailure" in embed and app["id"] in failures:
                app["lastTaskFailure"] = failures[app["id"]]
        return web.as_json({"apps": listed})

    def show(self, request, id):
        app = self.marathon.scheduler.apps.get(apps.canonical_id(id))
        if app is None:
            return message(404, "App '%s' does not exist" % apps.canonical_id(id), details=[])
        return web.as_json({"app": self.shown(app, True)})

    def versions(self, request, id):
        app = self.marathon.scheduler.apps.get(apps.canonical_id(id))
        if app is None:
            return message(404, "App '%s' does not exist" % apps.canonical_id(id), details=[])
        return web.as_json({"versions": [app["version"]]})

    @staticmethod
    def body(request):
        try:
            value = json.loads(request.body)
        except ValueError as error:
            return None, message(400, "Invalid JSON", details=str(error))
        return (value, None) if isinstance(value, dict) else (None, message(400, "Invalid JSON", details="not an object"))

    def create(self, request):
        value, wrong = self.body(request)
        if wrong:
            return wrong
        apps.check(value)
        id = apps.canonical_id(value["id"])
        if id in self.marathon.scheduler.apps:
            return message(409, "An app with id [%s] already exists." % id)
        deployment = self.put(request, value)
        return web.as_json(self.shown(self.marathon.scheduler.apps[id]), 201, [
            ("Location", "http://%s%s" % (self.marathon.own, id)), ("Marathon-Deployment-Id", deployment["id"])])

    def change(self, request, id):
        value, wrong = self.body(request)
        if wrong:
            return wrong
        id = apps.canonical_id(id)
        old = self.marathon.scheduler.apps.get(id)
        whole = self.version.since("1.5") and request.query.get("partialUpdate") == "false"
        if not whole and value.get("version") and set(value) - {"id", "version"}:
            raise apps.Invalid("/", "The 'version' field may only be combined with the 'id' field.")
        value = dict(apps.merge(old, value) if old and not whole else value, id=id)
        return self.deployed(self.put(request, value), 200 if old else 201)

    def put(self, request, value):
        deployment = self.marathon.scheduler.put(value, request.query.get("force") == "true")
        app = self.marathon.scheduler.apps[apps.canonical_id(value["id"])]
        self.marathon.events.send("group_change_success", {"groupId": "/", "version": app["version"]})
        self.marathon.events.send("api_post_event", {"clientIp": request.peer, "uri": request.path, "appDefinition": app})
        return deployment

    def deployed(self, deployment, status=200):
        return web.as_json({"deploymentId": deployment["id"], "version": deployment["version"]}, status,
                           [("Marathon-Deployment-Id", deployment["id"])])

    def delete(self, request, id):
        id = apps.canonical_id(id)
        if id not in self.marathon.scheduler.apps:
            return message(404, "App '%s' does not exist" % id)
        return self.deployed(self.marathon.scheduler.delete(id, request.query.get("force") == "true"))

    def restart(self, request, id):
        app = self.marathon.scheduler.apps.get(apps.canonical_id(id))
        if app is None:
            return message(404, "App '%s' does not exist" % apps.canonical_id(id))
        return self.deployed(self.marathon.scheduler.put(app, request.query.get("force") == "true", True))

    # Tasks, deployments, queue

    def tasks(self, request):
        return web.as_json({"tasks": [self.task(task) for task in self.marathon.scheduler.tasks.values()]})

    def app_tasks(self, request, id):
        return web.as_json({"tasks": [self.task(task) for task in self.marathon.scheduler.tasks_of(apps.canonical_id(id))]})

    def kill_tasks(self, request, id):
        scheduler, id = self.marathon.scheduler, apps.canonical_id(id)
        host = request.query.get("host")
        doomed = [task for task in scheduler.tasks_of(id) if host in (None, task["host"])]
        for task in doomed:
            scheduler.kill(task)
        if request.query.get("scale") == "true" and id in scheduler.apps:
            app = dict(scheduler.apps[id], instances=scheduler.apps[id]["instances"] - len(doomed))
            return self.deployed(scheduler.put(app, True))
        return web.as_json({"tasks": [self.task(task) for task in doomed]})

    def deployments(self, request):
        return web.as_json([{key: value for key, value in other.items() if key != "before"}
                            for other in self.marathon.scheduler.deployments.values()])

    def cancel(self, request, id):
        if id not in self.marathon.scheduler.deployments:
            return message(404, "DeploymentPlan %s does not exist" % id, details=[])
        deployment = self.marathon.scheduler.cancel(id, request.query.get("force") == "true")
        return self.deployed(deployment) if deployment else web.Answer(202)

    def queue(self, request):
        scheduler, found = self.marathon.scheduler, []
        for id, lack in scheduler.step().items():
            record, left = scheduler.waiting.get(id) or Record(), max(scheduler.delay_left(id), 0)
            item = {"count": lack, "delay": {"timeLeftSeconds": int(left), "overdue": left == 0}, "app": scheduler.apps[id]}
            if self.version.since("1.4"):
                item.update(since=record.since, processedOffersSummary=record.as_json())
                if "lastUnusedOffers" in request.query.get("embed", ""):
                    item["lastUnusedOffers"] = record.unused_offers()
            found.append(item)
        return web.as_json({"queue": found})

    def groups(self, request):
        return web.as_json({"id": "/", "apps": list(self.marathon.scheduler.apps.values()), "groups": [], "dependencies": [],
                            "version": "1970-01-01T00:00:00.000Z"})
