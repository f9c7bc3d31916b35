"""Bamboo: command line, configuration, templates, and how the file for HAProxy follows Marathon and the rules."""
import contextlib
import http.client
import json
import os
import sys
import unittest

from support import BAMBOO, HERE, Case, free_port, request, until, value

sys.path.insert(0, os.path.join(HERE, "bamboo"))
from go_template import ExecError, Map, ParseError, Template  # noqa: E402

TEMPLATE = """{{ $services := .Services }}{{ range $index, $app := .Apps -}}
{{ if hasKey $services $app.Id }}{{ $service := getService $services $app.Id }}rule {{ $app.EscapedId }} {{ $service.Acl }}
{{ end }}{{ range $page, $task := .Tasks }}server {{ $task.Host }}:{{ $task.Port }}
{{ end }}{{ end }}"""


class Bamboo(Case):
    def bamboo(self, version, **haproxy):
        """Started with a template and commands that need no HAProxy: the reload copies the file to 'loaded'."""
        self.address = "127.0.0.1:%d" % free_port()
        self.path = lambda name: os.path.join(self.folder, name)
        with open(self.path("template"), "w") as file:
            file.write(TEMPLATE)
        output = self.path("haproxy.cfg")
        found = {"TemplatePath": self.path("template"), "OutputPath": output,
                 "ReloadCommand": "cp %s %s" % (output, self.path("loaded")), "ReloadValidationCommand": "! grep wrong {{.}}"}
        zookeeper = {"Host": "127.0.0.1:%d" % self.zookeeper.port, "Path": "/%s/rules" % os.path.basename(self.folder),
                     "ReportingDelay": 0}
        with open(self.path("production.json"), "w") as file:
            json.dump({"Marathon": {"Endpoint": "http://127.0.0.9:1,http://" + self.at(1, "marathon"), "UseEventStream": True},
                       "Bamboo": {"Endpoint": "http://overruled", "Zookeeper": zookeeper}, "HAProxy": dict(found, **haproxy)}, file)
        self.start("b", version, BAMBOO, "-config", self.path("production.json"), "--bind=" + self.address,
                   BAMBOO_ENDPOINT="http://" + self.address)
        until(lambda: request(self.address, "/status")[2] == "OK")

    def loaded(self):
        with open(self.path("loaded")) as file:
            return file.read()

    def rule(self, id, acl, method="POST", path="/api/services"):
        status, _, text = request(self.address, path, method, {"id": id, "acl": acl})
        return status, text

    def test_start(self):
        broken = os.path.join(self.folder, "broken.json")
        with open(broken, "w") as file:
            file.write('{"Marathon": {"UseEventStream": "yes"}}')
        for arguments, status, text in [
            (["-haproxy_check", "-config=x"], 2, "flag provided but not defined: -haproxy_check"),
            (["-config"], 2, "flag needs an argument: -config"),
            (["-config=/nowhere"], 2, "panic: open /nowhere: no such file or directory"),
            (["-config", broken], 1, "json: cannot unmarshal str into Go struct field Marathon.UseEventStream of type bool"),
        ]:
            with self.subTest(arguments=arguments):
                self.start("x", "0.2.16", BAMBOO, *arguments)
                self.assertEqual(self.ends("x"), status, self.log("x"))
                self.assertIn(text, self.log("x"))

    def test_stream(self):
        """From 0.2.16: the event stream, rules for the next version, validation, and the last good file kept."""
        self.small_cluster()
        app = {"id": "/g/web", "cmd": "sleep 1000", "cpus": 0.1, "mem": 16, "instances": 1}
        first, = self.deploy(app)
        self.bamboo("0.2.16")
        until(lambda: self.loaded() == "server 127.0.0.11:%d\n" % first)
        until(lambda: "event_stream_attached" in self.log("b"))
        servers = "".join("server 127.0.0.11:%d\n" % port for port in self.deploy(dict(app, instances=2)))
        until(lambda: sorted(self.loaded().splitlines()) == sorted(servers.splitlines()))
        self.assertEqual(self.rule("g/web", "path_beg /"), (200, '{"Id":"/g/web","Acl":"path_beg /","Config":null}'))
        until(lambda: self.loaded().startswith("rule ::g::web path_beg /\n"))
        self.assertEqual(value(self.address, "/api/services")["/g/web"]["Config"], {"Acl": "path_beg /"})

        # what is not valid is not written
        self.assertEqual(self.rule("/g/web", "wrong", "PUT", "/api/services//g/web")[0], 200)
        until(lambda: "Failed to update HAProxy configuration: exit status 1" in self.log("b"))
        with open(self.path("haproxy.cfg")) as file:
            self.assertIn("rule ::g::web path_beg /\n", file.read())
        self.assertEqual(self.rule("/g/web", "", "DELETE", "/api/services/g/web"), (400, "zk: node does not exist\n"))
        self.assertEqual(request(self.address, "/api/services//g/web", "DELETE")[0], 200)
        until(lambda: sorted(self.loaded().splitlines()) == sorted(servers.splitlines()))

        # without Marathon the file stays
        before, size = self.loaded(), len(self.log("b"))
        self.kill("f1")
        self.rule("/g/web", "path_beg /late")
        until(lambda: "Failed to retrieve template data" in self.log("b")[size:])
        self.assertEqual(self.loaded(), before)

    def test_old(self):
        """0.2.11: a callback instead of the stream, bare rules that are not overwritten, and no second chance."""
        self.small_cluster("0.28.1", "1.1.1", "--event_subscriber", "http_callback")
        self.bamboo("0.2.11")
        until(lambda: value(self.at(1, "marathon"), "/v2/eventSubscriptions")["callbackUrls"] or
              "accessing Marathon callback system" in self.log("b"))
        # the first endpoint does not answer, so that the second was never told
        self.assertEqual(value(self.at(1, "marathon"), "/v2/eventSubscriptions"), {"callbackUrls": []})
        url = "/v2/eventSubscriptions?callbackUrl=http://%s/api/marathon/event_callback" % self.address
        self.assertEqual(request(self.at(1, "marathon"), url, "POST")[0], 200)
        port, = self.deploy({"id": "/web", "cmd": "sleep 1000", "cpus": 0.1, "mem": 16})
        until(lambda: self.loaded() == "server 127.0.0.11:%d\n" % port)
        self.assertEqual(self.rule("/web", "a"), (200, '{"Id":"/web","Acl":"a"}'))
        self.assertEqual(self.rule("/web", "b"), (400, "Marathon ID might already exist\n"))
        self.assertEqual(self.zk.get("/%s/rules/%%2Fweb" % os.path.basename(self.folder))[0], b"a")
        until(lambda: self.loaded().startswith("rule ::web a\n"))
        os.unlink(self.path("loaded"))
        os.mkdir(self.path("loaded"))
        os.mkdir(self.path("loaded/haproxy.cfg"))  # the reload fails
        with contextlib.suppress(http.client.RemoteDisconnected):  # it may end before it has answered
            self.rule("/web", "c", "PUT", "/api/services/web")
        self.assertEqual(self.ends("b"), 1)
        self.assertIn("HAProxy: update failed: exit status 1", self.log("b"))


class Templates(unittest.TestCase):
    DATA = {"Apps": [{"Id": "/a", "Env": Map(PORT="80"), "Ports": [1, 2]}, {"Id": "/b", "Env": Map(), "Ports": []}], "None": None}
    FUNCTIONS = {"ToUpper": str.upper, "hasKey": lambda values, key: key in values}

    def render(self, text):
        return Template("t", text, self.FUNCTIONS).render(self.DATA)

    def test_forms(self):
        for text, expected in [
            ("{{range $i, $a := .Apps}}{{$i}}{{$a.Id}} {{end}}", "0/a 1/b "),
            ("{{range .Apps}}{{.Id}}{{else}}none{{end}}", "/a/b"),
            ("{{range .Apps}}{{range .Ports}}{{.}}{{else}}none{{end}}{{end}}", "12none"),
            ("{{range .Apps}}{{if .Env.PORT}}{{.Env.PORT}}{{else if eq .Id \"/b\"}}b{{else}}x{{end}},{{end}}", "80,b,"),
            ("{{with index .Apps 1}}{{.Id}}{{end}}", "/b"),
            ("{{$x := \"q\"}}{{if true}}{{$x}}{{end}}{{`r`}}", "qr"),
            ("{{ \"ab\" | ToUpper }} {{ToUpper (index .Apps 0 `Id`)}} {{len .Apps}}", "AB /A 2"),
            ("a {{- /* gone */ -}} b{{.None}}", "ab<no value>"),
            ("{{and 1 0}}{{or 0 `x`}}{{not false}}{{ne 1 2}}", "0xtruetrue"),
            ("{{.Apps | len}}{{range $a := .Apps}}{{$a.Ports}}{{end}}", "2[1 2][]"),
        ]:
            with self.subTest(text=text):
                self.assertEqual(self.render(text), expected)

    def test_mistakes(self):
        for kind, text, said in [
            (ParseError, "{{nosuch .}}", 'function "nosuch" not defined'), (ParseError, "a\n{{if .Apps}}", "t:2: unexpected EOF in if"),
            (ParseError, "{{end}}", "unexpected {{end}}"), (ParseError, "{{ .Apps", "unclosed action"),
            (ParseError, "{{ (len .Apps }}", "unclosed left paren"), (ParseError, "{{}}", "missing value for command"),
            (ExecError, "{{.Nosuch}}", "can't evaluate field Nosuch"), (ExecError, "{{$x}}", 'undefined variable "$x"'),
            (ExecError, "{{index .Apps 7}}", "error calling index"), (ExecError, "{{.Apps .Apps}}", "can't give argument to non-function"),
        ]:
            with self.subTest(text=text), self.assertRaises(kind) as caught:
                self.render(text)
            self.assertIn(said, str(caught.exception))
