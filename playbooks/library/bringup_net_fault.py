#!/usr/bin/python3
"""Fails with the faults of one machine, the one that explains most first."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: bringup_net_fault
short_description: Tell the faults that the network tests found at one machine
options:
  faults: {description: "{code, msg} each, from bringup_net_verdict.", type: list, elements: dict, required: true}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_net_fault: {faults: [{code: NET_VLAN, msg: node-1 hears nobody in network mgmt.}]}
"""
RETURN = r"""
faults: {description: All of them., type: list, elements: dict, returned: failure}
stderr: {description: "The further ones, a line each.", type: str, returned: failure}
"""


def main() -> None:
    module = AnsibleModule(argument_spec={"faults": {"type": "list", "elements": "dict", "required": True}}, supports_check_mode=True)
    faults = module.params["faults"]
    if faults:
        module.fail_json(code=faults[0]["code"], msg=faults[0]["msg"], faults=faults, stderr="\n".join(fault["msg"] for fault in faults[1:]))
    module.exit_json(changed=False, msg="no fault here")


if __name__ == "__main__":
    main()
