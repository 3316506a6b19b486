"""OpenManage Enterprise over its REST API: one session, one try of a password, and a sentence with a code for what goes wrong."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import socket
import ssl
import time
import urllib.parse

SESSIONS = "SessionService/Sessions"
BUSY = (502, 503, 504)
# An appliance that restarts, for an update of its own for example, is back within this; its jobs go on, or have ended, when it is.
AWAY_SECONDS = 900
# What is wrong with a catalogue or a profile shows in a first wave of ten servers; each further one has three times as many.
FIRST_WAVE, GROWTH = 10, 3


class OmeError(Exception):
    """What is wrong, with its stable code."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class OmeNotReady(OmeError):
    """It answers, and says that it is not ready yet."""


class OmeAway(OmeError):
    """It cannot be reached, or breaks its answer off."""


def ome_arguments() -> dict:
    """Named as the modules of dellemc.openmanage name them, so that one set of defaults serves both."""
    return {
        "hostname": {"type": "str", "required": True},
        "port": {"type": "int", "default": 443},
        "username": {"type": "str", "required": True},
        "password": {"type": "str", "required": True, "no_log": True},
        "ca_path": {"type": "path", "required": True},
        "timeout": {"type": "int", "default": 30},
    }


def awaiting_arguments() -> dict:
    """Of modules that follow a job."""
    return {**ome_arguments(), "away_seconds": {"type": "int", "default": AWAY_SECONDS}}


def place_of(hostname: str, port: int) -> str:
    return f"OpenManage Enterprise at {hostname} port {port}"


def connection_error(place: str, error: OSError) -> OmeError:
    if isinstance(error, (socket.timeout, TimeoutError)):
        return OmeAway("OME_TIMEOUT", f"{place} does not answer in time")
    if isinstance(error, ConnectionRefusedError):
        return OmeAway("OME_UNREACHABLE", f"{place} cannot be reached: connection refused")
    return OmeAway("OME_UNREACHABLE", f"{place} cannot be reached: {error.strerror or error or type(error).__name__}")


def is_awaited(params: dict, error: OmeError) -> bool:
    """Whether to wait on for an appliance that went away while a job runs there: since the first look that missed it, for AWAY_SECONDS.

    Looks are modules of their own, so that a file of the run tells when the first one was.
    """
    if not isinstance(error, (OmeNotReady, OmeAway)):
        return False
    note = away_note(params)
    if not os.path.exists(note):
        write_file(note, "")
    return time.time() - os.stat(note).st_mtime < params["away_seconds"]


def is_back(params: dict) -> None:
    """It answered: when it goes away again, that counts anew."""
    if os.path.exists(away_note(params)):
        os.unlink(away_note(params))


def away_note(params: dict) -> str:
    return f"{params['ca_path']}.away"


def plain_pin(pin: str) -> str:
    return pin.replace(":", "").strip().lower()


def fingerprint_of(certificate: bytes | None) -> str:
    return hashlib.sha256(certificate or b"").hexdigest()


def trusting(ca_path: str, pin: str) -> ssl.SSLContext:
    """With a pin the fingerprint alone decides, after the handshake; without one a CA and the name."""
    return unjudged() if pin else ssl.create_default_context(cafile=ca_path)


def unjudged() -> ssl.SSLContext:
    """Takes every certificate, for one who compares it afterwards; the CAs of this machine, which take longest to read, have no say."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def changed_certificate(place: str, pin: str, shown: str) -> str:
    return f"{place} shows another certificate than the site file names: expected SHA-256 {pin}, it shows {shown}"


class Ome:
    """A session; as a context it ends by itself."""

    def __init__(self, params: dict) -> None:
        self.params = params
        self.place = place_of(params["hostname"], params["port"])
        self.pin = plain_pin(params.get("pin") or "")
        self.context = trusting(params["ca_path"], self.pin)
        self.token = ""
        self.session: dict = {}
        self.renewed = False

    def __enter__(self) -> "Ome":
        self.log_in()
        return self

    def log_in(self) -> None:
        login = {"UserName": self.params["username"], "Password": self.params["password"], "SessionType": "API"}
        self.session, headers = self.send("POST", SESSIONS, login)
        self.token = headers.get("X-Auth-Token", "")

    def __exit__(self, *_) -> None:
        try:
            self.send("DELETE", f"{SESSIONS}('{self.session.get('Id')}')")
        except OmeError:
            pass  # It ends by its own timeout.

    def get(self, path: str, **query: str) -> dict:
        words = urllib.parse.urlencode({f"${name}": value for name, value in query.items()}, quote_via=urllib.parse.quote)
        return self.send("GET", f"{path}?{words}" if words else path)[0]

    def members(self, path: str, **query: str) -> list[dict]:
        """Every member of a collection, page after page."""
        page = self.get(path, **query)
        found = list(page.get("value", []))
        while page.get("@odata.nextLink"):
            page = self.get(page["@odata.nextLink"].split("/api/")[-1])
            found += page.get("value", [])
        return found

    def send(self, method: str, path: str, body: dict | None = None) -> tuple[dict, http.client.HTTPMessage]:
        """Body and headers of the answer."""
        params, pin = self.params, self.pin
        link = http.client.HTTPSConnection(params["hostname"], params["port"], timeout=params["timeout"], context=self.context)
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        if self.token:
            headers["X-Auth-Token"] = self.token
        try:
            link.connect()
            if pin and (shown := fingerprint_of(link.sock.getpeercert(binary_form=True))) != pin:
                raise OmeError("OME_CERTIFICATE_CHANGED", changed_certificate(self.place, pin, shown))
            link.request(method, f"/api/{path}", json.dumps(body) if body is not None else None, headers)
            answer = link.getresponse()
            text = answer.read()
        except ssl.SSLError as error:
            raise OmeError("OME_TLS", f"{self.place} cannot be trusted: {getattr(error, 'verify_message', '') or error}") from error
        except OSError as error:
            raise connection_error(self.place, error) from error
        except http.client.HTTPException as error:
            raise OmeAway("OME_ANSWER", f"{self.place} breaks off its answer: {type(error).__name__}") from error
        finally:
            link.close()
        if answer.status == 401 and self.token and method != "DELETE" and not self.renewed:
            # The session ended meanwhile, as all do when the appliance restarts; what is refused like this was not done.
            self.renewed, self.token = True, ""
            self.log_in()
            return self.send(method, path, body)
        if answer.status >= 400:
            raise self.refusal(answer.status, text)
        return read_json(text), answer.headers

    def refusal(self, status: int, text: bytes) -> OmeError:
        said = words_of(text)
        if status == 401 and not self.token:
            return OmeError("OME_LOGIN_REFUSED", f"{self.place} refuses the login of {self.params['username']}: {said}")
        if status == 403:
            return OmeError("OME_PRIVILEGE", f"{self.place} does not let {self.params['username']} do this: {said}")
        if status in BUSY:
            return OmeNotReady("OME_UNAVAILABLE", f"{self.place} is not ready: HTTP {status}, {said}")
        return OmeError("OME_ANSWER", f"{self.place} answers HTTP {status}: {said}")


def details_of(session: Ome, job: int) -> dict[str, tuple[int, str]]:
    """What the last execution of a job says of each device, by service tag: the number of its state and its words."""
    runs = session.members(f"JobService/Jobs({job})/ExecutionHistories")
    if not runs:
        return {}
    newest = max(runs, key=lambda one: int(one.get("Id") or 0))
    found = session.members(f"JobService/Jobs({job})/ExecutionHistories({newest['Id']})/ExecutionHistoryDetails")
    return {str(one.get("Key")): ((one.get("JobStatus") or {}).get("Id"), str(one.get("Value") or "")) for one in found}


def waves_of(hosts: list, first: int, growth: int) -> list[list]:
    """Cut into waves: so many in the first, and every further one larger by the growth."""
    waves, begin, size = [], 0, max(1, first)
    while begin < len(hosts):
        waves.append(hosts[begin:begin + size])
        begin, size = begin + size, size * growth
    return waves


def read_json(text: bytes) -> dict:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def words_of(text: bytes) -> str:
    """What OME says of an error."""
    error = read_json(text).get("error", {})
    details = error.get("@Message.ExtendedInfo") or [{}]
    said = details[0].get("Message") or error.get("message") or "no word of why"
    return str(said).rstrip(".")


def write_file(path: str, text: str) -> None:
    """Written beside and moved, so that nobody reads half of it."""
    fresh = f"{path}.new"
    with open(fresh, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(fresh, path)
