"""How fast a stand-in is: the times of the real programs, times STANDIN_TIME_SCALE (1 where it is not set)."""
import os


def scaled(seconds):
    return seconds * float(os.environ.get("STANDIN_TIME_SCALE") or 1)
