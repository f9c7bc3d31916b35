"""What of a task in the master's state becomes a service: its name, addresses, tags and check."""
import ipaddress
import re


def clean(name, separator):
    return re.sub(r"[^\w-]", "-", name, flags=re.ASCII).replace("_", separator).lower()


def label(task, name):
    return next((item["value"] for item in task.get("labels") or [] if item["key"] == name), "")


def address(task, agent, order):
    """The first valid address in the given order of sources; nothing when none has one."""
    running = [status for status in task.get("statuses") or [] if status["state"] == "TASK_RUNNING"]
    latest = max(running, key=lambda status: status["timestamp"], default={})
    labels = {item["key"]: item["value"] for item in latest.get("labels") or []}
    found = {"host": [agent], "docker": [labels.get("Docker.NetworkSettings.IPAddress")],
             "mesos": [labels.get("MesosContainerizer.NetworkSettings.IPAddress")], "netinfo": []}
    for network in (latest.get("container_status") or {}).get("network_infos") or []:
        found["netinfo"] += [item["ip_address"] for item in network.get("ip_addresses") or []] or [network.get("ip_address")]
    for source in order:
        for text in found[source]:
            try:
                return str(ipaddress.ip_address(text or ""))
            except ValueError:
                pass
    return ""


def ports(task):
    found = []
    for piece in (task["resources"].get("ports") or "").strip("[]").split(","):
        if piece.strip():
            low, _, high = piece.strip().partition("-")
            found += range(int(low), int(high) + 1)
    return found


def tags(task, name, patterns):
    found = [tag for tag in label(task, "tags").split(",") if tag]
    for pattern in patterns:
        word, _, added = pattern.partition(":")
        if word.lower() in name:
            found += [tag for tag in added.split(",") if tag not in found]
    return found


def check(task, host, port):
    """Labels check_http, check_script, check_ttl, check_interval, with {host} and {port} filled in."""
    names = {"check_http": "HTTP", "check_script": "Script", "check_ttl": "TTL", "check_interval": "Interval"}
    return {names[item["key"].lower()]: item["value"].replace("{host}", host).replace("{port}", port)
            for item in task.get("labels") or [] if item["key"].lower() in names}


def name_of(task, separator):
    return clean(label(task, "overrideTaskName") or task["name"], separator)


def services(task, name, agent, flags, newer):
    """The registrations of one running task: one for each host port, or one without a port."""
    where = address(task, agent, flags["mesos-ip-order"].split(","))
    prefix, found = flags["service-id-prefix"], []
    shared = {"Address": where, "Tags": tags(task, name, flags["task-tag"])}
    wanted = [int(text) for text in label(task, flags["service-port-label"]).split(",") if text.strip().isdigit()] if newer else []
    for number, port in enumerate(ports(task)):
        if wanted and number not in wanted:
            continue
        full = "%s-port%d" % (name, number + 1) if newer and number else name
        found.append(dict(shared, ID="%s:%s:%s:%s:%d" % (prefix, agent, full, where, port), Name=full, Port=port,
                          Check=check(task, where, str(port))))
    return found or [dict(shared, ID="%s:%s-%s:%s" % (prefix, agent, name, where), Name=name, Port=0,
                          Check=check(task, where, ""))]
