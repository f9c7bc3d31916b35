"""The rules of the user interface: one znode per app below Bamboo.Zookeeper.Path, its name the escaped id."""
import json
import threading
import urllib.parse

from kazoo.client import KazooClient
from kazoo.exceptions import NodeExistsError, NoNodeError
from kazoo.security import OPEN_ACL_UNSAFE


class Refused(Exception):
    """What the 400 says."""


class Services:
    def __init__(self, settings, version, changed):
        """changed() is called a tenth of a second and ReportingDelay after each change, on a thread of its own."""
        self.path, self.version, self.changed = settings["Bamboo.Zookeeper.Path"], version, changed
        self.delay = 0.1 + settings["Bamboo.Zookeeper.ReportingDelay"]
        self.whole = version.since("0.2.16")  # a value with a version and a config instead of the bare rule
        self.client = KazooClient(settings["Bamboo.Zookeeper.Host"], connection_retry={"max_tries": -1, "max_delay": 1})
        self.client.start(timeout=10 ** 9)
        self.client.ensure_path(self.path, acl=OPEN_ACL_UNSAFE)
        self.calls = 0
        self.client.ChildrenWatch(self.path, self.notice)
        self.client.DataWatch(self.path, self.notice)

    def notice(self, *_):
        self.calls += 1
        if self.calls > 2:  # each watch calls once for what it finds
            timer = threading.Timer(self.delay, self.changed)
            timer.daemon = True
            timer.start()

    def node(self, id):
        return self.path + "/" + urllib.parse.quote_plus(id)

    def all(self):
        found = {}
        for name in sorted(self.client.get_children(self.path)):
            id = urllib.parse.unquote_plus(name)
            try:
                found[id] = self.read(id, self.client.get(self.path + "/" + name)[0].decode())
            except NoNodeError:
                pass  # gone since the listing
        return found

    def read(self, id, text):
        if not self.whole:
            return {"Id": id, "Acl": text}
        try:
            config = json.loads(text)["config"]
        except (ValueError, KeyError, TypeError):
            config = {"Acl": text}  # as an older Bamboo wrote it
        return {"Id": id, "Acl": config.get("Acl", ""), "Config": config}

    def given(self, request):
        try:
            value = {name.lower(): item for name, item in request.json().items()}
        except (ValueError, AttributeError):
            raise Refused("Unable to decode JSON request")
        found = {"Id": value.get("id", ""), "Acl": value.get("acl", "")}
        if self.whole:
            found.update(Id="/" + found["Id"].lstrip("/"), Config=value.get("config"))
        return found

    def create(self, request):
        """Up to 0.2.15 an id that is there is refused; later it is overwritten."""
        service = self.given(request)
        if self.whole:
            return self.put(request, service["Id"])
        try:
            self.client.create(self.node("/" + service["Id"].lstrip("/")), service["Acl"].encode(), acl=OPEN_ACL_UNSAFE)
        except NodeExistsError:
            raise Refused("Marathon ID might already exist")
        return service

    def put(self, request, id):
        """Up to 0.2.15 the id in the path counts, later that in the body."""
        service = self.given(request)
        id = service["Id"] if self.whole else "/" + id.lstrip("/")
        config = dict(service.get("Config") or {}, **({"Acl": service["Acl"]} if service["Acl"] else {}))
        data = json.dumps({"version": "2", "config": config}, separators=(",", ":")) if self.whole else service["Acl"]
        self.client.ensure_path(self.node(id), acl=OPEN_ACL_UNSAFE)
        self.client.set(self.node(id), data.encode())
        self.client.set(self.path, b"")  # tells the other Bamboos
        return service

    def delete(self, id):
        """From 0.2.16 on the id must come with its slash: /api/services//app or %2Fapp."""
        try:
            self.client.delete(self.node(id if self.whole else "/" + id.lstrip("/")))
        except NoNodeError:
            raise Refused("zk: node does not exist")
        return {}
