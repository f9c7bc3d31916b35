// What is wrong with a playbook, or a template of its own, is told where it is written there.
#include "catch.hpp"
#include "load_support.hpp"
#include "model/error.hpp"
#include "plan/expand.hpp"

using namespace cctl;

namespace {

struct Files {
  std::string playbook, tmpl{}, inventory{},
      row = "x: {repository: x, default: 1.0}\nzookeeper: {repository: z, default: 1.0}\n";
};

// What is told of a cluster of one host with the playbook "x", whose template is playbooks/x/t.
std::string places_told(const Files& files) {
  const test::Scratch scratch;
  scratch.file("images/versions.yml", files.row);
  scratch.file("playbooks/x.yml", files.playbook);
  scratch.file("playbooks/x/t", files.tmpl);
  const auto path = scratch.file(
      "inventory.yml",
      "cluster: a\nmasters: [{name: m, address: 10.0.0.1}, {name: n, address: 10.0.0.2}]\n" + files.inventory);
  const LoadResult loaded = load(path, scratch.path());
  std::vector<Mistake> mistakes = loaded.mistakes;
  if (loaded.ok()) {
    id_paths(loaded.sources);
    expand(loaded.sources, {}, mistakes);
  }
  std::string out;
  for (const Mistake& m : mistakes)
    out += m.mark.file + ":" + std::to_string(m.mark.line) + ":" + std::to_string(m.mark.column) + " " + m.text + "\n";
  return scratch.without_path(out);
}

const std::string head =
    "component: x\nhosts: masters\ndefault_on: true\nports: {client: 1}\n"
    "vars: {a: 1}\nvar_kinds: {a: line}\n";

}  // namespace

TEST_CASE("a bad name in a template is told at its own line and column", "[places]") {
  struct Case {
    std::string yaml, tmpl, says;
  };
  const std::string named = " x: unknown name \"prot\" in template\n";
  for (const Case& c : std::vector<Case>{
           {"env: {A: <% ip %>}\n", "", ""},
           {"env: {A: <% prot %>}\n", "", "playbooks/x.yml:7:10" + named},
           {"env: {A: \"<% ip %>:<% prot %>\"}\n", "", "playbooks/x.yml:7:20" + named},
           {"env: {A: 'é<% ip %>:<% prot %>'}\n", "", "playbooks/x.yml:7:21" + named},
           {"env:\n  A: |\n    one\n    two <% ip %> <% prot %>\n", "", "playbooks/x.yml:10:18" + named},
           {"env:\n  A: >-\n    one\n    two <% prot %>\n", "", "playbooks/x.yml:10:9" + named},
           // The same name, which rows have and the instance has not.
           {"env: {A: \"<%#members%><% id %><%/members%><% id %>\"}\n", "",
            "playbooks/x.yml:7:43 x: unknown name \"id\" in template, did you mean \"ip\"?\n"},
           {"env: {A: \"<%#members%>\"}\n", "",
            "playbooks/x.yml:7:11 x: template does not parse: Unclosed section "
            "\"members\" at 11\n"},
           {"env: {A: \"<% ip %><%/members%>\"}\n", "",
            "playbooks/x.yml:7:19 x: template does not parse: Unopened section \"members\" at 19\n"},
           {"env: {A: <% prot %>, B: <% ip %>, C: <% adress %>}\n", "",
            "playbooks/x.yml:7:10" + named +
                "playbooks/x.yml:7:38 x: unknown name \"adress\" in template, did you mean \"address\"?\n"},
           {"files: [{path: /a, template: x/t}]\n", "one\ntwo <% ip %> <% prot %>\n", "playbooks/x/t:2:14" + named},
           {"files: [{path: /a, template: x/t}]\n",
            "<%#members%>\n<% name %>\n<%#others%>\n<% prot %><%/others%>\n<%/members%>\n",
            "playbooks/x/t:4:1" + named},
           {"files: [{path: /a, template: x/t}]\n", "a\n<%> ip %>\n",
            "playbooks/x/t:2:1 x: unknown name \">ip\" in template, did you mean \"ip\"?\n"},
           {"flags: {b: <% prot %>}\n", "", "playbooks/x.yml:7:12" + named},
           {"exports: {e: {each: <% prot %>}}\n", "", "playbooks/x.yml:7:21" + named},
           {"member_id: {file: /d/<% prot %>}\n", "", "playbooks/x.yml:7:22" + named},
           {"checks: {memory: {least: <% prot %>}}\n", "", "playbooks/x.yml:7:26" + named},
           {"registers: [{name: s, port: client, check: {http: client, path: /<% prot %>}}]\n", "",
            "playbooks/x.yml:7:66" + named},
           {"versions: {'>=1': {env: {A: <% prot %>}}}\n", "", "playbooks/x.yml:7:29" + named},
       }) {
    INFO(c.yaml << c.tmpl);
    CHECK(places_told({head + c.yaml, c.tmpl}) == c.says);
  }
}

TEST_CASE("vars that cannot be made: the one that is wrong, or all that wait for each other", "[places]") {
  const std::string start = "component: x\nhosts: masters\ndefault_on: true\n";
  CHECK(
      places_told({start + "vars: {a: <% b %>, b: <% prot %>}\nvar_kinds: {a: line, b: line}\nenv: {A: <% a %>}\n"}) ==
      "playbooks/x.yml:4:23 x: unknown name \"prot\" in template\n");
  CHECK(places_told({start + "vars: {a: <% b %>, b: <% a %>}\nvar_kinds: {a: line, b: line}\nenv: {A: <% a %>}\n"}) ==
        "playbooks/x.yml:4:11 x: made of each other: the vars a, b\n");
}

TEST_CASE("a bad name in the tag of a catalogue's row is told there", "[places]") {
  CHECK(places_told({head, "", "", "x:\n  repository: x\n  tag: v<% versoin %>\n  default: 1.0\n"}) ==
        "images/versions.yml:3:9 x: unknown name \"versoin\" in template, did you mean \"version\"?\n");
}

TEST_CASE("paths and mounts of a playbook are absolute", "[places]") {
  struct Case {
    std::string yaml, says;
  };
  const std::string absolute = ": an absolute path, as /var/lib/x";
  const std::string plain = absolute + ", without blanks and colons";
  const std::string mount = ": a mount is /on/the/host:/in/the/container, then perhaps :ro, :rslave or :ro,rslave\n";
  for (const Case& c : std::vector<Case>{
           {"directories: [{path: /srv/x}, {path: <% a %>}]", "7:38 x: bad path \"1\"" + plain + "\n"},
           {"directories: [{path: srv/x}]", "7:22 bad path \"srv/x\"" + absolute + "\n"},
           {"directories: [{path: /srv/../x}]", "7:22 bad path \"/srv/../x\"" + plain + "\n"},
           {"directories: [{path: \"<%#missing?%>/x<%/missing?%>\"}]",
            "7:23 x: unknown name \"missing?\" in template\n"},
           {"files: [{path: a, content: b}]", "7:16 bad path \"a\"" + absolute + "\n"},
           {"files: [{path: \"<% a %>/b\", content: b}]", "7:17 x: bad path \"1/b\"" + plain + "\n"},
           {"files: [{path: /a, content: b}, {path: /a, content: c}]", "7:16 x: a second file at /a\n"},
           {"files: [{path: /a, content: b, each: members}]", "7:16 x: a second file at /a\n"},
           {"files: [{path: \"/a/<% id %>-<% name %>\", content: b, each: members}]", ""},
           {"files: [{path: /a, content: b, each: membres}]",
            "7:38 x: \"membres\" is no list of rows, as registered\n"},
           {"member_id: {file: id}", "7:19 bad file \"id\"" + absolute + "\n"},
           {"member_data: {file: d}", "7:21 bad file \"d\"" + absolute + "\n"},
           {"member_data: {directory: d, holds: [a]}", "7:26 bad directory \"d\"" + absolute + "\n"},
           {"member_list: {file: a, recover: /b, each: c}", "7:21 bad file \"a\"" + absolute + "\n"},
           {"env_files: {A: a}", "7:16 bad A \"a\"" + absolute + "\n"},
           {"flags_as: {dir: etc}", "7:17 bad dir \"etc\"" + absolute + "\n"},
           {"flags_as: {paths: {zk: etc/zk}}", "7:24 bad zk \"etc/zk\"" + absolute + "\n"},
           {"container: {mounts: ['/a:/b:ro,rslave', '/c:/d:shared', '<%#a?%>/e:/f<%/a?%>']}", ""},
           {"container: {mounts: [/a]}", "7:22 bad mounts \"/a\"" + mount},
           {"container: {mounts: ['/a:b']}", "7:22 bad mounts \"/a:b\": both paths are absolute\n"},
           {"container: {mounts: ['/a:/b:shard']}", "7:22 bad mounts \"/a:/b:shard\"" + mount},
           {"container: {mounts: ['/a:/b:slave,shared']}", "7:22 bad mounts \"/a:/b:slave,shared\"" + mount},
           {"container: {mounts: ['<% a %>:/b']}", "7:23 x: bad mount \"1:/b\": both paths are absolute\n"},
           {"container: {mounts: ['/a:/b<% a %>:rw,ro']}", "7:28 x: bad mount \"/a:/b1:rw,ro\"" + mount},
       }) {
    INFO(c.yaml);
    CHECK(places_told({head + c.yaml + "\n"}) == (c.says.empty() ? "" : "playbooks/x.yml:" + c.says));
  }
}

TEST_CASE("names that a playbook gives and nothing has", "[places]") {
  struct Case {
    std::string yaml, says;
  };
  for (const Case& c : std::vector<Case>{
           {"image: zookeper", "8: image \"zookeper\" is not in the catalogue, did you mean \"zookeeper\"?"},
           {"image: nothing", "8: image \"nothing\" is not in the catalogue"},
           {"required: {b: why}", "12: \"b\" is no var"},
           {"read_by: {aa: '>1'}", "11: \"aa\" is no var"},
           {"alike: [a, ports.client]", ""},
           {"alike: [b]", "9: \"b\" is no var"},
           {"alike: [ports.clint]", "9: unknown port \"clint\", did you mean \"client\"?"},
           {"apps_port: clint", "12: unknown port \"clint\", did you mean \"client\"?"},
           {"only_with: {y: '>1'}", "13: unknown version key \"y\""},
           {"needs: [balancr]", "9: unknown component or role \"balancr\""},
           {"provides: x", "11: the role \"x\" is the name of a component"},
           {"app: {template: x/t, through: x, port: clint}",
            "40: unknown port \"clint\" of \"x\", did you mean \"client\"?"},
           {"registers: [{name: s, port: clint, check: {tcp: client}}]",
            "29: unknown port \"clint\", did you mean \"client\"?"},
           {"registers: [{name: s, port: client, check: {tcp: client, path: /a}}]",
            "58: a check by tcp asks for no path"},
           {"registers: [{name: s, port: client, check: {}}]", "44: a check is one of tcp, http, https"},
           {"registers: [{name: s, port: client, check: {tcp: client, interval: 5}}]",
            "68: bad interval \"5\": it is as 500ms, 60s or 2m"},
           {"registers: [{name: s, port: client}]", "13: check is missing"},
           {"registers: [{name: s, port: client, check: {tcp: client}}, {name: s, port: client, check: {tcp: client}}]",
            "60: a second service of the name \"s\""},
           {"transitions: [{state: new, env: {A: b}, why: c}]",
            "14: state: new needs member_data, which tells who has begun"},
           {"transitions: [{state: old, env: {A: b}, why: c}]", "23: bad state \"old\": it is one of new"},
           {"transitions: [{env: {A: b}, why: c}]", "15: a transition has either from: VERSIONS or state: new"},
           {"probes: [{name: p, tcp: client, path: /a}]", "33: path is of an http probe"},
           {"probes: [{name: p, http: client, send: srvr}]", "34: send is of a zk probe"},
           {"probes: [{name: p, https: client, method: POST, body: '{}', status: 201}]", ""},
           {"probes: [{name: p, http: client, method: get}]",
            "42: bad method \"get\": one of GET, POST, PUT, PATCH, DELETE, OPTIONS"},
       }) {
    INFO(c.yaml);
    const std::string all = places_told({head + c.yaml + "\n"});
    INFO(all);
    CHECK((c.says.empty() ? all.empty() : all.starts_with("playbooks/x.yml:7:" + c.says.substr(0, c.says.find(':')))));
    CHECK(all.find(c.says.empty() ? "" : c.says.substr(c.says.find(':') + 1) + "\n") != all.npos);
  }
}
