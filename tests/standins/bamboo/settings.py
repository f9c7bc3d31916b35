"""production.json and the environment that overrules it."""
import json
import os

import log

FIELDS = {
    "Marathon": {"Endpoint": str, "User": str, "Password": str, "UseEventStream": bool},
    "Bamboo": {"Endpoint": str, "Zookeeper": {"Host": str, "Path": str, "ReportingDelay": int}},
    "HAProxy": {"TemplatePath": str, "OutputPath": str, "ReloadCommand": str, "ReloadValidationCommand": str,
                "ReloadCleanupCommand": str},
    "StatsD": {"Enabled": bool, "Host": str, "Prefix": str},
}
# variable: where it goes, and the first version that looks at it
ENVIRONMENT = {
    "MARATHON_ENDPOINT": ("Marathon.Endpoint", "0.0"), "MARATHON_USER": ("Marathon.User", "0.2.14"),
    "MARATHON_PASSWORD": ("Marathon.Password", "0.2.14"), "MARATHON_USE_EVENT_STREAM": ("Marathon.UseEventStream", "0.2.16"),
    "BAMBOO_ENDPOINT": ("Bamboo.Endpoint", "0.0"), "BAMBOO_ZK_HOST": ("Bamboo.Zookeeper.Host", "0.0"),
    "BAMBOO_ZK_PATH": ("Bamboo.Zookeeper.Path", "0.0"), "HAPROXY_TEMPLATE_PATH": ("HAProxy.TemplatePath", "0.0"),
    "HAPROXY_OUTPUT_PATH": ("HAProxy.OutputPath", "0.0"), "HAPROXY_RELOAD_CMD": ("HAProxy.ReloadCommand", "0.0"),
    "HAPROXY_RELOAD_VALIDATION_CMD": ("HAProxy.ReloadValidationCommand", "0.2.15"),
    "HAPROXY_RELOAD_CLEANUP_CMD": ("HAProxy.ReloadCleanupCommand", "0.2.15"),
    "STATSD_HOST": ("StatsD.Host", "0.0"), "STATSD_PREFIX": ("StatsD.Prefix", "0.0"), "STATSD_ENABLED": ("StatsD.Enabled", "0.2.16"),
}
TRUE, FALSE = ("1", "t", "T", "TRUE", "true", "True"), ("0", "f", "F", "FALSE", "false", "False")


def flatten(value, fields, path=""):
    """{'Bamboo.Zookeeper.Path': ...}: names in any case, unknown ones ignored, a wrong type is an error, as Go's JSON has it."""
    if not isinstance(value, dict):
        raise ValueError("json: cannot unmarshal %s into a struct" % type(value).__name__)
    given = {name.lower(): item for name, item in value.items()}
    found = {}
    for name, kind in fields.items():
        item, full = given.get(name.lower()), path + name
        if isinstance(kind, dict):
            found.update(flatten(item if item is not None else {}, kind, full + "."))
        elif item is None:
            found[full] = kind()
        elif type(item) is kind:
            found[full] = item
        else:
            raise ValueError("json: cannot unmarshal %s into Go struct field %s of type %s"
                             % (type(item).__name__, full, kind.__name__))
    return found


def load(path, version, environment=os.environ):
    """The settings by their full names. No file is a panic, a bad one the end."""
    try:
        with open(path) as file:
            text = file.read()
    except OSError as error:
        log.panic("open %s: %s" % (path, error.strerror.lower()))
    try:
        found = flatten(json.loads(text), FIELDS)
    except ValueError as error:
        log.fatal(str(error))
    for name, (key, first) in ENVIRONMENT.items():
        text = environment.get(name)
        if not text or version.before(first):
            continue
        log.say("Using environment override %s=%s" % (name, text))
        if isinstance(found[key], bool):
            if text not in TRUE + FALSE:
                log.say('Error converting boolean value: strconv.ParseBool: parsing "%s": invalid syntax' % text)
            found[key] = text in TRUE
        else:
            found[key] = text
    if version.before("0.2.16"):
        found["Marathon.UseEventStream"] = False  # not yet known
    return found
