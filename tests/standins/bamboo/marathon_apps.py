"""Marathon's apps and tasks as the template sees them, from the first endpoint that answers with JSON."""
import base64
import json

import web
from go_template import Map


def headers(settings):
    found = {"Accept": "application/json"}
    if settings["Marathon.User"] and settings["Marathon.Password"]:
        pair = "%s:%s" % (settings["Marathon.User"], settings["Marathon.Password"])
        found["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    return found


def address(endpoint):
    return endpoint.strip().partition("://")[2].rstrip("/")


def fetch(settings, version):
    """The list of apps by id, or OSError. The status is not looked at: an error in JSON counts as no apps at all."""
    error = None
    for endpoint in settings["Marathon.Endpoint"].split(","):
        try:
            tasks, apps = (json.loads(web.call(address(endpoint), "GET", path, headers=headers(settings), timeout=30)[2])
                           for path in ("/v2/tasks", "/v2/apps"))
            return build(tasks.get("tasks") or [], apps.get("apps") or [], version)
        except (OSError, ValueError) as problem:
            error = problem
    raise OSError(str(error))


def build(tasks, apps, version):
    of = {}
    for task in sorted(tasks, key=lambda task: task.get("id", "")):
        if task.get("ports"):
            of.setdefault(task["appId"], []).append(task)
    found = []
    for app in sorted(apps, key=lambda app: app["id"]):
        mine = of.get(app["id"], [])
        if not mine and version.before("0.2.14"):
            continue  # only apps with tasks were known
        found.append(describe(app, mine, version))
    return found


def describe(app, tasks, version):
    checks, ports = app.get("healthChecks") or [], app.get("ports") or []
    value = {
        "Id": app["id"], "EscapedId": app["id"].replace("/", "::"),
        "HealthCheckPath": next((check.get("path") or "/" for check in checks if check.get("protocol", "HTTP") == "HTTP"), ""),
        "Tasks": [{"Host": task["host"], "Port": task["ports"][0]} for task in tasks], "ServicePort": (ports or [0])[0],
        "Env": Map({name: text for name, text in (app.get("env") or {}).items() if isinstance(text, str)})}
    if version.since("0.2.13"):
        for shown, task in zip(value["Tasks"], tasks):
            shown["Ports"] = task["ports"]
        value.update(ServicePorts=ports, Labels=Map(app.get("labels") or {}), HealthChecks=[
            {"Protocol": check.get("protocol", ""), "Path": check.get("path", ""), "PortIndex": check.get("portIndex", 0)}
            for check in checks])
    if version.since("0.2.16"):
        value["MesosDnsId"] = "-".join(reversed([part for part in app["id"].split("/") if part]))
    return value
