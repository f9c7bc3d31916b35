"""As much of a Consul agent as mesos-consul asks for, on one address: what is registered stands in .services."""
import json
import os
import sys
import urllib.parse

from support import HERE

sys.path.insert(0, os.path.join(HERE, "common"))
import web  # noqa: E402


class Agent:
    def __init__(self, ip, port):
        self.ip, self.services = ip, {}
        self.server = web.Server(ip, port, self.answer, print).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, request):
        if (request.method, request.path) == ("PUT", "/v1/agent/service/register"):
            service = request.json()
            self.services[service["ID"]] = service
            return web.Answer(200)
        name = urllib.parse.unquote(request.path.rpartition("/")[2])
        if request.method == "PUT" and request.path.startswith("/v1/agent/service/deregister/"):
            return web.Answer(200 if self.services.pop(name, None) else 404)
        if request.path == "/v1/catalog/services":
            return web.as_json({service["Name"]: [] for service in self.services.values()})
        if request.path.startswith("/v1/catalog/service/"):
            return web.as_json([{"ServiceID": id, "ServiceTags": service["Tags"], "Address": self.ip}
                                for id, service in self.services.items() if service["Name"] == name])
        return web.as_text(404, json.dumps(request.path))
