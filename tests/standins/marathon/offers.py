"""Matches one instance of an app against the offers, and remembers why offers were not used."""
import random
import re

import apps
import events

REASONS = ("UnfulfilledRole", "UnfulfilledConstraint", "NoCorrespondingReservationFound", "AgentMaintenance", "InsufficientCpus",
           "InsufficientMemory", "InsufficientDisk", "InsufficientGpus", "InsufficientPorts", "DeclinedScarceResources")


def ranges(text):
    return [tuple(int(end) for end in piece.split("-")) for piece in text.strip("[]").replace(" ", "").split(",") if piece]


def satisfies(constraints, offer, others):
    """others are the running instances of the app, each with host and attributes."""
    def value(of, field):
        return of["host"] if field == "hostname" else of["attributes"].get(field)
    here = {"host": offer["hostname"], "attributes": offer["attributes"]}
    for field, operator, *rest in constraints:
        own = value(here, field)
        if own is None and operator != "UNLIKE":
            return False
        taken = [value(other, field) for other in others]
        wanted = rest[0] if rest else None
        if operator == "UNIQUE" and own in taken:
            return False
        if operator in ("CLUSTER", "IS") and own != (wanted if wanted is not None else (taken + [own])[0]):
            return False
        if operator == "LIKE" and not re.fullmatch(wanted or "", own):
            return False
        if operator == "UNLIKE" and own is not None and re.fullmatch(wanted or "", own):
            return False
    return True


def pick_ports(wanted, free):
    """The host ports, or None. A port that is asked for by number must be in the offer."""
    taken = [port for port in wanted if port]
    if any(not any(low <= port <= high for low, high in free) for port in taken):
        return None
    pool = [port for low, high in free for port in range(low, high + 1) if port not in taken]
    loose = sum(not port for port in wanted)
    if loose > len(pool):
        return None
    picked = random.sample(pool, loose)
    return [port or picked.pop() for port in wanted]


def obstacle(app, offer, others):
    """(reason, None) when the offer cannot be used, (None, ports) when it can."""
    resources = offer["resources"]
    if not satisfies(app["constraints"], offer, others):
        return "UnfulfilledConstraint", None
    for reason, name in (("InsufficientCpus", "cpus"), ("InsufficientMemory", "mem"), ("InsufficientDisk", "disk")):
        if app[name] > resources.get(name, 0) + 1e-9:
            return reason, None
    ports = pick_ports(apps.wanted_ports(app), ranges(resources.get("ports", "[]")))
    return (None, ports) if ports is not None else ("InsufficientPorts", None)


class Record:
    """The offers that one app has seen since it waits."""

    def __init__(self):
        self.since, self.processed, self.unused = events.now(), 0, 0
        self.attempt, self.last, self.last_unused, self.last_used = {}, {}, {}, None

    def begin(self):
        self.last, self.last_unused = {}, {}

    def used(self):
        self.processed += 1
        self.last_used = events.now()
        self.count(None)

    def refused(self, offer, reason):
        self.processed += 1
        self.unused += 1
        self.last_unused[offer["agent_id"]] = (offer, reason, events.now())
        self.count(reason)

    def count(self, reason):
        for summary in (self.attempt, self.last):
            for name in REASONS:
                declined, processed = summary.get(name, (0, 0))
                summary[name] = (declined + (name == reason), processed + 1)
                if name == reason:
                    break

    @staticmethod
    def summary(counts):
        return [{"reason": name, "declined": counts.get(name, (0, 0))[0], "processed": counts.get(name, (0, 0))[1]}
                for name in REASONS]

    def as_json(self):
        value = {"processedOffersCount": self.processed, "unusedOffersCount": self.unused,
                 "rejectSummaryLastOffers": self.summary(self.last), "rejectSummaryLaunchAttempt": self.summary(self.attempt)}
        if self.last_unused:
            value["lastUnusedOfferAt"] = max(at for _, _, at in self.last_unused.values())
        if self.last_used:
            value["lastUsedOfferAt"] = self.last_used
        return value

    def unused_offers(self):
        return [{"offer": {"id": "%s-O" % agent, "hostname": offer["hostname"], "agentId": agent,
                           "resources": [self.resource(name, value) for name, value in offer["resources"].items()],
                           "attributes": [{"name": name, "text": value} for name, value in offer["attributes"].items()]},
                 "reason": [reason], "timestamp": at} for agent, (offer, reason, at) in self.last_unused.items()]

    @staticmethod
    def resource(name, value):
        if isinstance(value, str):
            return {"name": name, "role": "*", "ranges": [{"begin": low, "end": high} for low, high in ranges(value)]}
        return {"name": name, "role": "*", "scalar": value}
