#!/usr/bin/python3
"""Applies the manifests of one application by server-side apply, and says what that changed."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_kube_api import KubeApi, KubeError
from ansible.module_utils.bringup_kube_apply import apply
from ansible.module_utils.bringup_manifest_files import read_manifests

DOCUMENTATION = r"""
module: bringup_manifest_apply
short_description: Apply the manifests of one application
description:
  - Server-side apply with the field manager C(bringup), which takes over fields that others hold. In check mode as a dry run.
  - Namespaces and CustomResourceDefinitions first, then files in the order of their names. All are read before one is applied.
  - Does what kubernetes.core.k8s does without the Python library that it needs and a deployment VM does not have.
options:
  kubeconfig: {description: File with a client certificate., type: path, required: true}
  path: {description: A file or a folder of them., type: path, required: true}
  compare: {description: Whether to change nothing and to fail where the cluster has it otherwise., type: bool, default: false}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_manifest_apply: {kubeconfig: /var/lib/bringup/sites/s/kubeconfig, path: /srv/repository/workloads/10-viewer}
"""
RETURN = r"""
objects: {description: "Each object: title, path, and created, changed or unchanged.", type: list, elements: dict, returned: success}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "kubeconfig": {"type": "path", "required": True},
            "path": {"type": "path", "required": True},
            "compare": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    compare = module.params["compare"]
    done: list[dict] = []
    try:
        wanted = read_manifests(module.params["path"])
        api = KubeApi(module.params["kubeconfig"])
        for one in wanted:
            done.append(apply(api, one, compare or module.check_mode))
    except KubeError as error:
        earlier = f" Applied before it: {', '.join(one['title'] for one in done)}." if done and not compare else ""
        module.fail_json(code=error.code, msg=f"{error}{earlier}", objects=done)
    told = [f"{one['title']} {one['done']}" for one in done if one["done"] != "unchanged"]
    if told and compare:
        module.fail_json(code="WORKLOAD_DRIFT", msg=f"The cluster is not as the manifests say. Applied anew: {', '.join(told)}.", objects=done)
    module.exit_json(changed=bool(told), objects=done, msg=", ".join(told) or f"all {len(done)} objects are as wanted")


if __name__ == "__main__":
    main()
