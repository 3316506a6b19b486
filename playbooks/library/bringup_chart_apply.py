#!/usr/bin/python3
"""Gives a Helm chart to RKE2's helm-controller, and says what that changed."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_chart_job import condition, failures, job_path, pods_of, release_state
from ansible.module_utils.bringup_kube_api import KubeApi, KubeError
from ansible.module_utils.bringup_kube_apply import apply
from ansible.module_utils.bringup_workloads import read_application

DOCUMENTATION = r"""
module: bringup_chart_apply
short_description: Apply one Helm chart
description:
  - Server-side apply of a HelmChart with the chart inside, from which RKE2 makes the job that installs or upgrades it. In check mode as a dry run.
  - A chart that is as it was, and whose job fails, is tried anew at once, by deleting the job, which RKE2 then makes again.
options:
  kubeconfig: {description: File with a client certificate., type: path, required: true}
  application: {description: An application of bringup_workloads_read., type: dict, required: true}
  root: {description: "Folder of the repository, whose list has the hashes.", type: path, required: true}
  compare: {description: Whether to change nothing and to fail where the cluster has it otherwise., type: bool, default: false}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_chart_apply: {kubeconfig: /k, application: "{{ item }}", root: /srv/repository}
"""
RETURN = r"""
release: {description: Name of the release., type: str, returned: success}
namespace: {description: Where it is installed., type: str, returned: success}
before: {description: "The job that is about to be replaced; empty where the one that is there counts.", type: str, returned: success}
"""
CODES = {"MANIFEST_KIND": "CHART_NO_CONTROLLER", "MANIFEST_REFUSED": "CHART_REFUSED"}


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "kubeconfig": {"type": "path", "required": True},
            "application": {"type": "dict", "required": True},
            "root": {"type": "path", "required": True},
            "compare": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    compare = module.params["compare"]
    try:
        one = read_application(module.params["application"], module.params["root"])
        done, before = settle(KubeApi(module.params["kubeconfig"]), one, compare or module.check_mode)
    except KubeError as error:
        module.fail_json(code=CODES.get(error.code, error.code), msg=str(error))
    what = f"chart {one['chart']} {one['version']} as release {one['release']} in {one['namespace']}"
    if compare and done != "unchanged":
        module.fail_json(code="WORKLOAD_DRIFT", msg=f"The cluster is not as the bundle and the site file say. Applied anew: {what}.")
    module.exit_json(changed=done != "unchanged", release=one["release"], namespace=one["namespace"], before=before, msg=f"{what} {done}")


def settle(api: KubeApi, one: dict, dry: bool) -> tuple[str, str]:
    """What became of the HelmChart, and which job of before it makes void."""
    job = api.find(job_path(one["release"]))
    before = job["metadata"]["uid"] if job else ""
    applied = apply(api, one["objects"][0], dry)
    done = applied["done"]
    if applied["renewed"]:
        return done, before
    if dry or not job or not fails(api, job, one):
        return done, ""
    api.ask("DELETE", f"{job_path(one['release'])}?propagationPolicy=Background")
    return "is tried anew", before


def fails(api: KubeApi, job: dict, one: dict) -> bool:
    """Whether the job has failed so far, or ended and left no release that is installed."""
    if condition(job, "Complete"):
        return release_state(api, one["release"], one["namespace"]) != "deployed"
    return failures(job, pods_of(api, job)) > 0


if __name__ == "__main__":
    main()
