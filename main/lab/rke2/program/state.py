"""What the stand-in's cluster knows: kept in one file on the server that began it, in the place of etcd."""

import json
import os
import threading
import time
import uuid

FILE = "/var/lib/rancher/rke2/server/db/etcd/stand-in.json"
SILENT_SECONDS = 5


class Refused(Exception):
    """A request that is answered with an HTTP status and a reason."""

    def __init__(self, status, reason, text):
        super().__init__(text)
        self.status, self.reason = status, reason


class State:
    def __init__(self, critical):
        self.lock = threading.RLock()
        self.seen = {}
        try:
            with open(FILE, encoding="utf-8") as source:
                self.held = json.load(source)
        except FileNotFoundError:
            self.held = {"revision": 0, "critical": critical, "nodes": {}, "objects": {}}
            for name in ("default", "kube-system", "kube-public", "kube-node-lease"):
                self.apply(f"/api/v1/namespaces/{name}", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})

    def save(self):
        os.makedirs(os.path.dirname(FILE), mode=0o700, exist_ok=True)
        with open(f"{FILE}.part", "w", encoding="utf-8") as target:
            json.dump(self.held, target)
        os.replace(f"{FILE}.part", FILE)

    def beat(self, name, told):
        """A node says that it lives; the first time it is taken into the cluster, by the password it then has."""
        with self.lock:
            node = self.held["nodes"].get(name)
            if node is not None and node["password"] != told["password"]:
                raise Refused(403, "Forbidden", "Node password rejected, duplicate hostname or contents of '/etc/rancher/node/password' may not match "
                              "server node-passwd entry, try enabling a unique node name with the --with-node-id flag")
            if node is None or any(node[key] != told[key] for key in told):
                self.held["nodes"][name] = {"created": now(), **(node or {}), **told}
                self.save()
            self.seen[name] = time.monotonic()

    def nodes(self):
        with self.lock:
            return [self.node(name) for name in sorted(self.held["nodes"])]

    def node(self, name):
        held = self.held["nodes"][name]
        lives = time.monotonic() - self.seen.get(name, -1e9) < SILENT_SECONDS
        server = held["kind"] == "server"
        roles = ("control-plane", "etcd", "master") if server else ()
        ready = {"type": "Ready", "status": "True" if lives else "Unknown", "reason": "KubeletReady" if lives else "NodeStatusUnknown",
                 "message": "kubelet is posting ready status" if lives else "Kubelet stopped posting node status."}
        voter = {"type": "EtcdIsVoter", "status": "True", "reason": "MemberNotLearner", "message": "Node is a voting member of the etcd cluster"}
        return {
            "apiVersion": "v1", "kind": "Node",
            "metadata": {"name": name, "creationTimestamp": held["created"], "labels": {
                "kubernetes.io/hostname": name, **{f"node-role.kubernetes.io/{role}": "true" for role in roles}},
                "annotations": {"bringup.example/stand-in": "true"}},
            "status": {"conditions": [ready, *([voter] if server else [])],
                       "addresses": [{"type": "InternalIP", "address": held["ip"]}, {"type": "Hostname", "address": name}],
                       "nodeInfo": {"kubeletVersion": held["version"], "osImage": "rke2 stand-in", "containerRuntimeVersion": "none://stand-in"}},
        }

    def apply(self, path, wanted, dry=False):
        """Server-side apply as far as it goes here: the whole object is taken; the same one again changes nothing. Answers (created, object)."""
        with self.lock:
            held = self.held["objects"].get(path)
            if held is not None and held["wanted"] == wanted:
                return False, held
            made = {"wanted": wanted, "revision": self.held["revision"] + 1, "created": held["created"] if held else now(),
                    "generation": held["generation"] + 1 if held else 1, "since": time.time(), "uid": held.get("uid") if held else str(uuid.uuid4())}
            if not dry:
                self.held["revision"] += 1
                self.held["objects"][path] = made
                self.save()
            return held is None, made

    def get(self, path):
        with self.lock:
            return self.held["objects"].get(path)

    def remove(self, path):
        with self.lock:
            self.held["objects"].pop(path, None)
            self.save()

    def below(self, prefix):
        with self.lock:
            return [held for path, held in sorted(self.held["objects"].items()) if path.startswith(prefix)]

    def everywhere(self, base, resource):
        """Objects of a kind in all namespaces."""
        with self.lock:
            return [held for path, held in sorted(self.held["objects"].items())
                    if path.startswith(f"{base}/namespaces/") and path.split("/")[-2] == resource]


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
