#!/usr/bin/python3
"""Runs the stand-ins' tests: check.py, or with names of classes and tests, as check.py Masters Bamboo.test_old.

Three classes run at a time, each with a ZooKeeper of its own: they mostly wait.
"""
import concurrent.futures
import io
import os
import sys
import unittest

CHECKS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "checks")


def tests_of(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from tests_of(item)
        else:
            yield item


def run(names):
    """The tests of these names: what is to be printed, and whether all passed."""
    output = io.StringIO()
    sys.stdout = sys.stderr = output  # a failed test shows the logs of its programs
    suite = unittest.defaultTestLoader.loadTestsFromNames(names)
    result = unittest.TextTestRunner(output, verbosity=2).run(suite)
    return output.getvalue(), result.wasSuccessful()


def main(names):
    found = [test.id() for test in tests_of(unittest.defaultTestLoader.discover(CHECKS, "test_*.py"))]
    classes = {}
    for id in found:
        if not names or any("." + name + "." in "." + id + "." for name in names):
            classes.setdefault(id.rpartition(".")[0], []).append(id)
    if not classes:
        sys.exit("check: no test is called %s" % " ".join(names))
    passed = True
    with concurrent.futures.ProcessPoolExecutor(3) as pool:
        for done in concurrent.futures.as_completed([pool.submit(run, ids) for ids in classes.values()]):
            text, good = done.result()
            print(text, flush=True)
            passed = passed and good
    sys.exit(not passed)


if __name__ == "__main__":
    main(sys.argv[1:])
