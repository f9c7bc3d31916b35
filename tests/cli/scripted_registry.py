"""Registries that do what a test says, byte by byte, on loopback: with TLS where a certificate is given. Everything that was
asked is kept, so that a test can say what must never have been."""
import base64
import gzip
import hashlib
import json
import socket
import ssl
import subprocess
import threading

DOCKER = "application/vnd.docker.distribution.manifest.v2+json"
INDEX = "application/vnd.oci.image.index.v1+json"
USER, PASSWORD = "mia", "s3cret-of-mia"
BASIC = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
REPOSITORY = "zookeeper"


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


LAYER = gzip.compress(bytes(range(256)) * 40, mtime=0)
CONFIG = json.dumps({"architecture": "amd64", "os": "linux"}).encode()


def described(data, **more):
    return dict({"digest": digest_of(data), "size": len(data)}, **more)


def manifest(**changes):
    return dict({"schemaVersion": 2, "mediaType": DOCKER, "config": described(CONFIG), "layers": [described(LAYER)]}, **changes)


def text(value):
    return json.dumps(value).encode()


MANIFEST = text(manifest())


def reply(status, body=b"", **headers):
    """One answer as bytes; a list is a header that comes more than once."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
    for name, values in headers.items():
        for value in values if isinstance(values, list) else [values]:
            lines.append(f"{name.replace('_', '-')}: {value}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Request:
    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.body = method, path, headers, body

    def is_blob(self, data):
        return self.method == "GET" and self.path.endswith(digest_of(data))

    def is_manifest(self):
        return self.method == "GET" and "/manifests/" in self.path


class Server:
    """`does(request)` gives bytes, an iterator of bytes, or None: then it answers as a registry would that holds `contents`."""

    def __init__(self, does=None, name="127.0.0.1", certificate=None, login=False, full=True):
        self.does, self.login, self.certificate = does or (lambda request: None), login, certificate
        self.contents = {digest_of(d): d for d in (LAYER, CONFIG, MANIFEST)} if full else {}
        self.tags = {"3.8.0": MANIFEST} if full else {}
        self.log, self.first_bytes = [], []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"{name}:{self.listener.getsockname()[1]}"
        self.url = ("https://" if certificate else "http://") + self.address
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                link, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(link,), daemon=True).start()

    def close(self):
        self.listener.close()

    def talk(self, link):
        try:
            with link:
                if not self.certificate:
                    self.first_bytes.append(link.recv(1, socket.MSG_PEEK))
                    return self.converse(link)
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(*self.certificate)
                with context.wrap_socket(link, server_side=True) as secure:
                    self.converse(secure)
        except OSError:
            pass  # who asked has gone

    def converse(self, link):
        with link.makefile("rb") as reader:
            while True:
                request = self.read(reader)
                if not request:
                    return
                self.log.append(request)
                answer = self.does(request)
                if answer is None:
                    answer = self.usual(request)
                for part in [answer] if isinstance(answer, bytes) else answer:
                    if part is None:  # the end, early
                        return
                    link.sendall(part)

    @staticmethod
    def read(reader):
        words = reader.readline().decode("latin-1").split()
        if len(words) != 3 or not words[2].startswith("HTTP/"):
            return None
        headers = {}
        for line in iter(lambda: reader.readline().decode("latin-1").strip(), ""):
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return Request(words[0], words[1], headers, reader.read(int(headers.get("content-length", 0))))

    def usual(self, request):
        if self.login and request.headers.get("authorization") != BASIC:
            return reply(401, b"{}", WWW_Authenticate='Basic realm="here"')
        last = request.path.split("?")[0].rsplit("/", 1)[-1]
        if request.method == "PUT" and "/manifests/" in request.path:
            self.tags[last] = self.contents[digest_of(request.body)] = request.body
            return reply(201)
        if request.method == "POST":
            return reply(202, Location=f"/v2/{REPOSITORY}/blobs/uploads/1")
        if request.method in ("PUT", "PATCH"):
            self.contents[digest_of(request.body)] = request.body
            return reply(201)
        if request.method == "DELETE":
            return reply(204)
        data = self.tags.get(last) or self.contents.get(last)
        if data is None:
            return reply(404, b"{}")
        answer = reply(200, data, Content_Type=DOCKER, Docker_Content_Digest=digest_of(data))
        return answer if request.method == "GET" else answer[:-len(data)]

    def saw_login(self):
        return [r.path for r in self.log if "authorization" in r.headers]


def make_certificates(directory):
    """An authority, and certificates of its own: {name: (certificate, key)}, the authority's file under "authority"."""
    def run(*args):
        subprocess.run(["openssl", *args], check=True, capture_output=True, cwd=directory)

    run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key", "-out", "ca.pem",
        "-days", "2", "-subj", "/CN=tests", "-addext", "keyUsage=critical,keyCertSign")
    out = {"authority": f"{directory}/ca.pem"}
    for name, days in (("reg.localhost", "2"), ("elsewhere.localhost", "2"), ("old.localhost", "-1")):
        with open(f"{directory}/{name}.ext", "w") as f:
            f.write(f"subjectAltName=DNS:{name}\n")
        run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", name + ".key", "-out", name + ".csr",
            "-subj", "/CN=" + name)
        run("x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", days,
            "-extfile", name + ".ext", "-out", name + ".pem")
        out[name] = (f"{directory}/{name}.pem", f"{directory}/{name}.key")
    return out
