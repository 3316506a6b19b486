#!/usr/bin/python3
"""Asks the cluster's API, once or for some seconds, whether every node is there and ready."""

from __future__ import annotations

import time

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_kube_api import KubeApi, KubeError

DOCUMENTATION = r"""
module: bringup_rke2_cluster
short_description: See whether all nodes of the cluster are ready, with their roles and one version
description: Returns within C(seconds) with C(ready), to be called with until and retries.
options:
  kubeconfig: {description: File with a client certificate., type: path, required: true}
  servers: {description: Names of the nodes that are servers., type: list, elements: str, default: []}
  agents: {description: Names of the nodes that are agents., type: list, elements: str, default: []}
  version: {description: Version of all nodes; empty means one and the same., type: str, default: ""}
  least_servers: {description: How many servers there must be at least., type: int, default: 0}
  seconds: {description: How long one look lasts., type: float, default: 5}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_rke2_cluster: {kubeconfig: /k, servers: [node-1], agents: [node-2]}
"""
RETURN = r"""
ready: {description: All is as it should be., type: bool, returned: always}
code: {description: What is not., type: str, returned: when not ready}
nodes: {description: "Every node of the cluster: name, ready, roles, version, address.", type: list, elements: dict, returned: when the API answered}
etcd_members: {description: Nodes that vote in etcd., type: list, elements: str, returned: when the API answered}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "kubeconfig": {"type": "path", "required": True},
            "servers": {"type": "list", "elements": "str", "default": []},
            "agents": {"type": "list", "elements": "str", "default": []},
            "version": {"type": "str", "default": ""},
            "least_servers": {"type": "int", "default": 0},
            "seconds": {"type": "float", "default": 5},
        },
        supports_check_mode=True,
    )
    deadline = time.monotonic() + module.params["seconds"]
    while True:
        found = look(module.params)
        if found["ready"] or time.monotonic() >= deadline:
            break
        time.sleep(0.5)
    module.exit_json(changed=False, **found)


def look(params: dict) -> dict:
    try:
        api = KubeApi(params["kubeconfig"])
        api.ask("GET", "/readyz")
        nodes = [brief(one) for one in api.ask("GET", "/api/v1/nodes")["items"]]
    except KubeError as error:
        return {"ready": False, "code": error.code, "msg": str(error)}
    members = [one["name"] for one in nodes if one["etcd"]]
    answer = {"nodes": nodes, "etcd_members": members}
    faults = list(find_faults(params, {one["name"]: one for one in nodes}, members))
    if faults:
        code, msg = faults[0]
        return {"ready": False, "code": code, "msg": msg, "stderr": "\n".join(text for _, text in faults[1:]), **answer}
    asked = [one for one in nodes if one["name"] in [*params["servers"], *params["agents"]]]
    versions = sorted({one["version"] for one in asked})
    told = f"{len(asked)} nodes are ready with {', '.join(versions)}, {sum(one['etcd'] for one in asked)} of them vote in etcd"
    return {"ready": True, "msg": told, **answer}


def brief(node: dict) -> dict:
    conditions = {one["type"]: one for one in node["status"].get("conditions", [])}
    labels = node["metadata"].get("labels", {})
    ready = conditions.get("Ready", {"status": "Unknown", "message": "it never told its state"})
    return {
        "name": node["metadata"]["name"], "ready": ready["status"] == "True", "why": ready.get("message", ""),
        "roles": sorted(key.partition("/")[2] for key, value in labels.items() if key.startswith("node-role.kubernetes.io/") and value == "true"),
        "etcd": conditions.get("EtcdIsVoter", {}).get("status") == "True",
        "version": node["status"]["nodeInfo"]["kubeletVersion"],
        "address": next((one["address"] for one in node["status"].get("addresses", []) if one["type"] == "InternalIP"), ""),
    }


def find_faults(params: dict, nodes: dict[str, dict], members: list[str]):
    if len(params["servers"]) < params["least_servers"]:
        yield "RKE2_NODE_MISSING", "No server of the cluster passed its own test."
    for name in [*params["servers"], *params["agents"]]:
        node = nodes.get(name)
        if node is None:
            yield "RKE2_NODE_MISSING", f"{name} is no node of the cluster, which has {', '.join(nodes) or 'none'}."
        elif not node["ready"]:
            yield "RKE2_NODE_NOT_READY", f"The node {name} is not ready: {node['why']}"
        elif (name in params["servers"]) != ("control-plane" in node["roles"]):
            kind = "a server" if name in params["servers"] else "an agent"
            yield "RKE2_NODE_ROLE", f"The node {name} has the roles {', '.join(node['roles']) or 'of an agent'}, and the site file makes it {kind}."
    wanted = {params["version"]} if params["version"] else set()
    versions = {nodes[name]["version"] for name in [*params["servers"], *params["agents"]] if name in nodes} | wanted
    if len(versions) > 1:
        yield "RKE2_NODE_VERSION", f"The nodes have different versions: {', '.join(sorted(versions))}."
    missing = sorted(set(params["servers"]) - set(members))
    if missing:
        yield "RKE2_ETCD_MEMBERS", f"etcd has {len(members)} members, wanted {len(params['servers'])}: {', '.join(missing)} does not vote."


if __name__ == "__main__":
    main()
