#!/usr/bin/python3
"""Notes why a machine could not be looked at, so that it never counts as healthy."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_health import HARDWARE, MACHINE, Checks

DOCUMENTATION = r"""
module: bringup_health_unseen
short_description: Note why a machine could not be looked at
options:
  host: {description: Name of the machine in the site., type: str, required: true}
  part: {description: "What could not be looked at: the hardware, by its BMC, or the running machine.", type: str, choices: [hardware, machine], required: true}
  reason: {description: Why nobody tried; then all of it is skipped., type: str, default: ""}
  code: {description: The code of what failed., type: str, default: ""}
  msg: {description: What failed., type: str, default: ""}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_health_unseen: {host: node-1, part: hardware, reason: the site file names no BMC}
"""
RETURN = r"""
checks: {description: "Each check: check, host, verdict (failed or skipped), seen, wanted, code, msg.", type: list, elements: dict, returned: success}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "host": {"type": "str", "required": True},
            "part": {"type": "str", "choices": ["hardware", "machine"], "required": True},
            "reason": {"type": "str", "default": ""},
            "code": {"type": "str", "default": ""},
            "msg": {"type": "str", "default": ""},
        },
        supports_check_mode=True,
    )
    params = module.params
    found = Checks(params["host"])
    checks, first = (HARDWARE, "bmc") if params["part"] == "hardware" else (MACHINE, "login")
    if not params["reason"]:
        # In the words of what failed, by which the failure catalogue knows it.
        msg = " ".join(params["msg"].split())
        found.add(first, "failed", msg, "an answer", params["code"], f"{params['host']} could not be looked at: {msg}")
    found.skip_rest([check for check in checks if check not in ("virtual_machine", "nodes")], params["reason"] or "the machine could not be looked at")
    module.exit_json(changed=False, checks=found.all)


if __name__ == "__main__":
    main()
