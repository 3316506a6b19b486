"""A server or an agent of the stand-in: begins or joins a cluster, tells systemd, and says every second that it lives."""

import glob
import json
import os
import secrets
import signal
import socket
import sys
import time

import api
import config
import serve
import supervisor
import tls
from config import log
from state import Refused, State

DATA = "/var/lib/rancher/rke2"
PASSWORD = "/etc/rancher/node/password"


def fail(text):
    log("fatal", text)
    sys.exit(1)


def run(kind, version):
    """Until it is told to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    log("info", f"Starting rke2 {kind} {version} (a stand-in: nothing of Kubernetes runs in it)")
    try:
        held = config.read_config(kind)
    except config.ConfigError as error:
        fail(str(error))
    if not glob.glob(f"{DATA}/agent/images/rke2-images*"):
        log("error", 'failed to pull image "index.docker.io/rancher/rke2-runtime:stand-in": dial tcp: lookup index.docker.io: no such host')
        fail("preparing agent: no archive of images in /var/lib/rancher/rke2/agent/images")
    told = {"ip": held["node-ip"], "kind": kind, "version": version, "password": node_password()}
    if kind == "agent":
        beat = join_agent(held)
    elif held.get("server"):
        beat = join_server(held, version)
    else:
        beat = begin(held, version)
    live(held["node-name"], told, beat)


def begin(held, version):
    """The first server: makes the authorities, the token and the state, or goes on with those it has."""
    tls.make_authorities()
    os.makedirs(f"{DATA}/server", mode=0o700, exist_ok=True)
    token = take_token(held)
    state = State(critical(held))
    write_server_files(held, token)
    place = serving(held)
    serve.start(9345, tls.server_context(place, False), supervisor.answerer(state, supervisor.short(token)))
    serve.start(6443, tls.server_context(place, True), api.answerer(state, version))
    return state.beat


def take_token(held):
    """The token of the configuration, else the one that was made; another one than the cluster was begun with is refused."""
    path = f"{DATA}/server/token"
    known = tls.read(path).strip() if os.path.exists(path) else None
    token = held.get("token") or (supervisor.short(known) if known else secrets.token_hex(16))
    if known and supervisor.short(known) != supervisor.short(token):
        fail("starting kubernetes: preparing server: bootstrap data already found and encrypted with different token")
    return token


def join_server(held, version):
    url, token = held["server"], held.get("token") or ""
    ca = fetch_ca(url, token, "starting kubernetes: preparing server: ")
    status, body = serve.ask(url, "GET", "/v1-rke2/server-bootstrap", supervisor.authorization(token), ca=ca)
    if status != 200:
        fail(f"starting kubernetes: preparing server: {url}/v1-rke2/server-bootstrap: {status} {http_reason(status)}")
    given = json.loads(body)
    if given["critical"] != critical(held):
        differing = [key for key in config.CRITICAL if given["critical"].get(key) != critical(held).get(key)]
        fail(f"starting kubernetes: preparing server: failed to validate server configuration: critical configuration value mismatch between servers: {', '.join(differing)}")
    tls.take_authorities(given["files"])
    os.makedirs(f"{DATA}/server/db/etcd", mode=0o700, exist_ok=True)
    write_server_files(held, token)
    place, client = serving(held), tls.admin()
    first = url.rpartition(":")[0]

    def pass_on(port):
        def answer(handler):
            if port == 6443 and not handler.connection.getpeercert():
                raise Refused(401, "Unauthorized", "Unauthorized")
            kept = {key: value for key, value in handler.headers.items() if key in ("Authorization", "Content-Type")}
            status, body = serve.ask(f"{first}:{port}", handler.command, handler.path, kept, handler.body, ca, client if port == 6443 else None)
            plain = handler.path in ("/cacerts", "/readyz", "/ping") or "/log?" in handler.path
            return status, body if plain else json.loads(body)
        return answer

    serve.start(9345, tls.server_context(place, False), pass_on(9345))
    serve.start(6443, tls.server_context(place, True), pass_on(6443))
    return remote_beat(url, token, ca)


def join_agent(held):
    """Asks until the server takes it, as the real agent does."""
    url, token = held["server"], held["token"]
    ca = fetch_ca(url, token, "")
    while True:
        status, _ = serve.ask(url, "GET", "/v1-rke2/config", supervisor.authorization(token), ca=ca)
        if status == 200:
            return remote_beat(url, token, ca)
        log("info", f"Waiting to retrieve agent configuration; server is not ready: failed to retrieve configuration from server: {url}/v1-rke2/config: {status} {http_reason(status)}")
        time.sleep(2)


def fetch_ca(url, token, prefix):
    try:
        _, body = serve.ask(url, "GET", "/cacerts")
        supervisor.check_ca(token, body)
        return body.decode()
    except OSError as error:
        host = url.removeprefix("https://")
        fail(f'{prefix}failed to get CA certs: Get "{url}/cacerts": dial tcp {host}: connect: {(error.strerror or str(error)).lower()}')
    except config.ConfigError as error:
        fail(f"{prefix}{error}")


def remote_beat(url, token, ca):
    def beat(name, told):
        status, body = serve.ask(url, "POST", f"/v1-rke2/stand-in/nodes/{name}", supervisor.authorization(token), json.dumps(told), ca)
        if status != 200:
            raise Refused(status, "Refused", json.loads(body)["message"])
    return beat


def live(name, told, beat):
    ready = False
    while True:
        try:
            beat(name, told)
            if not ready:
                log("info", "rke2 is up and running")
                notify("READY=1")
                ready = True
        except Refused as error:
            if not ready and error.status == 403:
                fail(str(error))
            log("error", f"error syncing node {name}: {error}")
        except OSError as error:
            log("error", f"failed to renew lease of node {name}: {error}")
        time.sleep(1)


def serving(held):
    names = [held["node-name"], socket.gethostname(), "localhost", "kubernetes", "kubernetes.default.svc"]
    addresses = [held["node-ip"], "127.0.0.1"]
    for san in config.as_list(held.get("tls-san")):
        (addresses if san.replace(".", "").isdigit() else names).append(san)
    return tls.serving(names, addresses)


def write_server_files(held, token):
    whole = f"K10{tls.ca_hash()}::server:{supervisor.short(token)}\n"
    for name in ("token", "node-token"):
        with open(f"{DATA}/server/{name}", "w", encoding="ascii", opener=lambda path, flags: os.open(path, flags, 0o600)) as target:
            target.write(whole)
    tls.write_kubeconfig(held.get("write-kubeconfig") or "/etc/rancher/rke2/rke2.yaml", int(str(held.get("write-kubeconfig-mode") or "600"), 8))


def critical(held):
    return {key: held[key] for key in config.CRITICAL if key in held}


def node_password():
    if not os.path.exists(PASSWORD):
        os.makedirs(os.path.dirname(PASSWORD), exist_ok=True)
        with open(PASSWORD, "w", encoding="ascii", opener=lambda path, flags: os.open(path, flags, 0o600)) as target:
            target.write(secrets.token_hex(16))
    return tls.read(PASSWORD)


def notify(text):
    """What systemd waits for in a unit of Type=notify."""
    address = os.environ.get("NOTIFY_SOCKET")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.connect("\0" + address[1:] if address.startswith("@") else address)
            out.send(text.encode())


def http_reason(status):
    return {401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}.get(status, "Service Unavailable")
