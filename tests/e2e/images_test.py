"""The images of an inventory, between registries, archives, an engine and a host: always the same digests."""
import json
import os
import signal
import subprocess
import threading
import unittest

from cluster import Cluster, docker, say, wait_for
from registries import DOCKER, INDEX, OCI, Node, Proxy, Registry, digest_of, layer

c = Cluster("images")
REPO = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LABEL = f"clusterctl.test=images-{os.getpid()}"
NAMES = {"zookeeper": ("zookeeper", "3.9.3"), "consul": ("consul", "1.10.12"), "bind": ("example/named", "v1")}
BIG = 20_000_000  # more than two pieces of an upload


def bytes_of(path):
    with open(path, "rb") as f:
        return f.read()


class Images(unittest.TestCase):
    """The tests run in the order of their names and build on each other."""

    @classmethod
    def setUpClass(cls):
        subprocess.run([REPO + "/images/build", "docker-registry=2.8.2", "node=1"], check=True)
        cls.a, cls.c = (Registry.start("registry:2.8.2", LABEL) for _ in range(2))
        cls.node = Node(LABEL, c.dir)
        cls.b, cls.b_address = cls.node.registry, cls.node.registry_address
        big, shared, own = layer("big", BIG, 1), layer("shared", 700_000, 2), layer("own", 300_000, 3)
        cls.big, cls.shared, cls.own = (digest_of(packed) for _, packed in (big, shared, own))
        cls.a.put_image("zookeeper", "3.9.3", [shared, big])
        entries = [cls.a.put_image("consul", None, [shared, own], OCI, arch) for arch in ("arm64", "amd64")]
        cls.amd64 = entries[1]["digest"]
        cls.a.put_manifest("consul", "1.10.12", {"schemaVersion": 2, "mediaType": INDEX, "manifests": entries})
        cls.a.put_image("example/named", "v1", [shared], DOCKER)
        cls.wanted = {n: cls.a.digest(*NAMES[n]) for n in NAMES}
        cls.wanted["consul"] = cls.amd64
        cls.use(f"images: {{registry: {cls.a.address}, bind: {cls.a.address}/example/named:v1}}\n")

    @classmethod
    def tearDownClass(cls):
        found = docker("ps", "-aq", "--filter", "label=" + LABEL).split()
        docker("rm", "--force", "--volumes", *found)
        docker("network", "rm", *docker("network", "ls", "-q", "--filter", "label=" + LABEL).split())

    @classmethod
    def use(cls, images):
        """An inventory of the node with these images."""
        c.write(f"cluster: images\nssh: {{user: root, key: {cls.node.key}, config: none, host_key: accept-new, "
                f"known_hosts: {c.dir}/known_hosts}}\n"
                "versions: {zookeeper: 3.9.3, consul: 1.10.12, bind: 9.18}\n"
                f"masters: [{{name: master1, address: {cls.node.address}}}]\n" + images)

    def copied(self, result):
        return {i["image"]: i["copied"] for i in result.json()["images"]}

    def same(self, registry, prefix=""):
        """Everything that the inventory needs stands there with the digests of A."""
        for name, (repository, tag) in NAMES.items():
            self.assertEqual(registry.digest(prefix + repository, tag), self.wanted[name], prefix + repository)

    def mirror(self, to, *more, **how):
        return c.run("images", "mirror", "--to", to, "-o", "json", *more, **how)

    def test_01_list_names_each_image_once(self):
        images = {i["image"]: i for i in c.run("images", "list", "-o", "json").json()["images"]}
        self.assertEqual(set(images), {"zookeeper:3.9.3", "consul:1.10.12", "example/named:v1"})
        self.assertEqual(images["consul:1.10.12"]["reference"], self.a.address + "/consul:1.10.12")
        self.assertEqual(images["consul:1.10.12"]["uses"],
                         [{"component": "consul", "version": "1.10.12", "hosts": ["master1"]}])
        only = c.run("images", "list", "--component", "bind").out
        self.assertIn("example/named:v1", only)
        self.assertNotIn("consul", only)

    def test_02_plain_http_is_said(self):
        r = self.mirror(self.b_address, expect=1)
        self.assertIn(f"--insecure {self.b_address}", r.err)
        self.assertIn("Docker Hub", self.mirror("registry", expect=2).err)

    def test_03_a_damaged_blob_is_refused(self):
        self.a.damage(self.own)
        r = self.mirror(self.b_address, "--insecure", self.b_address, expect=6)
        self.assertIn(f"{self.a.address}/consul:1.10.12", r.err)
        self.assertIn(self.own, r.err)
        self.assertEqual({i["image"]: i["state"] for i in r.json()["images"]},
                         {"zookeeper:3.9.3": "copied", "consul:1.10.12": "failed", "example/named:v1": "copied"})
        self.assertFalse(self.b.has_blob("consul", self.own))
        self.assertIsNone(self.b.digest("consul", "1.10.12"))
        self.a.damage(self.own)

    def test_04_only_what_is_missing_is_copied(self):
        r = self.mirror(self.b_address, "--insecure", self.b_address)
        self.assertEqual([n for n, count in self.copied(r).items() if count], ["consul:1.10.12"])
        self.same(self.b)
        again = self.mirror(self.b_address, "--insecure", self.b_address)
        self.assertEqual({i["state"] for i in again.json()["images"]}, {"present"})
        self.assertEqual(set(self.copied(again).values()), {0})

    def test_05_a_host_pulls_from_the_mirror(self):
        lines = self.mirror(self.b_address, "--insecure", self.b_address).json()["inventory"]
        self.use(lines)
        before = self.node.on("docker", "ps", "-aq")
        missing = {i["reference"]: i["missing"] for i in c.run("images", "list", "--hosts", "-o", "json").json()["images"]}
        self.assertEqual(missing, {f"{self.b_address}/{r}:{t}": ["master1"] for r, t in NAMES.values()})
        r = c.run("images", "pull", "--progress", "plain")
        self.assertIn(f"{self.b_address}/consul:1.10.12", r.err)
        for name, (repository, _) in NAMES.items():
            digests = self.node.on("docker", "images", "--no-trunc", "--format", "{{.Digest}}", f"{self.b_address}/{repository}")
            self.assertEqual(digests.split(), [self.wanted[name]])
        self.assertEqual(self.node.on("docker", "ps", "-aq"), before)
        self.assertIn("nothing to pull", c.run("images", "pull").out)
        self.assertIn("all", c.run("images", "list", "--hosts").out)

    def test_06_a_killed_copy_goes_on(self):
        proxy = Proxy(self.a)
        proxy.hold[self.big] = threading.Event()
        to = self.c.address + "/killed"
        p = c.start("images", "mirror", "--to", to, "--from", proxy.address)
        wait_for("the other blobs", lambda: self.c.has_blob("killed/consul", self.own))
        p.send_signal(signal.SIGKILL)
        p.communicate()
        proxy.hold[self.big].set()
        del proxy.hold[self.big]
        self.assertIsNone(self.c.digest("killed/zookeeper", "3.9.3"))
        proxy.log.clear()
        self.mirror(to, "--from", proxy.address)
        fetched = {path.rsplit("/", 1)[-1] for method, path, _ in proxy.log if method == "GET" and "/blobs/" in path}
        self.assertIn(self.big, fetched)
        self.assertNotIn(self.own, fetched)
        self.same(self.c, "killed/")

    def test_07_a_broken_connection_is_taken_up(self):
        proxy = Proxy(self.a)
        proxy.cut[self.big] = 5_000_000
        proxy.busy = 2
        self.mirror(self.c.address + "/cut", "--from", proxy.address)
        self.same(self.c, "cut/")
        ranges = [r for method, path, r in proxy.log if method == "GET" and path.endswith(self.big)]
        self.assertEqual(len(ranges), 2)
        self.assertIsNone(ranges[0])
        self.assertRegex(ranges[1], "^bytes=[1-9][0-9]*-$")

    def test_08_passwords_and_tokens(self):
        config = os.path.join(c.dir, "docker")
        os.makedirs(config, exist_ok=True)
        for scheme in ("basic", "bearer"):
            source, target = Proxy(self.a), Proxy(self.c)
            source.scheme = target.scheme = scheme
            args = (f"{target.address}/{scheme}", "--from", source.address)
            say(f"{scheme}: without and with a login")
            with open(config + "/config.json", "w") as f:
                f.write("{}")
            c.env["DOCKER_CONFIG"] = config
            r = self.mirror(*args, expect=1)
            self.assertIn(f"docker login {source.address}", r.err)
            with open(config + "/config.json", "w") as f:
                auth = source.basic().split()[1]
                json.dump({"auths": {p.address: {"auth": auth} for p in (source, target)}}, f)
            r = self.mirror(*args)
            self.assertNotIn("s3cret", r.out + r.err)
            self.same(self.c, scheme + "/")
        del c.env["DOCKER_CONFIG"]

    def test_09_all_platforms_keeps_the_list(self):
        self.mirror(self.c.address + "/all", "--from", self.a.address, "--all-platforms", "--component", "consul")
        self.assertEqual(self.c.digest("all/consul", "1.10.12"), self.a.digest("consul", "1.10.12"))

    def test_10_save_and_load(self):
        file = os.path.join(c.dir, "images.tar")
        c.run("images", "save", file, "--from", self.a.address)
        first = bytes_of(file)
        c.call("images", "load", file, "--to", self.c.address + "/loaded", "-o", "json")
        self.same(self.c, "loaded/")
        again = c.call("images", "load", file, "--to", self.c.address + "/loaded", "-o", "json")
        self.assertEqual(set(self.copied(again).values()), {0})

        say("the same images make the same file, and an engine takes it, too")
        c.run("images", "save", file, "--from", self.a.address)
        self.assertEqual(bytes_of(file), first)
        on_host = [f"{self.b_address}/{r}:{t}" for r, t in NAMES.values()]
        ids = self.node.on("docker", "inspect", "-f", "{{.Id}}", *on_host)
        self.node.on("docker", "rmi", *on_host)
        p = subprocess.run(["docker", "exec", "-i", self.node.container, "docker", "load"], input=first, capture_output=True)
        self.assertEqual(p.returncode, 0, p.stderr)
        self.assertEqual(self.node.on("docker", "inspect", "-f", "{{.Id}}", *on_host), ids)

        say("a damaged archive is refused, and a file that is none")
        at = first.rindex(b"blobs/sha256/" + self.own.split(":")[1].encode()) + 512 + 100
        with open(file, "wb") as f:
            f.write(first[:at] + bytes([first[at] ^ 1]) + first[at + 1:])
        r = c.call("images", "load", file, "--to", self.c.address + "/damaged", expect=6)
        self.assertIn(self.own, r.err)
        self.assertIsNone(self.c.digest("damaged/consul", "1.10.12"))
        r = c.call("images", "load", c.inventory, "--to", self.c.address, expect=1)
        self.assertIn("inventory.yml", r.err)

    def test_11_a_save_that_fails_leaves_no_file(self):
        file = os.path.join(c.dir, "never.tar")
        self.a.damage(self.own)
        r = c.run("images", "save", file, "--from", self.a.address, expect=1)
        self.a.damage(self.own)
        self.assertIn(self.own, r.err)
        self.assertEqual([n for n in os.listdir(c.dir) if n.startswith("never")], [])

    def test_11b_an_interrupted_save_leaves_no_file_and_a_second_one_is_told(self):
        file, link = os.path.join(c.dir, "half.tar"), os.path.join(c.dir, "half.link")
        os.symlink(file, link)
        self.assertIn("is a link that leads nowhere", c.run("images", "save", link, expect=2).err)
        proxy = Proxy(self.a)
        proxy.hold[self.big] = threading.Event()
        p = c.start("images", "save", file, "--from", proxy.address)
        wait_for("the part", lambda: os.path.exists(file + ".part") and os.path.getsize(file + ".part") > 0)
        self.assertIn("is being written by another run", c.run("images", "save", file, "--from", self.a.address, expect=5).err)
        p.send_signal(signal.SIGINT)
        self.assertIn("interrupted; no archive was written", p.communicate()[1])
        self.assertEqual(p.returncode, 130)
        proxy.hold[self.big].set()
        self.assertEqual([n for n in os.listdir(c.dir) if n.startswith("half.tar")], [])
        os.remove(link)

    def test_12_push_takes_what_the_engine_here_has(self):
        to = self.c.address + "/pushed"
        self.use(f"images: {{registry: {self.a.address}, bind: {self.a.address}/example/named:v1}}\n")
        r = c.run("images", "push", "--to", to, "--component", "bind", expect=1)
        self.assertIn("images mirror", r.err)
        here = [f"{self.a.address}/{r}:{t}" for r, t in (NAMES["zookeeper"], NAMES["bind"])]
        try:
            for name in here:
                docker("pull", name)
            r = c.run("images", "push", "--to", to, "--component", "zookeeper,bind", "-o", "json")
            for image in r.json()["images"]:
                repository, tag = image["image"].split(":")
                self.assertEqual(self.c.digest(repository, tag), image["digest"])
            self.assertEqual(docker("images", "-q", f"{to}/zookeeper"), "")
        finally:
            docker("rmi", *here, check=False)


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=True)
