"""The Kubernetes API by a kubeconfig with a client certificate: Python's standard library and PyYAML, which Ansible itself needs."""

from __future__ import annotations

import base64
import http.client
import json
import os
import ssl
import urllib.parse

import yaml


class KubeError(Exception):
    """What is wrong, with its stable code and, where the API answered, the status."""

    def __init__(self, code: str, text: str, status: int = 0) -> None:
        super().__init__(text)
        self.code, self.status = code, status


class KubeApi:
    """Requests to one cluster, each over a connection of its own, so that an API server that was restarted does no harm."""

    def __init__(self, kubeconfig: str, timeout: float = 15) -> None:
        try:
            with open(kubeconfig, encoding="utf-8") as source:
                held = yaml.safe_load(source)
            cluster, user = held["clusters"][0]["cluster"], held["users"][0]["user"]
            self.server = urllib.parse.urlsplit(cluster["server"])
            self.context = ssl.create_default_context(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
            load_certificate(self.context, *(base64.b64decode(user[f"client-{part}-data"]) for part in ("certificate", "key")))
        except (OSError, KeyError, IndexError, TypeError, ValueError, yaml.YAMLError) as error:
            raise KubeError("KUBE_CONFIG", f"The kubeconfig {kubeconfig} cannot be used: {error or type(error).__name__}.") from error
        self.timeout = timeout
        self.known: dict[str, dict[str, dict]] = {}

    def ask(self, method: str, path: str, body: object = None, content_type: str = "application/json", accept: str = "application/json, */*"):
        """The answer's document; a text where it is none. Raises KubeError for an error and for no answer."""
        place = f"{self.server.hostname}:{self.server.port or 443}"
        connection = http.client.HTTPSConnection(self.server.hostname, self.server.port or 443, timeout=self.timeout, context=self.context)
        try:
            data = None if body is None else json.dumps(body)
            connection.request(method, path, body=data, headers={"Content-Type": content_type, "Accept": accept})
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except ssl.SSLCertVerificationError as error:
            raise KubeError("KUBE_CERTIFICATE", f"The certificate of the Kubernetes API at {place} is not one of this cluster: {error.verify_message}.") from error
        except (OSError, http.client.HTTPException) as error:
            raise KubeError("KUBE_UNREACHABLE", f"The Kubernetes API at {place} gives no answer: {error or type(error).__name__}.") from error
        finally:
            connection.close()
        document = as_document(text)
        if answer.status >= 400:
            told = document.get("message", text.strip()) if isinstance(document, dict) else text.strip()
            code = "KUBE_DENIED" if answer.status in (401, 403) else "KUBE_REFUSED"
            raise KubeError(code, f"The Kubernetes API at {place} refuses {method} {path.partition('?')[0]} (HTTP {answer.status}): {told}", answer.status)
        return document

    def find(self, path: str):
        """What is at a path; None where there is nothing."""
        try:
            return self.ask("GET", path)
        except KubeError as error:
            if error.status == 404:
                return None
            raise

    def path_of(self, wanted: dict) -> str:
        """Where an object belongs, by what the API itself says of its kind."""
        group, kind, meta = wanted["apiVersion"], wanted["kind"], wanted["metadata"]
        base = f"/api/{group}" if "/" not in group else f"/apis/{group}"
        kinds = self.known.get(group)
        if kinds is None or kind not in kinds:
            listed = self.find(base) or {"resources": []}
            kinds = {one["kind"]: one for one in listed["resources"] if "/" not in one["name"]}
            self.known[group] = kinds
        if kind not in kinds:
            raise KubeError("MANIFEST_KIND", f"The cluster knows no {kind} of {group}.")
        space = f"/namespaces/{meta.get('namespace', 'default')}" if kinds[kind]["namespaced"] else ""
        return f"{base}{space}/{kinds[kind]['name']}/{urllib.parse.quote(meta['name'])}"


def as_document(text: str):
    try:
        return json.loads(text)
    except ValueError:
        return text


def load_certificate(context: ssl.SSLContext, certificate: bytes, key: bytes) -> None:
    """By files in memory that have no name: the key never lies on a disk a second time."""
    places = []
    for content in (certificate, key):
        handle = os.memfd_create("bringup-kube", os.MFD_CLOEXEC)
        os.write(handle, content)
        places.append(handle)
    try:
        context.load_cert_chain(*(f"/proc/self/fd/{handle}" for handle in places))
    finally:
        for handle in places:
            os.close(handle)
