"""Log lines and exits in the form that Marathon writes to its console."""
import datetime
import os
import sys


def line(level, text, place="mesosphere.marathon.Main:main"):
    now = datetime.datetime.now().strftime("%Y-%m-%d %H:%M:%S,%f")[:-3]
    sys.stderr.write("[%s] %-5s %s (%s)\n" % (now, level, text, place))
    sys.stderr.flush()


def info(text):
    line("INFO", text)


def warn(text):
    line("WARN", text)


def error(text):
    line("ERROR", text)


def leave(code, text=None):
    """Marathon's own exit codes: 100 no ZooKeeper, 101 ZooKeeper lost, 103 leadership or Mesos lost, and so on."""
    if text:
        error(text)
    info("shutting down with exit code %d" % code)
    os._exit(code)


def wrong(text):
    """A mistake on the command line."""
    sys.stderr.write("[scallop] Error: %s\n" % text)
    sys.stderr.flush()
    os._exit(1)
