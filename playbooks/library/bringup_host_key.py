#!/usr/bin/python3
"""Pins the SSH host key of a target: the one it shows first, or the one the site file names."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_host_keys import fingerprint, keep_keys, read_keys, shown_keys

DOCUMENTATION = r"""
module: bringup_host_key
short_description: Pin a target's SSH host key
description:
  - Writes the key into C(known_hosts) at first contact. Refuses another key than the one pinned or expected.
  - A target that does not answer is left to the connection itself, which then says unreachable.
options:
  address: {description: The target., type: str, required: true}
  port: {description: Its SSH port., type: int, default: 22}
  known_hosts: {description: File for this target alone., type: path, required: true}
  expected: {description: "Fingerprint as ssh-keygen -l prints it, SHA256:...", type: str, default: ""}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_host_key: {address: 198.18.20.11, known_hosts: /var/lib/bringup/known_hosts.d/node-1}
"""
RETURN = r"""
fingerprints: {description: What the target shows., type: list, elements: str, returned: success}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "address": {"type": "str", "required": True},
            "port": {"type": "int", "default": 22},
            "known_hosts": {"type": "path", "required": True},
            "expected": {"type": "str", "default": ""},
        }
    )
    address, path, expected = module.params["address"], module.params["known_hosts"], module.params["expected"]
    pinned = read_keys(path)
    prints, trusted = shown_keys(address, module.params["port"], expected, pinned)
    if not prints:
        module.exit_json(changed=False, fingerprints=[], msg=f"{address} does not answer SSH")
    if not trusted:
        refuse(module, prints, f"the site file expects {expected}" if expected else f"it had {', '.join(map(fingerprint, pinned))} at first contact")
    changed = not set(trusted) <= set(pinned)
    if changed:
        keep_keys(path, trusted)
    module.exit_json(changed=changed, fingerprints=list(prints.values()))


def refuse(module: AnsibleModule, prints: dict[str, str], wanted: str) -> None:
    module.fail_json(
        code="SSH_HOST_KEY_CHANGED",
        msg=f"{module.params['address']} shows the SSH host key {', '.join(prints.values())}, but {wanted}. Another machine may hold this "
        f"address, or the server was installed anew: if so, delete {module.params['known_hosts']} on the deployment VM, or correct hosts[].ssh.host_key.",
    )


if __name__ == "__main__":
    main()
