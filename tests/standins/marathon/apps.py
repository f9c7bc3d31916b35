"""App definitions: checked, filled with defaults, and written in the form of this Marathon version.

Up to 1.4 the network and the port mappings stand in container.docker; from 1.5 in networks and
container.portMappings. The old form is still taken and rewritten.
"""
import re

import checks


class Invalid(Exception):
    """What the 422 says: (path, text)."""


NUMBERS = ("cpus", "mem", "disk", "instances")
CONSTRAINTS = ("CLUSTER", "UNIQUE", "LIKE", "UNLIKE", "IS")
DERIVED = ("tasks", "tasksStaged", "tasksRunning", "tasksHealthy", "tasksUnhealthy", "deployments", "lastTaskFailure")


def canonical_id(id):
    return "/" + id.strip("/")


def check(app):
    if not re.fullmatch(r"(/?([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])(\.([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9]))*)+", app.get("id", "")):
        raise Invalid("/id", "must fully match regular expression")
    for name in NUMBERS:
        if name in app and (isinstance(app[name], bool) or not isinstance(app[name], (int, float))):
            raise Invalid("/" + name, "error.expected.jsnumber")
    if (app.get("cmd") is None and not app.get("args") and not app.get("container")) or (app.get("cmd") is not None and app.get("args")):
        raise Invalid("/", "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.")
    if app.get("acceptedResourceRoles") == []:
        raise Invalid("/acceptedResourceRoles", "must not be empty")
    for name in ("env", "labels"):
        if any(not isinstance(text, (str, dict)) for text in (app.get(name) or {}).values()):
            raise Invalid("/" + name, "error.expected.jsstring")
    for item in app.get("constraints") or []:
        if len(item) < 2 or item[1] not in CONSTRAINTS:
            raise Invalid("/constraints", "the stand-in knows " + ", ".join(CONSTRAINTS))
    container = app.get("container") or {}
    if container and not (container.get("docker") or {}).get("image"):
        raise Invalid("/container/docker/image", "the stand-in runs Docker images only")
    for item in app.get("healthChecks") or []:
        if item.get("protocol", "HTTP") not in checks.HTTP + checks.TCP:
            raise Invalid("/healthChecks", "the stand-in checks over HTTP and TCP only")
    if app.get("fetch") or app.get("uris"):
        raise Invalid("/fetch", "the stand-in fetches nothing")


def network_of(app):
    networks = app.get("networks") or []
    if networks:
        return "BRIDGE" if networks[0].get("mode") == "container/bridge" else "HOST"
    return ((app.get("container") or {}).get("docker") or {}).get("network") or "HOST"


def complete(given, version, next_port):
    """The definition with every default in it; next_port() hands out service ports."""
    check(given)
    app = {name: value for name, value in given.items() if name not in DERIVED and value is not None}
    network, new_form = network_of(given), version.since("1.5")
    result = {"id": canonical_id(app["id"]), "backoffFactor": 1.15, "backoffSeconds": 1, "cpus": 1.0, "disk": 0.0,
              "executor": "", "instances": 1, "labels": {}, "mem": 128.0, "requirePorts": False,
              "maxLaunchDelaySeconds": 300 if new_form else 3600, "env": {}, "constraints": [],
              "upgradeStrategy": {"maximumOverCapacity": 1.0, "minimumHealthCapacity": 1.0}}
    known = list(result) + ["cmd", "args", "healthChecks", "user", "acceptedResourceRoles", "dependencies"]
    result.update({name: app[name] for name in known if name in app and name != "id"})
    for name in ("cpus", "mem", "disk"):
        result[name] = float(result[name])
    if result.get("healthChecks"):
        result["healthChecks"] = [dict(checks.DEFAULTS, **item) for item in result["healthChecks"]]
    container = complete_container(app, network, new_form, next_port) if app.get("container") else None
    if container:
        result["container"] = container
    if new_form:
        result["networks"] = [{"mode": "container/bridge" if network == "BRIDGE" else "host"}]
    if network == "HOST":
        ports = complete_ports(app, next_port)
        if version.since("1.0"):
            result["portDefinitions"] = ports
        if not new_form:
            result["ports"] = [port["port"] for port in ports]
    return result


def complete_ports(app, next_port):
    if app.get("portDefinitions") is not None:
        found = [dict({"protocol": "tcp"}, **port) for port in app["portDefinitions"]]
    else:
        found = [{"port": port, "protocol": "tcp"} for port in app.get("ports", [0])]
        if found:
            found[0]["name"] = "default"
    return [dict(port, port=port.get("port") or next_port()) for port in found]


def complete_container(app, network, new_form, next_port):
    container, docker = app["container"], app["container"]["docker"]
    mappings = container.get("portMappings") or docker.get("portMappings") or []
    if network == "BRIDGE" and not mappings:
        mappings = [{"containerPort": 0}]
    full = [dict({"containerPort": 0, "hostPort": 0, "labels": {}, "protocol": "tcp"}, **m) for m in mappings]
    for mapping in full:
        mapping["servicePort"] = mapping.get("servicePort") or next_port()
    inner = {"forcePullImage": False, "image": docker["image"], "parameters": [], "privileged": False}
    inner.update({name: docker[name] for name in ("forcePullImage", "parameters", "privileged") if name in docker})
    result = {"type": "DOCKER", "docker": inner, "volumes": container.get("volumes") or []}
    if new_form:
        if network == "BRIDGE":
            result["portMappings"] = full
    else:
        inner["network"] = network
        if network == "BRIDGE":
            inner["portMappings"] = full
    return result


def merge(old, changes):
    """A PUT of some fields of an app that exists."""
    merged = dict(old, **changes)
    if "container" in changes and "networks" not in changes and ((changes["container"] or {}).get("docker") or {}).get("network"):
        merged.pop("networks", None)
    return merged


def mappings(app):
    container = app.get("container") or {}
    return container.get("portMappings") or (container.get("docker") or {}).get("portMappings") or []


def wanted_ports(app):
    """One entry for each host port that an instance takes; 0 is any."""
    if network_of(app) == "BRIDGE":
        return [mapping["hostPort"] for mapping in mappings(app)]
    ports = app.get("portDefinitions") or [{"port": port} for port in app.get("ports", [])]
    return [port["port"] if app["requirePorts"] else 0 for port in ports]


def service_ports(app):
    if network_of(app) == "BRIDGE":
        return [mapping["servicePort"] for mapping in mappings(app)]
    return [port["port"] for port in app.get("portDefinitions") or [{"port": port} for port in app.get("ports", [])]]


def said_ports(given):
    """The service ports that a definition names itself."""
    return ({mapping.get("servicePort") for mapping in mappings(given)} | set(given.get("ports") or [])
            | {port.get("port") for port in given.get("portDefinitions") or []})


def task(app, id, slave_id, framework_id, host, ports):
    """What the agent is told to run."""
    environment = {name: value for name, value in app["env"].items() if isinstance(value, str)}
    environment.update(MARATHON_APP_ID=app["id"], MARATHON_APP_VERSION=app["version"], MESOS_TASK_ID=id, HOST=host,
                       PORTS=",".join(str(port) for port in ports))
    environment.update({"PORT%d" % number: str(port) for number, port in enumerate(ports)})
    if ports:
        environment["PORT"] = str(ports[0])
    result = {"id": id, "slave_id": slave_id, "framework_id": framework_id, "name": ".".join(reversed(app["id"][1:].split("/"))),
              "resources": {"cpus": app["cpus"], "mem": app["mem"], "disk": app["disk"],
                            "ports": "[%s]" % ", ".join("%d-%d" % (port, port) for port in ports)},
              "labels": [{"key": key, "value": value} for key, value in sorted(app["labels"].items())],
              "command": {"value": app.get("cmd"), "arguments": app.get("args")}, "env": environment, "container": None}
    if app.get("container"):
        docker = app["container"]["docker"]
        environment["MARATHON_APP_DOCKER_IMAGE"] = docker["image"]
        full = [dict(m, hostPort=port, containerPort=m["containerPort"] or port) for m, port in zip(mappings(app), ports)]
        for mapping in full:
            environment["PORT_%d" % mapping["containerPort"]] = str(mapping["hostPort"])
        result["container"] = {
            "image": docker["image"], "network": network_of(app), "portMappings": full, "privileged": docker["privileged"],
            "forcePullImage": docker["forcePullImage"],
            "binds": ["%s:%s:%s" % (v["hostPath"], v["containerPath"], v.get("mode", "RW").lower())
                      for v in app["container"]["volumes"] if v.get("hostPath")]}
    return result
