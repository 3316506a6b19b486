"""The supervisor of the stand-in on port 9345: the CA, the token, what a joining server gets, and which nodes live."""

import base64
import json

import config
import tls
from state import Refused


def answerer(state, password):
    """Answers agents and servers that join with the token."""

    def answer(handler):
        if handler.path == "/cacerts":
            return 200, tls.read(f"{tls.TLS}/server-ca.crt").encode()
        if handler.path == "/ping":
            return 200, b"pong"
        if given(handler) != password:
            raise Refused(401, "Unauthorized", "Unauthorized")
        if handler.path == "/v1-rke2/server-bootstrap":
            return 200, {"files": tls.authorities(), "critical": state.held["critical"]}
        if handler.path == "/v1-rke2/config":
            return 200, {"standIn": True}
        if handler.path.startswith("/v1-rke2/stand-in/nodes/") and handler.command == "POST":
            state.beat(handler.path.rpartition("/")[2], json.loads(handler.body))
            return 200, {}
        raise Refused(404, "NotFound", "the server could not find the requested resource")

    return answer


def given(handler):
    kind, _, value = handler.headers.get("Authorization", "").partition(" ")
    if kind != "Basic":
        return None
    return base64.b64decode(value).decode().partition(":")[2]


def authorization(token):
    """The header for a token, whole (K10...::user:password) or short."""
    user, _, password = token.rpartition("::")[2].rpartition(":")
    return {"Authorization": "Basic " + base64.b64encode(f"{user or 'server'}:{password}".encode()).decode()}


def check_ca(token, ca):
    """A whole token names the hash of the CA that it belongs to."""
    if not token.startswith("K10"):
        return
    wanted, seen = token[3:].partition("::")[0], config.sha256(ca)
    if wanted != seen:
        raise config.ConfigError(f"token CA hash does not match the Cluster CA certificate hash: {wanted} != {seen}")


def short(token):
    return token.rpartition("::")[2].rpartition(":")[2]
