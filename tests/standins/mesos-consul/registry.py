"""The Consul side: one agent per host, and what has been registered with it.

What is in the cache is taken to be in Consul: a service that Consul forgot is not registered again before a restart.
"""
import base64
import json
import urllib.parse

import log
import web


class Registry:
    def __init__(self, flags, newer):
        self.flags, self.cache, self.dry = flags, None, newer and flags["dry-run"]

    def ask(self, agent, method, path, body=None):
        headers = {}
        if self.flags["consul-token"]:
            headers["X-Consul-Token"] = self.flags["consul-token"]
        if self.flags["consul-auth"]:
            headers["Authorization"] = "Basic " + base64.b64encode(self.flags["consul-auth"].encode()).decode()
        timeout = self.flags["consul-timeout"] or 60
        address = "%s:%s" % (agent, self.flags["consul-port"])
        status, _, data = web.call(address, method, path, json.dumps(body).encode() if body else None, headers, timeout)
        if status != 200:
            raise OSError("Unexpected response code: %d (%s)" % (status, data.decode(errors="replace").strip()))
        return json.loads(data) if data.strip() else None

    def load(self, host):
        """Once, from the leading master's agent: what an earlier life has registered. It is tried once only."""
        if self.cache is not None:
            return
        self.cache, prefix = {}, self.flags["service-id-prefix"] + ":"
        log.debug("Populating cache from Consul")
        try:
            for name in self.ask(host, "GET", "/v1/catalog/services"):
                for item in self.ask(host, "GET", "/v1/catalog/service/" + urllib.parse.quote(name, safe="")):
                    if item["ServiceID"].startswith(prefix):
                        log.debug("Found '%s' with ID '%s'" % (name, item["ServiceID"]))
                        self.cache[item["ServiceID"]] = {"agent": item["Address"], "tags": item["ServiceTags"] or [], "missed": 0}
        except OSError:
            pass

    def register(self, agent, service):
        id = service["ID"]
        if id in self.cache:
            log.debug("Service found. Not registering: " + id)
            self.cache[id]["missed"] = 0
            return
        if self.dry:
            log.info("Dry run, not registering  " + id)
            return
        log.info("Registering  " + id)
        try:
            self.ask(agent, "PUT", "/v1/agent/service/register", service)
        except OSError as error:
            log.warn("Unable to register %s: %s" % (id, error))
            return
        self.cache[id] = {"agent": agent, "tags": service["Tags"], "missed": 0}

    def register_host(self, agent, service):
        """A master's tags change with the leader: then it is registered again."""
        known = self.cache.get(service["ID"])
        if known and known["tags"] != service["Tags"]:
            log.info("Tags changed. Re-registering")
            del self.cache[service["ID"]]
        self.register(agent, service)

    def deregister(self):
        """What a refresh did not name goes at once: --heartbeats-before-remove is taken and has no effect, as in the real one."""
        for id, entry in list(self.cache.items()):
            if entry["missed"] < 1:
                entry["missed"] += 1
                continue
            log.info("Deregistering " + id)
            try:
                self.ask(entry["agent"], "PUT", "/v1/agent/service/deregister/" + urllib.parse.quote(id, safe=":"))
                del self.cache[id]
            except OSError as error:
                log.info("Deregistration error  %s" % error)
