"""The command line as a person meets it, without a host: what it says, where it says it, and the exit code."""
import json
import os
import subprocess
import tempfile
import unittest

BINARY = os.environ["CCTL_BIN"]
ROOT = os.environ["CCTL_SOURCE_DIR"]
EXAMPLE = os.path.join(ROOT, "inventory", "example.yml")


def schema_of(text):
    return json.loads(text)["schema"]


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.work = tempfile.TemporaryDirectory()
        self.addCleanup(self.work.cleanup)
        self.dir = self.work.name

    def call(self, *args, code=0, **env):
        clean = {k: v for k, v in os.environ.items() if not k.startswith("CLUSTERCTL_")}
        p = subprocess.run([BINARY, *args], cwd=self.dir, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                           env=dict(clean, HOME=self.dir, XDG_STATE_HOME=self.dir + "/state", NO_COLOR="1", **env))
        self.assertEqual(p.returncode, code, f"{args}\n{p.stdout}\n{p.stderr}")
        return p

    def path(self, name, text=None):
        out = os.path.join(self.dir, name)
        if text is not None:
            with open(out, "w") as f:
                f.write(text)
        return out

    def test_a_wrong_word_is_told_with_the_nearest_right_one(self):
        for args, says in [
                (["statsu"], 'unknown command "statsu", did you mean "status"?'),
                (["plan", "--offlin"], 'unknown option "--offlin", did you mean "--offline"?'),
                (["up", "--allow-downgrad"], 'unknown option "--allow-downgrad", did you mean "--allow-downgrade"?'),
                (["plan", EXAMPLE, "--offline", "--component", "zookeper"],
                 'unknown component "zookeper", did you mean "zookeeper"?'),
                (["check", "--only", "port.fre"], 'did you mean "ports.free"?'),
                (["status", "-o", "yaml"], "--output: yaml not in {table,json}"),
                ([], "a command is required"),
                (["render", EXAMPLE], "--dir is required; clusterctl render --help shows"),
                (["app", "scale", "/x", "y"], 'instances: "y" is no whole number from 0 to 100000'),
                (["up", "--timeout", "5m"], '--timeout: "5m" is no number of seconds from 0 to 86400'),
                (["app", "list", "-l", "s1"], "clusterctl app list takes no -l"),
                (["images", "save", "/dev/null", EXAMPLE], '"/dev/null" is no regular file'),
                (["images", "save", "/", EXAMPLE], '"/" is a directory'),
                (["images", "save", "-", EXAMPLE], "not to standard output")]:
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
        self.assertIn("no cluster is remembered; say clusterctl up INVENTORY", self.call("plan", code=2).stderr)
        os.makedirs(self.path("state/clusterctl"))
        for spoilt in ("", "{", "[]", '{"last": 1, "clusters": {}}', '{"last": "x", "clusters": {"x": 1}}'):
            self.path("state/clusterctl/clusters.json", spoilt)
            self.assertIn("remembered", self.call("plan", code=2).stderr)

    def test_completion_is_what_each_shell_takes(self):
        script = self.call("completion", "bash").stdout
        words = subprocess.run(["bash", "-c", script + 'COMP_WORDS=(clusterctl up --allow-); COMP_CWORD=2; _clusterctl; '
                                'printf "%s\\n" "${COMPREPLY[@]}"'], capture_output=True, text=True, check=True).stdout
        self.assertEqual(words.split(), ["--allow-downgrade", "--allow-task-loss"])
        for line, expected in {"app ''": "deploy list scale remove", "completion ''": "bash zsh fish", "logs zo": "zookeeper",
                               "check --only vip": "vip.network vip.free", "status -o j": "json", "app -h": "-h"}.items():
            shown = subprocess.run(["bash", "-c", script + f"COMP_WORDS=(clusterctl {line}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); "
                                    '_clusterctl; printf "%s\n" "${COMPREPLY[@]}"'], capture_output=True, text=True, check=True).stdout
            self.assertEqual(shown.split(), expected.split(), line)
        self.assertIn("bashcompinit", self.call("completion", "zsh").stdout)
        self.assertIn("complete -c clusterctl", self.call("completion", "fish").stdout)

    def test_render_goes_where_it_is_told(self):
        self.assertIn("--dir is empty", self.call("render", EXAMPLE, "-d", "", code=2).stderr)
        self.call("render", EXAMPLE, "-d", "out")
        self.path("out/old", "")
        self.assertIn("note: out holds 1 file that this render did not write", self.call("render", EXAMPLE, "-d", "out").stderr)
        self.assertIn("cannot be written: Not a directory", self.call("render", EXAMPLE, "-d", "out/old", code=1).stderr)

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
