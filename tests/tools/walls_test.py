"""tools/walls.py over made-up rooms: which #include goes through, which does not, and what is said of it."""
import contextlib
import io
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools"))
import walls

TABLE = """# How it works

| room | what it does | may include | libraries |
|---|---|---|---|
| `cli/model` | values | nothing of ours | fmt |
| `cli/model/file.cpp` | writes | nothing of ours | system |
| `cli/plan` | pure | model | fmt, arpa/inet.h |
| `cli/remote` | doors | model, plan | asio, curl, libssh, system |
| `cli/commands` | all of it | all | fmt |
| `cli/main.cpp` | begins | all | none |

`system` is what waits: `fstream`, `unistd.h`,
and the folder `sys`.

Elsewhere `curl` is free.
"""
LINKS = "room(model fmt::fmt)\nroom(plan model)\nroom(remote plan\n  PkgConfig::libcurl)\nroom(commands plan remote)\n"
OF_PLAN = "of libraries it may: arpa/inet.h, fmt"


class Walls(unittest.TestCase):
    def setUp(self):
        work = tempfile.TemporaryDirectory()
        self.addCleanup(work.cleanup)
        self.root = work.name

    def said(self, files, table=TABLE, links=LINKS):
        """What is printed of a tree of these files; empty: it is clean."""
        for path, text in {"docs/architecture.md": table, "CMakeLists.txt": links, **files}.items():
            os.makedirs(os.path.dirname(os.path.join(self.root, path)), exist_ok=True)
            with open(os.path.join(self.root, path), "w") as f:
                f.write(text)
        os.makedirs(self.root + "/cli", exist_ok=True)
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = walls.main(self.root)
        for path in files:
            os.remove(os.path.join(self.root, path))
        self.assertEqual(out.getvalue().startswith("walls: "), status == 0, out.getvalue())
        return "" if status == 0 else out.getvalue().rstrip("\n")

    def test_edges(self):
        for path, line, says in [
                # Rooms, however they are written.
                ("cli/plan/a.cpp", '#include "model/a.hpp"', ""),
                ("cli/plan/a.cpp", '#include "plan/b.hpp"', ""),
                ("cli/plan/a.cpp", '#include <model/a.hpp>', ""),
                ("cli/plan/deep/a.cpp", '#include "model/a.hpp"', ""),
                ("cli/plan/a.cpp", '#include "remote/a.hpp"',
                 '1:11: cli/plan may not include "remote/a.hpp"; of rooms it may: model, plan'),
                ("cli/plan/deep/a.hpp", '#include <remote/a.hpp>',
                 '1:11: cli/plan may not include "remote/a.hpp"; of rooms it may: model, plan'),
                ("cli/model/a.hpp", '#include "plan/a.hpp"',
                 '1:11: cli/model may not include "plan/a.hpp"; of rooms it may: model'),
                ("cli/commands/a.cpp", '#include "remote/a.hpp"', ""),
                ("cli/main.cpp", '#include "commands/a.hpp"', ""),
                ("cli/remote/a.cpp", '#include "commands/a.hpp"',
                 '1:11: cli/remote may not include "commands/a.hpp"; of rooms it may: model, plan, remote'),
                # Ways around the name of the room.
                ("cli/plan/a.cpp", '#include "../remote/a.hpp"',
                 '1:11: "../remote/a.hpp" is no way to name a header: "ROOM/FILE.hpp" is'),
                ("cli/plan/a.cpp", '#include "model/../remote/a.hpp"',
                 '1:11: "model/../remote/a.hpp" is no way to name a header: "ROOM/FILE.hpp" is'),
                ("cli/plan/a.cpp", '#include "./b.hpp"', '1:11: "./b.hpp" is no way to name a header: "ROOM/FILE.hpp" is'),
                ("cli/plan/a.cpp", '#include "/usr/include/curl/curl.h"',
                 '1:11: "/usr/include/curl/curl.h" is no way to name a header: "ROOM/FILE.hpp" is'),
                ("cli/plan/a.cpp", '#include "b.hpp"', f'1:11: cli/plan may not include "b.hpp"; {OF_PLAN}'),
                ("cli/plan/a.cpp", "#include HEADER", "1:10: cannot tell which header is included: write its name"),
                # Libraries.
                ("cli/plan/a.cpp", "#include <curl/curl.h>", f'1:11: cli/plan may not include "curl/curl.h"; {OF_PLAN}'),
                ("cli/plan/a.cpp", '#include "curl/curl.h"', f'1:11: cli/plan may not include "curl/curl.h"; {OF_PLAN}'),
                ("cli/plan/a.cpp", "#include <libssh/libssh.h>",
                 f'1:11: cli/plan may not include "libssh/libssh.h"; {OF_PLAN}'),
                ("cli/plan/a.cpp", "#include <asio.hpp>", f'1:11: cli/plan may not include "asio.hpp"; {OF_PLAN}'),
                ("cli/plan/a.cpp", "#include <asio/ip/tcp.hpp>", f'1:11: cli/plan may not include "asio/ip/tcp.hpp"; {OF_PLAN}'),
                ("cli/plan/a.cpp", "#include <unheard/of.hpp>", f'1:11: cli/plan may not include "unheard/of.hpp"; {OF_PLAN}'),
                ("cli/plan/a.cpp", "#include <fmt/format.h>", ""),
                ("cli/plan/a.cpp", "#include <fmtlike/format.h>",
                 f'1:11: cli/plan may not include "fmtlike/format.h"; {OF_PLAN}'),
                ("cli/plan/a.cpp", "#include <arpa/inet.h>", ""),
                ("cli/plan/a.cpp", "#include <arpa/nameser.h>", f'1:11: cli/plan may not include "arpa/nameser.h"; {OF_PLAN}'),
                ("cli/main.cpp", "#include <fmt/format.h>",
                 '1:11: cli/main.cpp may not include "fmt/format.h"; of libraries it may: none'),
                # The standard library, and what of it is the machine.
                ("cli/plan/a.cpp", "#include <vector>", ""),
                ("cli/plan/a.cpp", "#include <fstream>", f'1:11: cli/plan may not include "fstream"; {OF_PLAN}'),
                ("cli/plan/a.cpp", "#include <unistd.h>", f'1:11: cli/plan may not include "unistd.h"; {OF_PLAN}'),
                ("cli/plan/a.cpp", "#include <sys/socket.h>", f'1:11: cli/plan may not include "sys/socket.h"; {OF_PLAN}'),
                ("cli/remote/a.cpp", "#include <sys/socket.h>", ""),
                ("cli/remote/a.cpp", "#include <fstream>", ""),
                ("cli/model/file.cpp", "#include <fstream>", ""),
                ("cli/model/files.cpp", "#include <fstream>",
                 '1:11: cli/model may not include "fstream"; of libraries it may: fmt'),
                # Folders that the table does not know.
                ("cli/plam/a.cpp", "#include <vector>", '1:11: "cli/plam" is no room of docs/architecture.md, did you mean "cli/plan"?'),
                ("cli/util.cpp", "#include <vector>", '1:11: "cli" is no room of docs/architecture.md'),
                # How the line is written.
                ("cli/plan/a.cpp", "int a;\n  #  include   <curl/curl.h>  // why", f'2:17: cli/plan may not include "curl/curl.h"; {OF_PLAN}'),
                ("cli/plan/a.cpp", "/* text\n*/#include <curl/curl.h>", f'2:13: cli/plan may not include "curl/curl.h"; {OF_PLAN}'),
                ("cli/plan/a.cpp", "#include_next <curl/curl.h>", f'1:16: cli/plan may not include "curl/curl.h"; {OF_PLAN}'),
                ("cli/plan/a.hxx", "#import <curl/curl.h>", f'1:10: cli/plan may not include "curl/curl.h"; {OF_PLAN}'),
                ("cli/plan/a.cpp", "%:include <curl/curl.h>", f'1:12: cli/plan may not include "curl/curl.h"; {OF_PLAN}'),
                ("cli/plan/a.cpp", "// #include <curl/curl.h>\n/*\n#include <curl/curl.h>\n*/", ""),
                ("cli/plan/a.cpp", 'const char* c = R"c(\n#include <curl/curl.h>\n)c";', ""),
                ("cli/plan/a.cpp", 'const char* c = "/*";\n#include <curl/curl.h>\n', f'2:11: cli/plan may not include "curl/curl.h"; {OF_PLAN}'),
                ("cli/plan/notes.md", "#include <curl/curl.h>", "")]:
            with self.subTest(f"{path}: {line}"):
                self.assertEqual(self.said({path: line}), says and f"{path}:{says}")

    def test_every_stray_line_is_told(self):
        self.assertEqual(
            self.said({"cli/plan/b.cpp": "#include <fmt/format.h>\n#include <curl/curl.h>\n#include <poll.h>\n",
                       "cli/model/a.hpp": '#pragma once\n#include "remote/a.hpp"\n'}).split("\n"),
            ['cli/model/a.hpp:2:11: cli/model may not include "remote/a.hpp"; of rooms it may: model',
             f'cli/plan/b.cpp:2:11: cli/plan may not include "curl/curl.h"; {OF_PLAN}',
             f'cli/plan/b.cpp:3:11: cli/plan may not include "poll.h"; {OF_PLAN}'])

    def test_types_of_one_name(self):
        told = 'cli/plan/b.hpp:2:8: "Row" is the name of a type in cli/model/a.hpp:1:8, too: give one of them another'
        for other, says in [
                ("\nstruct Row {\n};\n", told), ("\nstruct Row : Base {};\n", told), ("\nclass  Row;\n", ""),
                ("\nenum class Row { a };\n", told.replace("2:8", "2:12")), ("\nstruct Row;\n", ""), ("\nstruct Rows {};\n", ""),
                ("namespace {\nstruct Row {\n};\n}  // namespace\n", ""), ("struct A {\n  struct Row {};\n};\n", ""),
                ("// of it:\n// struct Row {\n", ""), ("\nusing Row = int;\n", told.replace("2:8", "2:7")),
                ("\nusing other::Row;\n", ""), ("namespace {\nusing Row = int;\n}  // namespace\n", ""),
                ("namespace {\nint a;\n}  // namespace\nstruct Row {};\n", told.replace("2:8", "4:8"))]:
            with self.subTest(other):
                self.assertEqual(self.said({"cli/model/a.hpp": "struct Row {\n};\n", "cli/plan/b.hpp": other}), says)

    def test_links(self):
        for links, says in [
                ("room(plan model remote)\n", 'CMakeLists.txt:1: cli/plan may not link "remote"; of rooms it may: model, plan'),
                ("\nroom(model\n  fmt::fmt plan)\n", 'CMakeLists.txt:2: cli/model may not link "plan"; of rooms it may: model'),
                ("room(remot plan)\n", 'CMakeLists.txt:1: "remot" is no room of docs/architecture.md, did you mean "remote"?')]:
            with self.subTest(links):
                self.assertEqual(self.said({}, links=links), says)

    def test_a_table_that_does_not_hold(self):
        for old, new, says in [
                ("| model, plan |", "| model, plam |", '8: "plam" is no room of the table, did you mean "plan"?'),
                ("| pure | model |", "| pure | model, remote |", "7: what cli/plan may include leads back to it"),
                ("| values | nothing of ours |", "| values | remote |", "5: what cli/model may include leads back to it"),
                ("| libraries |", "| external |", "3: there is no table with the columns room, may include, libraries"),
                ("| room |", "| place |", "1: there is no table with the columns room, may include, libraries")]:
            with self.subTest(new):
                self.assertEqual(self.said({}, table=TABLE.replace(old, new)), f"docs/architecture.md:{says}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
