"""Registries that mean harm, as `clusterctl images mirror` meets them: what is said, and where a login must not have gone."""
import concurrent.futures
import gzip
import io
import itertools
import json
import os
import re
import subprocess
import tarfile
import tempfile
import time
import unittest

from scripted_registry import (BASIC, CONFIG, DOCKER, INDEX, LAYER, MANIFEST, PASSWORD, Server, described, digest_of,
                               make_certificates, manifest, reply, text)

BINARY = os.environ["CCTL_BIN"]
JSON = {"Content_Type": DOCKER}
NOBODY = 65534


class Mode:
    """A registry that misbehaves (`evil`), one where its redirections lead (`other`), and one that is as it should be.
    side: which end of the copy evil is. does(evil, other, request) is evil's answer, None: the usual one."""

    def __init__(self, name, words, does=None, side="source", code=1, login=True, tls=None, name_of_evil=None, elsewhere=None,
                 other_tls=None, known=True, never_at_evil=False, moved=()):
        self.__dict__.update(locals())


def at(what, answer):
    """Evil answers that for requests of one kind: "manifest", "layer", or a method."""
    def does(evil, other, request):
        hit = {"manifest": request.is_manifest(), "layer": request.is_blob(LAYER)}.get(what, request.method == what)
        if not hit:
            return None
        return answer(evil, other) if callable(answer) else answer
    return does


def manifest_is(value):
    body = value if isinstance(value, bytes) else text(value)
    return at("manifest", reply(200, body, **JSON))


def goes_to(what, place, status=307):
    return at(what, lambda evil, other: reply(status, Location=place(evil, other) if callable(place) else place))


def endless(start, part):
    return lambda *_: itertools.chain([start], itertools.repeat(part))


def realm(place, token=b'{"token":"t0ken"}'):
    """Evil wants a token that comes from there."""
    def does(evil, other, request):
        if request.path.startswith("/token"):
            return token if token.startswith(b"HTTP") else reply(200, token)
        if request.headers.get("authorization") != "Bearer t0ken":
            return reply(401, b"{}", WWW_Authenticate=f'Bearer realm="{place(evil, other)}",service="s"')
        return None
    return does


def token_is(token, then=None):
    """Evil's own token server gives that; where the token is shown, what is asked next is answered by `then`."""
    def does(evil, other, request):
        given = token(evil, other) if callable(token) else token
        if request.path.startswith("/token"):
            return reply(200, text({"token": given}))
        if then and request.headers.get("authorization") == "Bearer t0ken":
            return None
        if request.headers.get("authorization") == "Bearer " + given and (then is None or request.is_manifest()):
            return None
        return then(evil, other, request) if then and not request.is_manifest() else reply(
            401, b"{}", WWW_Authenticate=f'Bearer realm="{evil.url}/token",service="s"')
    return does


def token_server(evil, other, request):
    return reply(200, b'{"token":"t0ken"}') if request.path.startswith("/token") else None


def slow_tokens(evil, other, request):
    """One refusal that names a thousand token servers, each of which thinks for a while and refuses, too."""
    if not request.path.startswith("/token"):
        return reply(401, b"{}", WWW_Authenticate=",".join([f'Bearer realm="{evil.url}/token"'] * 1000))
    time.sleep(0.3)
    return reply(401, b"{}")


def layers(count):
    return [described(LAYER)] * count


LISTED = described(MANIFEST, platform={"os": "linux", "architecture": "amd64"})
INNER = text({"mediaType": INDEX, "manifests": [LISTED]})
OUTER = text({"mediaType": INDEX, "manifests": [described(INNER, platform={"os": "linux", "architecture": "amd64"})]})


def list_is(entries):
    """What the tag names; by its digest the image is there."""
    return lambda evil, other, request: reply(200, text({"manifests": entries}), Content_Type=INDEX) if (
        request.is_manifest() and request.path.endswith("3.8.0")) else None


def nested(evil, other, request):
    if not request.is_manifest():
        return None
    return reply(200, INNER if request.path.endswith(digest_of(INNER)) else OUTER, Content_Type=INDEX)


def uploads_go(place):
    return goes_to("POST", place, 202)


def mode_table():
    away = lambda evil, other: other.url + "/v2/zookeeper/blobs/" + digest_of(LAYER)
    other_token = lambda evil, other: other.url + "/token"
    upload_away = lambda evil, other: other.url + "/upload?state=1"
    m = Mode
    return [
        # Redirections.
        m("blob elsewhere", "copied", goes_to("layer", away), code=0, moved=["other"]),
        m("blob elsewhere, which asks who we are", "401 unauthorized", goes_to("layer", away),
          elsewhere=at("GET", reply(401, b"{}", WWW_Authenticate='Basic realm="mine"'))),
        m("blob elsewhere, which wants a token from elsewhere", "401 unauthorized", goes_to("layer", away),
          elsewhere=realm(lambda evil, other: evil.url + "/token")),
        m("manifest by a relative way", "copied", code=0, does=lambda e, o, r: reply(
            302, Location="../manifests/" + digest_of(MANIFEST)) if r.is_manifest() and r.path.endswith("3.8.0") else None),
        m("round and round", "sends us around: 5 redirections", goes_to("manifest", lambda e, o: e.url + "/v2/zookeeper/manifests/x")),
        m("to and fro between two", "sends us around: 5 redirections", goes_to("layer", away),
          elsewhere=goes_to("GET", lambda e, o: o.url + "/v2/zookeeper/blobs/" + digest_of(LAYER))),
        m("to a file", '"file:///etc/passwd", which is no address of http or https', goes_to("layer", "file:///etc/passwd")),
        m("to another protocol", "no address of http or https", goes_to("layer", "gopher://127.0.0.1:1/x")),
        m("with a login in it", "no address of http or https", goes_to("layer", lambda e, o: f"http://a:b@{o.address}/")),
        m("with a space and more in it", "no address of http or https", goes_to("layer", "http://127.0.0.1/ HTTP/1.1 X: y")),
        m("to nowhere", "does not say where to go: 307 without Location", at("layer", reply(307))),
        m("to two places", "no address of http or https", goes_to("layer", lambda e, o: [e.url + "/a", o.url + "/b"])),
        m("from https down to http", "from https down to http://", goes_to("layer", away), tls="reg.localhost"),
        m("from https to https elsewhere", "copied", goes_to("layer", away), tls="reg.localhost",
          other_tls="elsewhere.localhost", code=0, moved=["other"]),
        m("manifest down to http", "from https down to http://", goes_to("manifest", lambda e, o: o.url), tls="reg.localhost"),
        # Who are you.
        m("token from http elsewhere", "which is not https; if that is your own, say --insecure 127.0.0.1:", realm(other_token)),
        m("token from http for https", "which is not https", realm(other_token), tls="reg.localhost"),
        m("token from https elsewhere is said", "goes to its token server, https://elsewhere.localhost:", realm(other_token),
          tls="reg.localhost", other_tls="elsewhere.localhost", elsewhere=token_server, code=0, login="token server"),
        m("token that is the address of the next token server", "goes to its token server, https://elsewhere.localhost:",
          token_is(lambda e, o: o.url, realm(other_token)), tls="reg.localhost", other_tls="elsewhere.localhost", elsewhere=token_server,
          code=0, login="token server"),
        m("token from itself", "copied", realm(lambda e, o: e.url + "/token"), code=0),
        m("token from no address", "which is no address", realm(lambda e, o: "javascript:alert(1)")),
        m("token with line ends", "answers 200 without a token",
          realm(lambda e, o: e.url + "/token", text({"token": "x\r\nX-More: y"}))),
        m("token server that sends us on", "answers 302", realm(lambda e, o: e.url + "/token", reply(302, Location="/token2"))),
        m("token that never ends", "the answer is too long", realm(
            lambda e, o: e.url + "/token", b"HTTP/1.1 200 X\r\nContent-Length: 9000000\r\n\r\n" + b"[" * 9000000)),
        m("401 whatever we say", "401 unauthorized", at("GET", reply(401, b"{}", WWW_Authenticate='Basic realm="x"'))),
        m("401 with another token each time", "401 unauthorized", lambda e, o, r: reply(200, b'{"token":"t"}') if "/token" in r.path
          else reply(401, b"{}", WWW_Authenticate=f'Bearer realm="{e.url}/token"')),
        m("challenges without end, each with a slow token server", "401 unauthorized", slow_tokens),
        m("challenges without end", 'wants a token from "", which is no address', at("GET", reply(401, b"{}", WWW_Authenticate="Bearer, " * 4000))),
        m("refusal that paints", "?[31mred", at("GET", reply(403, text({"errors": [{"message": "\x1b[31mred\u202e\n"}]})))),
        # Bodies.
        m("web page", "this is no image manifest (it is no JSON: byte 1): <html>", manifest_is(b"<html>hello</html>")),
        m("manifest without end", "the answer is too long", at("manifest", endless(b"HTTP/1.1 200 X\r\n\r\n", b" " * 65536))),
        m("manifest in chunks without end", "the answer is too long", at(
            "manifest", endless(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n", b"8000\r\n" + b" " * 32768 + b"\r\n"))),
        m("manifest of 5 MB", "the answer is too long", manifest_is(b"[" + b" " * 5_000_000 + b"]")),
        m("headers without end", "the head of its answer has more than 500 lines", at(
            "manifest", endless(b"HTTP/1.1 200 X\r\n", b"X-More: yes\r\n"))),
        m("long headers without end", "the head of its answer is longer than 64 KiB", at(
            "manifest", endless(b"HTTP/1.1 200 X\r\n", b"X-More: " + b"y" * 1000 + b"\r\n"))),
        m("1xx without end", "more than 10 answers came before its answer (status 103)", at(
            "manifest", endless(b"", b"HTTP/1.1 103 X\r\nLink: y\r\n\r\n"))),
        m("a few 1xx", "copied", code=0, does=lambda e, o, r: b"HTTP/1.1 103 X\r\nLocation: /x\r\n\r\n" * 3 + reply(200, MANIFEST, **JSON)
          if r.is_manifest() else None),
        m("a folded header", "a folded line", at("manifest", b"HTTP/1.1 200 X\r\nX-A: b\r\n c\r\nContent-Length: 2\r\n\r\n[]")),
        m("a folded length", "a folded line", at("manifest", b"HTTP/1.1 200 X\r\nX-A: b\r\n Content-Length: 9\r\nContent-Length: 2\r\n\r\n[]")),
        m("two lengths", "two lengths", at("manifest", b"HTTP/1.1 200 X\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n[]]")),
        m("the same length twice", "copied", code=0, does=lambda e, o, r: reply(200, MANIFEST, Content_length=str(len(MANIFEST)), **JSON)
          if r.is_manifest() else None),
        m("a blank before a colon", "for a field's name", at("manifest", b"HTTP/1.1 200 X\r\nX-A : 5\r\nContent-Length: 2\r\n\r\n[]")),
        m("many headers on a blob", "more than 500 lines", at("layer", b"HTTP/1.1 200 X\r\n" + b"X-More: y\r\n" * 600 + b"\r\n")),
        m("blob without end", "is longer in", at("layer", endless(b"HTTP/1.1 200 X\r\n\r\n", b"x" * 65536))),
        m("blob in chunks without end", "is longer in", at(
            "layer", endless(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"x" * 4096 + b"\r\n"))),
        m("blob that breaks off", "does not come from", at("layer", lambda e, o: iter(
            [b"HTTP/1.1 200 X\r\nContent-Length: 900\r\n\r\nabc", None]))),
        m("blob that is shorter", "bytes came", at("layer", reply(200, LAYER[:-1]))),
        m("other bytes than the digest's", "is damaged in", at("layer", reply(200, b"x" * len(LAYER)))),
        m("part that is another", "is damaged in", lambda e, o, r: None if not r.is_blob(LAYER) else (
            reply(206, LAYER[:4] if "range" in r.headers else LAYER[4:]))),
        m("other manifest than its digest says", "is damaged in", at(
            "manifest", reply(200, MANIFEST, Docker_Content_Digest=digest_of(b"x"), **JSON))),
        m("length below zero", "does not answer", at("manifest", b"HTTP/1.1 200 X\r\nContent-Length: -5\r\n\r\nabc")),
        m("no HTTP", "does not answer", at("manifest", b"SSH-2.0-x\r\n")),
        m("packed, which nobody asked for", "no image manifest", at("manifest", reply(
            200, gzip.compress(b"0" * 50_000_000), Content_Encoding="gzip", **JSON))),
        m("busy for ever", "answers 503", at("manifest", reply(503, b"\x1b]0;x\x07"))),
        m("trailers that look like another answer", "does not answer", at(
            "manifest", b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\nHTTP/1.1 302 X\r\nLocation: /x\r\n\r\n")),
        # Manifests.
        m("deep", "deeper than 200 levels", manifest_is(b"[" * 1_000_000)),
        m("many values", "no image manifest (it has more than 2000000 values)", manifest_is(b"[" + b"0," * 2_050_000 + b"0]")),
        m("list of nothing known", "no list of layers", manifest_is({"layers": {}, "config": described(CONFIG)})),
        m("no config", 'the digest "" is none of sha256', manifest_is({"layers": layers(1)})),
        m("a digest that is a path", 'the digest "../../../etc/passwd" is none', manifest_is(
            manifest(config={"digest": "../../../etc/passwd", "size": 1}))),
        *[m(f"size {size}", "is no number of bytes", manifest_is(manifest(layers=[{"digest": digest_of(LAYER), "size": size}])))
          for size in (-1, 1.5, "3", 2 ** 63, 2 ** 62, 1e300, None, [1])],
        m("size that is not a number at all", "it is no JSON", manifest_is(MANIFEST.replace(b'"size": ', b'"size": 1e999'))),
        m("wrong size of the layer", "is longer in", manifest_is(manifest(layers=[{"digest": digest_of(LAYER), "size": 3}]))),
        m("1001 layers", "it lists 1001 layers", manifest_is(manifest(layers=layers(1001)))),
        m("1001 platforms", "it lists 1001 manifests", list_is([LISTED] * 1001)),
        m("the same key twice", "the same key twice", manifest_is(MANIFEST[:-1] + b',"layers":[]}')),
        m("both at once", "a manifest to one reader and a list", manifest_is(manifest(manifests=[LISTED]))),
        m("one that says it is the other", "a manifest to one reader and a list", manifest_is(manifest(mediaType=INDEX))),
        m("media type with a header in it", "the media type", manifest_is(manifest(mediaType="a\r\nX-More: y"))),
        m("list of a list", "holds another list", nested),
        m("list with a wrong size", "and its list says 7", list_is([dict(LISTED, size=7)])),
        m("list as an image", "a manifest to one reader and a list", manifest_is({"manifests": [LISTED]})),
        m("platform that is no object", "not there for linux/amd64", list_is([dict(LISTED, platform=[["linux"]])])),
        m("text that is not UTF-8", "it is no JSON", manifest_is(b'{"layers":"\xff\xfe\x1b[2J"}')),
        # Uploads.
        m("upload elsewhere", "copied", uploads_go(upload_away), side="target", code=0, moved=["other"],
          elsewhere=at("PUT", reply(201))),
        m("upload elsewhere, which asks who we are", "401 unauthorized", uploads_go(upload_away), side="target",
          elsewhere=lambda e, o, r: reply(401, b"{}", WWW_Authenticate='Basic realm="mine"')),
        m("upload down to http", "from https down to http://", uploads_go(upload_away), side="target", tls="reg.localhost"),
        m("upload to a file", "no address of http or https", uploads_go("file:///tmp/x"), side="target"),
        m("upload to nowhere", "does not say where to go: 202", at("POST", reply(202)), side="target"),
        m("upload that is sent on", "answers 307", goes_to("PUT", upload_away), side="target"),
        m("stored under another digest", "with the digest nonsense?[0m instead of", side="target",
          does=lambda e, o, r: reply(201, Docker_Content_Digest="nonsense\x1b[0m") if r.method == "PUT" and "/manifests/" in r.path else None),
        # TLS.
        m("https", "copied", tls="reg.localhost", code=0),
        m("certificate that nobody vouches for", "certificate", tls="reg.localhost", known=False, never_at_evil=True),
        m("certificate of another name", "no alternative certificate subject name matches", tls="reg.localhost",
          name_of_evil="127.evil.localhost", never_at_evil=True),
        m("certificate that is over", "certificate has expired", tls="old.localhost", never_at_evil=True),
        m("http where https should be", "say --insecure reg.localhost:", name_of_evil="reg.localhost", never_at_evil=True),
        m("a name that begins like loopback", "say --insecure 127.evil.localhost:", name_of_evil="127.evil.localhost",
          never_at_evil=True),
        m("a name that begins like localhost", "say --insecure localhost.localhost:", name_of_evil="localhost.localhost",
          never_at_evil=True),
    ]


class HostileRegistry(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.work.cleanup)
        cls.certificates = make_certificates(cls.work.name)

    def call(self, directory, *args, umask=-1, **env):
        clean = {k: v for k, v in os.environ.items() if not k.startswith("CLUSTERCTL_") and not k.endswith("_proxy")}
        return subprocess.run([BINARY, *args], cwd=directory, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, text=True, umask=umask,
                              env=dict(clean, HOME=directory, XDG_STATE_HOME=directory, NO_COLOR="1", **env))

    def inventory(self, directory, image="127.0.0.1:1"):
        with open(directory + "/i.yml", "w") as f:
            f.write("cluster: x\nversions: {zookeeper: 3.8.0}\nmasters: [{name: m1, address: 192.0.2.1}]\n"
                    f"images: {{registry: {image}}}\n")
        return directory + "/i.yml"

    def run_mode(self, mode):
        directory = tempfile.mkdtemp(dir=self.work.name)
        evil, other = None, None
        name = mode.name_of_evil or mode.tls or "127.0.0.1"
        other = Server((lambda r: mode.elsewhere(evil, other, r)) if mode.elsewhere else None,
                       name=mode.other_tls or "127.0.0.1", certificate=self.certificates.get(mode.other_tls))
        evil = Server((lambda r: mode.does(evil, other, r)) if mode.does else None, name=name, login=mode.does is None,
                      certificate=self.certificates.get(mode.tls), full=mode.side == "source")
        good = Server(full=mode.side != "source")
        with open(directory + "/config.json", "w") as f:
            json.dump({"auths": {evil.address: {"auth": BASIC.split()[1]}}}, f)
        source, target = (evil, good) if mode.side == "source" else (good, evil)
        env = {"SSL_CERT_FILE": self.certificates["authority"]} if mode.known else {}
        p = self.call(directory, "images", "mirror", self.inventory(directory), "--from", source.address, "--to", target.address,
                      DOCKER_CONFIG=directory, **env)
        for server in (evil, other, good):
            server.close()
        said = p.stdout + p.stderr
        self.assertEqual(p.returncode, mode.code, said)
        self.assertIn(mode.words, said)
        # Whatever it did: our login was seen nowhere else, nothing of it was shown, and nothing was painted.
        self.assertEqual(other.saw_login(), [] if mode.login != "token server" else [r.path for r in other.log])
        self.assertEqual(good.saw_login(), [])
        self.assertNotIn(PASSWORD, said)
        self.assertNotIn(BASIC.split()[1], said)
        self.assertEqual(re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", said), [])
        self.assertLess(len(said), 3000)
        for headers in [r.headers for server in (evil, other, good) for r in server.log]:
            self.assertNotIn("x-more", headers)
        if mode.never_at_evil:
            self.assertEqual(evil.log, [])
            self.assertTrue(mode.tls or set(evil.first_bytes) <= {b"\x16"}, "it was not TLS that was spoken")
        if mode.moved:
            self.assertTrue(other.log)
        if mode.code == 0:
            self.assertEqual(target.tags.get("3.8.0"), MANIFEST)
        elif mode.side == "source":
            self.assertEqual(target.tags, {})

    def test_every_mode(self):
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            results = [(mode, pool.submit(self.run_mode, mode)) for mode in mode_table()]
            for mode, result in results:
                with self.subTest(mode.name):
                    result.result()

    def test_a_token_hides_no_word_of_the_program(self):
        for token in ("zookeeper:", '"schema":', '":', "sha256:", "127.0.0.1", '\\n"},', '"clusterctl.images/1"', "a" * 64):
            directory = tempfile.mkdtemp(dir=self.work.name)
            evil, good = Server(lambda r: token_is(token)(evil, None, r)), Server(full=False)
            p = self.call(directory, "images", "mirror", self.inventory(directory), "--from", evil.address, "--to", good.address, "-o", "json",
                          DOCKER_CONFIG=directory)
            for server in (evil, good):
                server.close()
            with self.subTest(token):
                self.assertEqual(p.returncode, 0, p.stderr)
                document = json.loads(p.stdout)
                self.assertEqual((document["schema"], document["images"][0]["digest"]), ("clusterctl.images/1", digest_of(MANIFEST)))
                self.assertIn(f"{good.address}/zookeeper:3.8.0", document["images"][0]["target"])
                self.assertNotIn("[redacted]", p.stdout + p.stderr)

    def test_an_archive_is_its_owners_alone(self):
        link = "cannot be written: Too many levels of symbolic links"
        not_ours = "is there already and is no plain file of ours; remove it, or say another name"

        def owned(file, content="old", uid=os.geteuid()):
            with open(file, "w") as f:
                f.write(content)
            os.chmod(file, 0o644)
            os.chown(file, uid, -1)

        def stamps(*files):
            return [(s.st_mode, s.st_uid, s.st_size) for s in map(os.lstat, files)]

        for what, lay, refused in [
                ("nothing", lambda part, other: None, ""),
                ("what a run before this left, open to all", lambda part, other: owned(part, "old" * 100_000), ""),
                ("a link to a file of ours", lambda part, other: os.symlink(other, part), link),
                ("a link to nothing", lambda part, other: os.symlink(other + "2", part), link),
                ("another name of a file of ours", lambda part, other: os.link(other, part), not_ours),
                ("somebody else's file", lambda part, other: owned(part, uid=NOBODY), not_ours),
                ("a pipe that nobody reads", lambda part, other: os.mkfifo(part), "cannot be written: No such device or address")]:
            with self.subTest(what):
                directory = tempfile.mkdtemp(dir=self.work.name)
                archive, other, seen = directory + "/images.tar", directory + "/other", []
                owned(other, "kept")
                lay(archive + ".part", other)
                laid = stamps(archive + ".part", other) if refused else None
                source = Server(lambda r: r.is_blob(LAYER) and seen.append(os.stat(archive + ".part").st_mode) or None)
                p = self.call(directory, "images", "save", archive, self.inventory(directory), "--from", source.address,
                              umask=0, DOCKER_CONFIG=directory)
                source.close()
                with open(other) as f:
                    self.assertEqual(f.read(), "kept")
                self.assertFalse(os.path.exists(other + "2"))
                if refused:
                    self.assertEqual(p.returncode, 1, p.stdout + p.stderr)
                    self.assertIn(f"{archive}.part {refused}", p.stderr)
                    self.assertEqual(stamps(archive + ".part", other), laid)
                    self.assertFalse(os.path.exists(archive))
                else:
                    self.assertEqual(p.returncode, 0, p.stdout + p.stderr)
                    self.assertEqual([oct(mode) for mode in {*seen, os.stat(archive).st_mode}], ["0o100600"])
                    self.assertEqual(len(seen), 1)
                    with tarfile.open(archive) as tar:
                        self.assertIn("blobs/sha256/" + digest_of(LAYER).split(":")[1], tar.getnames())
                    self.assertFalse(os.path.exists(archive + ".part"))

    def test_names_that_are_no_images(self):
        for image in ("127.0.0.1:1/../x", "127.0.0.1:1/x?y=z", "a@b:1/x", "127.0.0.1:1/x#y", "127.0.0.1:1/%2e%2e", "'127.0.0.1:1/x\\ny'"):
            p = self.call(self.work.name, "images", "list", self.inventory(self.work.name, image))
            self.assertEqual(p.returncode, 2, p.stdout + p.stderr)
        for prefix in ("http://127.0.0.1:1", "127.0.0.1:1/a b", "127.0.0.1:99999999", "127.0.0.1:1\n"):
            p = self.call(self.work.name, "images", "mirror", self.inventory(self.work.name), "--to", prefix)
            self.assertEqual(p.returncode, 2, p.stdout + p.stderr)

    def test_dockers_configuration_is_never_shown(self):
        for broken in ('{"auths":{"127.0.0.1:1":{"auth":"c2VjcmV0OnNlY3JldA=="', '{"auths": c2VjcmV0OnNlY3JldA}', '["c2VjcmV0"]',
                       '{"auths":{"x":{"auth":"c2VjcmV0\nOnNlY3JldA=="}}}', '{"credsStore":"../c2VjcmV0"}'):
            evil = Server(lambda r: reply(401, b"", WWW_Authenticate='Basic realm="x"'))
            with open(self.work.name + "/config.json", "w") as f:
                f.write(broken)
            p = self.call(self.work.name, "images", "mirror", self.inventory(self.work.name), "--from", evil.address,
                          "--to", "127.0.0.1:1", DOCKER_CONFIG=self.work.name)
            evil.close()
            self.assertEqual(p.returncode, 1, p.stdout + p.stderr)
            self.assertIn("Docker's config.json", p.stderr)
            self.assertNotIn("c2VjcmV0", p.stdout + p.stderr)

    def test_a_helper_is_asked_and_that_is_said(self):
        with open(self.work.name + "/docker-credential-mine", "w") as f:
            f.write('#!/bin/sh\nread name\necho \'{"Username":"mia","Secret":"' + PASSWORD + '"}\'\n')
        os.chmod(f.name, 0o755)
        source, target = Server(login=True), Server(full=False)
        with open(self.work.name + "/config.json", "w") as f:
            json.dump({"credHelpers": {source.address: "mine"}}, f)
        p = self.call(self.work.name, "images", "mirror", self.inventory(self.work.name), "--from", source.address,
                      "--to", target.address, DOCKER_CONFIG=self.work.name, PATH=self.work.name + ":" + os.environ["PATH"])
        self.assertEqual(p.returncode, 0, p.stderr)
        self.assertIn(f"asking docker-credential-mine, as {self.work.name}/config.json says, for the login at", p.stderr)
        self.assertNotIn(PASSWORD, p.stdout + p.stderr)

    def test_the_blobs_of_an_archive_travel_in_its_order(self):
        blobs = [f"layer {i}".encode() * 1000 for i in range(12)]
        images = {f"{name}:1": text(manifest(layers=[described(b) for b in reversed(blobs[first:])]))
                  for name, first in (("a", 0), ("b", 4), ("c", 8))}
        index = text({"manifests": [described(m, annotations={"io.containerd.image.name": "docker.io/library/" + name})
                                    for name, m in images.items()]})
        parts = {"index.json": index} | {"blobs/sha256/" + digest_of(d).split(":")[1]: d for d in [*blobs, CONFIG, *images.values()]}
        for mode in ("w", "w:gz", "w:xz"):
            directory = tempfile.mkdtemp(dir=self.work.name)
            with tarfile.open(directory + "/images.tar", mode) as tar:
                for name, data in parts.items():
                    entry = tarfile.TarInfo(name)
                    entry.size = len(data)
                    tar.addfile(entry, io.BytesIO(data))
            target = Server(full=False)  # it mounts nothing, so that what images share is sent for each
            p = self.call(directory, "images", "load", directory + "/images.tar", "--to", target.address, DOCKER_CONFIG=directory)
            target.close()
            self.assertEqual(p.returncode, 0, p.stdout + p.stderr)
            sent = [r.body for r in target.log if r.method in ("PUT", "PATCH") and "/uploads/" in r.path and r.body]
            self.assertEqual(set(sent), {*blobs, CONFIG})
            places = [(blobs + [CONFIG]).index(body) for body in sent]
            if mode != "w":  # by one reader: again from the beginning once for each image that shares them, and not for each blob
                self.assertLessEqual(sum(a > b for a, b in zip(places, places[1:])), 2, places)


if __name__ == "__main__":
    unittest.main(verbosity=2)
