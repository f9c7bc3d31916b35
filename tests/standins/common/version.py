"""The version that a stand-in plays, taken from its image and never from its command line.

The image build writes the tag into a VERSION file beside the programs; on a developer's machine
STANDIN_VERSION replaces it.
"""
import os
import re


def parse(text):
    """'0.28.1-2.0.20.ubuntu1404' and 'v1.1.1' become (0, 28, 1) and (1, 1, 1); 'latest' is newer than all."""
    if text.strip() == "latest":
        return (999, 0, 0)
    found = re.match(r"v?(\d+)\.(\d+)(?:\.(\d+))?", text.strip())
    if not found:
        raise SystemExit("stand-in: no version can be read from '%s'" % text.strip())
    return tuple(int(part or 0) for part in found.groups())


class Version:
    def __init__(self, directory):
        text = os.environ.get("STANDIN_VERSION")
        if text is None:
            with open(os.path.join(directory, "VERSION")) as file:
                text = file.read()
        self.parts = parse(text)
        self.text = "%d.%d.%d" % self.parts

    def since(self, text):
        return self.parts >= parse(text)

    def before(self, text):
        return not self.since(text)

    def within(self, ranges):
        """Ranges as the flag tables write them: 'FIRST..LAST,FIRST..'; an open end has no limit."""
        for piece in ranges.split(","):
            first, last = piece.split("..")
            if (not first or self.since(first)) and (not last or self.parts <= parse(last)):
                return True
        return False
