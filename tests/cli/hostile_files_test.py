"""Files of this machine that another of its users has laid: links and second names, where others write as in /tmp."""
import os
import unittest

from caller import Caller

NOBODY = 65534
NOT_FOLLOWED = f'"way" is a symbolic link of uid {NOBODY}, in a directory where others write; it is not followed'


@unittest.skipUnless(os.geteuid() == 0, "needs root to be somebody else")
class HostileFiles(Caller):
    def setUp(self):
        super().setUp()
        self.shared = self.path("shared")
        os.mkdir(self.shared)
        os.chmod(self.shared, 0o1777)
        os.mkdir(self.path("victim"), 0o755)

    def lay(self, name, to, uid=NOBODY):
        """A link where others write."""
        way = os.path.join(self.shared, name)
        os.symlink(to, way)
        os.lchown(way, uid, uid)
        return way

    def ssh_inventory(self, key, file):
        return self.path(key + ".yml", "cluster: x\nmasters: [{name: m1, address: 192.0.2.1}]\n"
                                       f"versions: {{zookeeper: 3.8.0}}\nssh: {{{key}: {file}}}\n")

    def test_what_a_login_goes_by_is_not_read_behind_a_link_of_theirs(self):
        os.chmod(self.path("victim/secret", "s\n"), 0o600)
        self.lay("way", self.path("victim"))
        self.lay("ours", self.path("victim"), 0)
        for key in ("password_file", "key", "config"):
            for way, good in (("way", False), ("ours", True)):
                file = f"{self.shared}/{way}/secret"
                p = self.call("validate", self.ssh_inventory(key, file), code=0 if good else 2)
                self.assertEqual(f'{key} "{file}" cannot be read: {NOT_FOLLOWED}' in p.stderr, not good, (key, way, p.stderr))

    def test_a_sandbox_is_not_kept_behind_a_link_of_theirs(self):
        way = self.lay("way", self.path("victim"))
        for command in ("up", "status", "down"):
            for place in (way, way + "/new", way + "/new/deep/"):
                p = self.call("sandbox", command, "--dir", place, code=2)
                self.assertIn(f"cannot be written: {NOT_FOLLOWED}: name another place\n", p.stderr)
        self.assertEqual(os.listdir(self.path("victim")), [])

    def test_nothing_is_made_behind_a_link_of_theirs(self):
        way = self.lay("way", self.path("victim"))
        inventory = self.ssh_inventory("user", "root")
        for command in (["init", way + "/new.yml"], ["init", way + "/new/deep/"], ["render", inventory, "-d", way + "/new/deep"]):
            self.assertIn(f"cannot be written: {NOT_FOLLOWED}: name another place\n", self.call(*command, code=2).stderr)
        self.assertEqual(os.listdir(self.path("victim")), [])
        os.symlink(self.path("victim"), self.path("ours"))
        self.call("init", "ours/new/deep/")
        self.assertEqual(os.listdir(self.path("victim/new/deep")), ["inventory.yml"])

    def test_no_second_name_that_they_have_given_is_a_log(self):
        self.call("validate", self.ssh_inventory("user", "root"), "--log-file", "log")
        os.link(self.path("log"), self.shared + "/log")
        p = self.call("validate", self.path("user.yml"), "--log-file", self.shared + "/log", code=2)
        self.assertIn("cannot be written: it has 2 names and is of uid 0, in a directory where others write: name another place", p.stderr)

    def test_a_configuration_of_ssh_that_they_have_written_runs_nothing(self):
        os.mkdir(self.path(".ssh"), 0o700)
        for file, inventory in ((self.path(".ssh/config"), self.ssh_inventory("user", "root")),
                                (self.path("theirs"), self.ssh_inventory("config", self.path("theirs")))):
            with open(file, "w") as f:
                f.write(f"Match exec \"touch {self.path('ran')}\"\n User mallory\n")
            os.chmod(file, 0o666)
            for uid, said in ((NOBODY, f"it belongs to uid {NOBODY}, whose words it may be; look at it, then chown 0 {file}"),
                              (0, f"it may be changed by others (mode 0666); look at it, then chmod go-w {file}")):
                os.chown(file, uid, -1)
                p = self.call("plan", inventory, code=4)
                self.assertIn(f"OpenSSH's configuration is not read: {file}: {said}; `ssh: {{config: none}}` does without it", p.stdout + p.stderr)
                self.assertFalse(os.path.exists(self.path("ran")))
            os.unlink(file)


if __name__ == "__main__":
    unittest.main()
