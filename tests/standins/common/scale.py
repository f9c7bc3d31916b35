"""How fast time goes where the real programs only take their time: starting, and waiting between two tries.

STANDIN_TIME_SCALE is one tenth unless it is set; with 1 they are as slow as the real ones.
"""
import os

SCALE = float(os.environ.get("STANDIN_TIME_SCALE") or 0.1)


def scaled(seconds):
    return seconds * SCALE
