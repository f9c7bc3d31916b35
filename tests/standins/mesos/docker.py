"""The Docker Engine API over its socket: the few calls that the Docker containerizer and its executor need."""
import http.client
import json
import socket
import urllib.parse


class DockerError(Exception):
    pass


class Connection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("docker", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Docker:
    def __init__(self, socket_path):
        self.socket_path = socket_path

    def call(self, method, path, body=None, ok=(200, 201, 204, 304), timeout=120):
        connection = Connection(self.socket_path, timeout)
        try:
            data = json.dumps(body).encode() if body is not None else None
            connection.request(method, path, data, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            raise DockerError("Cannot connect to the Docker daemon at unix://%s (%s)" % (self.socket_path, error))
        finally:
            connection.close()
        if answer.status not in ok:
            try:
                text = json.loads(text)["message"]
            except (ValueError, KeyError, TypeError):
                pass
            raise DockerError(text)
        return text

    def containers(self, prefix):
        """[(id, name)] of all containers, stopped ones too, whose names begin so."""
        found = json.loads(self.call("GET", "/containers/json?all=1"))
        return [(item["Id"], name[1:]) for item in found for name in item["Names"][:1] if name[1:].startswith(prefix)]

    def inspect(self, container):
        return json.loads(self.call("GET", "/containers/%s/json" % container))

    def image(self, name):
        """The image's configuration, None when it is not there."""
        try:
            return json.loads(self.call("GET", "/images/%s/json" % name))["Config"] or {}
        except DockerError:
            return None

    def pull(self, name):
        repository, colon, tag = name.rpartition(":")
        if not colon or "/" in tag:
            repository, tag = name, "latest"
        path = "/images/create?fromImage=%s&tag=%s" % (urllib.parse.quote(repository, ""), urllib.parse.quote(tag))
        text = self.call("POST", path, timeout=3600)
        for line in text.splitlines():
            if line.strip() and "error" in json.loads(line):
                raise DockerError(json.loads(line)["error"])

    def run(self, name, specification):
        self.call("POST", "/containers/create?name=" + name, specification)
        try:
            self.call("POST", "/containers/%s/start" % name)
        except DockerError:
            self.remove(name)
            raise

    def wait(self, container):
        """The exit status, once there is one."""
        return json.loads(self.call("POST", "/containers/%s/wait" % container, timeout=None))["StatusCode"]

    def kill(self, container):
        self.call("POST", "/containers/%s/kill" % container, ok=(204, 304, 404, 409, 500))

    def stop(self, container, seconds=10):
        self.call("POST", "/containers/%s/stop?t=%d" % (container, seconds), ok=(204, 304, 404))

    def remove(self, container):
        self.call("DELETE", "/containers/%s?force=1&v=1" % container, ok=(204, 404, 409))
