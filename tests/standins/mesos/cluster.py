"""What the leading master knows: agents, frameworks and their tasks, and who is still there.

Agents and frameworks hold one streamed request each (web.Stream, feed.Feed) in the place of libprocess links:
its end says at once that the peer is gone. The paths begin with /standin/ since no real Mesos has them.
"""
import threading
import time

import glog
import pace
import resources
import web
from feed import Feed

TERMINAL = ("TASK_FINISHED", "TASK_FAILED", "TASK_KILLED", "TASK_LOST", "TASK_ERROR", "TASK_UNREACHABLE")


class Peer:
    """An agent or a framework: its info, its feed and since when it is known."""

    def __init__(self, id, info):
        self.id, self.info, self.feed = id, info, None
        self.registered_time, self.missed, self.backlog = time.time(), 0, []

    @property
    def connected(self):
        return self.feed is not None


class Cluster:
    def __init__(self, master_id, version, flags, store):
        """store(value) writes the registry, or ends the process."""
        self.id, self.version, self.store = master_id, version, store
        self.ping_seconds = flags.seconds("agent_ping_timeout") or flags.seconds("slave_ping_timeout") or 15
        self.ping_limit = flags.number("max_agent_ping_timeouts") or flags.number("max_slave_ping_timeouts") or 5
        self.word = "Agent" if version.since("1.0") else "Slave"
        self.lock, self.writer = threading.RLock(), threading.Lock()
        self.agents, self.frameworks, self.tasks, self.recovered, self.admitting = {}, {}, {}, {}, {}
        self.removed, self.unreachable = set(), set()
        self.count = {"agents": 0, "frameworks": 0, "registrations": 0, "reregistrations": 0, "removals": 0}

    # Registry

    def recover(self, value):
        self.recovered = dict(value.get("agents", {}))
        glog.info("registrar.cpp:362", "Successfully recovered registrar")
        glog.info("master.cpp:1700", "Recovered %d agents from the registry; allowing 10mins for agents to reregister"
                  % len(self.recovered))

    def write(self):
        with self.writer:
            with self.lock:
                admitted = {**self.recovered, **self.admitting, **{agent.id: agent.info for agent in self.agents.values()}}
            self.store({"agents": admitted})

    # Agents

    def register_agent(self, request):
        body = request.json()
        info, id = body["info"], body.get("id")
        if id in self.removed and self.version.before("1.1"):
            return web.as_json({"shutdown": "Slave attempted to re-register after removal"})
        with self.lock:
            known = self.agents.get(id).info if id in self.agents else self.recovered.get(id)
            if known and (known["ip"], known["hostname"]) != (info["ip"], info["hostname"]):
                again = "reregister" if self.version.since("1.4") else "re-register"
                return web.as_json({"shutdown": "%s attempted to %s with different IP / hostname" % (self.word, again)})
            if id is None:
                id = "%s-S%d" % (self.id, self.count["agents"])
                self.count["agents"] += 1
                self.count["registrations"] += 1
                for other in [a for a in self.agents.values() if (a.info["ip"], a.info["port"]) == (info["ip"], info["port"])]:
                    self.remove_agent(other, "a new agent registered at the same address")
            else:
                self.count["reregistrations"] += 1
            fresh = id not in self.agents
            if fresh:
                self.admitting[id] = info
        if fresh:  # nobody is shown an agent that the next leader would not know
            self.write()
        with self.lock:
            self.admitting.pop(id, None)
            agent = self.agents.setdefault(id, Peer(id, info))
            old, agent.info, agent.missed = agent.feed, info, 0
            self.recovered.pop(id, None)
            late = id in self.unreachable and not self.version.before("1.1")
            self.unreachable.discard(id)
            for task in [t for t in self.tasks.values() if t["slave_id"] == id]:
                del self.tasks[task["id"]]
            self.tasks.update({task["id"]: task for task in body["tasks"]})
            agent.feed = feed = Feed(lambda feed: self.agent_gone(agent, feed))
        if old:
            old.end()
        if fresh:
            threading.Thread(target=self.ping, args=(agent,), daemon=True).start()
        glog.info("master.cpp:6500", "%s agent %s at slave(1)@%s:%d (%s) with %s" % (
            "Registered" if body.get("id") is None else "Re-registered", id, info["ip"], info["port"],
            info["hostname"], resources.text(info["resources"])))
        feed.push({"registered": {"id": id}})
        for task in body["tasks"] if late else ():
            glog.info("master.cpp:7050", "Telling agent %s at slave(1)@%s:%d (%s) to kill task %s because the agent was unreachable"
                      % (id, info["ip"], info["port"], info["hostname"], task["id"]))
            feed.push({"kill": task["id"]})
        return web.Answer(200, feed)

    def agent_gone(self, agent, feed):
        with self.lock:
            if agent.feed is feed:
                agent.feed = None
                glog.info("master.cpp:1300", "Agent %s at slave(1)@%s:%d (%s) disconnected"
                          % (agent.id, agent.info["ip"], agent.info["port"], agent.info["hostname"]))

    def ping(self, agent):
        """Five missed pings of 15 s and the agent is removed, whatever its link says."""
        while True:
            time.sleep(pace.scaled(self.ping_seconds))
            if self.agents.get(agent.id) is not agent:
                return
            try:
                web.call("%s:%d" % (agent.info["ip"], agent.info["port"]), "GET", "/health",
                         timeout=pace.scaled(self.ping_seconds))
                agent.missed = 0
            except OSError:
                agent.missed += 1
            if agent.missed >= self.ping_limit:
                with self.lock:
                    if self.agents.get(agent.id) is agent:
                        self.remove_agent(agent, "health check timed out")
                        self.unreachable.add(agent.id)
                self.write()
                return

    def remove_agent(self, agent, reason):
        glog.warning("master.cpp:7700", "Removing agent %s (%s): %s" % (agent.id, agent.info["hostname"], reason))
        self.agents.pop(agent.id, None)
        self.removed.add(agent.id)
        self.count["removals"] += 1
        if agent.feed:
            agent.feed.end()
        state = "TASK_UNREACHABLE" if self.version.since("1.2") else "TASK_LOST"
        for task in [t for t in self.tasks.values() if t["slave_id"] == agent.id]:
            update = {"agent_id": agent.id, "framework_id": task["framework_id"], "task_id": task["id"],
                      "state": state, "message": "Agent %s removed: %s" % (agent.info["hostname"], reason)}
            if not self.update(update) and task["framework_id"] in self.frameworks:
                self.frameworks[task["framework_id"]].backlog.append(update)
                del self.tasks[task["id"]]

    def unregister_agent(self, request):
        with self.lock:
            agent = self.agents.get(request.json()["id"])
            if agent:
                self.remove_agent(agent, "agent unregistered")
                self.removed.discard(agent.id)
        self.write()
        return web.as_json({})

    def free(self, agent):
        left = dict(agent.info["resources"])
        for task in self.tasks.values():
            if task["slave_id"] == agent.id:
                left = resources.minus(left, task["resources"])
        return left

    # Frameworks and tasks

    def subscribe(self, request):
        info = request.json()
        with self.lock:
            id = info.get("id")
            if not id:
                id = "%s-%04d" % (self.id, self.count["frameworks"])
                self.count["frameworks"] += 1
            framework = self.frameworks.setdefault(id, Peer(id, info))
            old, framework.info = framework.feed, dict(info, id=id)
            framework.feed = feed = Feed(lambda feed: self.framework_gone(framework, feed))
            tasks = [task for task in self.tasks.values() if task["framework_id"] == id]
        if old:
            old.push({"error": "Framework failed over"})
            old.end()
        glog.info("master.cpp:2900", "Subscribing framework %s (%s) with checkpointing enabled" % (id, info["name"]))
        feed.push({"subscribed": {"id": id, "tasks": tasks}})
        while framework.backlog:
            feed.push({"update": framework.backlog.pop(0)})
        return web.Answer(200, feed)

    def framework_gone(self, framework, feed):
        with self.lock:
            if framework.feed is feed:
                framework.feed = None
                glog.info("master.cpp:3300", "Framework %s (%s) disconnected" % (framework.id, framework.info["name"]))

    def offers(self, request):
        with self.lock:
            return web.as_json([{"agent_id": a.id, "hostname": a.info["hostname"], "resources": self.free(a),
                                 "attributes": a.info["attributes"]} for a in self.agents.values() if a.connected])

    def launch(self, request):
        task = request.json()
        with self.lock:
            agent = self.agents.get(task["slave_id"])
            if agent is None or not agent.connected or not resources.fits(task["resources"], self.free(agent)):
                return web.as_text(409, "the offer is no longer valid")
            task["state"] = "TASK_STAGING"
            self.tasks[task["id"]] = task
            agent.feed.push({"launch": task})
        glog.info("master.cpp:4700", "Launching task %s of framework %s with %s on agent %s"
                  % (task["id"], task["framework_id"], resources.text(task["resources"]), agent.id))
        return web.as_json({})

    def kill(self, request):
        body = request.json()
        with self.lock:
            task = self.tasks.get(body["task_id"])
            agent = self.agents.get(task["slave_id"]) if task else None
            if agent and agent.connected:
                agent.feed.push({"kill": body["task_id"]})
            elif not task:
                self.update(dict(body, agent_id=None, state="TASK_LOST", message="Attempted to kill an unknown task"))
        return web.as_json({})

    def update_request(self, request):
        return web.as_json({}) if self.update(request.json()) else web.as_text(409, "the framework is not connected")

    def update(self, update):
        """Tells the framework; False when it is not there, so that the agent asks again."""
        with self.lock:
            task = self.tasks.get(update["task_id"])
            if task:
                task["state"], task["statuses"] = update["state"], update.get("statuses", [])
            framework = self.frameworks.get(update["framework_id"])
            if framework is None or not framework.connected:
                return False
            if update["state"] in TERMINAL:
                self.tasks.pop(update["task_id"], None)
            framework.feed.push({"update": update})
            return True
