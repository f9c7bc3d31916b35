"""A no-op `clusterctl up` beside what a person would do instead: one ssh per host, all at once, running `docker ps`.
Usage: noop_up.py CLUSTERCTL INVENTORY [RUNS]. Prints medians and ratios; asserts nothing."""
import json
import re
import resource
import statistics
import subprocess
import sys
import time


def measured(start):
    """Wall and children's CPU seconds of start()."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    start()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    binary, inventory = sys.argv[1:3]
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    text = open(inventory).read()
    key = re.search(r"key: \"?([^\"\s]+)", text).group(1)
    status = json.loads(subprocess.run([binary, "status", "-i", inventory, "-o", "json"], capture_output=True, text=True).stdout)
    addresses = [h["address"] for h in status["hosts"]]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}

    def up():
        subprocess.run([binary, "up", "-y", "-i", inventory], check=True, **quiet)

    def ssh():
        all_hosts = [subprocess.Popen(["ssh", "-i", key, "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
                                       f"root@{a}", "docker", "ps"], **quiet) for a in addresses]
        for p in all_hosts:
            p.wait()

    up(), ssh()  # warm
    ours, theirs = [], []
    for _ in range(runs):
        ours.append(measured(up))
        theirs.append(measured(ssh))
    for i, what in enumerate(("wall", "cpu")):
        a, b = (statistics.median(r[i] for r in rows) for rows in (ours, theirs))
        print(f"{what:4}  no-op up {a * 1e3:7.1f} ms   ssh + docker ps on {len(addresses)} hosts {b * 1e3:7.1f} ms   ratio {a / b:.2f}")


main()
