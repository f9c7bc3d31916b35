"""The part of Go's text/template that templates for Bamboo use.

range (with one or two variables, and else), if, else if, else, with, end; variables and their fields; parentheses and
pipes; texts, numbers, true, false and nil; comments and trim marks; and, or, not, eq, ne, index, len; and the functions that
are given. What it does not know is a parse error, as an unknown function is in Go.
"""
import re


class ParseError(Exception):
    """Bamboo panics on these."""


class ExecError(Exception):
    """The template is sound, the data does not fit it."""


class Map(dict):
    """A map of Go: a key that is not there has the zero value. A plain dict is a struct: a field must be there."""


TOKEN = re.compile(r'\s*("(?:\\.|[^"\\])*"|`[^`]*`|\$\w*(?:\.\w+)*|(?:\.\w+)+|\.|:=|=|-?\d+|\w+|[()|,])')


def tokens(text):
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise ParseError("unexpected %r in command" % text[at])
        found.append(match[1])
        at = match.end()
    return found


def pieces(source):
    """(line, text, None) for text and (line, None, action) for what stands in braces; trim marks are carried out."""
    at, line, trim = 0, 1, False
    while True:
        start = source.find("{{", at)
        text = source[at:start] if start >= 0 else source[at:]
        shown = text.lstrip() if trim else text
        if start < 0:
            yield line, shown, None
            return
        line += text.count("\n")
        end = source.find("}}", start)
        if end < 0:
            raise ParseError("unclosed action")
        action = source[start + 2:end]
        if action.startswith("- "):
            action, shown = action[2:], shown.rstrip()
        trim = action.endswith(" -")
        action = action[:-2] if trim else action
        yield line, shown, None
        yield line, None, action.strip()
        line, at = line + action.count("\n"), end + 2


class Template:
    def __init__(self, name, source, functions):
        self.name, self.functions = name, dict(BUILTIN, **functions)
        self.stream, self.line = list(pieces(source)), 1
        self.tree, ended = self.block()
        if ended:
            self.wrong("unexpected {{%s}}" % ended)

    def wrong(self, text):
        raise ParseError("template: %s:%d: %s" % (self.name, self.line, text))

    # Parsing: a block is a list of (kind, line, ...) up to end or else

    def block(self):
        nodes = []
        while self.stream:
            self.line, text, action = self.stream.pop(0)
            if action is None:
                nodes.append(("text", self.line, text))
                continue
            if action.startswith("/*"):
                continue
            try:
                words = tokens(action)
            except ParseError as error:
                self.wrong(str(error))
            if not words:
                self.wrong("missing value for command")
            if words[0] in ("end", "else"):
                return nodes, " ".join(words)
            if words[0] in ("if", "with", "range"):
                nodes.append(self.control(words[0], words[1:]))
            else:
                nodes.append(("show", self.line, *self.declared(words, 1)))
        return nodes, None

    def control(self, kind, words):
        line, (names, pipe) = self.line, self.declared(words, 2 if kind == "range" else 1)
        then, ended = self.block()
        other = []
        if ended and ended.startswith("else if ") and kind == "if":
            other = [self.control("if", tokens(ended[8:]))]
        elif ended == "else":
            other, ended = self.block()
            if ended != "end":
                self.wrong("expected end; found %s" % (ended or "EOF"))
        elif ended != "end":
            self.wrong("unexpected %s in %s" % (ended or "EOF", kind))
        return (kind, line, names, pipe, then, other)

    def declared(self, words, most):
        names = []
        for mark in (":=", "="):
            if mark in words:
                at = words.index(mark)
                names, words = [word for word in words[:at] if word != ","], words[at + 1:]
        if len(names) > most or any(not name.startswith("$") for name in names):
            self.wrong("too many declarations in command")
        return names, self.pipe(words)

    def pipe(self, words):
        commands, command, depth = [], [], 0
        for word in words:
            depth += (word == "(") - (word == ")")
            if word == "|" and not depth:
                commands.append(command)
                command = []
            else:
                command.append(word)
        if depth:
            self.wrong("unclosed left paren" if depth > 0 else "unexpected right paren")
        return [self.command(words) for words in commands + [command]]

    def command(self, words):
        """A list of operands; the first may be the name of a function."""
        found, left = [], list(words)
        while left:
            word = left.pop(0)
            if word == "(":
                inner, depth = [], 1
                while depth:
                    inner.append(left.pop(0))
                    depth += (inner[-1] == "(") - (inner[-1] == ")")
                found.append(("pipe", self.pipe(inner[:-1])))
            elif word[0] in "\"`":
                found.append(("value", word[1:-1].encode().decode("unicode_escape") if word[0] == '"' else word[1:-1]))
            elif re.fullmatch(r"-?\d+", word):
                found.append(("value", int(word)))
            elif word in ("true", "false", "nil"):
                found.append(("value", {"true": True, "false": False, "nil": None}[word]))
            elif word[0] in "$.":
                found.append(("path", word))
            elif word in self.functions:
                found.append(("call", word))
            else:
                self.wrong('function "%s" not defined' % word)
        if not found:
            self.wrong("missing value for command")
        return found

    # Execution

    def render(self, data):
        return "".join(self.run(self.tree, data, {"$": data}))

    def fail(self, text):
        raise ExecError("template: %s:%d: executing: %s" % (self.name, self.line, text))

    def run(self, nodes, dot, scope):
        for node in nodes:
            kind, self.line = node[:2]
            if kind == "text":
                yield node[2]
                continue
            names, value = node[2], self.value(node[3], dot, scope)
            if kind == "show":
                if names:
                    scope[names[0]] = value
                else:
                    yield shown(value)
            elif kind == "range":
                yield from self.each(node, value, dot, scope)
            else:
                inner = dict(scope, **dict.fromkeys(names, value))
                yield from self.run(node[4] if bool(value) else node[5], value if kind == "with" and bool(value) else dot, inner)

    def each(self, node, value, dot, scope):
        names = node[2]
        items = sorted(value.items()) if isinstance(value, dict) else enumerate(value or [])
        found = list(items)
        for key, item in found:
            inner = dict(scope, **dict(zip(names[-2:], (key, item)[-len(names):] if names else ())))
            yield from self.run(node[4], item, inner)
        if not found:
            yield from self.run(node[5], dot, dict(scope))

    def value(self, pipe, dot, scope):
        value, fed = None, False
        for command in pipe:
            arguments = [self.operand(operand, dot, scope) for operand in command if operand[0] != "call"] + ([value] if fed else [])
            if command[0][0] == "call":
                try:
                    value = self.functions[command[0][1]](*arguments)
                except (TypeError, ValueError, IndexError, KeyError) as error:
                    self.fail("error calling %s: %s" % (command[0][1], error))
            elif len(arguments) == 1:
                value = arguments[0]
            else:
                self.fail("can't give argument to non-function")
            fed = True
        return value

    def operand(self, operand, dot, scope):
        kind, what = operand
        if kind == "value":
            return what
        if kind == "pipe":
            return self.value(what, dot, scope)
        first, *fields = what.split(".")
        if first and first not in scope:
            self.fail('undefined variable "%s"' % first)
        value = scope[first] if first else dot
        for field in filter(None, fields):
            if isinstance(value, Map):
                value = value.get(field, "")
            elif isinstance(value, dict) and field in value:
                value = value[field]
            else:
                self.fail("can't evaluate field %s" % field)
        return value


def shown(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[%s]" % " ".join(shown(item) for item in value)
    return "<no value>" if value is None else str(value)


def index(value, *keys):
    for key in keys:
        value = value.get(key, "") if isinstance(value, dict) else value[key]
    return value


BUILTIN = {
    "and": lambda *values: next((value for value in values if not bool(value)), values[-1]),
    "or": lambda *values: next((value for value in values if bool(value)), values[-1]),
    "not": lambda value: not bool(value), "eq": lambda first, *others: first in others, "ne": lambda a, b: a != b,
    "index": index, "len": len,
}
