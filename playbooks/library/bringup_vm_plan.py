#!/usr/bin/python3
"""Compares a VM that is there with the one that is wanted."""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree as ElementTree

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_virsh import VirshError, domain_state, virsh

DOCUMENTATION = r"""
module: bringup_vm_plan
short_description: Say what has to be done to a VM
description: Changes nothing. Compares the domain and the record of its making with the wanted definition.
options:
  domain: {description: libvirt's name of the VM., type: str, required: true}
  disk: {description: Its disk file., type: path, required: true}
  record: {description: The file that keeps what the VM was made from., type: path, required: true}
  wanted: {description: The definition, flat., type: dict, required: true}
  restart: {description: Parts of the definition that a restart changes; for all others it has to be built anew., type: list, elements: str, default: [cpus, memory_mib, virtualization]}
  remedy: {description: What helps where the name is taken by a VM that Bringup did not make., type: str, default: "Rename it or remove it, or choose another deployment_vm.name."}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_vm_plan: {domain: lab-deploy, disk: /srv/lab-deploy.qcow2, record: /srv/vm.json, wanted: {cpus: 2, memory_mib: 2048}}
"""
RETURN = r"""
action: {description: "One of create, rebuild, restart, start, none.", type: str, returned: success}
changes: {description: "What differs, each {what, from, to, needs}.", type: list, elements: dict, returned: success}
"""

# Everything else is written into the deployment VM once, at its first boot.
RESTART_IS_ENOUGH = ["cpus", "memory_mib", "virtualization"]
FOREIGN = "Rename it or remove it, or choose another deployment_vm.name."


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "domain": {"type": "str", "required": True},
            "disk": {"type": "path", "required": True},
            "record": {"type": "path", "required": True},
            "wanted": {"type": "dict", "required": True},
            "restart": {"type": "list", "elements": "str", "default": RESTART_IS_ENOUGH},
            "remedy": {"type": "str", "default": FOREIGN},
        },
        supports_check_mode=True,
    )
    domain, wanted = module.params["domain"], module.params["wanted"]
    record = read_record(module.params["record"])
    try:
        state = domain_state(domain)
        if state is not None and record is None:
            module.fail_json(
                code="VM_FOREIGN",
                msg=f"This KVM host already has a virtual machine {domain} that Bringup did not make. {module.params['remedy']}",
            )
        seen = {**record["definition"], **live_definition(domain)} if state and record else (record or {}).get("definition", {})
    except VirshError as error:
        module.fail_json(code="LIBVIRT", msg=f"libvirt does not answer: {error}")
    finished = bool(record) and record["state"] == "ready"
    changes = differences(seen, wanted, module.params["restart"]) if finished and state else []
    if finished and state is None and os.path.exists(module.params["disk"]):
        changes = [{"what": "virtual machine", "from": "removed from libvirt, its disk still there", "to": "defined", "needs": "rebuild"}]
    module.exit_json(changed=False, state=state or "absent", changes=changes, action=decide(state, finished, changes))


def read_record(path: str) -> dict | None:
    try:
        with open(path, encoding="utf-8") as source:
            return json.load(source)
    except FileNotFoundError:
        return None


def live_definition(domain: str) -> dict:
    """What libvirt itself says, so that a change made behind Bringup's back is seen."""
    root = ElementTree.fromstring(virsh("dumpxml", "--inactive", domain))
    return {
        "cpus": int(root.findtext("vcpu", "0")),
        "memory_mib": int(root.findtext("memory", "0")) // 1024,
        "virtualization": "kvm" if root.get("type") == "kvm" else "emulate",
    }


def differences(seen: dict, wanted: dict, restart: list[str]) -> list[dict]:
    return [
        {"what": name, "from": seen.get(name), "to": value, "needs": "restart" if name in restart else "rebuild"}
        for name, value in wanted.items()
        if str(seen.get(name)) != str(value)
    ]


def decide(state: str | None, finished: bool, changes: list[dict]) -> str:
    if state is None and not changes:
        return "create"
    if not finished:
        return "rebuild"
    if changes:
        return "rebuild" if any(change["needs"] == "rebuild" for change in changes) else "restart"
    return "none" if state == "running" else "start"


if __name__ == "__main__":
    main()
