"""A BMC over Redfish: its certificate judged before the first byte of HTTP, one login, and no second try of a password."""

from __future__ import annotations

import hashlib
import http.client
import json
import socket
import ssl
import time

SESSIONS = "/redfish/v1/SessionService/Sessions"
# X509_verify_cert_error(3).
OUTSIDE_ITS_TIME = {9: "is not valid yet", 10: "has expired"}


class RedfishError(Exception):
    """What is wrong, with its stable code."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def redfish_arguments() -> dict:
    """Of every module that logs in to a BMC; doc_fragments/bringup_redfish.py says what they are."""
    return {
        "address": {"type": "str", "required": True},
        "port": {"type": "int", "default": 443},
        "certificate": {"type": "str", "default": ""},
        "username": {"type": "str", "required": True},
        "password": {"type": "str", "required": True, "no_log": True},
    }


def trusted_context(pin: str) -> ssl.SSLContext:
    """With a pin the fingerprint alone decides, after the handshake; without one a CA of this machine and the name."""
    if not pin:
        return ssl.create_default_context()
    # The CAs of this machine, which take longest to read, have no say.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def plain_pin(pin: str) -> str:
    return pin.replace(":", "").strip().lower()


def dial(address: str, port: int, pin: str, timeout: float) -> ssl.SSLSocket:
    """An open connection to the very BMC that is meant. The caller closes it."""
    place = f"the BMC at {address} port {port}"
    try:
        raw = socket.create_connection((address, port), timeout=timeout)
    except ConnectionRefusedError as error:
        raise RedfishError("REDFISH_REFUSED", f"{place} refuses the connection") from error
    except OSError as error:
        raise RedfishError("REDFISH_UNREACHABLE", f"{place} gives no answer: {error}") from error
    try:
        channel = trusted_context(pin).wrap_socket(raw, server_hostname=address)
    except ssl.SSLCertVerificationError as error:
        raw.close()
        if error.verify_code in OUTSIDE_ITS_TIME:
            clock = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
            raise RedfishError("REDFISH_CERTIFICATE_EXPIRED", f"the TLS certificate of {place} {OUTSIDE_ITS_TIME[error.verify_code]}; the clock here says {clock}") from error
        raise RedfishError("REDFISH_CERTIFICATE_UNKNOWN", f"nobody has confirmed the TLS certificate of {place} ({error.verify_message}): put its SHA-256 fingerprint under bmc.certificate in the site file") from error
    except OSError as error:
        raw.close()
        raise RedfishError("REDFISH_CLOSED", f"{place} breaks off the TLS handshake: {error}") from error
    shown = hashlib.sha256(channel.getpeercert(binary_form=True) or b"").hexdigest()
    if pin and shown != plain_pin(pin):
        channel.close()
        raise RedfishError("REDFISH_CERTIFICATE_CHANGED", f"the TLS certificate of {place} is not the known one: expected SHA-256 {plain_pin(pin)}, it shows {shown}; another machine may answer there")
    return channel


class Redfish:
    """A session at one BMC over one connection, as a handshake takes a BMC up to a second; as a context it ends by itself."""

    def __init__(self, address: str, port: int, pin: str, username: str, password: str, timeout: float = 30) -> None:
        self.place = f"the BMC at {address}"
        self.target = (address, port, pin, timeout)
        self.login = {"UserName": username, "Password": password}
        self.token, self.session = "", ""
        self.connection: http.client.HTTPConnection | None = None

    def __enter__(self) -> Redfish:
        try:
            return self._log_in()
        except RedfishError:
            self._hang_up()
            raise

    def _log_in(self) -> Redfish:
        status, headers, _ = self._ask("POST", SESSIONS, self.login)
        if status in (401, 403):
            raise RedfishError("REDFISH_LOGIN_REFUSED", f"{self.place} refuses the user name or password of its credential; it was tried once")
        if status == 503:
            raise RedfishError("REDFISH_BUSY", f"{self.place} is not ready (HTTP 503)")
        if status not in (200, 201) or "x-auth-token" not in headers:
            raise RedfishError("REDFISH_HTTP", f"{self.place} opens no session: HTTP {status}")
        self.token = headers["x-auth-token"]
        location = headers.get("location", "")
        self.session = location[location.find("/redfish/"):] if "/redfish/" in location else ""
        return self

    def __exit__(self, *_: object) -> None:
        try:
            if self.session:
                self._ask("DELETE", self.session)
        except RedfishError:
            pass
        finally:
            self._hang_up()

    def get(self, path: str) -> dict:
        """A resource; REDFISH_BUSY while the BMC asks for patience, REDFISH_NOT_FOUND where it does not know the path."""
        status, _, body = self._ask("GET", path)
        if status == 200 and isinstance(body, dict):
            return body
        if status == 404:
            raise RedfishError("REDFISH_NOT_FOUND", f"{self.place} knows no {path}")
        if status == 503:
            raise RedfishError("REDFISH_BUSY", f"{self.place} is not ready (HTTP 503 for {path})")
        raise RedfishError("REDFISH_HTTP", f"{self.place} answers HTTP {status} for {path}, with no resource in it")

    def _ask(self, method: str, path: str, data: dict | None = None) -> tuple[int, dict[str, str], object]:
        kept = self.connection is not None
        try:
            return self._ask_once(method, path, data)
        except RedfishError as error:
            # A BMC may close an idle connection at any moment; what only reads may be asked again on a fresh one.
            if not kept or error.code != "REDFISH_CLOSED" or method == "POST":
                raise
            return self._ask_once(method, path, data)

    def _ask_once(self, method: str, path: str, data: dict | None) -> tuple[int, dict[str, str], object]:
        address, port, _, timeout = self.target
        if self.connection is None:
            connection = http.client.HTTPConnection(address, port, timeout=timeout)
            connection.sock = dial(*self.target)
            # It would dial anew by itself, and without TLS.
            connection.auto_open = 0
            self.connection = connection
        connection, whole = self.connection, False
        headers = {"Accept": "application/json"} | ({"X-Auth-Token": self.token} if self.token else {})
        try:
            body = None if data is None else json.dumps(data)
            connection.request(method, path, body, headers | ({"Content-Type": "application/json"} if body else {}))
            answer = connection.getresponse()
            text = answer.read(64 << 20)
            whole = answer.isclosed() and connection.sock is not None
            seen = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, seen, json.loads(text) if text.strip() else None
        except (TimeoutError, socket.timeout) as error:
            raise RedfishError("REDFISH_TIMEOUT", f"{self.place} takes the connection and does not answer {method} {path} in {timeout:g} s") from error
        except ValueError as error:
            raise RedfishError("REDFISH_MALFORMED", f"{self.place} answers {method} {path} with no JSON") from error
        except (OSError, http.client.HTTPException) as error:
            raise RedfishError("REDFISH_CLOSED", f"{self.place} breaks off the answer to {method} {path}: {error or type(error).__name__}") from error
        finally:
            if not whole:
                self._hang_up()

    def _hang_up(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None
