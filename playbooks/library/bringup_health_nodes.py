#!/usr/bin/python3
"""Asks a cluster whether its nodes are ready, and judges each."""

from __future__ import annotations

import os

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_health import Checks
from ansible.module_utils.bringup_kube_api import KubeApi, KubeError

DOCUMENTATION = r"""
module: bringup_health_nodes
short_description: Judge whether the nodes of a cluster are ready
description: Reads and changes nothing; never fails for what it finds. Needs no kubectl.
options:
  kubeconfig: {description: How to reach the API; the client certificate has to be in it., type: path, required: true}
  nodes: {description: Hosts that have to be nodes., type: list, elements: str, required: true}
  control: {description: Host at which an API is told that does not answer., type: str, required: true}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_health_nodes: {kubeconfig: /var/lib/bringup/sites/plant-7/kubeconfig, nodes: [node-1], control: deploy}
"""
RETURN = r"""
checks: {description: "Of each host what the check nodes came to.", type: dict, returned: success}
"""
WANTED = "a node that is Ready"


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "kubeconfig": {"type": "path", "required": True},
            "nodes": {"type": "list", "elements": "str", "required": True},
            "control": {"type": "str", "required": True},
        },
        supports_check_mode=True,
    )
    path, names, control = module.params["kubeconfig"], module.params["nodes"], module.params["control"]
    checks: dict[str, dict] = {}

    def tell(host: str, verdict: str, seen: str, code: str = "") -> None:
        one = Checks(host)
        one.add("nodes", verdict, seen, WANTED, code)
        checks[host] = one.all[0]

    if not os.path.exists(path):
        for host in [control, *names]:
            tell(host, "skipped", f"there is no cluster yet: the stage rke2 leaves {path}")
        module.exit_json(changed=False, checks=checks)
    try:
        listed = KubeApi(path).ask("GET", "/api/v1/nodes")
        seen = {node["metadata"]["name"]: node for node in listed["items"]}
    except (KubeError, KeyError, TypeError) as error:
        known = isinstance(error, KubeError)
        tell(control, "failed", str(error).rstrip(".") if known else "its API answers with no list of nodes", error.code if known else "KUBE_REFUSED")
        for host in names:
            tell(host, "skipped", "the API of the cluster could not be asked")
        module.exit_json(changed=False, checks=checks)
    tell(control, "ok", f"its API answers and knows {len(seen)} nodes")
    for host in names:
        tell(host, *judge(seen.get(host)))
    module.exit_json(changed=False, checks=checks)


def judge(node: dict | None) -> tuple[str, str, str]:
    if node is None:
        return "failed", "the cluster does not know it", "RKE2_NODE_MISSING"
    states = {one["type"]: one for one in node.get("status", {}).get("conditions", [])}
    ready = states.get("Ready", {})
    if ready.get("status") != "True":
        return "failed", f"Ready is {ready.get('status', 'not told')}: {ready.get('message') or ready.get('reason') or 'no reason told'}", "RKE2_NODE_NOT_READY"
    short = [name for name in ("MemoryPressure", "DiskPressure", "PIDPressure") if states.get(name, {}).get("status") == "True"]
    if short:
        return "warn", f"Ready, with {', '.join(short)}", ""
    if node.get("spec", {}).get("unschedulable"):
        return "warn", "Ready, and takes no work (cordoned)", ""
    return "ok", "Ready", ""


if __name__ == "__main__":
    main()
