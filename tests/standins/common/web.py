"""A small HTTP server and client: what all three stand-ins speak with each other and with the world."""
import http.client
import json
import select
import socket
import socketserver
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REASONS = {422: ""}  # Marathon sends 422 with an empty reason


class Answer:
    """What a handler returns: a status, a body and headers. A Feed as body is sent as it comes."""

    def __init__(self, status, body=b"", kind=None, headers=(), reason=None):
        self.status, self.kind, self.headers, self.reason = status, kind, list(headers), reason
        self.body = body.encode() if isinstance(body, str) else body


def as_json(value, status=200, headers=()):
    return Answer(status, json.dumps(value, separators=(",", ":")), "application/json", headers)


def as_text(status, text):
    return Answer(status, text, "text/plain; charset=utf-8")


class Request:
    def __init__(self, method, target, headers, body, peer):
        parts = urllib.parse.urlsplit(target)
        self.method, self.target, self.headers, self.body, self.peer = method, target, headers, body, peer
        self.path = urllib.parse.unquote(parts.path)
        self.query = {k: v[-1] for k, v in urllib.parse.parse_qs(parts.query, keep_blank_values=True).items()}

    def json(self):
        return json.loads(self.body or b"null")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "standin", ""

    def handle_any(self):
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(self.command, self.path, self.headers, self.rfile.read(length), self.client_address[0])
        try:
            answer = self.server.answer(request)
        except Exception as error:  # a broken stand-in must be seen, not guessed at
            answer = as_text(500, "stand-in: %s: %s" % (type(error).__name__, error))
            self.server.complain("stand-in: %s %s: %r" % (self.command, self.path, error))
        self.send(answer)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any

    def send(self, answer):
        reason = answer.reason if answer.reason is not None else REASONS.get(answer.status)
        self.send_response_only(answer.status, reason)
        self.send_header("Date", self.date_time_string())
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.kind:
            self.send_header("Content-Type", answer.kind)
        if isinstance(answer.body, bytes):
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)
            return
        self.send_header("Connection", "close")  # a stream ends with its connection
        self.end_headers()
        self.close_connection = True
        lines = answer.body.lines(self.peer_is_there)
        try:
            for piece in lines:
                self.wfile.write(piece)
                self.wfile.flush()
        except OSError:
            pass
        finally:
            lines.close()

    def peer_is_there(self):
        """False once the other side has closed: what a broken link is to libprocess."""
        try:
            readable = select.select([self.connection], [], [], 0)[0]
            return not readable or bool(self.connection.recv(1, socket.MSG_PEEK))
        except OSError:
            return False

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, ip, port, answer, complain):
        self.answer, self.complain = answer, complain
        super().__init__((ip, port), Handler)

    def server_bind(self):
        socketserver.TCPServer.server_bind(self)  # without the name lookup of HTTPServer
        self.server_name, self.server_port = self.server_address[:2]

    def handle_error(self, request, client_address):
        pass  # a peer that went away

    def start(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        return self


def call(address, method, path, body=None, headers=None, timeout=5):
    """One request to host:port. Returns (status, headers, bytes); raises OSError when there is no answer."""
    connection = http.client.HTTPConnection(address, timeout=timeout)
    try:
        if body is not None and not isinstance(body, bytes):
            body, headers = json.dumps(body).encode(), dict(headers or {}, **{"Content-Type": "application/json"})
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    except http.client.HTTPException as error:
        raise OSError(str(error) or type(error).__name__)
    finally:
        connection.close()


class Stream:
    """A POST whose answer never ends: one JSON value per line. Its end is the news that the peer is gone."""

    def __init__(self, address, path, body, timeout=5):
        self.connection = http.client.HTTPConnection(address, timeout=timeout)
        self.connection.request("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        self.socket = self.connection.sock  # the answer takes it over
        self.answer = self.connection.getresponse()
        self.status = self.answer.status
        self.socket.settimeout(60)  # the peer sends an empty line every 15 s

    def __iter__(self):
        try:
            for line in self.answer:
                if line.strip():
                    yield json.loads(line)
        except (OSError, ValueError, http.client.HTTPException, AttributeError):
            return

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.connection.close()
