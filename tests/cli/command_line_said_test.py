"""What the command line says of a wrong line, how wide, to whom, and what it never shows."""
import json
import os
import shutil
import subprocess
import unittest

from caller import BINARY, EXAMPLE, Caller

HOSTILE = "a\x1b[31m\u202eb\u200b\x9bc"
SHOWN = "a\\x1b[31m\\u202eb\\u200b\\u009bc"
SECRETS = ["pass-in-env-1", "pass-in-flag-2", "pass-in-var3", "QmFzZTY0LWtleS1vZi0xNg=="]
WITH_SECRETS = """cluster: x
style: STYLE
masters: [{name: m1, address: 192.0.2.1}, {name: m2, address: 192.0.2.2}, {name: m3, address: 192.0.2.3}]
lbs: [{name: l1, address: 192.0.2.9}, {name: l2, address: 192.0.2.10}]
versions: {zookeeper: 3.8.0, mesos: 1.0.1, marathon: 1.4.11, consul: 1.8.7, keepalived: 2.0.20}
components:
  mesos-slave: {enabled: false}
  marathon: {env: {DB_PASSWORD: pass-in-env-1}, flags: {mesos_authentication_secret: pass-in-flag-2}}
  keepalived: {vars: {vip: 192.0.2.99/24, auth_pass: pass-in-var3}}
  consul: {vars: {encrypt: QmFzZTY0LWtleS1vZi0xNg==}}
MORE"""


class Said(Caller):
    def test_every_sentence_about_a_line_is_ours(self):
        for args, says in [
                (["plan", "-i", "a", "-i", "b"], "--inventory is given 2 times; say the one that is meant"),
                (["plan", "-c", "1", "-c", "2"], "--concurrency is given 2 times"),
                (["plan", "--color", "auto", "--color=auto"], "--color is given 2 times"),
                (["plan", "-i"], "--inventory wants a value behind it"),
                (["plan", "-l"], "--limit wants a value behind it"),
                (["plan", "--yes=maybe"], '--yes: "maybe" is not what it takes'),
                (["sandbox", "up", "--masters", "3x"], '--masters: "3x" is not what it takes: a whole number'),
                (["init", "a", "b"], 'unknown word "b"'),
                (["init", "--example", "hq"], '--example: "hq" is none of ha, single, did you mean "ha"?'),
                (["completion", "tcsh"], 'shell: "tcsh" is none of bash, zsh, fish'),
                (["-v=x", "plan"], 'unknown option "-v=x"'),
                (["plan", "-zq"], 'unknown option "-zq"'),
                (["app", "scale"], "id is required"),
                (["plan", EXAMPLE, "-l", ","], '--limit: "," has an empty part'),
                (["plan", EXAMPLE, "-l", "slave101,"], '--limit: "slave101," has an empty part'),
                (["plan", EXAMPLE, "-l", ""], "--limit: it is empty"),
                (["plan", EXAMPLE, "--component", "marathon,,consul"], '--component: "marathon,,consul" has an empty part'),
                (["check", EXAMPLE, "--only", ",vip.free"], '--only: ",vip.free" has an empty part'),
                (["plan", EXAMPLE, "--playbooks", "/nodir"], '--playbooks: there is no directory "/nodir"'),
                (["plan", EXAMPLE, "--playbooks", "/etc/passwd"], '--playbooks: "/etc/passwd" is no directory'),
                (["plan", EXAMPLE, "--playbooks", ""], "--playbooks: the name of the directory is empty"),
                (["plan", EXAMPLE, "--data", "/nodir"], "--data /nodir has no directory playbooks"),
                (["check", EXAMPLE, "--only", "vip.free", "--skip", "vip.free"],
                 '--skip takes away every check that --only names: "vip.free"'),
                (["plan", EXAMPLE, "--offline", "-l", "@lbs"],
                 'group "lbs" has no host; groups with hosts: @masters (3), @slaves (2), @hosts (1)'),
                (["help", "up", "-o", "json"], "help prints no JSON; leave -o json out"),
                (["up", "--help", "-o", "json"], "help prints no JSON; leave -o json out"),
                (["--version", "-o", "json"], "clusterctl version -o json does")]:
            p = self.call(*args, code=2)
            if "json" not in args:
                self.assertEqual(p.stdout, "", args)
            self.assertIn(says, p.stderr, args)
            for theirs in ("At Most", "At Least", "required ", "Could not convert", "not in {", "Expected"):
                self.assertNotIn(theirs, p.stderr.replace("is required", ""), args)
        p = self.call("plan", EXAMPLE, code=2, CLUSTERCTL_LIMIT=",")
        self.assertIn('--limit: "," has an empty part, from CLUSTERCTL_LIMIT', p.stderr)

    def test_help_needs_no_data_and_all_else_says_that_it_is_not_there(self):
        lacks = "error: --data /nodir has no directory playbooks\n"
        for args in (["upgrade", EXAMPLE, "--zookeeper", "3.9.3"], ["upgrade"], ["upgrade", "--zookeper", "3"], ["completion", "bash"]):
            self.assertEqual(self.call("--data", "/nodir", *args, code=2).stderr, lacks, args)
            self.assertEqual(self.call(*args, code=2, CLUSTERCTL_DATA="/nodir").stderr, lacks, args)
        for args in (["upgrade", "--help"], ["completion", "--help"], ["help", "completion"], ["help", "upgrade"], ["help"]):
            p = self.call(*args, CLUSTERCTL_DATA="/nodir")
            self.assertIn("clusterctl", p.stdout)
            self.assertEqual(p.stderr, "")
        told = json.loads(self.call("upgrade", "-o", "json", code=2, CLUSTERCTL_DATA="/nodir").stdout)
        self.assertEqual((told["schema"], told["exit_code"]), ("clusterctl.error/1", 2))

    def test_what_is_wide_is_folded(self):
        commands = [[], ["up"], ["plan"], ["check"], ["upgrade"], ["down"], ["status"], ["logs"], ["app", "deploy"],
                    ["sandbox", "up"], ["images", "mirror"], ["init"], ["completion"]]
        for command in commands:
            for line in self.call(*command, "--help", COLUMNS="80").stdout.splitlines():
                self.assertLessEqual(len(line), 80, command)
        for line in self.call("check", "--list", COLUMNS="80").stdout.splitlines():
            self.assertLessEqual(len(line), 80)
        self.assertGreater(max(map(len, self.call("check", "--list").stdout.splitlines())), 80)

    def test_every_line_of_json_progress_is_json(self):
        bad = self.path("bad.yml", "cluster: x\nslave: []\nversions: {zookeeper: 9.9.9}\n")
        self.path("old.yml", "cluster: x\nmasters: [{name: m1, address: 127.0.0.1, ssh: {port: 1}}]\nversions: {zookeeper: 3.8.0}\n")
        for args, kinds in [(["validate", bad], {"error"}), (["statsu"], {"error"}),
                            (["plan", "old.yml"], {"error"}), (["plan", "old.yml", "-vv"], {"error", "log"}),
                            (["plan", "old.yml", "--color", "always"], {"error"}), (["init", "new.yml"], {"note"})]:
            p = self.call(*args, "--progress", "json", code={"init": 0, "plan": 4}.get(args[0], 2))
            events = [json.loads(line) for line in p.stderr.splitlines()]
            self.assertTrue(events, args)
            for event in events:
                self.assertRegex(event["time"], r"^\d{4}-\d\d-\d\dT[\d:.]+Z$")
                self.assertNotIn("\x1b", event.get("text", ""))
            self.assertLessEqual(kinds, {event["event"] for event in events}, args)

    def test_what_others_say_cannot_paint(self):
        name = HOSTILE + ".yml"
        self.path(name, "cluster: x\nslave: []\n")
        for args in (["validate", name], ["plan", name, "--offline"], ["plan", HOSTILE], ["down", "--cluster", HOSTILE], [HOSTILE],
                     ["plan", EXAMPLE, "-l", HOSTILE], ["check", "--only", HOSTILE], ["plan", EXAMPLE, "--playbooks", HOSTILE],
                     ["app", "deploy", HOSTILE], ["validate", name, "--progress", "json"], ["init", "no/" + HOSTILE + "/" + name]):
            p = self.call(*args, "--color", "always", "--log-file", "log", code=0 if args[0] == "init" else 2)
            text = p.stdout + p.stderr
            if "json" in args:
                self.assertTrue(text.isascii())
                continue
            self.assertIn(SHOWN, text, args)
            for sign in ("\u202e", "\u200b", "\x9b", "\x1b[31m\\u"):
                self.assertNotIn(sign, text, args)
        with open(self.path("log")) as f:
            log = f.read()
        self.assertIn(SHOWN, log)
        self.assertTrue(log.isascii())
        told = self.call("plan", HOSTILE, "-o", "json", code=2).stdout
        self.assertTrue(told.isascii())
        self.assertIn(HOSTILE, json.loads(told)["error"] + json.loads(told)["mistakes"][0]["file"])

    def test_secrets_are_shown_nowhere(self):
        for style in ("env", "files"):
            good = self.path("good.yml", WITH_SECRETS.replace("STYLE", style).replace("MORE", ""))
            bad = self.path("bad.yml", WITH_SECRETS.replace("STYLE", style).replace("auth_pass: pass-in-var3}", "auth_pass: pass-in-var3, vipp: 1}")
                            .replace("MORE", ""))
            broken = self.path("broken.yml", WITH_SECRETS.replace("STYLE", style).replace("MORE", "x: {password: pass-in-env-1]\n"))
            for args, code in [(["plan", good, "--offline", "-v"], 0), (["plan", good, "--offline", "-o", "json"], 0),
                               (["validate", good], 0), (["plan", good, "--offline", "-v", "--color", "always"], 0),
                               (["validate", bad], 2), (["validate", bad, "-o", "json"], 2), (["validate", broken], 2),
                               (["validate", bad, "--progress", "json"], 2), (["plan", bad, "--offline", "-vv"], 2)]:
                p = self.call(*args, "--log-file", "run.log", code=code)
                with open(self.path("run.log")) as f:
                    text = p.stdout + p.stderr + f.read()
                for secret in SECRETS:
                    self.assertNotIn(secret, text, (style, args))
        self.assertIn("[redacted]", self.call("plan", good, "--offline", "-v").stdout)

    def test_a_secret_in_a_file_is_for_nobody_else(self):
        self.path("secret", "s\n")
        for key in ("password_file", "key"):
            inventory = self.path("i.yml", "cluster: x\nmasters: [{name: m1, address: 192.0.2.1}]\n"
                                           f"versions: {{zookeeper: 3.8.0}}\nssh: {{{key}: secret}}\n")
            for mode, good in ((0o644, False), (0o640, False), (0o604, False), (0o600, True), (0o400, True)):
                os.chmod(self.path("secret"), mode)
                p = self.call("validate", inventory, code=0 if good else 2)
                file = self.path("secret")
                said = f'{key} "{file}" may be read by others (mode {mode:04o}); chmod 600 {file}'
                self.assertEqual(said in p.stderr, not good, (key, oct(mode), p.stderr))

    def test_a_password_that_another_user_owns_is_theirs(self):
        secret = self.path("secret", "s\n")
        os.chmod(secret, 0o600)
        inventories = {key: self.path(key + ".yml", "cluster: x\nmasters: [{name: m1, address: 192.0.2.1}]\n"
                                                    f"versions: {{zookeeper: 3.8.0}}\nssh: {{{key}: secret}}\n")
                       for key in ("password_file", "key")}
        for key, uid, caller, good in (("password_file", 65534, "", False), ("password_file", 65534, "1000", False),
                                       ("password_file", 65534, "65534", True), ("password_file", 0, "", True), ("key", 65534, "", True)):
            os.chown(secret, uid, -1)
            p = self.call("validate", inventories[key], code=0 if good else 2, SUDO_UID=caller)
            said = f'password_file "{secret}" belongs to another user (uid 65534), who can read it; chown {os.geteuid()} {secret}'
            self.assertEqual(said in p.stderr, not good, (key, uid, caller, p.stderr))

    def test_dockers_config_is_never_shown(self):
        config = self.path("config.json", '{"auths": {"r:5000": {"auth": "bWU6c2VjcmV0cw=="}},\n "x": [}')
        for args in (["validate", config], ["app", "deploy", config], ["validate", config, "-o", "json"]):
            p = self.call(*args, code=2)
            self.assertNotIn("bWU6c2VjcmV0cw", p.stdout + p.stderr)

    @unittest.skipUnless(shutil.which("fish"), "fish is not installed")
    def test_fish_completes_what_the_others_do(self):
        self.path("p.yml", "cluster: p\nversions: {zookeeper: 3.8.0}\nmasters: [{name: m1, address: 192.0.2.1}]\n"
                           "slaves: [{name: s1, address: 192.0.2.2}]\n")
        script = self.call("completion", "fish").stdout
        os.makedirs(self.path("bin"))
        os.symlink(BINARY, self.path("bin/clusterctl"))
        env = dict(os.environ, HOME=self.dir, PATH=self.path("bin") + ":" + os.environ["PATH"])
        for line, wanted in {"up p.yml -l @": "@masters @slaves", "up p.yml -l m1,@s": "m1,@slaves", "init --example ": "ha single",
                             "help che": "check", "up --progress js": "json", "completion f": "fish"}.items():
            p = subprocess.run(["fish", "-N", "-c", script + f"complete -C 'clusterctl {line}'"], cwd=self.dir, env=env,
                               capture_output=True, text=True)
            words = [word.split("\t")[0] for word in p.stdout.splitlines()]
            self.assertEqual(sorted(set(words)), sorted(wanted.split()), (line, p.stderr))


if __name__ == "__main__":
    unittest.main(verbosity=2)
