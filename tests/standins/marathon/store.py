"""What Marathon keeps in ZooKeeper below <zk>/state: its framework id, its apps and its tasks.

The framework id stands where the real one puts it, and as protobuf. Apps and tasks are one JSON value here.
"""
import json

from kazoo.exceptions import NoNodeError
from kazoo.security import OPEN_ACL_UNSAFE


class Store:
    def __init__(self, session, version):
        self.client, self.root = session.client, session.path + "/state"
        self.old_id, self.new_id = self.root + "/framework:id", self.root + "/framework-id/b/id"
        self.id_path = self.new_id if version.since("1.4") else self.old_id

    def get(self, path):
        try:
            return self.client.get(path)[0]
        except NoNodeError:
            return None

    def put(self, path, data):
        self.client.ensure_path(path, acl=OPEN_ACL_UNSAFE)
        self.client.set(path, data)

    def framework_id(self):
        """A newer Marathon takes over the id that an older one left (the migration of 1.4)."""
        data = self.get(self.id_path) or self.get(self.old_id)
        return data[2:2 + data[1]].decode() if data else None

    def save_framework_id(self, id):
        self.put(self.id_path, bytes([0x0A, len(id)]) + id.encode())

    def subscribers(self):
        return json.loads(self.get(self.root + "/standin-subscribers") or "[]")

    def save_subscribers(self, urls):
        self.put(self.root + "/standin-subscribers", json.dumps(sorted(urls)).encode())

    def load(self):
        data = self.get(self.root + "/standin")
        return json.loads(data) if data else {"apps": {}, "tasks": {}}

    def save(self, apps, tasks):
        self.put(self.root + "/standin", json.dumps({"apps": apps, "tasks": tasks}).encode())
