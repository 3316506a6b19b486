#!/usr/bin/python3
"""Checks every rule an OVA has to keep. Also a command: bringup_ova_validate.py FILE prints JSON, exit 0 valid, 1 not."""

from __future__ import annotations

import json
import pathlib
import sys

DOCUMENTATION = r"""
module: bringup_ova_validate
short_description: Check an OVA against every rule of its format
description: Fails with one sentence a violation; codes are stable.
options:
  path: {description: The OVA., type: path, required: true}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_ova_validate: {path: /srv/deploy.ova}
"""
RETURN = r"""
violations: {description: What is wrong, type: list, elements: dict, returned: always}
"""


def main() -> None:
    from ansible.module_utils.basic import AnsibleModule
    from ansible.module_utils import bringup_ova_rules

    module = AnsibleModule(argument_spec={"path": {"type": "path", "required": True}}, supports_check_mode=True)
    violations = bringup_ova_rules.validate(module.params["path"])
    if violations:
        sentences = "; ".join(f"{found['code']}: {found['message']}" for found in violations)
        module.fail_json(code=violations[0]["code"], violations=violations, msg=f"{module.params['path']} is no valid OVA: {sentences}")
    module.exit_json(changed=False, violations=[])


def command(arguments: list[str]) -> int:
    # A cache folder in the tree would change the checksum the project is uploaded under.
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "module_utils"))
    import bringup_ova_rules

    if len(arguments) != 1:
        print("usage: bringup_ova_validate.py FILE", file=sys.stderr)
        return 2
    violations = bringup_ova_rules.validate(arguments[0])
    print(json.dumps({"ok": not violations, "violations": violations}))
    return 1 if violations else 0


if __name__ == "__main__":
    # Ansible calls a module without arguments, its parameters on standard input.
    if len(sys.argv) > 1:
        sys.exit(command(sys.argv[1:]))
    main()
