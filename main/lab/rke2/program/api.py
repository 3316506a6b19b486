"""The Kubernetes API of the stand-in on port 6443: nodes, health, server-side apply and reading of what was applied."""

import json
import re
import urllib.parse

import helm
import objects
from state import Refused

PATH = re.compile(r"/(?:api/(?P<core>v1)|apis/(?P<group>[\w.-]+/v\w+))(?:/namespaces/(?P<namespace>[\w.-]+))?/(?P<resource>\w+)(?:/(?P<name>[\w.:-]+))?")
LOG = re.compile(r"/api/v1/namespaces/(?P<namespace>[\w.-]+)/pods/(?P<job>[\w.-]+)-0/log")


def answerer(state, version):
    """Answers requests of clients that showed a certificate of the cluster."""

    def answer(handler):
        if not handler.connection.getpeercert():
            raise Refused(401, "Unauthorized", "Unauthorized")
        place = urllib.parse.urlsplit(handler.path)
        query = dict(urllib.parse.parse_qsl(place.query))
        known = fixed(place.path, version)
        if known is not None:
            return 200, known
        log = LOG.fullmatch(place.path)
        if log:
            return 200, log_of(state, log)
        found = PATH.fullmatch(place.path)
        if found is None:
            raise Refused(404, "NotFound", "the server could not find the requested resource")
        return resource(state, handler, place.path, query, found)

    return answer


def fixed(path, version):
    if path in ("/readyz", "/livez", "/healthz"):
        return b"ok"
    if path == "/version":
        return {"gitVersion": version, "platform": "linux/amd64", "standIn": True}
    group = path.removeprefix("/apis/").removeprefix("/api/")
    if path.startswith(("/api/", "/apis/")) and group in objects.RESOURCES:
        listed = [{"name": name, "kind": kind, "namespaced": spaced, "singularName": kind.lower(), "verbs": ["get", "list", "patch", "delete"]} for name, kind, spaced in objects.RESOURCES[group]]
        return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group, "resources": listed}
    return None


def resource(state, handler, path, query, found):
    group = found["core"] or found["group"]
    name, spaced = found["name"], found["namespace"]
    entry = next((one for one in objects.RESOURCES.get(group, []) if one[0] == found["resource"]), None)
    if entry is None and not (spaced and found["resource"] == "namespaces"):
        raise Refused(404, "NotFound", "the server could not find the requested resource")
    if handler.command == "PATCH" and name:
        return patch(state, handler, path, query, found, entry)
    if handler.command == "DELETE" and found["resource"] == "jobs" and state.get(path):
        state.remove(path)
        helm.control(state)
        return 200, {"kind": "Status", "apiVersion": "v1", "status": "Success"}
    if handler.command != "GET":
        raise Refused(405, "MethodNotAllowed", "the stand-in knows GET and PATCH, and DELETE of jobs")
    if found["resource"] == "nodes":
        return 200, only(state.nodes(), name) if name else listing("Node", state.nodes())
    if found["resource"] == "pods":
        prefixes = [f"/apis/{kind}/namespaces/{spaced}/" for kind in ("apps/v1", "batch/v1")]
        all_pods = [pod for prefix in prefixes for pod in objects.pods(state.below(prefix))]
        return 200, listing("Pod", [pod for pod in all_pods if matches(pod, query.get("labelSelector", ""))])
    if not name:
        all_held = state.below(f"{path}/") if spaced or not entry[2] else state.everywhere(path.rpartition("/")[0], found["resource"])
        shown = [objects.shown(held, state.nodes()) for held in all_held]
        return 200, listing(entry[1], [one for one in shown if matches(one, query.get("labelSelector", ""))])
    held = state.get(path)
    if held is None:
        raise Refused(404, "NotFound", f'{found["resource"]} "{name}" not found')
    return 200, objects.shown(held, state.nodes())


def patch(state, handler, path, query, found, entry):
    if handler.headers.get("Content-Type") != "application/apply-patch+yaml" or not query.get("fieldManager"):
        raise Refused(415, "UnsupportedMediaType", "the stand-in takes server-side apply alone")
    wanted = json.loads(handler.body)
    spaced = found["namespace"]
    if wanted.get("kind") != entry[1] or wanted.get("metadata", {}).get("name") != found["name"]:
        raise Refused(400, "BadRequest", "the name or the kind of the object does not match the request")
    if spaced and state.get(f"/api/v1/namespaces/{spaced}") is None:
        raise Refused(404, "NotFound", f'namespaces "{spaced}" not found')
    template = wanted.get("spec", {}).get("template")
    if entry[1] in ("Deployment", "StatefulSet", "DaemonSet") and not (template or {}).get("spec", {}).get("containers"):
        raise Refused(422, "Invalid", f'{entry[1]}.{found["group"].split("/")[0]} "{found["name"]}" is invalid: spec.template.spec.containers: Required value')
    if entry[1] == "HelmChart":
        helm.check(wanted)
    dry = query.get("dryRun") == "All"
    created, held = state.apply(path, wanted, dry)
    if not dry:
        helm.control(state)
    return 201 if created else 200, objects.shown(held, state.nodes())


def log_of(state, found):
    held = state.get(f"/apis/batch/v1/namespaces/{found['namespace']}/jobs/{found['job']}")
    if held is None:
        raise Refused(404, "NotFound", f'pods "{found["job"]}-0" not found')
    return helm.log_of(held["wanted"]).encode()


def listing(kind, items):
    return {"kind": f"{kind}List", "apiVersion": "v1", "metadata": {}, "items": items}


def only(items, name):
    for item in items:
        if item["metadata"]["name"] == name:
            return item
    raise Refused(404, "NotFound", f'nodes "{name}" not found')


def matches(item, selector):
    labels = item["metadata"].get("labels", {})
    return all(labels.get(pair.partition("=")[0]) == pair.partition("=")[2] for pair in selector.split(",") if pair)
