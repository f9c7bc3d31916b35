"""Log lines as logrus writes them where no terminal listens."""
import datetime
import json
import os
import sys

LEVELS = ("debug", "info", "warning", "error", "fatal")
lowest = 2


def set_level(text):
    """False for a word that is no level: then warnings and worse are written."""
    global lowest
    word = {"warn": "warning"}.get(text.lower(), text.lower())
    lowest = LEVELS.index(word) if word in LEVELS else 2
    return word in LEVELS


def line(level, text):
    if LEVELS.index(level) >= lowest:
        now = datetime.datetime.utcnow().strftime("%Y-%m-%dT%H:%M:%SZ")
        sys.stderr.write('time="%s" level=%s msg=%s \n' % (now, level, json.dumps(text)))
        sys.stderr.flush()


def debug(text):
    line("debug", text)


def info(text):
    line("info", text)


def warn(text):
    line("warning", text)


def fatal(text):
    line("fatal", text)
    os._exit(1)
