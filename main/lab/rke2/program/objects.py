"""Kinds that the stand-in's API knows, and what becomes of them: no container ever runs."""

import glob
import time

import config
import helm

# Resource name, kind and whether it lives in a namespace, by API group and version.
RESOURCES = {
    "v1": [("namespaces", "Namespace", False), ("nodes", "Node", False), ("configmaps", "ConfigMap", True), ("secrets", "Secret", True),
           ("services", "Service", True), ("serviceaccounts", "ServiceAccount", True), ("pods", "Pod", True), ("persistentvolumeclaims", "PersistentVolumeClaim", True)],
    "apps/v1": [("deployments", "Deployment", True), ("statefulsets", "StatefulSet", True), ("daemonsets", "DaemonSet", True)],
    "batch/v1": [("jobs", "Job", True), ("cronjobs", "CronJob", True)],
    "networking.k8s.io/v1": [("ingresses", "Ingress", True), ("networkpolicies", "NetworkPolicy", True)],
    "rbac.authorization.k8s.io/v1": [("roles", "Role", True), ("rolebindings", "RoleBinding", True), ("clusterroles", "ClusterRole", False),
                                     ("clusterrolebindings", "ClusterRoleBinding", False)],
    "helm.cattle.io/v1": [("helmcharts", "HelmChart", True)],
}
START_SECONDS = 1
IMAGE_LISTS = "/var/lib/rancher/rke2/agent/images/*.tar.zst"


def shown(held, nodes):
    """An applied object as the API shows it, with the status that its time has brought."""
    wanted = held["wanted"]
    meta = {**wanted["metadata"], "creationTimestamp": held["created"], "resourceVersion": str(held["revision"]), "generation": held["generation"], "uid": held.get("uid", "")}
    status = status_of(wanted, held, nodes)
    return {**wanted, "metadata": meta, **({"status": status} if status else {})}


def status_of(wanted, held, nodes):
    kind, started = wanted["kind"], time.time() - held["since"] >= START_SECONDS
    if kind == "Namespace":
        return {"phase": "Active"}
    ready = started and not missing_image(wanted)
    spec, seen = wanted.get("spec", {}), {"observedGeneration": held["generation"]}
    if kind == "Deployment":
        count = spec.get("replicas", 1)
        state = {"type": "Available", "status": "True" if ready else "False", "reason": "MinimumReplicasAvailable" if ready else "MinimumReplicasUnavailable",
                 "message": "Deployment has minimum availability." if ready else "Deployment does not have minimum availability."}
        return {**seen, "replicas": count, "updatedReplicas": count, "readyReplicas": count if ready else 0, "availableReplicas": count if ready else 0, "conditions": [state]}
    if kind == "StatefulSet":
        count = spec.get("replicas", 1)
        return {**seen, "replicas": count, "updatedReplicas": count, "readyReplicas": count if ready else 0, "availableReplicas": count if ready else 0}
    if kind == "DaemonSet":
        count = len(nodes)
        return {**seen, "desiredNumberScheduled": count, "updatedNumberScheduled": count, "numberAvailable": count if ready else 0, "numberReady": count if ready else 0}
    if kind == "HelmChart":
        return helm.status(wanted)
    if kind == "Job" and helm.error_of(wanted):
        # Of the real one the kubelet begins the container again, a thousand times.
        return {"active": 1}
    if kind == "Job":
        return {"succeeded": 1, "conditions": [{"type": "Complete", "status": "True"}]} if ready else {"active": 1}
    return None


def pods(held_objects):
    """The pod that each workload would have, with the reason why it waits."""
    for held in held_objects:
        wanted = held["wanted"]
        template = wanted.get("spec", {}).get("template")
        if wanted["kind"] not in ("Deployment", "StatefulSet", "DaemonSet", "Job") or not template:
            continue
        image = missing_image(wanted)
        if helm.error_of(wanted) and not image:
            yield pod(wanted, "Running", [helm.failing(time.time() - held["since"] - START_SECONDS)])
            continue
        states = [{"name": one["name"], "image": one["image"], "ready": one["image"] != image, "restartCount": 0,
                   "state": {"waiting": {"reason": "ErrImagePull", "message": no_image(image)}} if one["image"] == image else {"running": {}}}
                  for one in template["spec"]["containers"]]
        yield pod(wanted, "Pending" if image else "Running", states)


def pod(wanted, phase, states):
    meta = {"name": f"{wanted['metadata']['name']}-0", "namespace": wanted["metadata"]["namespace"], "labels": wanted["spec"]["template"].get("metadata", {}).get("labels", {})}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "status": {"phase": phase, "containerStatuses": states}}


def missing_image(wanted):
    """The first image that is neither in an archive of images nor in a registry that has a mirror; None where all are there."""
    template = wanted.get("spec", {}).get("template") or {}
    for one in template.get("spec", {}).get("containers", []):
        first = one["image"].split("/")[0]
        registry = first if "/" in one["image"] and ("." in first or ":" in first) else "docker.io"
        if registry not in config.mirrors() and one["image"] not in image_list():
            return one["image"]
    return None


def image_list():
    """The stand-in's archives are lists of names, one a line, stored without compression."""
    found = set()
    for path in glob.glob(IMAGE_LISTS):
        with open(path, "rb") as source:
            found |= {line.removeprefix("image ") for line in source.read().decode("utf-8", "ignore").splitlines() if line.startswith("image ")}
    return found


def no_image(image):
    first = image.split("/")[0]
    host = first if "." in first else "registry-1.docker.io"
    name = image if "." in first else f"docker.io/library/{image}"
    return f'failed to pull and unpack image "{name}": failed to do request: Head "https://{host}/v2/": dial tcp: lookup {host}: no such host'
