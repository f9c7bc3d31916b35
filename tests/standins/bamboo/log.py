"""Log lines as Go's log package writes them: to stderr, or with -log to a file and stdout."""
import datetime
import os
import sys

streams = [sys.stderr]


def to_file(path):
    streams[:] = [open(path, "a"), sys.stdout]


def say(text):
    line = "%s %s\n" % (datetime.datetime.now().strftime("%Y/%m/%d %H:%M:%S"), text.rstrip("\n"))
    for stream in streams:
        stream.write(line)
        stream.flush()


def fatal(text):
    say(text)
    os._exit(1)


def panic(text):
    say(text)
    sys.stderr.write("panic: %s\n\ngoroutine 1 [running]:\n" % text)
    sys.stderr.flush()
    os._exit(2)
