"""How fast a stand-in is: the times of the real programs, times STANDIN_TIME_SCALE."""
import os

GIVEN = os.environ.get("STANDIN_TIME_SCALE")


def scaled(seconds):
    """Times that others reckon with: as in life unless said otherwise."""
    return seconds * float(GIVEN or 1)


def hurried(seconds):
    """Where a program only takes its time, as to start or between two tries: a tenth unless said otherwise."""
    return seconds * float(GIVEN or 0.1)
