"""Log lines and exits in the form of Google's glog, which Mesos writes to stderr."""
import datetime
import os
import sys
import threading

EXITS_ARE_LOGGED = True  # set by the programs from their version


def line(level, place, text):
    now = datetime.datetime.now()
    sys.stderr.write("%s%s %5d %s] %s\n" % (level, now.strftime("%m%d %H:%M:%S.%f"), threading.get_native_id(), place, text))
    sys.stderr.flush()


def info(place, text):
    line("I", place, text)


def warning(place, text):
    line("W", place, text)


def error(place, text):
    line("E", place, text)


def fatal(place, text):
    """LOG(FATAL) and failed CHECKs end in abort(): 134 as a shell sees it."""
    line("F", place, text)
    os._exit(134)


def leave(place, text):
    """The EXIT(1) of Mesos: bare text up to 1.3, a log line after."""
    if not EXITS_ARE_LOGGED:
        plain(text)
    line("E", place, "EXIT with status 1: " + text)
    os._exit(1)


def plain(text, status=1):
    """Flag mistakes are printed bare, before logging starts."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
    os._exit(status)
