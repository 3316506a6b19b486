#!/usr/bin/python3
"""Stops a libvirt VM: asked to shut down first, or at once; can remove its definition."""

from __future__ import annotations

import time

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_virsh import VirshError, domain_state, virsh

DOCUMENTATION = r"""
module: bringup_vm_stop
short_description: Stop a VM
description: Sends the power button and waits; pulls the plug after C(seconds), or at once with C(force). A VM that is not there is fine.
options:
  domain: {description: libvirt's name of the VM., type: str, required: true}
  force: {description: Pull the plug at once., type: bool, default: false}
  undefine: {description: Remove the definition and its firmware variables too., type: bool, default: false}
  seconds: {description: How long it may take to shut down., type: int, default: 120}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_vm_stop: {domain: lab-deploy}
"""
RETURN = r"""
pulled: {description: Whether the plug was pulled., type: bool, returned: success}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "domain": {"type": "str", "required": True},
            "force": {"type": "bool", "default": False},
            "undefine": {"type": "bool", "default": False},
            "seconds": {"type": "int", "default": 120},
        }
    )
    domain, changed, pulled = module.params["domain"], False, False
    try:
        if domain_state(domain) not in (None, "shut off"):
            changed, pulled = True, module.params["force"] or not shut_down(domain, module.params["seconds"])
            if pulled:
                virsh("destroy", domain)
        if module.params["undefine"] and domain_state(domain) is not None:
            virsh("undefine", domain, "--nvram")
            changed = True
    except VirshError as error:
        module.fail_json(code="LIBVIRT", msg=f"The VM {domain} could not be stopped: {error}")
    module.exit_json(changed=changed, pulled=pulled)


def shut_down(domain: str, seconds: int) -> bool:
    """Whether the guest switched itself off in time."""
    deadline = time.monotonic() + seconds
    virsh("shutdown", domain)
    while time.monotonic() < deadline:
        if domain_state(domain) == "shut off":
            return True
        time.sleep(1)
    return False


if __name__ == "__main__":
    main()
