#!/usr/bin/python3
"""Looks once, for some seconds, whether a Helm chart is installed and the workloads of its release are ready."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_chart_job import ATTEMPTS, chart_path, condition, failures, fault_in, job_path, last_words, pods_of, release_state, workloads_of
from ansible.module_utils.bringup_kube_api import KubeApi, KubeError
from ansible.module_utils.bringup_kube_ready import gaps, look_for_some_seconds, pod_reasons

DOCUMENTATION = r"""
module: bringup_chart_ready
short_description: See whether a Helm chart is installed and runs
description:
  - Returns within C(seconds) with C(ready), to be called with until and retries, so that each attempt shows how far it is.
  - C(hopeless) says that waiting longer is of no use, as after an installation that failed again and again.
options:
  kubeconfig: {description: File with a client certificate., type: path, required: true}
  application: {description: Its name for people., type: str, required: true}
  release: {description: Name of the release., type: str, required: true}
  namespace: {description: Where it is installed., type: str, required: true}
  before: {description: The job that does not count any more., type: str, default: ""}
  seconds: {description: How long one attempt lasts., type: float, default: 5}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_chart_ready: {kubeconfig: /k, application: 30-gauge, release: gauge, namespace: hall}
  register: state
  until: state.ready or state.hopeless
"""
RETURN = r"""
ready: {description: It is installed and all of its workloads are ready., type: bool, returned: always}
hopeless: {description: It never will be., type: bool, returned: always}
code: {description: Why it is not ready., type: str, returned: when not ready}
stderr: {description: "The last words of the job, or what the pods wait for.", type: str, returned: when not ready}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "kubeconfig": {"type": "path", "required": True},
            "application": {"type": "str", "required": True},
            "release": {"type": "str", "required": True},
            "namespace": {"type": "str", "required": True},
            "before": {"type": "str", "default": ""},
            "seconds": {"type": "float", "default": 5},
        },
        supports_check_mode=True,
    )
    look_for_some_seconds(module, look)


def look(params: dict) -> dict:
    """What one look shows; an API that is away for a moment is waited for like the rest."""
    try:
        api = KubeApi(params["kubeconfig"])
        job = api.find(job_path(params["release"]))
        if job is None or job["metadata"]["uid"] == params["before"] or "deletionTimestamp" in job["metadata"]:
            return no_job(api, params)
        if not condition(job, "Complete"):
            return installing(api, params, job)
        return finished(api, params, job)
    except KubeError as error:
        return waits(params, error.code, str(error))


def no_job(api: KubeApi, params: dict) -> dict:
    chart = api.find(chart_path(params["release"]))
    if chart is None:
        return waits(params, "WORKLOAD_NOT_READY", f"HelmChart {params['release']} is gone.")
    told = (condition(chart, "Failed") or {}).get("message")
    return waits(params, "CHART_NO_JOB", f"RKE2 made no job yet that installs it{': ' + told if told else ''}.")


def installing(api: KubeApi, params: dict, job: dict) -> dict:
    pods, end = pods_of(api, job), condition(job, "Failed")
    times = failures(job, pods)
    if not times and not end:
        told = pod_reasons(api, job)
        code = "WORKLOAD_IMAGE" if any("Image" in reason for reason, _ in told) else "WORKLOAD_NOT_READY"
        why = f" Why: {told[0][1]}" if told else ""
        return waits(params, code, f"its job {job['metadata']['name']} runs.{why}", "\n".join(text for _, text in told))
    words = last_words(api, pods)
    text = f"its job {job['metadata']['name']} failed {times or 1} times: {fault_in(words)}"
    return waits(params, "CHART_INSTALL_FAILED", text, "\n".join(words), hopeless=bool(end) or times >= ATTEMPTS)


def finished(api: KubeApi, params: dict, job: dict) -> dict:
    state = release_state(api, params["release"], params["namespace"])
    if state == "deployed":
        return running(api, params)
    words = last_words(api, pods_of(api, job))
    said = f"says that the release is {state}" if state else "has no release of it"
    text = f"its job {job['metadata']['name']} ended, and Helm {said}: {fault_in(words)}"
    # What is pending may be taken up again by RKE2; the rest stays as it is.
    return waits(params, "CHART_INSTALL_FAILED", text, "\n".join(words), hopeless=not state.startswith("pending"))


def running(api: KubeApi, params: dict) -> dict:
    workloads = workloads_of(api, params["release"], params["namespace"])
    found = gaps(api, workloads)
    if not found["waiting"]:
        rest = f"all {len(workloads)} workloads of its release are ready" if workloads else "its release has no workloads to wait for"
        return {"ready": True, "hopeless": False, "msg": f"{params['application']} is installed, {rest}"}
    why = f" Why: {found['reasons'][0]}" if found["reasons"] else ""
    text = f"{len(workloads) - len(found['waiting'])} of {len(workloads)} workloads of its release are ready; {'; '.join(found['waiting'])}.{why}"
    return waits(params, found["code"], text, "\n".join(found["reasons"]), found["hopeless"])


def waits(params: dict, code: str, text: str, stderr: str = "", hopeless: bool = False) -> dict:
    return {"ready": False, "hopeless": hopeless, "code": code, "stderr": stderr, "msg": f"{params['application']}: {text}"}


if __name__ == "__main__":
    main()
