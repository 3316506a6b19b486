"""The job by which RKE2's helm-controller installs a chart: how far it is, and its last words where it fails."""

from __future__ import annotations

import urllib.parse

from ansible.module_utils.bringup_kube_api import KubeApi, KubeError
from ansible.module_utils.bringup_workloads import SYSTEM

# One failure may be a webhook or a name that is not there yet, and the kubelet tries again; what fails so often does not mend itself.
ATTEMPTS = 3
WORDS = 20
KINDS = (("apps/v1", "deployments", "Deployment"), ("apps/v1", "statefulsets", "StatefulSet"), ("apps/v1", "daemonsets", "DaemonSet"), ("batch/v1", "jobs", "Job"))


def job_path(release: str) -> str:
    return f"/apis/batch/v1/namespaces/{SYSTEM}/jobs/helm-install-{release}"


def chart_path(release: str) -> str:
    return f"/apis/helm.cattle.io/v1/namespaces/{SYSTEM}/helmcharts/{release}"


def condition(seen: dict, kind: str) -> dict | None:
    """The condition of that type where it is true."""
    found = (seen.get("status") or {}).get("conditions") or []
    return next((one for one in found if one["type"] == kind and one["status"] == "True"), None)


def pods_of(api: KubeApi, job: dict) -> list[dict]:
    selector = urllib.parse.quote(f"job-name={job['metadata']['name']}")
    return api.ask("GET", f"/api/v1/namespaces/{SYSTEM}/pods?labelSelector={selector}")["items"]


def failures(job: dict, pods: list[dict]) -> int:
    """How often it failed: pods that did, and containers that were begun again in the same pod."""
    restarts = [one.get("restartCount", 0) for pod in pods for one in pod.get("status", {}).get("containerStatuses", [])]
    return (job.get("status") or {}).get("failed", 0) + sum(restarts)


def last_words(api: KubeApi, pods: list[dict]) -> list[str]:
    """The end of the log of its newest pod; nothing where that cannot be had."""
    for pod in sorted(pods, key=lambda one: one["metadata"].get("creationTimestamp", ""), reverse=True):
        place = f"/api/v1/namespaces/{SYSTEM}/pods/{pod['metadata']['name']}/log?container=helm&tailLines={WORDS}"
        # The attempt before has said it all; the one that runs may not have begun to speak.
        for query in ("&previous=true", ""):
            try:
                text = str(api.ask("GET", place + query))
            except KubeError:
                continue
            if text.strip():
                return text.strip().splitlines()
    return []


def fault_in(words: list[str]) -> str:
    """The line that says what went wrong, else the last."""
    errors = [line for line in words if line.startswith("Error")]
    return (errors or words or ["its log says nothing"])[-1].strip()


def release_state(api: KubeApi, release: str, namespace: str) -> str:
    """What Helm's own record says of the newest revision, such as deployed or failed; empty where there is none. A job may end well all the same."""
    selector = urllib.parse.quote(f"owner=helm,name={release}")
    found = []
    # In secrets, unless somebody chose otherwise; a record holds the whole release, of which the labels are enough.
    for resource in ("secrets", "configmaps"):
        place = f"/api/v1/namespaces/{namespace}/{resource}?labelSelector={selector}"
        found += api.ask("GET", place, accept="application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1, application/json")["items"]
    labels = [one["metadata"]["labels"] for one in found]
    newest = max(labels, key=lambda one: int(one.get("version", 0)), default={})
    return newest.get("status", "")


def workloads_of(api: KubeApi, release: str, namespace: str) -> list[tuple[str, dict]]:
    """What of a release runs pods, each with its title: Helm marks all that it makes (helm.sh, Labels and Annotations)."""
    wanted = {"meta.helm.sh/release-name": release, "meta.helm.sh/release-namespace": namespace}
    selector = urllib.parse.quote("app.kubernetes.io/managed-by=Helm")
    found = []
    for group, resource, kind in KINDS:
        for one in api.ask("GET", f"/apis/{group}/{resource}?labelSelector={selector}")["items"]:
            marks = one["metadata"].get("annotations") or {}
            if all(marks.get(key) == value for key, value in wanted.items()):
                # Objects of a list do not say their kind.
                found.append((f"{kind} {one['metadata'].get('namespace')}/{one['metadata']['name']}", {**one, "kind": kind}))
    return found
