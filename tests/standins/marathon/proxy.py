"""What a standby does with a request: hand it to the leader and say so."""
import http.client
import time

import web

DROPPED = ("connection", "transfer-encoding", "content-length", "date", "content-type")


class Pipe:
    """An answer that goes on for ever, passed on as it comes (the event stream up to 1.6)."""

    def __init__(self, connection, answer):
        self.connection, self.answer = connection, answer

    def lines(self, peer_is_there):
        try:
            while peer_is_there():
                piece = self.answer.read1(65536)
                if not piece:
                    return
                yield piece
        except OSError:
            return
        finally:
            self.connection.close()


def page(status, reason):
    return web.Answer(status, "<html>\n<head>\n<title>Error %d %s</title>\n</head>\n<body><h2>HTTP ERROR %d</h2>\n</body>\n</html>\n"
                      % (status, reason, status), "text/html;charset=iso-8859-1", reason=reason)


def forward(request, find_leader, own, version):
    """find_leader() is the leader's host:port, or None while nobody knows."""
    end = time.monotonic() + 2.75
    while find_leader() is None and time.monotonic() < end:
        time.sleep(0.1)
    leader = find_leader()
    if leader is None:
        return page(502, "Could not determine the current leader")
    stream = request.path == "/v2/events"
    if stream and version.since("1.7"):
        return web.Answer(302, headers=[("Location", "http://%s%s" % (leader, request.target))])
    connection = http.client.HTTPConnection(leader, timeout=10)
    headers = {name: value for name, value in request.headers.items() if name.lower() not in ("host", "connection")}
    try:
        connection.request(request.method, request.target, request.body or None, headers)
        answer = connection.getresponse()
    except ConnectionRefusedError:
        return page(502, "Connection to leader refused.")
    except (OSError, http.client.HTTPException):
        return page(500, "Server Error")
    kept = [(name, value) for name, value in answer.headers.items() if name.lower() not in DROPPED]
    kept.append(("X-Marathon-Via", "1.1 " + own))
    body = Pipe(connection, answer) if stream and answer.status == 200 else answer.read()
    return web.Answer(answer.status, body, answer.headers.get("Content-Type"), kept)
