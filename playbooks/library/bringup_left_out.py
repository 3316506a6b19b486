#!/usr/bin/python3
"""Says that a host is left out of the rest of a stage, so that it is never taken for one that was tried."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: bringup_left_out
short_description: Leave a host out of a stage, and say why
description:
  - Bringup tells the host as left out, and the stage's own result names it. To be followed by C(meta) with C(end_host).
  - The result is none that Ansible counts as skipped, because ansible-runner tells nothing of what those say.
options:
  name: {description: Name of the host., type: str, required: true}
  why: {description: "What it has that others have not, or has not: a phrase after \"has\".", type: str, required: true}
  later: {description: What becomes of it., type: str, required: true}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_left_out: {name: node-3, why: no operating system yet, later: stage os installs it}
  when: os_install_look.state == 'silent'
"""
RETURN = r"""
left_out: {description: Why it was left out., type: str, returned: always}
"""


def main() -> None:
    text = {"type": "str", "required": True}
    module = AnsibleModule(argument_spec={"name": text, "why": text, "later": text}, supports_check_mode=True)
    name, why, later = (module.params[key] for key in ("name", "why", "later"))
    module.exit_json(changed=False, left_out=why, msg=f"{name} has {why}: left out here; {later}")


if __name__ == "__main__":
    main()
