"""Registries for tests: real ones in containers, tiny images made byte by byte, and a proxy that gets in the way."""
import base64
import gzip
import hashlib
import http.client
import http.server
import io
import json
import os
import random
import subprocess
import tarfile
import threading
import urllib.error
import urllib.request

from cluster import docker, wait_for

DOCKER = "application/vnd.docker.distribution.manifest.v2+json"
OCI = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
LAYER = {DOCKER: "application/vnd.docker.image.rootfs.diff.tar.gzip", OCI: "application/vnd.oci.image.layer.v1.tar+gzip"}
CONFIG = {DOCKER: "application/vnd.docker.container.image.v1+json", OCI: "application/vnd.oci.image.config.v1+json"}


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Registry:
    """docker-registry at a loopback address."""

    def __init__(self, address, container=None):
        self.address, self.container = address, container

    @classmethod
    def start(cls, image, label):
        container = docker("run", "--detach", "--label", label, "--publish", "127.0.0.1::5000", image).strip()
        registry = cls(docker("port", container, "5000").split()[0], container)
        wait_for(f"registry {registry.address}", registry.answers)
        return registry

    def answers(self):
        try:
            return self.call("GET", "/v2/").status == 200
        except OSError:
            return False

    def call(self, method, path, body=None, **headers):
        """Any status is an answer."""
        url = path if path.startswith("http") else f"http://{self.address}{path}"
        request = urllib.request.Request(url, data=body, method=method,
                                         headers={k.replace("_", "-"): v for k, v in headers.items()})
        try:
            reply = urllib.request.urlopen(request)
        except urllib.error.HTTPError as e:
            reply = e
        reply.bytes = reply.read()
        return reply

    def put_blob(self, repository, data):
        place = self.call("POST", f"/v2/{repository}/blobs/uploads/", b"").headers["Location"]
        reply = self.call("PUT", f"{place}&digest={digest_of(data)}", data, Content_Type="application/octet-stream")
        assert reply.status == 201, reply.bytes
        return {"digest": digest_of(data), "size": len(data)}

    def put_manifest(self, repository, reference, manifest):
        data = json.dumps(manifest).encode()
        reply = self.call("PUT", f"/v2/{repository}/manifests/{reference}", data, Content_Type=manifest["mediaType"])
        assert reply.status == 201, reply.bytes
        return {"mediaType": manifest["mediaType"], "digest": digest_of(data), "size": len(data)}

    def put_image(self, repository, reference, layers, kind=DOCKER, architecture="amd64"):
        """layers: (tar, compressed) as made by layer(); returns the manifest's descriptor."""
        config = {"architecture": architecture, "os": "linux", "config": {"Cmd": ["/true"]},
                  "rootfs": {"type": "layers", "diff_ids": [digest_of(tar) for tar, _ in layers]}}
        manifest = {"schemaVersion": 2, "mediaType": kind,
                    "config": dict(self.put_blob(repository, json.dumps(config).encode()), mediaType=CONFIG[kind]),
                    "layers": [dict(self.put_blob(repository, packed), mediaType=LAYER[kind]) for _, packed in layers]}
        descriptor = self.put_manifest(repository, reference or digest_of(json.dumps(manifest).encode()), manifest)
        return dict(descriptor, platform={"os": "linux", "architecture": architecture})

    def digest(self, repository, reference):
        """Of what the tag names, from its own bytes; None: nothing."""
        reply = self.call("GET", f"/v2/{repository}/manifests/{reference}", Accept=", ".join([DOCKER, OCI, INDEX]))
        return digest_of(reply.bytes) if reply.status == 200 else None

    def manifest(self, repository, reference):
        return json.loads(self.call("GET", f"/v2/{repository}/manifests/{reference}",
                                    Accept=", ".join([DOCKER, OCI, INDEX])).bytes)

    def has_blob(self, repository, digest):
        return self.call("HEAD", f"/v2/{repository}/blobs/{digest}").status == 200

    def damage(self, digest):
        """Flips one byte of a stored blob; called again it is whole again."""
        hex_digits = digest.split(":")[1]
        path = f"/var/lib/registry/docker/registry/v2/blobs/sha256/{hex_digits[:2]}/{hex_digits}/data"
        data = bytearray(subprocess.run(["docker", "exec", self.container, "cat", path], capture_output=True, check=True).stdout)
        data[100] ^= 1
        subprocess.run(["docker", "exec", "-i", self.container, "sh", "-c", f"cat > {path}"], input=bytes(data), check=True)


def layer(name, size, seed):
    """A layer of one file with bytes that do not compress: (tar, compressed)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        info = tarfile.TarInfo(name)
        info.size = size
        tar.addfile(info, io.BytesIO(random.Random(seed).randbytes(size)))
    return out.getvalue(), gzip.compress(out.getvalue(), compresslevel=1, mtime=0)


class Node:
    """A host of its own network: sshd and a Docker engine, with a registry beside it that the engine trusts."""

    def __init__(self, label, directory):
        os.makedirs(directory, exist_ok=True)
        self.key = os.path.join(directory, "id_ed25519")
        if not os.path.exists(self.key):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.key], check=True)
        # Sandboxes take 198.18.1 to 198.18.127.
        self.network, subnet = "cctl-test-%d" % os.getpid(), "198.18.%d" % (130 + os.getpid() % 120)
        docker("network", "create", "--internal", "--label", label, "--subnet", subnet + ".0/24", self.network)
        self.registry = Registry.start("registry:2.8.2", label)
        docker("network", "connect", "--ip", subnet + ".2", self.network, self.registry.container)
        self.registry_address, self.address = subnet + ".2:5000", subnet + ".11"
        with open(self.key + ".pub") as f:
            key = f.read()
        self.container = docker(
            "run", "--detach", "--label", label, "--network", self.network, "--ip", self.address, "--cap-add=ALL",
            "--cap-drop=SYS_RESOURCE", "--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined",
            "--cgroupns=private", "--volume", "/var/lib/docker", "--env", "AUTHORIZED_KEY=" + key,
            "--env", "REGISTRIES=" + self.registry_address, "clusterctl/node:1").strip()
        wait_for("the node's engine", lambda: docker("exec", self.container, "docker", "version", check=False))

    def on(self, *command):
        return docker("exec", self.container, *command)


class Proxy:
    """Stands before a registry. What it does besides passing on is set from outside:
    hold[digest] = Event: a GET of that blob waits for it after its first bytes
    cut[digest] = N: the next GET of that blob breaks off after N bytes
    busy = N: so many requests are answered 503
    scheme = "basic" or "bearer": only who knows USER and PASSWORD comes in
    """
    USER, PASSWORD, TOKEN = "mia", "s3cret:with colon", "t0ken"

    def __init__(self, registry):
        self.hold, self.cut, self.busy, self.scheme = {}, {}, 0, ""
        self.log = []  # (method, path, Range)
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def __getattr__(self, name):
                if name.startswith("do_"):
                    return lambda: proxy.serve(self, registry)
                raise AttributeError(name)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = "127.0.0.1:%d" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def basic(self):
        return "Basic " + base64.b64encode(f"{self.USER}:{self.PASSWORD}".encode()).decode()

    def answer(self, handler, status, body=b"", **headers):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)

    def admitted(self, handler):
        given = handler.headers.get("Authorization", "")
        if self.scheme == "basic":
            return given == self.basic()
        return self.scheme == "" or given == "Bearer " + self.TOKEN

    def serve(self, handler, registry):
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        self.log.append((handler.command, handler.path, handler.headers.get("Range")))
        if handler.path.startswith("/token?"):
            known = handler.headers.get("Authorization") == self.basic()
            return self.answer(handler, 200 if known else 401, json.dumps({"token": self.TOKEN}).encode() if known else b"{}")
        if not self.admitted(handler):
            challenge = f'{self.scheme.capitalize()} realm="http://{self.address}/token",service="tests, of course"'
            return self.answer(handler, 401, b"{}", WWW_Authenticate=challenge)
        if self.busy > 0:
            self.busy -= 1
            return self.answer(handler, 503)
        self.pass_on(handler, registry, body)

    def pass_on(self, handler, registry, body):
        upstream = http.client.HTTPConnection(registry.address)
        headers = {k: v for k, v in handler.headers.items() if k.lower() not in ("connection", "authorization")}
        upstream.request(handler.command, handler.path, body or None, headers)
        reply = upstream.getresponse()
        handler.send_response(reply.status)
        for name, value in reply.getheaders():
            handler.send_header(name, value)
        handler.end_headers()
        digest = handler.path.rsplit("/", 1)[-1] if handler.command == "GET" else ""
        left = self.cut.pop(digest, None)
        data = reply.read()
        upstream.close()
        if left is not None:
            handler.wfile.write(data[:left])
            handler.close_connection = True
            handler.wfile.flush()
            handler.connection.shutdown(2)
            return
        held = self.hold.get(digest)
        if held:
            handler.wfile.write(data[:1000])
            handler.wfile.flush()
            data = data[1000:]
            held.wait()
        try:
            handler.wfile.write(data)
        except OSError:
            handler.close_connection = True  # who asked has gone
