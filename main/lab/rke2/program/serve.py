"""HTTPS servers of the stand-in: answers in JSON, and passing on of what only the first server can answer."""

import http.client
import http.server
import json
import ssl
import threading

from config import log
from state import Refused


class Handler(http.server.BaseHTTPRequestHandler):
    """Takes every request to `answer(handler)`, which returns (status, body) or raises Refused."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    def handle_any(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length)
        try:
            status, body = self.server.answer(self)
        except Refused as error:
            status, body = error.status, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": str(error), "reason": error.reason, "code": error.status}
        except (OSError, http.client.HTTPException) as error:
            status, body = 503, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": f"etcdserver: no leader ({error})", "reason": "ServiceUnavailable", "code": 503}
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain" if isinstance(body, bytes) else "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = handle_any

    def log_message(self, *_):
        """Requests are not logged."""


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    # As the real one: two that hold a port are a fault to be told.
    allow_reuse_address = True

    def __init__(self, port, context, answer):
        self.answer = answer
        super().__init__(("", port), Handler)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request, client_address):
        """Clients that break off, or speak no TLS, are their own affair."""


def start(port, context, answer):
    """Serves in the background; a port that is taken ends the program, in the real one's words."""
    try:
        server = Server(port, context, answer)
    except OSError as error:
        log("fatal", f"starting kubernetes: preparing server: init cluster datastore and https: listen tcp :{port}: bind: {(error.strerror or str(error)).lower()}")
        raise SystemExit(1) from None
    threading.Thread(target=server.serve_forever, daemon=True).start()


def ask(url, method, path, headers=None, body=None, ca=None, client=None, timeout=10):
    """One request; (status, bytes). Without `ca` nobody is trusted or distrusted: only for the CA itself, which is compared with its hash."""
    host, _, port = url.removeprefix("https://").partition(":")
    context = ssl.create_default_context(cadata=ca) if ca else ssl._create_unverified_context()
    if client:
        context.load_cert_chain(f"{client}.crt", f"{client}.key")
    connection = http.client.HTTPSConnection(host, int(port or 443), timeout=timeout, context=context)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
