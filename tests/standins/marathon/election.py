"""Leader election among the Marathons of one ZooKeeper path.

From 1.2 a Curator latch: <zk>/leader-curator/_c_UUID-latch-NNNNNNNNNN; before it <zk>/leader/member_NNNNNNNNNN.
The two do not see each other, so that an old and a new Marathon both lead: as in real life.
"""
import os
import threading
import time
import uuid

import log
from kazoo.exceptions import KazooException


class Election:
    def __init__(self, session, version, own):
        """own is this instance as host:port."""
        self.session, self.own, self.latched = session, own, None
        self.version, self.leader = version, None
        curator = version.since("1.2")
        self.path = session.path + ("/leader-curator" if curator else "/leader")
        self.prefix = self.path + ("/_c_%s-latch-" % uuid.uuid4() if curator else "/member_")

    def join(self):
        self.session.ensure(self.path)
        self.latched = os.path.basename(self.session.join(self.prefix, self.own.encode()))

    def watch(self, changed):
        """Calls changed(leader) on each change, for ever. The leader is host:port or None."""
        while True:
            members = self.session.members(self.path)
            if members is not None:
                names = [name for _, name in members]
                datas = {name: (self.session.read(self.path + "/" + name) or b"").decode() for name in names}
                if self.version.since("1.5") and self.latched and list(datas.values()).count(self.own) > 1:
                    log.leave(104, "Multiple election participants have the same id: %s. This is not allowed." % self.own)
                leader = datas[names[0]] if names else None
                if names and leader == self.own and names[0] != self.latched:
                    leader = None  # the znode of an earlier life
                if leader != self.leader:
                    self.leader = leader
                    changed(leader)
            time.sleep(0.2)

    def abdicate(self):
        """Gives the latch back at once; the process ends soon after."""
        if self.latched:
            try:
                self.session.client.delete_async(self.path + "/" + self.latched).get(timeout=2)
            except (KazooException, self.session.client.handler.timeout_exception):
                pass

    def start(self, changed):
        threading.Thread(target=self.watch, args=(changed,), daemon=True).start()
