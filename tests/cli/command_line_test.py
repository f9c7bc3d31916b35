"""The command line as a person meets it, without a host: what it says, where it says it, and the exit code."""
import json
import os
import shlex
import subprocess
import unittest

from caller import BINARY, EXAMPLE, Caller


def schema_of(text):
    return json.loads(text)["schema"]


class CommandLine(Caller):
    def test_a_wrong_word_is_told_with_the_nearest_right_one(self):
        for args, says in [
                (["statsu"], 'unknown command "statsu", did you mean "status"?'),
                (["plan", "--offlin"], 'unknown option "--offlin", did you mean "--offline"?'),
                (["up", "--allow-downgrad"], 'unknown option "--allow-downgrad", did you mean "--allow-downgrade"?'),
                (["plan", EXAMPLE, "--offline", "--component", "zookeper"],
                 'unknown component "zookeper", did you mean "zookeeper"?'),
                (["check", "--only", "port.fre"], 'did you mean "ports.free"?'),
                (["status", "-o", "yaml"], '--output: "yaml" is none of table, json'),
                ([], "a command is required"),
                (["render", EXAMPLE], "--dir is required; clusterctl render --help shows"),
                (["app", "scale", "/x", "y"], 'instances: "y" is no whole number from 0 to 100000'),
                (["up", "--timeout", "5m"], '--timeout: "5m" is no number of seconds from 0 to 86400'),
                (["app", "list", "-l", "s1"], "clusterctl app list takes no -l"),
                (["images", "save", "/dev/null", EXAMPLE], '"/dev/null" is no regular file'),
                (["images", "save", "/", EXAMPLE], '"/" is a directory'),
                (["images", "save", "-", EXAMPLE], "not to standard output"),
                (["apply"], 'unknown command "apply", did you mean "up"?'),
                (["destroy", EXAMPLE], 'unknown command "destroy", did you mean "down"?'),
                (["ps"], 'unknown command "ps", did you mean "status"?'),
                (["deploy"], 'unknown command "deploy", did you mean "app deploy"?'),
                (["app", "ls"], 'unknown word "ls", did you mean "list"?'),
                (["app", "delete", "/x"], 'unknown word "delete", did you mean "remove"?'),
                (["help", "upp"], 'unknown command "upp", did you mean "up"?'),
                (["up", "--dry-run"], 'unknown option "--dry-run"; clusterctl plan shows what up would do'),
                (["down", EXAMPLE, "--dry-run"], "up, upgrade and down show their plan before they ask"),
                (["sandbox", "status", "-i", EXAMPLE], "clusterctl sandbox status takes no -i"),
                (["version", "--cluster", "x"], "clusterctl version takes no --cluster"),
                (["logs", "zookeeper", EXAMPLE, "--component", "consul"], "clusterctl logs takes no --component: its component"),
                (["logs", "mesos-*", EXAMPLE], "mesos-* names mesos-master, mesos-slave; logs shows one component at a time"),
                (["plan", EXAMPLE, "--offline", "-l", "slve*"], 'no host matches "slve*"; known: master101'),
                (["plan", EXAMPLE, "--offline", "-l", "@slave"], 'unknown host "@slave", did you mean "@slaves"?'),
                (["upgrade", EXAMPLE, "--zookeeper", "abc", "--mesos", "1.0.1"], 'error: --zookeeper "abc": '),
                (["up", "-"], "only clusterctl validate reads an inventory from standard input")]:
            code = 3 if args[:1] == ["status"] else 2
            p = self.call(*args, code=code)
            self.assertIn(says, p.stderr)
            self.assertEqual(p.stdout, "")

    def test_every_mistake_at_once_with_its_place(self):
        p = self.call("validate", self.path("i.yml", "cluster: x\nslave: []\nversions: {zookeeper: 3.8}\nmaster: 1\n"), code=2)
        self.assertIn('i.yml:2:1: unknown key "slave", did you mean "slaves"?\nslave: []\n^\n', p.stderr)
        self.assertIn('i.yml:4:1: unknown key "master", did you mean "masters"?\n', p.stderr)
        self.assertIn(" mistakes in ", p.stderr.splitlines()[-1])
        self.assertEqual(p.stdout, "")

    def test_what_an_ensemble_hangs_on_cannot_be_set(self):
        start = "cluster: x\nmasters: [{name: m1, address: 192.0.2.1}]\nversions: {mesos: 1.0.1}\n"
        for how, key, why in (("flags: {quorum: 2}", "quorum", "it follows from the number of masters"),
                              ("env: {MESOS_QUORUM: 2}", "MESOS_QUORUM", "it follows from the number of masters"),
                              ("flags: {zk: null}", "zk", "it is the address of this cluster's ZooKeeper"),
                              ("flags: {registry: in_memory}", "registry", "another one forgets the slaves")):
            bad = self.path("i.yml", start + "components: {mesos-master: {%s}}\n" % how)
            self.assertIn(f'"{key}" of mesos-master cannot be set: {why}', self.call("validate", bad, code=2).stderr)

    def test_json_carries_what_went_wrong(self):
        bad = self.path("i.yml", "cluster: x\nslave: []\n")
        told = json.loads(self.call("validate", bad, "-o", "json", code=2).stdout)
        self.assertEqual(told["schema"], "clusterctl.error/1")
        self.assertEqual(told["exit_code"], 2)
        place = told["mistakes"][0]
        self.assertEqual((place["line"], place["column"]), (2, 1))
        self.assertEqual(place["text"], 'unknown key "slave", did you mean "slaves"?')
        for args, code in [(["status", "-i", bad], 3), (["statsu"], 2), (["plan", self.path("none.yml")], 2),
                           (["up"], 2), (["images", "mirror"], 2), (["app", "scale", "/x", "many"], 2)]:
            told = json.loads(self.call(*args, "-o", "json", code=code).stdout)
            self.assertEqual((told["schema"], told["exit_code"]), ("clusterctl.error/1", code), args)

    def test_a_command_without_json_says_so(self):
        for args in [["logs", "zookeeper", "-i", EXAMPLE], ["render", EXAMPLE, "-d", self.path("out")], ["init"],
                     ["completion", "bash"], ["sandbox", "up"]]:
            p = self.call(*args, "-o", "json", code=2)
            self.assertIn(" prints no JSON; leave -o json out", p.stderr)
        self.assertEqual(os.listdir(self.dir), [])

    def test_json_of_what_needs_no_host(self):
        self.assertEqual(schema_of(self.call("version", "-o", "json").stdout), "clusterctl.version/1")
        self.assertEqual(schema_of(self.call("check", "--list", "-o", "json").stdout), "clusterctl.checks/1")
        self.assertEqual(schema_of(self.call("images", "list", EXAMPLE, "-o", "json").stdout), "clusterctl.images/1")
        self.assertEqual(schema_of(self.call("validate", EXAMPLE, "-o", "json").stdout), "clusterctl.validate/1")
        plan = json.loads(self.call("plan", "--offline", EXAMPLE, "-o", "json").stdout)
        self.assertEqual(plan["schema"], "clusterctl.plan/1")
        self.assertGreater(plan["summary"]["create"], 0)
        self.assertEqual([leg["waves"] for leg in plan["legs"]], [[wave["number"] for wave in plan["waves"]]])

    def test_a_plan_tells_by_its_exit_code_whether_there_is_something_to_do(self):
        start = "cluster: x\nversions: {zookeeper: 3.8.0}\n"
        file = self.path("i.yml", start + "masters: [{name: m1, address: 192.0.2.1}]\nslaves: [{name: s1, address: 192.0.2.2}]\n")
        away = self.path("away.yml", start + "masters: [{name: m1, address: 127.0.0.1, ssh: {port: 1}}]\n")
        for args, code in [([file, "--offline"], 20), ([file, "--offline", "-o", "json"], 20), ([file, "--offline", "-l", "m1"], 20),
                           ([file, "--offline", "-l", "s1"], 0), ([away], 4), ([self.path("none.yml"), "--offline"], 2)]:
            told = self.call("plan", *args, "--detailed-exitcode", code=code)
            usual = self.call("plan", *args, code=0 if code == 20 else code)
            self.assertEqual((told.stdout, told.stderr), (usual.stdout, usual.stderr), args)
        self.call("plan", file, "--offline", code=20, CLUSTERCTL_DETAILED_EXITCODE="true")

    def test_version(self):
        self.assertEqual(self.call("--version").stdout, self.call("version").stdout)

    def test_init_starts_an_inventory_that_validates_and_overwrites_none(self):
        for example in ("ha", "single"):
            name = example + ".yml"
            self.call("init", "--example", example, name)
            self.assertIn("no mistakes", self.call("validate", name).stdout)
            self.assertIn("is there already", self.call("init", name, code=2).stderr)
        with open(self.path("ha.yml")) as f:
            self.assertEqual(self.call("init", "-").stdout, f.read())

    def test_render_writes_what_plan_names(self):
        self.call("render", EXAMPLE, "-d", "out", "--component", "zookeeper")
        found = [os.path.join(d, f) for d, _, files in os.walk(self.path("out")) for f in files]
        self.assertEqual(len([f for f in found if f.endswith("/etc/zookeeper/conf/zoo.cfg")]), 3, found)
        self.assertFalse([f for f in found if "marathon" in f])

    def test_without_an_inventory_and_a_memory(self):
        self.assertIn("CLUSTERCTL_INVENTORY is not set, there is no ./inventory.yml and no cluster is remembered; name one behind the command", self.call("plan", code=2).stderr)
        os.makedirs(self.path("state/clusterctl"))
        file = self.path("state/clusterctl/clusters.json")
        whole = '{"last": "x", "clusters": {'
        for spoilt, says in [
                ("", ":1:1: not JSON"), ("{", ":1:2: not JSON"), ("[]", ":1:1: it must be "), ('{\n  "last": "x",\n  x', ":3:"),
                ('{"last": 1}', ":1:10: it must be "), ('{"last": "x", "clusters": []}', ":1:27: it must be "),
                (whole + '"x": 1}}', ':1:33: the inventory of "x" must be a path')]:
            self.path("state/clusterctl/clusters.json", spoilt)
            for args in (["plan"], ["plan", "--cluster", "x"], ["down", "-y"]):
                said = self.call(*args, code=2).stderr
                self.assertIn(file + says, said, (spoilt, args))
                self.assertIn(": mend or remove it; or pass the inventory with -i", said)
            self.call("plan", "--offline", EXAMPLE)
        os.remove(file)
        os.mkdir(file)
        self.assertIn(file + " cannot be read: it is a directory", self.call("plan", code=2).stderr)
        os.rmdir(file)
        os.symlink("clusters.json", file)
        self.assertIn(file + " cannot be read: Too many levels", self.call("plan", code=2).stderr)
        os.remove(file)
        self.remember("prod", prod=EXAMPLE)
        for changed, mode, mended in [(file, 0o666, 0o644), (file, 0o602, 0o600), (os.path.dirname(file), 0o777, 0o755)]:
            os.chmod(changed, mode)
            said = self.call("plan", code=2).stderr
            self.assertIn(f"may be changed by others (mode {mode:04o}); look at it, then chmod go-w {changed}, so that what earlier", said)
            self.assertIn("; or pass the inventory with -i", said)
            self.call("plan", "--offline", EXAMPLE)
            os.chmod(changed, mended)
            self.call("plan", "--offline")
        os.remove(file)
        self.remember("x", x=self.path("gone.yml"))
        self.assertIn("which is gone; pass its new place with -i", self.call("plan", code=2).stderr)
        os.mkdir(self.path("gone.yml"))
        self.assertIn("gone.yml: cannot be read: it is a directory", self.call("plan", code=2).stderr)

    def test_of_many_mistakes_the_first_are_shown(self):
        head = "cluster: x\nversions: {zookeeper: 3.8.0}\nmasters: [{name: m, address: 192.0.2.1}]\n"
        for count, shown, more in [(1, 1, None), (100, 100, None), (101, 100, 1), (5000, 100, 4900)]:
            file = self.path("many.yml", head + "".join(f"unknown{i}: 1\n" for i in range(count)))
            for args in (["validate", file], ["plan", "--offline", "-i", file]):
                said = self.call(*args, code=2).stderr
                self.assertEqual(said.count("unknown key"), shown, args)
                self.assertEqual("and %s more\n" % more in said, more is not None, said[-300:])
                self.assertIn(f"{count} mistake{'' if count == 1 else 's'} in ", said)
            told = json.loads(self.call("validate", file, "-o", "json", code=2).stdout)
            self.assertEqual(len(told["mistakes"]), shown)

    def test_a_pipe_or_a_huge_file_is_refused_and_waited_for_by_nobody(self):
        inventory = "cluster: x\nversions: {zookeeper: 3.8.0, mesos: 1.4.1, marathon: 1.5.8}\nmasters: [{name: m, address: 192.0.2.1}]\n" \
                    "slaves: [{name: s, address: 192.0.2.2}]\n"
        good = self.path("good.yml", inventory)
        os.makedirs(self.path("state/clusterctl"))
        os.mkdir(self.path("playbooks"))
        pipe, huge = self.path("pipe"), self.path("huge")
        os.mkfifo(pipe)
        with open(huge, "w") as f:
            f.truncate(20 << 30)
        for file, why in [(pipe, "it is a pipe"), (huge, "it is larger than 16 MiB"), ("/dev/zero", "it is larger than 16 MiB")]:
            for args, place in [
                    (["validate", file], None),
                    (["plan", "-i", file], None),
                    (["app", "deploy", file, "-i", good], None),
                    (["plan"], "inventory.yml"),
                    (["plan"], "state/clusterctl/clusters.json"),
                    (["validate", good, "--playbooks", self.path("playbooks")], "playbooks/x.yml"),
                    (["validate", self.path("apps.yml", inventory + f"apps: [{{file: {file}}}]\n")], None)]:
                if place:
                    os.symlink(file, self.path(place))
                with self.subTest(args=args, place=place, file=file):
                    self.assertIn("cannot be read: " + why, self.call(*args, code=2).stderr)
                    if place:  # what TAB asks for
                        self.call("__complete", "hosts")
                if place:
                    os.remove(self.path(place))
        # What the caller hands over is read, be it a pipe.
        for command in ('exec "$0" validate - <"$1"', 'exec "$0" validate <(cat "$1")', 'cat "$1" | exec "$0" validate /dev/stdin'):
            p = subprocess.run(["bash", "-c", command, BINARY, good], cwd=self.dir, capture_output=True, text=True, timeout=60)
            self.assertEqual(p.returncode, 0, p.stderr)

    def test_what_it_writes_is_its_owners_alone_whatever_the_umask(self):
        def modes(paths):
            return {oct(os.stat(path).st_mode & 0o7777) for path in paths}

        for umask in (0, 0o022):
            self.addCleanup(os.umask, os.umask(umask))
            for command, place in ((["render", EXAMPLE, "-d"], "rendered/here"), (["init"], "begun/here/i.yml"), (["init"], "started/here/")):
                place = f"{umask:o}-{place}"
                with self.subTest(command=command[0], place=place):
                    self.call(*command, place)
                    made = list(os.walk(self.path(place.split("/")[0])))
                    self.assertEqual(modes(os.path.join(d, name) for d, _, names in made for name in names), {"0o600"})
                    self.assertEqual(modes(d for d, _, _ in made), {"0o700"})

    def test_render_goes_where_it_is_told(self):
        self.assertIn("--dir is empty", self.call("render", EXAMPLE, "-d", "", code=2).stderr)
        self.call("render", EXAMPLE, "-d", "out")
        self.path("out/old", "")
        self.assertIn("note: out holds 1 file that this render did not write", self.call("render", EXAMPLE, "-d", "out").stderr)
        self.assertIn("cannot be written: Not a directory", self.call("render", EXAMPLE, "-d", "out/old", code=1).stderr)

    def test_apps_of_which_one_is_the_group_of_another(self):
        web, inner = self.path("web.yml", "id: /web\ncmd: x\n"), self.path("inner.yml", "id: /web/a\ncmd: x\n")
        said = self.call("app", "deploy", web, inner, "-i", EXAMPLE, code=2).stderr
        self.assertIn(f'{inner}: the app "/web/a" is in a group that is an app, too: "/web" of {web}', said)
        self.path("i.yml", "cluster: a\nversions: {mesos: 1.4.1, marathon: 1.5.8, zookeeper: 3.8.0}\n"
                  "masters: [{name: m1, address: 192.0.2.1}]\napps: [{file: inner.yml}, {file: web.yml}]\n")
        self.assertIn('inner.yml:1:5: the app "/web/a" is in a group that is an app, too: "/web" on line 1',
                      self.call("validate", "i.yml", code=2).stderr)

    def test_each_of_several_files_is_in_the_document(self):
        bad, other = self.path("bad.yml", "cmd: x\n"), self.path("gone.yml")
        told = json.loads(self.call("app", "deploy", bad, other, "-i", EXAMPLE, "-o", "json", code=2).stdout)
        self.assertEqual((told["schema"], told["cluster"], told["apps"]), ("clusterctl.apps/1", None, []))
        self.assertEqual([(o["file"], o["id"], o["became"], o["exit_code"]) for o in told["outcomes"]],
                         [(bad, None, "failed", 2), (other, None, "failed", 2)])
        self.assertEqual((told["outcomes"][0]["mistakes"][0]["line"], told["outcomes"][0]["error"]), (1, f"1 mistake in {bad}"))
        self.assertIn("gone.yml", told["outcomes"][1]["error"])
        # Of one, the error is the document.
        told = json.loads(self.call("app", "deploy", bad, "-i", EXAMPLE, "-o", "json", code=2).stdout)
        self.assertEqual(told["schema"], "clusterctl.error/1")

    def test_which_cluster_is_meant(self):
        self.inventories(a="alpha", b="beta", r="remote")
        self.remember("remote", remote=self.path("r.yml"))
        for args, env, says in [
                (["a.yml"], {}, "alpha (a.yml): 1 host"),
                (["-i", "b.yml"], {}, "beta (b.yml): 3 hosts"),
                (["b.yml"], {"CLUSTERCTL_INVENTORY": "a.yml"}, "beta (b.yml)"),
                (["-i", "b.yml"], {"CLUSTERCTL_INVENTORY": "a.yml"}, "beta (b.yml)"),
                ([], {"CLUSTERCTL_INVENTORY": "a.yml"}, "alpha (a.yml)"),
                (["a.yml", "-i", "./a.yml"], {}, "alpha (a.yml)"),
                ([], {}, f"remote ({self.path('r.yml')})"),
                (["--cluster", "remote"], {"CLUSTERCTL_INVENTORY": "a.yml"}, "remote ("),
                (["--cluster", "alpha"], {"CLUSTERCTL_INVENTORY": "a.yml"}, "alpha (a.yml)"),
                (["b.yml"], {"CLUSTERCTL_CLUSTER": "beta"}, "beta (b.yml)"),
                ([], {"CLUSTERCTL_CLUSTER": "remote"}, "remote (")]:
            self.assertTrue(self.call("plan", "--offline", *args, **env).stdout.startswith(says), (args, env))
        for args, env, says in [
                (["a.yml", "-i", "b.yml"], {}, "a.yml and -i b.yml are two inventories; say the one that is meant"),
                (["-i", "a.yml", "none.yml"], {}, "are two inventories"),
                (["none.yml"], {"CLUSTERCTL_INVENTORY": "a.yml"}, "none.yml: cannot be read"),
                ([""], {"CLUSTERCTL_INVENTORY": "a.yml"}, "the name of the inventory is empty"),
                (["-i", ""], {}, "--inventory is empty"),
                (["a.yml", "--cluster", "beta"], {}, 'a.yml is the inventory of "alpha", not of "beta"'),
                (["a.yml"], {"CLUSTERCTL_CLUSTER": "beta"}, 'a.yml is the inventory of "alpha", not of "beta", which CLUSTERCTL_CLUSTER'),
                (["-i", "a.yml"], {"CLUSTERCTL_CLUSTER": "beta"}, "which CLUSTERCTL_CLUSTER names; unset it"),
                (["--cluster", "gamma"], {}, 'no cluster "gamma" is remembered; pass its inventory with -i'),
                ([], {"CLUSTERCTL_INVENTORY": "a.yml", "CLUSTERCTL_CLUSTER": "beta"}, "unset one of them")]:
            for command in (["plan", "--offline"], ["down"], ["render", "-d", "out"], ["images", "list"], ["logs", "zookeeper"]):
                if command[0] == "logs" and args[-1:] == [""]:
                    continue
                self.assertIn(says, self.call(*command, *args, code=2, **env).stderr, (command, args, env))
        with open(self.path("b.yml")) as f:
            self.path("inventory.yml", f.read())
        self.assertTrue(self.call("plan", "--offline").stdout.startswith("beta (inventory.yml)"))
        self.assertTrue(self.call("plan", "--offline", "--cluster", "remote").stdout.startswith("remote ("))
        self.path("inventory.yml", "cluster: [")  # it is told, and no other is taken
        self.assertIn("inventory.yml:1:", self.call("plan", "--offline", "--cluster", "remote", code=2).stderr)
        os.remove(self.path("inventory.yml"))
        os.symlink("nowhere", self.path("inventory.yml"))
        self.assertIn("inventory.yml", self.call("down", "-y", code=2).stderr)

    def test_the_cluster_of_the_last_up_is_a_guess(self):
        self.inventories(a="alpha", r="remote")
        self.remember("remote", remote=self.path("r.yml"))
        web = self.path("my web.json", '{"id": "/web", "cmd": "x"}')
        for command in (["down"], ["up"], ["upgrade", "--zookeeper", "3.9.3"], ["app", "remove", "/x"], ["app", "deploy", web],
                        ["app", "scale", "/x", "2"], ["check", "--fix"], ["images", "pull", "--again"],
                        ["up", "--component", "zookeeper", "-l", "h*"]):
            p = self.call(*command, "-y", code=10)
            # The command that comes next has lost nothing.
            self.assertEqual(sorted(shlex.split(p.stderr.split("next: clusterctl ")[1])),
                             sorted(command + ["--cluster", "remote", "-y"]))
            self.assertIn(f"the cluster of the last up was remote ({self.path('r.yml')}), and -y alone does not say", p.stderr)
            self.assertIn("--cluster remote", p.stderr)
            self.assertEqual(self.call(*command, code=10, CLUSTERCTL_YES="true").stderr, p.stderr)
        # What destroys data is typed.
        self.assertIn("-y alone does not say", self.call("down", "--purge-data", "-y", code=10, CLUSTERCTL_CONFIRM="remote").stderr)
        self.assertIn("remote (" + self.path("r.yml") + "), the cluster of the last up\n", self.call("images", "list").stderr)
        self.path("inventory.yaml", "cluster: alpha\n")
        self.assertIn("the cluster of the last up; ./inventory.yaml is passed over: name it, or call it inventory.yml\n",
                      self.call("images", "list").stderr)
        os.unlink(self.path("inventory.yaml"))
        # What copies images says whose they are, whether the file was said or not.
        nowhere = ["--to", "127.0.0.1:1"]
        self.assertIn("remote (" + self.path("r.yml") + "), the cluster of the last up\n",
                      self.call("images", "mirror", *nowhere, code=1).stderr)
        self.assertIn("alpha (" + self.path("a.yml") + ")\n", self.call("images", "mirror", self.path("a.yml"), *nowhere, code=1).stderr)
        # The file has become another's since.
        self.remember("remote", remote=self.path("a.yml"))
        self.assertIn('is the inventory of "alpha", not of "remote", the cluster of the last up', self.call("plan", code=2).stderr)

    def test_json_names_the_inventory(self):
        plan = json.loads(self.call("plan", "--offline", EXAMPLE, "-o", "json").stdout)
        self.assertEqual((plan["cluster"], plan["inventory"]), ("prod", EXAMPLE))
        self.assertEqual(json.loads(self.call("validate", EXAMPLE, "-o", "json").stdout)["inventory"], EXAMPLE)

    def test_limit_takes_groups_addresses_and_patterns(self):
        for limit, hosts in [("masters", 3), ("@masters", 3), ("master10[12]", 2), ("*01", 3), ("192.168.2.71", 1),
                             ("@hosts,slave*", 3), ("master101,master101", 1)]:
            head = self.call("plan", "--offline", EXAMPLE, "-l", limit).stdout.split(",")[0]
            self.assertEqual(head, f"prod ({EXAMPLE}): {hosts} host" + ("s" if hosts > 1 else ""), limit)
        self.assertIn("3 hosts", self.call("plan", "--offline", EXAMPLE, CLUSTERCTL_LIMIT="@masters").stdout)
        # The line replaces what the variable says, it does not add to it.
        one = self.call("plan", "--offline", EXAMPLE, "-l", "slave101", CLUSTERCTL_LIMIT="@masters,vm01").stdout
        self.assertIn("): 1 host,", one)
        p = self.call("plan", "--offline", EXAMPLE, CLUSTERCTL_LIMIT="master100", code=2)
        self.assertRegex(p.stderr, r'unknown host "master100", did you mean "master10[0-9]"\?; known: .*, from CLUSTERCTL_LIMIT')
        self.assertNotIn("from CLUSTERCTL", self.call("plan", "--offline", EXAMPLE, "-l", "nope", CLUSTERCTL_LIMIT="x", code=2).stderr)
        p = self.call("logs", "nope", "-i", EXAMPLE, CLUSTERCTL_COMPONENT="x", code=2)
        self.assertIn('unknown component "nope"', p.stderr)
        self.assertNotIn("from CLUSTERCTL", p.stderr)

    def test_a_variable_that_nothing_reads_is_told(self):
        for variable, told in (("CLUSTERCTL_LIMT", ', did you mean "CLUSTERCTL_LIMIT"?'), ("CLUSTERCTL_XYZXYZXYZ", "")):
            p = self.call("plan", "--offline", EXAMPLE, **{variable: "x"})
            self.assertIn(f"warning: nothing reads {variable}{told}\n", p.stderr)
            self.assertNotIn("nothing reads", self.call("plan", "--offline", EXAMPLE, "-q", **{variable: "x"}).stderr)
        for variable in ("CLUSTERCTL_SSH_TIMEOUT", "CLUSTERCTL_STATE_DIR", "CLUSTERCTL_CLUSTER"):
            value = {"CLUSTERCTL_SSH_TIMEOUT": "5", "CLUSTERCTL_CLUSTER": "prod"}.get(variable, self.path("s"))
            self.assertNotIn("nothing reads", self.call("plan", "--offline", EXAMPLE, **{variable: value}).stderr)

    def test_an_inventory_from_standard_input(self):
        with open(EXAMPLE) as f:
            self.assertIn("standard input: cluster prod", self.call("validate", "-", given=f.read()).stdout)
        p = self.call("validate", "-", given="cluster: x\nslave: []\n", code=2)
        self.assertIn('-:2:1: unknown key "slave", did you mean "slaves"?\nslave: []\n^\n', p.stderr)
        self.assertIn("in standard input", p.stderr)

    def test_init_makes_the_directory_it_is_told(self):
        self.call("init", "new/dir/prod.yml")
        self.assertIn("no mistakes", self.call("validate", "new/dir/prod.yml").stdout)
        self.assertIn("other/inventory.yml written", self.call("init", "other/").stderr)
        self.assertIn("new/dir/inventory.yml written", self.call("init", "new/dir").stderr)
        self.path("file", "")
        self.assertIn("file/x cannot be written: Not a directory", self.call("init", "file/x/i.yml", code=1).stderr)
        for made, mode in (("new", 0o40700), ("new/dir", 0o40700), ("new/dir/prod.yml", 0o100600)):
            self.assertEqual(oct(os.stat(self.path(made)).st_mode), oct(mode), made)

    def test_help_in_words(self):
        self.assertEqual(self.call("help").stdout, self.call("--help").stdout)
        self.assertEqual(self.call("help", "up").stdout, self.call("up", "--help").stdout)
        self.assertEqual(self.call("help", "app", "deploy").stdout, self.call("app", "deploy", "--help").stdout)
        self.assertNotIn("__complete", self.call("help").stdout)

    def test_the_log_is_written_and_makes_no_directory(self):
        unreachable = self.path("i.yml", "cluster: x\nmasters: [{name: m1, address: 127.0.0.1, ssh: {port: 1}}]\n"
                                         "versions: {zookeeper: 3.8.0}\n")
        self.call("status", unreachable, "--log-file", "run.log", code=3)
        with open(self.path("run.log")) as f:
            log = f.read()
        for line in log.splitlines():
            self.assertRegex(line, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ")
        self.assertIn("status " + unreachable + " --log-file run.log", log)
        self.assertRegex(log, "m1 +looking up ssh settings and keys of 127.0.0.1")
        self.assertRegex(log, "m1 +not connected: ")
        self.assertTrue(log.rstrip().endswith("ends with exit code 3"), log)
        self.assertEqual(os.stat(self.path("run.log")).st_mode & 0o777, 0o600)
        self.call("validate", unreachable, "--log-file", "run.log")
        with open(self.path("run.log")) as f:
            self.assertTrue(f.read().startswith(log))
        for command in (["up", unreachable, "-y"], ["validate", unreachable]):
            p = self.call(*command, "--log-file", "no/such/run.log", code=2)
            self.assertIn("--log-file no/such/run.log: there is no directory no/such; nothing was done", p.stderr)
            self.assertIn("cannot be written: Is a directory", self.call(*command, "--log-file", ".", code=2).stderr)
        self.assertFalse(os.path.exists(self.path("no")))

    def test_a_variable_stands_for_its_flag(self):
        p = self.call("plan", "--offline", EXAMPLE, CLUSTERCTL_OUTPUT="json")
        self.assertEqual(schema_of(p.stdout), "clusterctl.plan/1")

    def test_a_variable_that_says_nonsense_is_named(self):
        p = self.call("plan", EXAMPLE, "-o", "json", code=2, CLUSTERCTL_YES="maybe")
        self.assertIn("from CLUSTERCTL_YES", json.loads(p.stdout)["error"])

    def test_a_list_takes_one_word(self):
        p = self.call("plan", "--offline", "--component", "zookeeper", EXAMPLE)
        self.assertIn("zookeeper", p.stdout)
        self.assertNotIn("marathon  not there", p.stdout)

    def test_a_reader_of_standard_error_that_has_gone_ends_nothing(self):
        bad = self.path("i.yml", "cluster: x\nslave: []\n")
        for line in (f"{BINARY} validate {bad} 2>&-", f"{BINARY} validate {bad} 2>/dev/full",
                     f"{BINARY} validate {bad} 2>&1 >/dev/null | true; exit ${{PIPESTATUS[0]}}"):
            self.assertEqual(subprocess.run(["bash", "-c", line], cwd=self.dir).returncode, 2, line)

    def test_data_goes_with_whole_hosts(self):
        p = self.call("down", "-i", EXAMPLE, "--component", "zookeeper", "--purge-data", code=2)
        self.assertIn("--purge-data takes no --component", p.stderr)

    def test_output_that_cannot_be_written_is_a_failure(self):
        for more in ([], ["-o", "json"]):
            with open("/dev/full", "w") as full:
                p = subprocess.run([BINARY, "plan", "--offline", EXAMPLE, *more], stdout=full, stderr=subprocess.PIPE,
                                   text=True)
            self.assertEqual(p.returncode, 1)
            self.assertIn("standard output cannot be written", p.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
