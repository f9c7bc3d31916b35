"""The leading Mesos master as ZooKeeper shows it: what masters, agents and Marathon's libmesos all detect."""
import json
import struct


def read_protobuf(data):
    """The fields of a flat protobuf message: {number: int or bytes}."""
    fields, at = {}, 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        key = varint()
        if key & 7 == 0:
            fields[key >> 3] = varint()
        else:
            size = varint()
            fields[key >> 3] = data[at:at + size]
            at += size
    return fields


def write_protobuf(fields):
    def varint(value):
        out = b""
        while value > 127:
            out, value = out + bytes([value & 127 | 128]), value >> 7
        return out + bytes([value])

    out = b""
    for number, value in fields:
        if isinstance(value, int):
            out += varint(number << 3) + varint(value)
        else:
            out += varint(number << 3 | 2) + varint(len(value)) + value.encode()
    return out


def label(version):
    """Mesos up to 0.23 writes MasterInfo as protobuf, later ones as JSON under another name."""
    return "json.info_" if version.since("0.24") else "info_"


def encode(info, version):
    packed = struct.unpack("<I", bytes(int(part) for part in info["ip"].split(".")))[0]
    pid = "master@%s:%d" % (info["ip"], info["port"])
    if version.before("0.24"):
        return write_protobuf([(1, info["id"]), (2, packed), (3, info["port"]), (4, pid), (5, info["hostname"])])
    value = {"address": {"hostname": info["hostname"], "ip": info["ip"], "port": info["port"]}}
    names = [name for name, first in (("AGENT_UPDATE", "1.5"), ("AGENT_DRAINING", "1.9"), ("QUOTA_V2", "1.9"))
             if version.since(first)]
    if names:
        value["capabilities"] = [{"type": name} for name in names]
    value.update(hostname=info["hostname"], id=info["id"], ip=packed, pid=pid, port=info["port"], version=version.text)
    return json.dumps(value, separators=(",", ":")).encode()


class UnknownLabel(Exception):
    """The leader's znode is of a kind that this version cannot read."""


class Silent(Exception):
    """ZooKeeper did not answer just now: what was known before still stands."""


def leader(session, version):
    """MasterInfo of the leading master as a dict, None when there is none; or UnknownLabel, or Silent.

    JSON is read from 0.23 on: an older agent or libmesos never finds a master of 0.24.
    """
    found = names(session)
    if not found:
        return None
    name = found[0]
    if name.startswith("json.info_") and version.before("0.23"):
        raise UnknownLabel("Failed to parse data of unknown label 'json.info'")
    return decode(name, read(session, name))


def all_of(session):
    """Every master's MasterInfo, the leader first, whatever form it is written in; or Silent."""
    return [decode(name, read(session, name)) for name in names(session)]


def names(session):
    members = session.members(session.path) if session.connected and not session.lost else None
    if members is None:
        raise Silent()
    return [name for _, name in members if name.startswith(("info_", "json.info_"))]


def read(session, name):
    data = session.read(session.path + "/" + name)
    if data is None:
        raise Silent()
    return data


def decode(name, data):
    if name.startswith("json.info_"):
        value = json.loads(data)
        ip, _, _ = value["pid"].partition("@")[2].partition(":")
        return {"id": value["id"], "hostname": value["hostname"], "ip": ip, "port": value["port"], "pid": value["pid"]}
    fields = read_protobuf(data)
    pid = fields[4].decode()
    return {"id": fields[1].decode(), "hostname": fields[5].decode(), "port": fields[3], "pid": pid,
            "ip": pid.partition("@")[2].partition(":")[0]}


def address(info):
    return "%s:%d" % (info["ip"], info["port"]) if info else None
