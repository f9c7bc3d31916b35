"""What a Mesos master checks before it opens its port."""
import os
import socket

import credential_files
import glog
import zoo


def check(flags, version):
    """Leaves with the text of the real program at the first thing that is wrong."""
    if flags["registry_strict"] == "true" and version.since("1.0"):
        flags.usage("Support for '--registry_strict' has been disabled and will be removed in a future version of Mesos")
    credential_files.check(flags, "credentials")
    if flags["registry"] == "in_memory":
        if flags.true("registry_strict"):
            glog.leave("main.cpp:330", "Cannot use '--registry_strict' when using in-memory storage based registry")
    elif flags["registry"] in ("replicated_log", "log_storage"):
        check_log(flags)
    else:
        glog.leave("main.cpp:420", "'%s' is not a supported option for registry persistence" % flags["registry"])
    if flags["zk"] is not None:
        try:
            if zoo.split_url(flags["zk"])[2] in ("", "/"):
                raise ValueError("Expecting a (chroot) path for ZooKeeper ('/' is not supported)")
        except ValueError as error:
            if flags["zk"].strip().startswith("zk://"):
                glog.leave("main.cpp:425", "Failed to create a master contender: %s" % error)
            glog.leave("main.cpp:425", "Failed to create a master contender: Failed to parse '%s'" % flags["zk"])


def check_log(flags):
    if flags["work_dir"] is None:
        glog.leave("main.cpp:360", "--work_dir needed for replicated log based registry")
    try:
        os.makedirs(flags["work_dir"], exist_ok=True)
    except OSError as error:
        glog.leave("main.cpp:366", "Failed to create work directory '%s': %s"
                   % (flags["work_dir"], os.strerror(error.errno)))
    if flags["zk"] is None:
        return
    if flags["quorum"] is None:
        glog.leave("main.cpp:374",
                   "Need to specify --quorum for replicated log based registry when using ZooKeeper")
    try:
        zoo.split_url(flags["zk"])
    except ValueError as error:
        glog.leave("main.cpp:381", "Error parsing ZooKeeper URL: %s" % error)


def address(flags, environment):
    """(ip, port, hostname) to bind and to advertise. LIBPROCESS_* counts where the flag is not given."""
    ip = flags["ip"] or environment.get("LIBPROCESS_IP")
    port = flags.number("port")
    if ip is None:
        # The real program takes the address that the host's name resolves to, 127.0.0.1 included.
        try:
            ip = socket.gethostbyname(socket.gethostname())
        except OSError:
            ip = "127.0.0.1"
        bind = "0.0.0.0"
    else:
        bind = ip
    hostname = flags["hostname"]
    if hostname is None:
        try:
            hostname = ip if flags["hostname_lookup"] == "false" else socket.gethostbyaddr(ip)[0]
        except OSError:
            hostname = ip
    return bind, ip, port, hostname
