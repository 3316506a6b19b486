"""Reads /etc/rancher/rke2/config.yaml for the rke2 stand-in: keys of the real program, and no others."""

import hashlib
import json
import os
import re
import socket
import sys
import time

CONFIG = "/etc/rancher/rke2/config.yaml"
REGISTRIES = "/etc/rancher/rke2/registries.yaml"
AGENT = {
    "token", "token-file", "server", "node-name", "node-ip", "node-external-ip", "node-label", "node-taint", "data-dir", "debug",
    "private-registry", "system-default-registry", "kubelet-arg", "kube-proxy-arg", "profile", "selinux", "protect-kernel-defaults",
}
# Must be the same on every server (docs.rke2.io, Server Configuration, Critical Configuration Values).
CRITICAL = ("agent-token", "cluster-cidr", "service-cidr", "cluster-dns", "cluster-domain", "disable-cloud-controller", "disable-kube-proxy", "egress-selector-mode")
SERVER = AGENT | set(CRITICAL) | {
    "tls-san", "cni", "write-kubeconfig", "write-kubeconfig-mode", "disable", "bind-address", "advertise-address", "etcd-snapshot-retention",
    "etcd-snapshot-schedule-cron", "etcd-arg", "kube-apiserver-arg", "kube-controller-manager-arg", "kube-scheduler-arg", "secrets-encryption",
}


class ConfigError(Exception):
    """What is wrong with the configuration, in the real program's words where it has them."""


def read_config(kind):
    """The configuration of a server or an agent, as a dictionary; a key that the program does not know is refused."""
    known = SERVER if kind == "server" else AGENT
    found = parse(read_text(os.environ.get("RKE2_CONFIG_FILE", CONFIG)))
    for key in found:
        if key not in known:
            raise ConfigError(f"flag provided but not defined: -{key}")
    if "token-file" in found and "token" not in found:
        found["token"] = read_text(found["token-file"]).strip()
    if kind == "agent":
        for key in ("server", "token"):
            if not found.get(key):
                raise ConfigError(f"--{key} is required")
    found.setdefault("node-name", socket.gethostname().split(".")[0])
    found.setdefault("node-ip", default_address())
    return found


def mirrors():
    """Registries for which registries.yaml names a mirror."""
    try:
        held = parse(read_text(REGISTRIES), nested=True)
    except ConfigError:
        return set()
    return set(held.get("mirrors") or {})


def read_text(path):
    try:
        with open(path, encoding="utf-8") as source:
            return source.read()
    except FileNotFoundError:
        if path == CONFIG:
            return ""
        raise ConfigError(f"open {path}: no such file or directory") from None


def parse(text, nested=False):
    """JSON, or the YAML of plain keys, strings and lists of strings that people write into this file."""
    if text.lstrip().startswith("{"):
        return json.loads(text)
    found, key = {}, None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#") or line == "---":
            continue
        item = re.fullmatch(r"\s*- (.*)", line)
        pair = re.fullmatch(r"([\w.-]+):(?: (.*))?", line)
        if item and key is not None and isinstance(found[key] or [], list):
            found[key] = [*(found[key] or []), scalar(item[1])]
        elif pair:
            key = pair[1]
            found[key] = scalar(pair[2]) if pair[2] else None
        elif not nested:
            raise ConfigError(f"error converting YAML to JSON: yaml: line {number}: could not find expected ':'")
    return found


def scalar(text):
    text = text.strip()
    if text.startswith(("[", "{", '"')):
        return json.loads(text)
    if text in ("true", "false"):
        return text == "true"
    return text.strip("'")


def default_address():
    """Address of the interface with the default route; without one the real program does not start either."""
    with open("/proc/net/route", encoding="ascii") as routes:
        if not any(line.split()[1] == "00000000" for line in routes.readlines()[1:]):
            raise ConfigError('no default routes found in "/proc/net/route" or "/proc/net/ipv6_route"')
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return probe.getsockname()[0]


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def as_list(value):
    return value if isinstance(value, list) else ([] if value in (None, "") else [value])


def log(level, text):
    """One line as the real program logs it, to standard error and so into the journal."""
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    print(f"time=\"{stamp}\" level={level} msg={json.dumps(text)}", file=sys.stderr, flush=True)
