"""What TAB completes, in the shells that complete."""
import os
import shutil
import subprocess
import unittest

from caller import BINARY, ROOT, Caller


class Completion(Caller):
    def complete(self, line, shell="bash"):
        """What the shell offers for the last word of a line."""
        script = self.call("completion", shell).stdout
        os.makedirs(self.path("bin"), exist_ok=True)
        if not os.path.lexists(self.path("bin/clusterctl")):
            os.symlink(BINARY, self.path("bin/clusterctl"))
        if shell == "bash":
            start = ["bash", "-c", script + f"COMP_WORDS=(clusterctl {line}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); _clusterctl; "
                                   'printf "%s\\n" "${COMPREPLY[@]}"']
        else:  # as bashcompinit does it, in its emulation
            start = ["zsh", "-f", "-c", "compdef() { :; }; " + script + f"COMP_WORDS=(clusterctl {line}); words=(); CURRENT=2; "
                                        "COMP_CWORD=$((${#COMP_WORDS}-1)); compgen -F _clusterctl -- ''"]
        env = dict(os.environ, HOME=self.dir, XDG_STATE_HOME=self.dir + "/state", PATH=self.path("bin") + ":" + os.environ["PATH"])
        p = subprocess.run(start, cwd=self.dir, capture_output=True, text=True, env=env)
        self.assertEqual(p.stderr, "", line)
        begun = line.split()[-1].strip("'") if shell == "zsh" else ""  # zsh itself chooses among what it is offered
        return [word for word in p.stdout.split() if word.startswith(begun)]

    def test_completion_is_what_each_shell_takes(self):
        script = self.call("completion", "bash").stdout
        words = subprocess.run(["bash", "-c", script + 'COMP_WORDS=(clusterctl up --allow-); COMP_CWORD=2; _clusterctl; '
                                'printf "%s\\n" "${COMPREPLY[@]}"'], capture_output=True, text=True, check=True).stdout
        self.assertEqual(words.split(), ["--allow-downgrade", "--allow-task-loss"])
        # SC2207: the words that it completes have no blanks.
        said = subprocess.run(["shellcheck", "-s", "bash", "-e", "SC2207", "-"], input=script, capture_output=True, text=True)
        self.assertEqual((said.stdout, said.stderr), ("", ""))
        for line, expected in {"app ''": "deploy list scale remove", "completion ''": "bash zsh fish", "logs zo": "zookeeper",
                               "check --only vip": "vip.network vip.free", "status -o j": "json", "app -h": "-h"}.items():
            shown = subprocess.run(["bash", "-c", script + f"COMP_WORDS=(clusterctl {line}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); "
                                    '_clusterctl; printf "%s\n" "${COMPREPLY[@]}"'], capture_output=True, text=True, check=True).stdout
            self.assertEqual(shown.split(), expected.split(), line)
        self.assertIn("bashcompinit", self.call("completion", "zsh").stdout)
        self.assertIn("complete -c clusterctl", self.call("completion", "fish").stdout)

    def test_completion_knows_the_inventory(self):
        self.path("p.yml", "cluster: p\nversions: {zookeeper: 3.8.0, mesos: 1.0.1, marathon: 1.1.1}\nmasters: [{name: m1, address: 192.0.2.1}]\n"
                           "slaves: [{name: s1, address: 192.0.2.2}, {name: s2, address: 192.0.2.3}]\n"
                           "apps: [{id: /web, cmd: sleep 1}, {id: /api, cmd: sleep 1}]\n")
        self.path("broken.yml", "cluster: [")
        self.remember("p", p=self.path("p.yml"), prod="/x")
        shells = ["bash"] + (["zsh"] if shutil.which("zsh") else [])
        for shell in shells:
            for line, wanted in {"up --allow-": "--allow-downgrade --allow-task-loss", "up p.yml -l ''": "@masters @slaves m1 masters s1 s2 slaves", "up -i p.yml -l s": "s1 s2 slaves", "status -l m1,s": "m1,s1 m1,s2 m1,slaves",
                                 "status --limit = s2": "s2", "down --cluster p": "p prod", "app scale /": "/api /web", "app remove ''": "/api /web",
                                 "check --only vip.network,vip.f": "vip.network,vip.free", "up --component zookeeper,mara": "zookeeper,marathon",
                                 "up broken.yml -l ''": "", "up p.yml -l @s": "@slaves", "up p.yml -l m1,@m": "m1,@masters", "init --example ''": "ha single",
                                 "help che": "check", "help app ''": "deploy list remove scale", "up --progress js": "json", "images load -l ''": "@masters @slaves m1 masters s1 s2 slaves", "__": ""}.items():
                if shell == "zsh" and " = " in line:
                    continue  # one word there
                self.assertEqual(sorted(self.complete(line, shell)), sorted(wanted.split()), (shell, line))

    def test_completion_runs_nothing_that_a_name_holds(self):
        names = {"$(touch$IFS'pwned')": "/x", "`touch${IFS}pwned`": "/x", "plain": "/y"}
        self.remember("plain", **names)
        data = self.path("data")
        shutil.copytree(os.path.join(ROOT, "playbooks"), data + "/playbooks")
        shutil.copytree(os.path.join(ROOT, "images"), data + "/images")
        open(data + "/playbooks/$(touch${IFS}pwned).yml", "w").close()
        shells = ["bash"] + (["zsh"] if shutil.which("zsh") else [])
        for shell in shells:
            self.assertEqual(self.complete("up --cluster ''", shell), ["plain"])
            script = self.call("--data", data, "completion", shell).stdout
            self.assertNotIn("touch", script)
        self.assertFalse(os.path.exists(self.path("pwned")))


if __name__ == "__main__":
    unittest.main(verbosity=2)
