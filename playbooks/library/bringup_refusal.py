#!/usr/bin/python3
"""Fails with a code that the failure catalogue knows."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: bringup_refusal
short_description: Fail with a code of the failure catalogue
options:
  code: {description: The code., type: str, required: true}
  msg: {description: What is wrong and what would be right., type: str, required: true}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_refusal: {code: BIOS_NO_BMC, msg: The site file names no BMC of node-1.}
  when: bringup_host.bmc is not defined
"""
RETURN = r"""
code: {description: The code., type: str, returned: always}
"""


def main() -> None:
    module = AnsibleModule(argument_spec={"code": {"type": "str", "required": True}, "msg": {"type": "str", "required": True}}, supports_check_mode=True)
    module.fail_json(code=module.params["code"], msg=module.params["msg"])


if __name__ == "__main__":
    main()
