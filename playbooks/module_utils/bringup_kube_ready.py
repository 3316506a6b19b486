"""Says of objects in a cluster whether they are ready, and what is in the way where they are not."""

from __future__ import annotations

import time
import urllib.parse
from typing import Callable

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_kube_api import KubeApi

# Reasons of a waiting container that do not mend themselves within minutes where there is no internet.
STUCK = ("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "CrashLoopBackOff", "CreateContainerConfigError")

LOOK_SECONDS = 0.5


def look_for_some_seconds(module: AnsibleModule, look: Callable[[dict], dict]) -> None:
    """Ends the module with what a look at its parameters found: ready, hopeless, or how far it is when its `seconds` are over. In check mode at once."""
    deadline = time.monotonic() + module.params["seconds"]
    while True:
        found = look(module.params)
        if found["ready"] or found["hopeless"] or time.monotonic() >= deadline or module.check_mode:
            break
        time.sleep(LOOK_SECONDS)
    module.exit_json(changed=False, **found)


def waiting_for(seen: dict) -> str:
    """Empty where the object is ready; else how far it is."""
    kind, spec, status = seen["kind"], seen.get("spec", {}), seen.get("status", {})
    if status.get("observedGeneration", seen["metadata"].get("generation")) != seen["metadata"].get("generation"):
        return "was not looked at by its controller yet"
    if kind in ("Deployment", "StatefulSet"):
        wanted, ready = spec.get("replicas", 1), status.get("readyReplicas", 0)
        return "" if ready >= wanted and status.get("updatedReplicas", 0) >= wanted else f"{ready} of {wanted} pods are ready"
    if kind == "DaemonSet":
        wanted, ready = status.get("desiredNumberScheduled"), status.get("numberAvailable", 0)
        return "" if wanted is not None and ready >= wanted else f"{ready} of {wanted or 0} pods are ready"
    if kind == "Job":
        done = any(one["type"] == "Complete" and one["status"] == "True" for one in status.get("conditions", []))
        return "" if done else f"{status.get('succeeded', 0)} of {spec.get('completions', 1)} runs are done"
    if kind == "PersistentVolumeClaim":
        return "" if status.get("phase") == "Bound" else f"the claim is {status.get('phase', 'not bound')}"
    if kind == "Namespace":
        return "" if status.get("phase") == "Active" else f"the namespace is {status.get('phase', 'not there yet')}"
    if kind == "CustomResourceDefinition":
        ready = any(one["type"] == "Established" and one["status"] == "True" for one in status.get("conditions", []))
        return "" if ready else "is not established yet"
    return ""


def failed(seen: dict) -> str:
    """Why it will never be ready; empty while it may."""
    for one in seen.get("status", {}).get("conditions", []):
        if seen["kind"] == "Job" and one["type"] == "Failed" and one["status"] == "True":
            return one.get("message", "the job failed")
        if one["type"] == "Progressing" and one.get("reason") == "ProgressDeadlineExceeded":
            return one.get("message", "it made no progress in its time")
    return ""


def pod_reasons(api: KubeApi, seen: dict) -> list[tuple[str, str]]:
    """Why pods of a workload wait: (reason, sentence) of each container that does."""
    labels = (seen.get("spec", {}).get("selector") or {}).get("matchLabels")
    if not labels:
        return []
    selector = urllib.parse.quote(",".join(f"{key}={value}" for key, value in sorted(labels.items())))
    found = api.ask("GET", f"/api/v1/namespaces/{seen['metadata']['namespace']}/pods?labelSelector={selector}")
    told = []
    for pod in found["items"]:
        status = pod.get("status", {})
        for one in [*status.get("initContainerStatuses", []), *status.get("containerStatuses", [])]:
            state = one.get("state", {}).get("waiting")
            if state and state.get("reason") not in (None, "ContainerCreating", "PodInitializing"):
                told.append((state["reason"], f"pod {pod['metadata']['name']}, container {one['name']}: {state['reason']}: {state.get('message', '')}".rstrip(": ")))
        for one in status.get("conditions", []):
            if one["type"] == "PodScheduled" and one["status"] == "False":
                told.append((one.get("reason", "Unschedulable"), f"pod {pod['metadata']['name']}: {one.get('message', 'no node takes it')}"))
    return told


def gaps(api: KubeApi, objects: list[tuple[str, dict | None]]) -> dict:
    """Of objects, each with its title and as the cluster has it now: what is waited for, why, whether in vain, and the code of that."""
    waiting, reasons, hopeless, code = [], [], False, "WORKLOAD_NOT_READY"
    for title, seen in objects:
        gap = waiting_for(seen) if seen else "is gone"
        if not gap:
            continue
        waiting.append(f"{title}: {gap}")
        if seen is None:
            continue
        end = failed(seen)
        told = pod_reasons(api, seen)
        hopeless = hopeless or bool(end)
        reasons += [text for _, text in told] + ([end] if end else [])
        if any("Image" in reason for reason, _ in told):
            code = "WORKLOAD_IMAGE"
        elif any(reason in STUCK for reason, _ in told):
            code = "WORKLOAD_CRASHES"
    return {"waiting": waiting, "reasons": reasons, "hopeless": hopeless, "code": code}
